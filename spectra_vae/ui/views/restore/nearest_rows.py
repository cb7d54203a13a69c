"""The nearest minerals of a file that is none of them, as bar codes on its own axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ....identification.result import STANDS
from ....text.message import Message, say
from ...components.phase_looks import label_of, there
from ...components.plotting import Figure, Palette, text, typed
from ...components.restoration_figure import Row
from ...components.windows import Range

if TYPE_CHECKING:
    from ....identification.result import Identification

MOST = 5
BAR, WIDE_BAR = 5.0, 16.0  # cm⁻¹ wide; on a phone
TALL = 0.8  # of a line's height
LEAST = 0.04  # of the strongest: lower bands aren't drawn


def nearest_traces(
    found: Identification, window: Range, palette: Palette, narrow: bool = False
) -> list[Figure]:
    """One bar a band: filled where one stands in the file, hollow where it is missing; as high as
    the root of how strong it should be.
    """
    stand = np.array([b.position for b in found.bands])
    base, x, height, fill = [], [], [], []
    names = _names(found)
    line = _line(names)
    for k, name in enumerate(names):
        m = there(name)
        for band in m.bands if m else ():
            if band.height < LEAST or not window[0] <= band.position <= window[1]:
                continue
            there_is = len(stand) and np.abs(stand - band.position).min() <= STANDS
            x.append(band.position)
            base.append(1 - (k + 2) * line)
            height.append(TALL * line * float(np.sqrt(band.height)))
            fill.append(palette["ink"] if there_is else "rgba(0,0,0,0)")
    return [
        {
            "type": "bar",
            "x": typed(np.array(x)),
            "y": typed(np.array(height)),
            "base": typed(np.array(base)),
            "width": WIDE_BAR if narrow else BAR,
            "marker": {"color": fill, "line": {"width": 1, "color": palette["ink-2"]}},
            "hovertemplate": "%{x:.0f} cm<sup>−1</sup><extra></extra>",
        }
    ]


def nearest_words(
    found: Identification, row: Row, palette: Palette, language: str, narrow: bool
) -> list[Figure]:
    """The minerals' names at their lines, and what filled and hollow mean."""
    names = _names(found)
    tall = (row.top - row.bottom) * _line(names)
    side: Figure = {"xanchor": "left", "xshift": -86 if narrow else -132, "yanchor": "middle"}
    words = [
        text(
            label_of(name, language),
            0,
            row.top - tall * (k + 1.62),
            palette["ink-2"],
            **side,
        )
        for k, name in enumerate(names)
    ]
    if not narrow and names:
        told = say(Message("restore.bar_code", {"apart": f"{STANDS:.0f}"}), language)
        place: Figure = {"xanchor": "right", "yanchor": "top"}
        words.append(text(told, 1, row.top, palette["ink-3"], **place))
    return words


def _line(names: list[str]) -> float:
    """Of the row's height, that one mineral has; the first line is the row's title."""
    return 1 / (len(names) + 1)


def _names(found: Identification) -> list[str]:
    return [one.mineral for one in found.candidates[:MOST]]
