"""What speaks for or against a mineral, as a sentence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..minerals import mineral
from ..text.message import Label, Message
from .found import Candidate, Found
from .result import STANDS, MeasuredBand

MISSING = 1.0  # of ln height: a band so much lower than tabulated is missed
MINOR = 0.1  # of the strongest band: lower ones aren't missed
STANDS_OUT = 0.15  # of the file's tallest band


def why(one: Candidate, is_best: bool, bands: Sequence[MeasuredBand]) -> Message:
    """Of a candidate alone: what it explains, or the first thing that contradicts it; ``bands``:
    those that are seen.
    """
    if is_best:
        return Message("match.explains", {"percent": _percent(one)})
    lacking = _lacking(one, bands)
    if lacking is not None:
        return lacking
    foreign = _foreign(one)
    if foreign is not None:
        return Message("match.foreign", {"position": f"{foreign:.0f}"})
    return Message("match.worse", {"percent": _percent(one)})


def sentence(found: Found, bands: Sequence[MeasuredBand]) -> Message:
    """The verdict in words; ``bands``: those that are seen."""
    names = [p.name for p in found.fit.mixture.parts if not p.free]
    labels = [_label(name) for name in names]
    if found.verdict == "unknown":
        count = len(bands)
        if not count:
            return Message("identify.nothing")
        if not found.candidates:
            return Message("identify.unknown_alone", {"count": count})
        nearest = _label(found.candidates[0].single.part.name)
        against = why(found.candidates[0], False, bands)
        return Message("identify.unknown", {"count": count, "mineral": nearest, "against": against})
    if found.verdict == "partly":
        foreign = sum(band.mineral is None for band in bands)
        return Message("identify.partly", {"minerals": listed(labels), "count": foreign})
    if found.perhaps:
        sure = [name for name in names if name not in found.perhaps]
        told = listed([_label(name) for name in sure])
        perhaps = listed([_label(name) for name in found.perhaps])
        return Message("identify.perhaps", {"minerals": told, "others": perhaps})
    return Message("identify.identified", {"minerals": listed(labels)})


def listed(names: Sequence[Message | Label]) -> Message | Label:
    """Names as one: A and B and C."""
    told = names[0]
    for name in names[1:]:
        told = Message("identify.and", {"first": told, "second": name})
    return told


def _label(name: str) -> Label:
    return mineral(name).label


def _percent(one: Candidate) -> str:
    return f"{100 * max(one.single.evidence.area, 0.0):.0f}"


def _lacking(one: Candidate, bands: Sequence[MeasuredBand]) -> Message | None:
    """The tallest band that the file should show and doesn't, or else much too low."""
    part, m = one.single.part, one.single.fit.mixture
    low = (m.bands[:, 0] < -MISSING) & (part.height > MINOR * part.height.max())
    if not low.any():
        return None
    seen = np.array([band.position for band in bands])
    there = (np.abs(part.position[:, None] - seen) <= STANDS).any(axis=1)
    code, some = ("missing", low & ~there) if (low & ~there).any() else ("faint", low)
    tallest = part.position[np.where(some, part.height, 0).argmax()]
    return Message(f"match.{code}", {"position": f"{tallest:.0f}"})


def _foreign(one: Candidate) -> float | None:
    """Where the tallest of what the mineral leaves over stands, if it is tall."""
    scan, left = one.single.fit.scan, one.single.fit.left
    at = int(np.argmax(np.where(scan.usable, left, -np.inf)))
    return float(scan.x[at]) if left[at] > max(STANDS_OUT, 4 * scan.noise) else None
