"""What β does: rate over distortion, and a spectrum through it.

Everything that a move of the slider changes stands in traces and shapes that the page rewrites
(assets/views/beta-lab.js): their numbers are in ``layout.meta``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....analysis.sweep import Level, Sweep
from ....minerals import mineral
from ....text.formatting import thousands
from ....text.message import Message, say
from ...components.plotting import Figure, Palette, base_layout, line, text, x_axis, x_title, y_axis
from ...components.projection import for_a_hall
from ...components.windows import few_ticks, heads, shown, side, suffix, ticks
from ...palette import rgba

Array = NDArray[np.float64]

TRACES = 3  # a window: dirty, clean, and the reconstruction that the page fills in
TICKS = 12  # over all windows
FINE = 200  # points of the closed form
QUIET: Any = {"hoverinfo": "skip", "hovertemplate": None}
ROOM = (0.16, 0.06)  # of the axes: what a point's name needs
REACH = 0.3  # of the axis: how far the tangent goes either way


def amount(beta: float) -> str:
    """A β as people read it: 0.3, 10, 3 000."""
    return thousands(beta, ".6g")


def spent(level: Level, sigma: float) -> float:
    """Distortion in nats, SSE/2σ²."""
    return level.distortion / (2 * sigma**2)


@for_a_hall
def plane(sweep: Sweep, palette: Palette, language: str, narrow: bool = False) -> Figure:
    """Rate over distortion, both in nats a spectrum: one point a model, the closed form dashed."""
    x = np.array([spent(level, sweep.sigma) for level in sweep.levels])
    y = np.array([level.rate for level in sweep.levels])
    top, right = 1.12 * float(y.max()) + 0.1, 1.08 * float(x.max())
    figure: Figure = {"data": [], "layout": base_layout(palette)}
    layout = figure["layout"]
    layout["margin"] = {"l": 44, "r": 14, "t": 26, "b": 46}
    layout["hovermode"] = "closest"
    if sweep.linear is not None:
        betas = np.geomspace(sweep.betas[0] / 3, 10 * max(sweep.betas[-1], 1e4), FINE)
        rate, distortion = sweep.linear.curve(betas, sweep.sigma)
        bound = distortion / (2 * sweep.sigma**2)
        right = max(right, 1.04 * float(bound.max()))
        figure["data"].append(
            {**line(bound, rate, palette["raw"], 1.25, line={"dash": "4px,3px"}), **QUIET}
        )
        layout["annotations"].append(_key("lab.closed_form", 1, palette["ink-3"], "╌", language))
    figure["data"] += [
        {
            **line(x, y, palette["ink"], 1.75),
            "mode": "lines+markers+text",
            "textposition": "top right",
            "textfont": {"color": palette["ink-3"], "size": 11},
            "marker": {
                "size": 8,
                "color": palette["surface"],
                "line": {"color": palette["ink"], "width": 1.5},
            },
            "customdata": [amount(b) for b in sweep.betas],
            "hovertemplate": "β %{customdata}: %{y:.2f}, %{x:.0f}<extra></extra>",
        },
        {**line(x[:2], y[:2], palette["model"], 1.75), **QUIET},
        {
            "type": "scatter",
            "mode": "markers+text",
            "x": [float(x[0])],
            "y": [float(y[0])],
            "text": [""],
            "textposition": "top right",
            "textfont": {"color": palette["ink"], "size": 13, "weight": 600},
            "marker": {"size": 12, "color": palette["ink"]},
            "cliponaxis": False,
            **QUIET,
        },
    ]
    last = len(figure["data"]) - 1
    layout["meta"] = {"curve": last - 2, "tangent": last - 1, "chosen": last}
    layout["xaxis"] = x_axis(palette, range=[0, right], fixedrange=True, nticks=4 if narrow else 7)
    layout["yaxis"] = y_axis(palette, range=[0, top], nticks=6)
    rate_words = say(Message("lab.rate_axis"), language)
    layout["annotations"] += [
        text(rate_words, 0, 1, palette["ink-3"], xanchor="left", yanchor="bottom", xshift=-36),
        x_title(Message("lab.distortion_axis"), palette, language),
        _key("lab.slope", 0, palette["model"], "—", language),
    ]
    return figure


def _key(code: str, row: int, colour: str, stroke: str, language: str) -> Figure:
    """A line's name where the plane is empty: the curve keeps to the axes."""
    words = f"{stroke}{stroke} {say(Message(code), language)}"
    return text(words, 1, 0.97, colour, xanchor="right", yanchor="top", yshift=-18 * row)


