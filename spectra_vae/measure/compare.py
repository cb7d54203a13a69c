"""Two measurements of one mineral, perhaps through two instruments: is its state the same?"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from ..text.cells import cell, comment
from ..text.message import Message, SpectraVaeError
from .report.estimates import Estimate
from .report.restoration import Restoration
from .report.state import Comparable, Reading, states
from .response import seen_by

Array = NDArray[np.float64]

DIFFERENT = 0.01  # of two measurements of one state, so few lie further apart


@dataclass(frozen=True)
class Compared:
    """A factor in both: ``difference`` is b − a in its unit, ``sigmas`` in its uncertainty.

    The latter is that of the codes: their difference over √(variance of a + variance of b). Both
    are None where a or b doesn't know the factor.
    """

    a: Estimate
    b: Estimate
    difference: float | None
    sigmas: float | None

    def to_dict(self) -> dict[str, Any]:
        return {
            "a": self.a.to_dict(),
            "b": self.b.to_dict(),
            "difference": self.difference,
            "sigmas": self.sigmas,
        }


@dataclass(frozen=True, eq=False)
class Seen:
    """One measurement and what its instrument makes of both states; (N,), in its own unit.

    ``own``: background and mineral as fitted; ``other``: had the mineral been in the other state.
    """

    name: str
    wavenumber: Array
    measured: Array
    own: Array
    other: Array

    def to_dict(self) -> dict[str, Any]:
        arrays = {k: getattr(self, k).tolist() for k in ("wavenumber", "measured", "own", "other")}
        return {"file": self.name, **arrays}


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two measurements of one mineral.

    ``factors`` {name: Compared} of the mineral's own factors; ``distance``: root mean square of
    the known ones' ``sigmas``; ``probability``: the share of two measurements of one state that
    lie further apart (both None where nothing can be compared); ``a`` and ``b``: what each
    instrument saw, and would have seen of the other's mineral.
    """

    factors: Mapping[str, Compared]
    distance: float | None
    probability: float | None
    a: Seen
    b: Seen
    checks: tuple[Message, ...]
    settings: Mapping[str, Any]

    @property
    def same(self) -> bool | None:
        """Could it be one state? None where nothing can be compared."""
        return None if self.probability is None else self.probability >= DIFFERENT

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; never NaN."""
        return {
            "factors": {name: one.to_dict() for name, one in self.factors.items()},
            "distance": self.distance,
            "probability": self.probability,
            "same": self.same,
            "a": self.a.to_dict(),
            "b": self.b.to_dict(),
            "checks": [check.to_dict() for check in self.checks],
            "settings": dict(self.settings),
        }

    def to_csv(self) -> str:
        """Both measurements under each other, with the numbers above them as ``#`` lines."""
        out = io.StringIO()
        for key, value in self.settings.items():
            out.write(comment(key, value))
        for name, one in self.factors.items():
            apart = "unknown" if one.sigmas is None else f"{one.sigmas:.2f} sigma"
            out.write(f"# {name}: a {_shown(one.a)}, b {_shown(one.b)}, b - a {apart}\n")
        if self.distance is not None:
            out.write(f"# distance: {self.distance:.2f} sigma, p {self.probability:.3g}\n")
        table = csv.writer(out, lineterminator="\n")
        table.writerow(("file", "wavenumber_cm-1", "measured", "own_state", "other_state"))
        for one_file in (self.a, self.b):
            columns = (one_file.wavenumber, one_file.measured, one_file.own, one_file.other)
            for row in zip(*columns, strict=True):
                table.writerow([cell(one_file.name), *(f"{v:.8g}" for v in row)])
        return out.getvalue()


def compare(model: Comparable, a: Restoration, b: Restoration) -> Comparison:
    """Compare the mineral's state in two restorations made by ``model``.

    Raises
    ------
    SpectraVaeError
        One was restored through another model, whose codes mean something else.
    """
    for r in (a, b):
        if r.settings["weights"] != model.digest[:12]:
            raise SpectraVaeError("error.compare_model", name=str(r.settings["model"])[:80])
    one, other = states(model, [a, b])
    factors = {name: _compared(one[name], other[name]) for name in one}
    apart = np.array([f.sigmas for f in factors.values() if f.sigmas is not None])
    distance = float(np.sqrt(np.mean(apart**2))) if len(apart) else None
    probability = float(chdtrc(len(apart), np.sum(apart**2))) if len(apart) else None
    names = [str(r.settings["file"]) or fallback for r, fallback in ((a, "A"), (b, "B"))]
    if names[0] == names[1]:
        names[1] += " (2)"
    card = getattr(model, "card", {})
    return Comparison(
        factors=factors,
        distance=distance,
        probability=probability,
        a=_seen(model, names[0], a, one, other),
        b=_seen(model, names[1], b, other, one),
        checks=_checks(
            model, factors, distance, probability, list(zip(names, (a, b), strict=True))
        ),
        settings={
            "a": names[0],
            "b": names[1],
            "resolution_a": a.settings["resolution"],
            "resolution_b": b.settings["resolution"],
            "model": card.get("name", ""),
            "weights": model.digest[:12],
        },
    )


def _compared(one: Reading, other: Reading) -> Compared:
    if one.code is None or other.code is None or one.std is None or other.std is None:
        return Compared(one.estimate, other.estimate, None, None)
    assert one.estimate.value is not None and other.estimate.value is not None
    sigmas = (other.code - one.code) / float(np.hypot(one.std, other.std))
    difference = other.estimate.value - one.estimate.value
    return Compared(one.estimate, other.estimate, difference, sigmas)


def _seen(
    model: Comparable,
    name: str,
    r: Restoration,
    own: Mapping[str, Reading],
    other: Mapping[str, Reading],
) -> Seen:
    fitted = r.background + r.explained
    return Seen(name, r.wavenumber, r.measured, fitted, seen_by(model, r, own, other))


def _checks(
    model: Comparable,
    factors: Mapping[str, Compared],
    distance: float | None,
    probability: float | None,
    files: Sequence[tuple[str, Restoration]],
) -> tuple[Message, ...]:
    """The verdict first, then what it leaves out and what to hold against it."""
    if distance is None or probability is None:
        checks = [Message("compare.nothing")]
    else:
        code = "compare.same" if probability >= DIFFERENT else "compare.differs"
        share = f"{100 * probability:.0f}" if probability >= DIFFERENT else "1"
        checks = [Message(code, {"distance": f"{distance:.1f}", "percent": share})]
    for name, one in factors.items():
        for (file, _), estimate in zip(files, (one.a, one.b), strict=True):
            if not estimate.known:
                why = {"name": name, "file": file, "why": estimate.note}
                checks.append(Message("compare.left_out", why))
    if distance is not None:
        alien = [f for f, r in files if r.novelty.alien]
        checks += [Message("compare.alien", {"file": f}) for f in alien]
    if not model.bridges:
        assumed = any(r.resolution is None or _narrower(r) for _, r in files)
        checks.append(Message("compare.one_instrument" if assumed else "compare.resolutions"))
    elif any(r.resolution is not None for _, r in files):
        checks.append(Message("compare.resolutions_unused"))
    return tuple(checks)


def _narrower(r: Restoration) -> bool:
    """The bands are narrower than the resolution that was told, so it wasn't taken out."""
    return any(one.note.code == "note.narrower" for one in r.estimates.values())


def _shown(one: Estimate) -> str:
    return f"{one.value:.4g} ({one.low:.4g} to {one.high:.4g})" if one.known else "unknown"
