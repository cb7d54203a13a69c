"""A restoration in one plot: all terms of the equation over each other, on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ....text.message import Message, say
from ...components.plotting import Figure, Palette, base_layout, line, text, x_axis, x_title, y_axis
from ...components.projection import for_a_hall
from ...components.restoration_figure import rest_called
from ...components.restored_curves import (
    Array,
    band_and_curve,
    breaks,
    foreign_curve,
    left_out,
    main_label,
    panes,
    series,
    stripes,
    unit_of,
)
from ...components.windows import Pane, suffix, ticks
from ...palette import rgba

if TYPE_CHECKING:
    from ....measure.restore import Restoration

LABELS = ("measured", "fitted", "background", "explained", "unexplained", "residual")
SAMPLES = {"background": "····"}  # the line's look; the others are drawn through
CLIPPED = 1.25  # times what is drawn: so high may what was left out stand and still be shown
APART = 0.05  # of the plot's height, between two labels


@for_a_hall
def overlaid(
    r: Restoration, palette: Palette, language: str, full: bool = False, narrow: bool = False
) -> Figure:
    """measured, background, explained, unexplained and residual in one plot."""
    x = r.wavenumber
    shown = panes(r.mineral, x, full)
    scale, unit = unit_of(r.measured, language)
    curves = {name: values / scale for name, values in series(r).items()}
    everything = np.concatenate([v[r.used & np.isfinite(v)] for v in curves.values()])
    low, high = float(everything.min()), float(everything.max())
    tallest = float(np.nanmax(curves["measured"]))
    if tallest < CLIPPED * high:  # a band that was clipped, and no spike
        high = max(high, tallest)
    low, high = low - 0.04 * (high - low), high + 0.08 * (high - low)
    figure: Figure = {"data": [], "layout": base_layout(palette)}
    layout = figure["layout"]
    layout["margin"] = {"l": 44 if narrow else 200, "r": 12, "t": 28, "b": 44}
    for w, (window, domain) in enumerate(shown):
        own = suffix(w)
        layout[f"xaxis{own}"] = x_axis(
            palette,
            range=list(window),
            domain=list(domain),
            anchor=f"y{own}",
            nticks=ticks(domain),
            tickangle=0,
        )
        layout[f"yaxis{own}"] = y_axis(
            palette, range=[low, high], anchor=f"x{own}", nticks=8, showticklabels=w == 0
        )
        inside = (x >= window[0]) & (x <= window[1])
        cut = {name: values[inside] for name, values in curves.items()}
        ends = r.lower[inside] / scale, r.upper[inside] / scale
        for trace in (
            line(x[inside], cut["residual"], rgba(palette["raw"], 0.7), 1.0),
            line(x[inside], cut["measured"], palette["raw"], 1.0),
            line(x[inside], cut["background"], palette["ink-3"], 1.25, line={"dash": "dot"}),
            *band_and_curve(r.mineral, x[inside], cut["explained"], ends, palette, r.gone),
            foreign_curve(x[inside], cut["unexplained"], palette),
            line(x[inside], cut["fitted"], palette["ink"], 1.5),
            left_out(x[inside], cut["measured"], ~r.used[inside], (low, high), palette),
        ):
            figure["data"].append({**trace, "xaxis": f"x{own}", "yaxis": f"y{own}"})
    layout["shapes"] += breaks(shown, palette) + stripes(r.unexplained, shown, palette)
    names = [rest_called(name, r.residual_is_noise) or name for name in LABELS]
    layout["annotations"] += [
        *_labels(curves, names, (low, high), shown, x, palette, language, narrow),
        *main_label(r, shown, scale, palette),
        text(unit, 0, 1, palette["ink-3"], xanchor="left", yanchor="bottom", yshift=4),
        x_title(Message("axis.shift" if narrow else "restore.axis"), palette, language),
    ]
    return figure


def _labels(
    curves: dict[str, Array],
    names: Sequence[str],
    ends: tuple[float, float],
    shown: Sequence[Pane],
    x: Array,
    palette: Palette,
    language: str,
    narrow: bool,
) -> list[Figure]:
    """Each curve's name (of ``names``) where it begins, moved apart where two would meet."""
    low, high = ends
    heights = []
    for name in LABELS:
        begins = np.isfinite(curves[name]) & (x >= shown[0][0][0])
        heights.append(float(np.median(curves[name][begins][:40])) if begins.any() else low)
    wanted = [(h - low) / (high - low) for h in heights]
    hues = {"unexplained": "unexplained", "fitted": "ink", "explained": "ink"}
    side: Figure = {"xanchor": "right", "xshift": -38}
    if narrow:
        side = {"xanchor": "left", "xshift": 4, "bgcolor": rgba(palette["surface"], 0.75)}
    return [
        text(
            f"<b>{say(Message(f'restore.row_{called}'), language)}</b> {SAMPLES.get(name, '—')}",
            0,
            height,
            palette[hues.get(name, "ink-3")],
            yanchor="middle",
            **side,
        )
        for name, called, height in zip(LABELS, names, spread(wanted, APART), strict=True)
    ]


def spread(heights: Sequence[float], apart: float) -> list[float]:
    """Heights in (0, 1) as near to the wanted ones as can be, in the same order, ``apart``."""
    order = sorted(range(len(heights)), key=lambda k: (-round(heights[k], 2), k))
    placed: list[list[float]] = []  # [sum of wanted first heights, members] of each cluster
    for k in order:
        placed.append([heights[k], 1])
        while len(placed) > 1 and _lowest(placed[-2], apart) - apart < _top(placed[-1]):
            last = placed.pop()
            shifted = last[0] + last[1] * placed[-1][1] * apart
            placed[-1] = [placed[-1][0] + shifted, placed[-1][1] + last[1]]
    found = [0.0] * len(heights)
    ranks = iter(order)
    for cluster in placed:
        for member in range(int(cluster[1])):
            found[next(ranks)] = _top(cluster) - member * apart
    below = apart / 2 - min(found, default=1.0)
    return [h + max(below, 0.0) for h in found]


def _top(cluster: Sequence[float]) -> float:
    """The first label's height: the mean of what its members want, counted from the top."""
    return cluster[0] / cluster[1]


def _lowest(cluster: Sequence[float], apart: float) -> float:
    return _top(cluster) - (cluster[1] - 1) * apart
