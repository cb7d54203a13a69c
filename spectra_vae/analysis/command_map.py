"""Roles found: one command a neuron, and the map of all of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ..text.cells import comment
from ..text.message import Message, say
from .role_words import word

Ends = tuple[float, float]


@dataclass(frozen=True)
class Command:
    """One neuron's role, from its low to its high end.

    ``kind``: a factor's effect (strength of ``group``, scale, width, position), ``mixed``,
    ``quality`` (moves nothing, its code follows the counts), ``ignored`` (moves nothing, knows
    something else) or ``silent``. ``factor``: the mineral's that has this effect, if any;
    ``sign``: +1 where it (or else the property) rises with the code, 0 where there is none.
    ``ends``: the code's. ``areas`` group → × the table's, ``width`` and ``position`` of the
    strongest band [cm⁻¹]: at both ends. ``shape``: largest share of a curve that no band
    explains. ``off_target``: see :mod:`~spectra_vae.analysis.selectivity`, 1 = as large as the
    effect; None for what moves nothing. ``shares`` property → share of all it moves.
    ``follows``: rank correlation of the code with the counts, where it was asked for.
    ``twins``: other neurons with the same effect; none of them controls it alone.
    """

    neuron: int
    kind: str
    group: str | None
    factor: str | None
    sign: int
    ends: Ends
    areas: Mapping[str, Ends]
    width: Ends
    position: Ends
    shape: float
    off_target: float | None
    shares: Mapping[str, float]
    kl: float | None
    active: bool
    follows: float | None
    twins: tuple[int, ...]
    message: Message

    @property
    def inert(self) -> bool:
        return self.off_target is None

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        return {**asdict(self), "inert": self.inert, "message": _told(self.message, language)}


@dataclass(frozen=True)
class CommandMap:
    """Every neuron's role; ``supervision`` says whether roles were asked for or not."""

    model: str
    supervision: str
    commands: tuple[Command, ...]

    def __getitem__(self, neuron: int) -> Command:
        return self.commands[neuron]

    @property
    def found(self) -> dict[str, int]:
        """Factor → the one neuron that has its effect."""
        return {c.factor: c.neuron for c in self.commands if c.factor and not c.twins}

    @property
    def mixed(self) -> tuple[int, ...]:
        return tuple(c.neuron for c in self.commands if c.kind == "mixed")

    @property
    def moving(self) -> tuple[int, ...]:
        return tuple(c.neuron for c in self.commands if not c.inert)

    @property
    def discovered(self) -> bool:
        """Was nothing told, and yet every neuron that moves something alone in doing one thing?"""
        alone = not self.mixed and not any(c.twins for c in self.commands)
        return self.supervision == "none" and alone and bool(self.moving)

    @property
    def message(self) -> Message:
        """How many neurons that move something do one thing."""
        told = {"pure": len(self.moving) - len(self.mixed), "moving": len(self.moving)}
        how = "discovered" if self.discovered else self.supervision
        return Message("role.map", {**told, "honest": word("honest", how)})

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """Plain JSON values; the words in ``language``."""
        return {
            "model": self.model,
            "supervision": self.supervision,
            "message": _told(self.message, language),
            "commands": [c.to_dict(language) for c in self.commands],
        }

    def to_csv(self, language: str = "en") -> str:
        """One row a neuron; the model and its supervision above as ``#`` lines."""
        out = io.StringIO()
        out.write(comment("model", self.model) + comment("supervision", self.supervision))
        out.write(f"# {say(self.message, language)}\n")
        rows = [_row(c, language) for c in self.commands]
        table = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
        return out.getvalue()


def _told(message: Message, language: str) -> dict[str, str]:
    return {"code": message.code, "text": say(message, language)}


def _row(c: Command, language: str) -> dict[str, Any]:
    pairs: dict[str, Ends] = {"code": c.ends}
    pairs |= {f"{g} area": ends for g, ends in c.areas.items()}
    pairs |= {"width cm-1": c.width, "position cm-1": c.position}
    row: dict[str, Any] = {"neuron": c.neuron, "kind": c.kind, "group": c.group or ""}
    row |= {"factor": c.factor or "", "sign": c.sign}
    for name, ends in pairs.items():
        row |= {f"{name}, {at}": f"{v:.6g}" for at, v in zip(("low", "high"), ends, strict=True)}
    row |= {"off-target %": "" if c.off_target is None else f"{100 * c.off_target:.4g}"}
    row |= {"KL nats": "" if c.kl is None else f"{c.kl:.4g}"}
    return row | {"words": say(c.message, language)}