def names(sweep: Sweep, k: int, right: float, top: float) -> list[str]:
    """Each point's β, but for the level ``k``, which is named larger, and what it would cover."""
    words = [""] * len(sweep.levels)
    x = [spent(level, sweep.sigma) / right for level in sweep.levels]
    y = [level.rate / top for level in sweep.levels]
    placed = [k]
    for j in reversed(range(len(x))):
        if all(abs(x[j] - x[p]) > ROOM[0] or abs(y[j] - y[p]) > ROOM[1] for p in placed):
            words[j] = amount(sweep.levels[j].beta)
            placed.append(j)
    return words


def tangent(sweep: Sweep, k: int, right: float, top: float) -> tuple[list[float], list[float]]:
    """A stretch of the line through the level ``k`` whose slope is −1/β, inside the axes."""
    level = sweep.levels[k]
    x, y = spent(level, sweep.sigma), level.rate
    left = max(x - REACH * right, x - (top - y) * level.beta, 0.0)
    end = min(x + REACH * right, x + y * level.beta, right)
    ends = [left, end]
    return ends, [y - (at - x) / level.beta for at in ends]


@for_a_hall
def through(
    sweep: Sweep, example: int, palette: Palette, language: str, narrow: bool = False
) -> Figure:
    """Dirty, clean and reconstruction; the page fills the reconstruction in."""
    x, one = sweep.wavenumber, sweep.examples[example]
    figure: Figure = {"data": [], "layout": base_layout(palette)}
    layout = figure["layout"]
    layout["margin"] = {"l": 40, "r": 44, "t": 26, "b": 46}
    highest = max(
        float(one.clean.max()), *(float(lv.decoded[example].max()) for lv in sweep.levels)
    )
    top = 1.18 * highest
    windows = shown(mineral(str(sweep.config["mineral"])))
    filled = [TRACES * w + TRACES - 1 for w in range(len(windows))]
    layout["meta"] = {"shown": filled, "windows": []}
    for w, part in enumerate(windows):
        inside = (x >= part.window[0]) & (x <= part.window[1])
        layout["meta"]["windows"].append(np.flatnonzero(inside)[[0, -1]].tolist())
        on: Any = {"xaxis": f"x{suffix(w)}", "yaxis": f"y{suffix(w)}", **QUIET}
        level = sweep.levels[0].decoded[example][inside]
        figure["data"] += [
            {**line(x[inside], one.dirty[inside], rgba(palette["raw"], 0.6), 1), **on},
            {
                **line(x[inside], one.clean[inside], palette["ink-3"], 1.25),
                **on,
                "line": {"color": palette["ink-3"], "width": 1.25, "dash": "4px,3px"},
            },
            {
                **line(x[inside], level, palette["ink"], 1.75),
                **on,
                "fill": "tozeroy",
                "fillcolor": rgba(palette[part.hue], 0.2),
            },
        ]
        layout[f"xaxis{suffix(w)}"] = x_axis(
            palette,
            range=list(part.window),
            domain=list(part.domain),
            anchor=f"y{suffix(w)}",
            fixedrange=True,
            **(
                {"tickvals": few_ticks(part.window)}
                if narrow
                else {"nticks": ticks(part.domain, TICKS)}
            ),
        )
        layout[f"yaxis{suffix(w)}"] = y_axis(
            palette,
            range=[-0.12 * top / part.gain, top / part.gain],
            anchor=f"x{suffix(w)}",
            nticks=4,
            **side(w, len(windows)),
        )
        if part.gain != 1:
            times, end = f"×{part.gain:g}", part.domain[1]
            over = {"xanchor": "right", "yanchor": "bottom", "yshift": 4}
            layout["annotations"].append(text(times, end, 1, palette["ink-3"], **over))
    layout["annotations"] += heads(windows, palette, language, narrow)
    layout["annotations"].append(x_title(Message("axis.shift"), palette, language))
    return figure
