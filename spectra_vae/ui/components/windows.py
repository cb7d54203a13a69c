"""The stretches of the axis that a mineral is shown in, side by side, with their words and hues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...minerals import Mineral
from ...text.message import Label
from ..palette import hue_in, ink_of
from .plotting import Figure, Palette, text

Range = tuple[float, float]
Pane = tuple[Range, Range]  # window in cm⁻¹, domain on the paper

GAP = 0.032  # between two windows, of the figure's width
STEPS = (50, 100, 200, 400, 500, 1000)  # cm⁻¹ between ticks
ALL_TICKS = 10  # of the whole axis


@dataclass(frozen=True)
class Shown:
    """A window in a figure: where it lies, cm⁻¹ and on the paper, how it is called and its hue."""

    window: Range
    domain: Range
    label: Label
    hue: str
    gain: float


def shown(m: Mineral) -> list[Shown]:
    """The mineral's windows from left to right; a window's hue is its strongest band's."""
    domains = side_by_side([(w.low, w.high) for w in m.windows])
    return [
        Shown((w.low, w.high), domain, w.label, hue_in(m, w), w.gain)
        for w, domain in zip(m.windows, domains, strict=True)
    ]


def side_by_side(windows: Sequence[Range]) -> list[Range]:
    """Where windows lie on the paper: one cm⁻¹ is equally wide in all."""
    spans = [high - low for low, high in windows]
    unit = (1 - GAP * (len(spans) - 1)) / sum(spans)
    found, at = [], 0.0
    for span in spans:
        found.append((round(at, 3), round(at + span * unit, 3)))
        at += span * unit + GAP
    return found


def suffix(k: int) -> str:
    """What Plotly calls the axis ``k`` by: its first one has no number."""
    return "" if k == 0 else str(k + 1)


def ticks(domain: Range, most: int = ALL_TICKS) -> int:
    """A window's share of the axis' ticks."""
    return max(2, round(most * (domain[1] - domain[0])))


def few_ticks(window: Range, most: int = 2) -> list[float]:
    """Round numbers inside a window, where it has no room for more."""
    low, high = window
    for step in STEPS:
        inside = [float(v) for v in range(0, int(high) + 1, step) if low < v < high]
        if len(inside) <= most:
            return inside
    return [round((low + high) / 200) * 100.0]


def side(k: int, count: int) -> Figure:
    """Where a window with a scale of its own has its ticks: the first left, the last right."""
    return {"side": "left" if k == 0 else "right", "showticklabels": k in (0, count - 1)}


def heads(
    windows: Sequence[Shown], palette: Palette, language: str, narrow: bool, **place: float
) -> list[Figure]:
    """The windows' words over them; narrow: their first ones."""
    found = []
    for one in windows:
        words = one.label.within(language)
        words = f"<b>{words.split()[0].rstrip(',') if narrow else words}</b>"
        above = {"xanchor": "left", "yanchor": "bottom", "yshift": 4, **place}
        found.append(text(words, one.domain[0], 1, ink_of(palette, one.hue), **above))
    return found
