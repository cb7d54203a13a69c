"""Words at bands, none over another: each has a place of its own or isn't written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ...components.plotting import Figure, text
from ...components.restoration_figure import Row
from ...components.windows import Pane
from .phases_rows import axes_of

WIDE, NARROW = 660.0, 310.0  # px of the plot, as a small desk and a phone have it
LETTER, HEIGHT = 6.8, 0.034  # px; of the plot's height
GAP = 4.0  # px between words side by side
ASIDE = 7.0  # px between a band and its words
OWN = 1.04  # of a band's height: its own top lies between points
TOP = 0.86  # of a row's height, that a label is no higher than
OVER = (("center", 0.0, 0.5),)  # anchor, px aside, share of the words on the left
BESIDE = (("left", ASIDE, 0.0), ("right", -ASIDE, 1.0), *OVER)

Sides = tuple[tuple[str, float, float], ...]
Curve = tuple[NDArray[np.float64], NDArray[np.float64]]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Words:
    """What is written at a band: as Plotly reads it, and as many letters as that has."""

    marked: str
    letters: int
    colour: str


@dataclass
class Labels:
    """The words of a figure with these panes and rows, written one after another; ``curves``: what
    is drawn in each row and mustn't be written over, (x, y).
    """

    panes: Sequence[Pane]
    rows: Sequence[Row]
    curves: Sequence[Curve]
    narrow: bool
    annotations: list[Figure] = field(default_factory=list)
    taken: list[Box] = field(default_factory=list)

    def write(self, k: int, position: float, value: float, words: Words, sides: Sides) -> None:
        """At ``value`` in row ``k``, on the first of the ``sides`` where there is room."""
        pane = self._pane(position)
        if pane is None:
            return
        (low, high), (left, right) = self.panes[pane]
        at = left + (position - low) / (high - low) * (right - left)
        row = self.rows[k]
        tall = (row.top - row.bottom) / (row.high - row.low)
        most, value = value, min(value, TOP * row.high)
        up = row.bottom + (value - row.low) * tall
        whole = NARROW if self.narrow else WIDE
        width = (words.letters * LETTER + GAP) / whole
        for side, shift, share in sides:
            over = side == "center"
            start, bottom = (
                at - share * width,
                min(up if over else up - HEIGHT / 2, row.top - HEIGHT / 2),
            )
            box = (start, bottom, start + width, bottom + HEIGHT)
            if start < -0.01 or box[2] > 1.01 or any(_meet(box, other) for other in self.taken):
                continue
            per = (high - low) / (right - left)
            under = row.low + (bottom - row.bottom) / tall
            aside = 0.0 if over else 0.12 * width  # a band's own flank
            begin = start + (aside if share == 0 else 0.0) - at
            end = start + width - (aside if share == 1 else 0.0) - at
            ends = position + begin * per, position + end * per
            if self._highest(k, ends) > (max(under, OWN * most) if over else under):
                continue
            self.taken.append(box)
            xa, ya = axes_of(k, pane, self.panes)
            place: Figure = {"xref": xa, "yref": ya, "xanchor": side, "xshift": shift}
            place |= {"yanchor": "bottom", "yshift": 1} if over else {"yanchor": "middle"}
            self.annotations.append(text(words.marked, position, value, words.colour, **place))
            return

    def _highest(self, k: int, ends: tuple[float, float]) -> float:
        """Of the row's curve between two wavenumbers."""
        x, y = self.curves[k]
        inside = (x >= ends[0]) & (x <= ends[1])
        return float(y[inside].max()) if inside.any() else -np.inf

    def _pane(self, position: float) -> int | None:
        inside = (w for w, (ends, _) in enumerate(self.panes) if ends[0] <= position <= ends[1])
        return next(inside, None)


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
