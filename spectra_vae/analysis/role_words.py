"""Roles in words: every sentence of the command map, as messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..minerals import Factor, Mineral
from ..minerals.effects import effects
from ..model.neuron import Neuron
from ..text.message import Label, Message, listed, say, words
from . import scan
from .selectivity import Aim

LEAST_SHARE = 0.01  # smaller shares of a mixed neuron are left out


def aimed(m: Mineral, s: scan.Scan, best: Aim, factor: Factor | None) -> Message:
    """What a neuron with one aim does, and within what the rest stays."""
    d = s.measured
    does = effects()[best.kind]
    common = d.total if does.moves == "total" else 0.0
    kept = [float(np.ptp(a - common)) for g, a in d.areas.items() if g != best.group]
    told: dict[str, Any] = {
        "name": named(factor) if factor else Message(f"role.name_{best.kind}"),
        "main": m.main.name,
        "areas": f"{100 * max(kept, default=0.0):.1f}",
        "widths": f"{100 * float(np.ptp(d.width) / d.width.mean()):.1f}",
        "shift": f"{float(np.ptp(d.position)):.2f}",
    }
    if best.group is not None:
        told["group"] = m.group(best.group).bands
        values = d.areas[best.group]
    else:
        values = {"total": d.total, "width": d.width, "position": d.position}[does.moves]
    told |= {"low": number(values[0], does.digits), "high": number(values[-1], does.digits)}
    return Message(f"role.{does.phrase}", told)


def mixed(m: Mineral, shares: Mapping[str, float]) -> Message:
    """The shares of what a mixed neuron moves, largest first."""
    return Message("role.mixed", {"shares": largest(m, shares)})


def largest(m: Mineral, shares: Mapping[str, float], most: int | None = None) -> Message | Label:
    """The ``most`` shares, in words, largest first."""
    told = [
        Message("role.share", {"what": _property(m, name), "percent": f"{100 * share:.0f}"})
        for name, share in sorted(shares.items(), key=lambda one: -one[1])
        if share >= LEAST_SHARE
    ]
    return listed(told[:most])


def twins(what: Message, neurons: Sequence[int]) -> Message:
    return Message("role.twins", {"what": what, "neurons": ", ".join(f"#{j}" for j in neurons)})


def quality(factor: Factor, correlation: float) -> Message:
    told = {"name": named(factor), "correlation": f"{abs(correlation):.2f}"}
    return Message("role.quality", told)


def ignored(n: Neuron) -> Message:
    return Message("role.ignored", {"knows": _knows(n)})


def silent(n: Neuron) -> Message:
    return Message("role.silent", {"knows": _knows(n)})


def word(table: str, name: str) -> Message | str:
    """A word of the text files; as it is where no language has it."""
    code = f"{table}.{name}"
    return Message(code) if code in words("en") else name


def named(factor: Factor) -> Message | Label | str:
    """A factor as its table calls it, or else the text files."""
    return factor.label or word("factor", factor.name)


def called(factor: Factor, language: str) -> str:
    """A factor's name in a language; without a word for it, its own."""
    found = named(factor)
    return found if isinstance(found, str) else say(found, language)


def number(value: float, digits: int) -> str:
    return f"{round(float(value), digits) + 0.0:.{digits}f}"  # + 0.0: no minus before a zero


def _property(m: Mineral, name: str) -> Message | Label:
    return m.group(name).bands if name in scan.groups(m) else Message(f"role.{name}_share")


def unread() -> Message:
    """Of a neuron that moves nothing, where no encoder says what its code knows."""
    return Message("role.unread")


def _knows(n: Neuron) -> Message:
    """KL, or for a plain autoencoder the variance of the codes."""
    if n.kl is None:
        return Message("role.variance", {"variance": f"{n.std**2:.3f}"})
    return Message("role.nats", {"nats": f"{n.kl:.3f}"})
