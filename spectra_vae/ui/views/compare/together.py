"""Two measurements on one axis, what each is made of, and their difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ....text.message import Message, say
from ...components.phase_looks import Look, label_of, looks
from ...components.plotting import (
    Figure,
    Palette,
    as_text,
    base_layout,
    line,
    text,
    x_axis,
    x_title,
    y_axis,
)
from ...components.projection import for_a_hall
from ...palette import rgba

if TYPE_CHECKING:
    from ....identification.result import Identification
    from .shared import Pair

Array = NDArray[np.float64]

ROWS = ((0.68, 1.0), (0.31, 0.63), (0.0, 0.26))  # first, second, their difference
ROOM = (-0.08, 1.18)  # of the tallest band
LONGEST, LONGEST_ON_A_PHONE = 60, 24
LEAST = 0.05  # of the tallest band, that the difference's row spans


@for_a_hall
def together(pair: Pair, palette: Palette, language: str, narrow: bool = False) -> Figure:
    """Each file without its background, its tallest band 1, its phases filled; first − second."""
    ends = _ends(pair)
    names = list(dict.fromkeys(p.mineral for one in pair.found for p in one.phases))
    styles = looks(names, palette)
    figure: Figure = {"data": [], "layout": base_layout(palette)}
    layout = figure["layout"]
    layout["margin"] = {"l": 44, "r": 12, "t": 28, "b": 44}
    for k, domain in enumerate(ROWS):
        own = "" if k == 0 else str(k + 1)
        last = k == len(ROWS) - 1
        layout[f"xaxis{own}"] = x_axis(
            palette,
            range=list(ends),
            anchor=f"y{own}",
            matches=None if k == 0 else "x",
            showticklabels=last,
            showline=last,
            ticks="outside" if last else "",
        )
        layout[f"yaxis{own}"] = y_axis(palette, domain=list(domain), anchor=f"x{own}", nticks=4)
    longest = LONGEST_ON_A_PHONE if narrow else LONGEST
    for k, (name, one) in enumerate(zip(pair.names, pair.found, strict=True)):
        layout[f"yaxis{k + 1 if k else ''}"]["range"] = list(ROOM)
        figure["data"] += _file(one, k, styles, palette, language)
        told = f"<b>{as_text(name, longest)}</b>" + _made_of(one, styles, language)
        layout["annotations"].append(_head(told, k, palette))
    x, difference = difference_of(pair)
    reach = max(float(np.abs(difference).max(initial=0.0)), LEAST)
    layout["yaxis3"]["range"] = [-1.1 * reach, 1.1 * reach]
    for hue, part in (
        ("positive", np.maximum(difference, 0)),
        ("negative", np.minimum(difference, 0)),
    ):
        fill = {"fill": "tozeroy", "fillcolor": rgba(palette[hue], 0.28)}
        figure["data"].append(line(x, part, palette[hue], 1.0, xaxis="x3", yaxis="y3", **fill))
    words = say(Message("comparison.difference"), language)
    layout["annotations"] += [
        _head(f"<b>{words}</b>", 2, palette),
        x_title(Message("axis.shift"), palette, language),
    ]
    return figure


def _ends(pair: Pair) -> tuple[float, float]:
    low = min(float(one.wavenumber[0]) for one in pair.found)
    return low, max(float(one.wavenumber[-1]) for one in pair.found)


def scaled(one: Identification) -> tuple[Array, float]:
    """A file without its background (N,), its tallest band 1; and what it was divided by."""
    bare = one.measured - one.background
    tallest = float(one.restored.max(initial=0.0)) or float(np.abs(bare).max()) or 1.0
    return bare / tallest, tallest


def difference_of(pair: Pair) -> tuple[Array, Array]:
    """First − second where both are, on the coarser one's points."""
    a, b = pair.found
    low = max(a.wavenumber[0], b.wavenumber[0])
    high = min(a.wavenumber[-1], b.wavenumber[-1])
    coarser = max(pair.found, key=lambda one: float(np.median(np.diff(one.wavenumber))))
    x = coarser.wavenumber[(coarser.wavenumber >= low) & (coarser.wavenumber <= high)]
    first, second = (np.interp(x, one.wavenumber, scaled(one)[0]) for one in (a, b))
    return x, first - second


def _file(
    one: Identification, k: int, styles: dict[str, Look], palette: Palette, language: str
) -> list[Figure]:
    curve, tallest = scaled(one)
    own = {"xaxis": "x", "yaxis": "y"} if k == 0 else {"xaxis": "x2", "yaxis": "y2"}
    drawn = []
    for phase in one.phases:
        look, name = styles[phase.mineral], label_of(phase.mineral, language)
        drawn.append(
            line(
                one.wavenumber,
                phase.curve / tallest,
                look.line,
                1.0,
                line={"dash": look.dash},
                fill="tozeroy",
                fillcolor=rgba(look.line, 0.34),
                hovertemplate=f"%{{y:.3g}}<extra>{name}</extra>",
                **own,
            )
        )
    return [*drawn, line(one.wavenumber, curve, palette["ink"], 1.0, **own)]


def _made_of(one: Identification, styles: dict[str, Look], language: str) -> str:
    parts = [
        f'<span style="color:{styles[p.mineral].words}">{label_of(p.mineral, language)}</span>'
        for p in one.phases
    ]
    return ", " + " + ".join(parts) if parts else ""


def _head(words: str, row: int, palette: Palette) -> Figure:
    place: Figure = {"xanchor": "left", "yanchor": "bottom", "yshift": 2}
    return text(words, 0, ROWS[row][1], palette["ink"], **place)
