"""Which bands belong together, guessed from where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..minerals.entries import KINDS
from ..text.message import LANGUAGES, Message, say

OH, CH = 3050.0, 2750.0  # cm⁻¹: from there on O–H stretches, from there on C–H stretches
BEND = 1600.0, 1700.0  # cm⁻¹: of the water molecule
LATTICE = 300.0  # cm⁻¹: below, whole ions and molecules move
MARGIN = 3.0  # widths beyond the outermost bands of a group that its area is measured over

WET, ANION, STILL, _, OTHER = KINDS
MAIN, HYDROCARBON = "main", "CH"
GUESSED = {STILL: STILL, MAIN: ANION, HYDROCARBON: OTHER, WET: WET}  # group → its kind


def guess(positions: Sequence[float]) -> list[str]:
    """A group's key for each of the bands at ``positions``, cm⁻¹."""
    wet = any(p >= OH for p in positions)
    return [_group(p, wet) for p in positions]


def _group(position: float, wet: bool) -> str:
    if position >= OH or (wet and BEND[0] <= position <= BEND[1]):
        return WET
    if position >= CH:
        return HYDROCARBON
    return STILL if position < LATTICE else MAIN


def tables(bands: Sequence[tuple[str, float, float]]) -> list[dict[str, Any]]:
    """The groups of ``bands`` (group, position, width) as a mineral's table has them."""
    found = []
    for key, kind in GUESSED.items():
        ends = [
            (p - MARGIN * w, p + MARGIN * w) for g, p, w in bands if g == key and not _bend(g, p)
        ]
        if not ends:
            continue
        span = [round(min(a for a, _ in ends), 1), round(max(b for _, b in ends), 1)]
        label, named = _words(f"library_group.{key}"), _words(f"library_group.{key}_bands")
        found.append({"key": key, "kind": kind, "label": label, "bands": named, "span": span})
    return found


def _words(code: str) -> dict[str, str]:
    return {language: say(Message(code), language) for language in LANGUAGES}


def _bend(group: str, position: float) -> bool:
    """Water's bend is too far from its stretches to be measured with them."""
    return group == WET and position < OH
