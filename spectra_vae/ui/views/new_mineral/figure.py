"""A draft's bands over its measurement, numbered as in the table, and what they leave, in σ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ....text.message import Message, say
from ...components.plotting import (
    Figure,
    Palette,
    base_layout,
    line,
    text,
    x_axis,
    x_title,
    y_axis,
)
from ...components.projection import for_a_hall
from ...components.restored_curves import panes
from ...components.windows import few_ticks, suffix, ticks
from ...palette import ink_of, known, rgba
from .lens import add_lens

if TYPE_CHECKING:
    from ....library.editing import Edited

Array = NDArray[np.float64]

TOP, BOTTOM = (0.3, 1.0), (0.0, 0.2)  # of the height: curves, and what is left
FILL = 0.22
NEAR, NEAR_NARROW = 0.02, 0.06  # of the width: numbers nearer than that stand higher
TALL = 0.05  # of the height: a number's own
STACKED = 2  # numbers over each other at most
LEAST_SIGMA = 4.0  # of the residual's axis


@for_a_hall
def bands(e: Edited, palette: Palette, language: str, narrow: bool = False) -> Figure:
    """Measured, background, each band in its group's hue, their sum; the residual below."""
    figure: Figure = {"data": [], "layout": base_layout(palette)}
    layout, one = figure["layout"], e.draft.files[0]
    layout["margin"] = {"l": 52, "r": 12, "t": 22, "b": 42}
    total = one.background + e.components.sum(axis=0)
    low, high = _range(np.where(one.fitted, one.measured, total), total)
    sigma = max(one.noise * one.gain, 1e-300)
    left = np.where(one.fitted, e.residual / sigma, np.nan)
    deep = max(LEAST_SIGMA, float(np.nanquantile(np.abs(left), 0.995)) * 1.1)
    x = one.wavenumber
    for k, (window, domain) in enumerate(panes(e.mineral, x, False)):
        inside = (x >= window[0]) & (x <= window[1])
        upper, lower = suffix(2 * k), suffix(2 * k + 1)
        _curves(figure, e, inside, total, {"xaxis": f"x{upper}", "yaxis": f"y{upper}"}, palette)
        residual = line(x[inside], left[inside], palette["raw"], 1)
        figure["data"].append({**residual, "xaxis": f"x{lower}", "yaxis": f"y{lower}"})
        shared: Figure = {"range": list(window), "domain": list(domain), "tickangle": 0}
        shared["nticks"] = ticks(domain, 14)
        if narrow:
            shared["tickvals"] = few_ticks(window)
        layout[f"xaxis{upper}"] = x_axis(
            palette, **shared, anchor=f"y{upper}", showticklabels=False
        )
        layout[f"xaxis{lower}"] = x_axis(palette, **shared, anchor=f"y{lower}")
        first: Figure = {"showticklabels": k == 0}
        counts: Figure = {"exponentformat": "none", "separatethousands": True}
        layout[f"yaxis{upper}"] = y_axis(
            palette,
            range=[low, high],
            domain=list(TOP),
            anchor=f"x{upper}",
            nticks=7,
            **counts,
            **first,
        )
        layout[f"yaxis{lower}"] = y_axis(
            palette, range=[-deep, deep], domain=list(BOTTOM), anchor=f"x{lower}", nticks=3, **first
        )
        near = NEAR_NARROW if narrow else NEAR
        layout["annotations"] += _numbers(e, window, domain, total, (low, high), palette, near)
    if not narrow:
        add_lens(figure, e, panes(e.mineral, x, False), (low, high), palette, language)
    above = {"xanchor": "left", "yanchor": "bottom", "yshift": 2}
    words = say(Message("new_mineral.residual"), language)
    layout["annotations"].append(text(words, 0, BOTTOM[1], palette["ink-3"], **above))
    layout["annotations"].append(x_title(Message("axis.shift"), palette, language))
    return figure


def _curves(
    figure: Figure,
    e: Edited,
    inside: NDArray[np.bool_],
    total: Array,
    axes: Figure,
    palette: Palette,
) -> None:
    one = e.draft.files[0]
    x, under = one.wavenumber[inside], one.background[inside]
    data = figure["data"]
    data.append({**line(x, one.measured[inside], palette["raw"], 1), **axes})
    for band, curve in zip(e.mineral.bands, e.components, strict=True):
        y = curve[inside]
        there = y > 1e-3 * one.gain
        if not there.any():
            continue
        hue = palette[known(e.mineral.group(band.group).hue)]
        edge = line(x[there], (under + y)[there], hue, 1)
        quiet = {"hoverinfo": "skip", "hovertemplate": None, **axes}
        data.append({**line(x[there], under[there], rgba(hue, 0), 0), **quiet})
        data.append({**edge, "fill": "tonexty", "fillcolor": rgba(hue, FILL), **quiet})
    dots = {"line": {"dash": "dot"}}
    data.append({**line(x, under, palette["ink-3"], 1.25, **dots), **axes})
    data.append({**line(x, total[inside], palette["ink"], 1.5), **axes})


def _range(measured: Array, total: Array) -> tuple[float, float]:
    low = min(float(np.quantile(measured, 0.005)), float(total.min()))
    high = max(float(np.quantile(measured, 0.999)), float(total.max()))
    room = max(high - low, 1e-12)
    return low - 0.03 * room, high + 0.12 * room


def _numbers(
    e: Edited,
    window: tuple[float, float],
    domain: tuple[float, float],
    total: Array,
    ends: tuple[float, float],
    palette: Palette,
    near: float,
) -> list[Figure]:
    """Bands' numbers, as their rows have them; one beside a taller one stands higher, and where
    there is no room it is told by the table alone.
    """
    one, found = e.draft.files[0], []
    taken: list[tuple[float, float]] = []
    for k in np.argsort([-band.height for band in e.mineral.bands]):
        band = e.mineral.bands[k]
        place = band.position + one.offset
        if not window[0] <= place <= window[1]:
            continue
        share = (place - window[0]) / (window[1] - window[0])
        at = domain[0] + share * (domain[1] - domain[0])
        y = float(np.interp(place, one.wavenumber, total))
        foot = TOP[0] + (TOP[1] - TOP[0]) * (y - ends[0]) / (ends[1] - ends[0])
        rows = (foot + row * TALL for row in range(STACKED))
        free = (
            up for up in rows if all(abs(at - a) >= near or abs(up - b) >= TALL for a, b in taken)
        )
        up = next(free, None)
        if up is None:
            continue
        taken.append((at, up))
        hue = ink_of(palette, known(e.mineral.group(band.group).hue))
        above = {"yanchor": "bottom", "yshift": 2}
        found.append(text(f"<b>{k + 1}</b>", at, min(up, 1.0), hue, **above))
    return found
