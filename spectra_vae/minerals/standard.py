"""What a table may leave out: the factors, windows, lens and groups that every mineral has."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ..text.message import LANGUAGES, Message, say

Table = Mapping[str, Any]

# hydration, only where there are water bands; then the four of every mineral.
HYDRATION = {"name": "hydration", "effect": "strength", "low": 0.0, "reference": 1.0, "high": 1.5}
CRYSTALLINITY = {
    "name": "crystallinity",
    "effect": "width",
    "widest": 3.0,
    "low": 0.0,
    "reference": 0.755,
    "high": 1.0,
}
INTENSITY = {"name": "intensity", "effect": "scale", "low": 0.5, "reference": 1.0, "high": 1.5}
PURITY = {
    "name": "purity",
    "effect": "counts",
    "low": 1.5,
    "reference": 3.0,
    "high": 4.5,
    "unit": "log₁₀ counts",
}
SHIFT_IN_WIDTHS = 8 / 6.1  # the range of the shift either way, in FWHM of the narrowest strong band
STRONG = 0.2  # height of a strong band
FAINT, FAINT_IN_WIDTHS = 0.03, 3.0  # height, and FWHM of such a band that it may move: farther, the
# shared decoder doesn't draw it
FARTHEST_SHIFT = 20.0  # cm⁻¹: no axis is farther off, however wide the bands are
LENS_IN_WIDTHS = 4.0  # half of what the lens shows
FIRST = 100.0  # cm⁻¹ that figures show
MARGIN = 160.0  # cm⁻¹ beyond the outermost band of a window, or that band's width
SPLIT = 900.0  # cm⁻¹ without a band: two windows
GAINS = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0, 20.0)  # of the second one
FILLED = 0.8  # of a window's height by its tallest band


def factors(
    groups: Sequence[Table], bands: Sequence[Table], main: Table, hydrous: str
) -> list[Table]:
    """Hydration for the first group of the kind ``hydrous``; then the four of every mineral."""
    wet = [g["key"] for g in groups if g.get("kind") == hydrous]
    narrowest = min([main["width"], *(b["width"] for b in bands if b["height"] >= STRONG)])
    faint = min([main["width"], *(b["width"] for b in bands if b["height"] >= FAINT)])
    far = min(SHIFT_IN_WIDTHS * narrowest, FAINT_IN_WIDTHS * faint, FARTHEST_SHIFT)
    far = round(far, 1)
    shift = {"name": "shift", "effect": "position", "low": -far, "reference": 0.0, "high": far}
    hydration = [HYDRATION | {"group": key} for key in wet[:1]]
    return [*hydration, CRYSTALLINITY, shift | {"unit": "cm⁻¹"}, INTENSITY, PURITY]


def presets(factors: Sequence[Table]) -> list[Table]:
    """The reference, and the ends of what widens bands."""
    widths = [f for f in factors if f.get("effect") == "width"]
    ends = [("crystalline", "high"), ("amorphous", "low")]
    found: list[Table] = [{"name": "reference", "factors": {}}]
    return found + [
        {"name": name, "label": _words(f"mineral.{name}"), "factors": {f["name"]: f[end]}}
        for f in widths[:1]
        for name, end in ends
    ]


def _words(code: str) -> Table:
    return {language: say(Message(code), language) for language in LANGUAGES}


def windows(bands: Sequence[Table]) -> list[Table]:
    """One window, or two where a wide stretch has no band; the second one as much higher as its
    tallest band leaves room for.
    """
    there = sorted(bands, key=lambda b: float(b["position"]))
    gaps = [b["position"] - a["position"] for a, b in zip(there, there[1:], strict=False)]
    widest = max(gaps, default=0.0)
    if widest < SPLIT:
        return [_window(there, FIRST)]
    cut = gaps.index(widest) + 1
    first, second = there[:cut], there[cut:]
    tallest = max(b["height"] for b in second)
    gain = max((g for g in GAINS if g * tallest <= FILLED), default=GAINS[0])
    return [_window(first, FIRST), {**_window(second), "gain": gain}]


def _window(bands: Sequence[Table], low: float | None = None) -> Table:
    """Around ``bands``, beginning at ``low`` where that is told."""
    reach = [(b["position"], max(MARGIN, b["width"])) for b in bands]
    first = min(p - r for p, r in reach) if low is None else low
    return {
        "low": 10.0 * math.floor(first / 10),
        "high": 10.0 * math.ceil(max(p + r for p, r in reach) / 10),
    }


def lens(main: Table) -> Table:
    """A few widths of the strongest band either side."""
    half = math.ceil(LENS_IN_WIDTHS * main["width"])
    return {"low": main["position"] - half, "high": main["position"] + half}


def groups(bands: Sequence[Table]) -> list[Table]:
    """The bands' own, by their names."""
    return [{"key": key} for key in dict.fromkeys(b["group"] for b in bands)]
