"""KL, its three parts and the scores over β, with the line that says where β stands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ....analysis.sweep import Level, Sweep
from ....text.message import Message, say
from ....vae.activity import ACTIVE_NATS
from ...components.plotting import Figure, Palette, base_layout, line, text, x_axis, x_title, y_axis
from ...components.projection import for_a_hall
from ...palette import rgba
from .figure import amount


@for_a_hall
def kl_over_beta(sweep: Sweep, palette: Palette, language: str) -> Figure:
    """KL of every neuron, by its rank in each model: one after the other reaches zero."""
    nats = sweep.kl
    figure = _over_beta(sweep, palette, language, 1.08 * max(float(nats.max()), 0.1))
    for rank, curve in enumerate(nats.T):
        silent = bool((curve <= ACTIVE_NATS).all())
        colour = palette["raw"] if silent else palette["ink"]
        figure["data"].append(
            {
                **line(np.log10(sweep.betas), curve, colour, 1.5),
                "line": {"color": colour, "width": 1.5, "dash": "dot" if silent else "solid"},
                "hovertemplate": f"{rank + 1}: %{{y:.3f}}<extra></extra>",
            }
        )
    return figure


@for_a_hall
def parts_over_beta(sweep: Sweep, palette: Palette, language: str) -> Figure:
    """The KL split in three, stacked: information, total correlation, dimension-wise KL."""
    names = ("information", "total_correlation", "dimension_wise")
    fills = (rgba(palette["raw"], 0.3), rgba(palette["model"], 0.32), rgba(palette["ink"], 0.08))
    inks = (palette["ink-2"], palette["model"], palette["ink"])
    values = np.array([[max(lv.parts[n], 0.0) for n in names] for lv in sweep.levels])
    tops = values.cumsum(axis=1)
    figure = _over_beta(sweep, palette, language, 1.12 * max(float(tops.max()), 0.1))
    x = np.log10(sweep.betas)
    placed = []
    for k, name in enumerate(names):
        figure["data"].append(
            {
                **line(x, tops[:, k], inks[k], 1.5),
                "fill": "tonexty" if k else "tozeroy",
                "fillcolor": fills[k],
                "customdata": values[:, k].round(3).tolist(),
                "hovertemplate": f"{say(Message(f'lab.{name}'), language)}"
                " %{customdata:.2f}<extra></extra>",
            }
        )
        placed.append((float(tops[:, k].max()), say(Message(f"lab.{name}"), language), inks[k]))
    for row, (_, words, ink) in enumerate(reversed(placed)):
        note = text(words, 1, 1 - 0.085 * row, ink, xanchor="right", yanchor="top", xshift=-2)
        figure["layout"]["annotations"].append(note)
    return figure


RIGHT = 14  # px beside a plot
FEW = 4  # decades that have room beside words
SAMPLES = {"solid": "—", "6px,3px": "– –", "2px,2px": "···", "dot": "· · ·"}  # of lines, in words
SCORE_LINES = (  # score, colour, dash
    ("informativeness", "ink-3", "dot"),
    ("disentanglement", "ink", "solid"),
    ("completeness", "ink-2", "6px,3px"),
    ("mig", "ink", "2px,2px"),
    ("selectivity", "model", "solid"),
)


@for_a_hall
def scores_over_beta(sweep: Sweep, palette: Palette, language: str) -> Figure:
    """MIG, DCI and selectivity, 0 to 1; broken where nothing is left to score."""
    figure = _over_beta(sweep, palette, language, 1.02, right=116)
    x = np.log10(sweep.betas)
    ends = []
    for name, hue, dash in SCORE_LINES:
        y = np.array([score(level, name) for level in sweep.levels])
        words = say(Message(f"lab.{name}"), language)
        trace = {**line(x, y, palette[hue], 1.75), "line": {"color": palette[hue], "width": 1.75}}
        trace["line"]["dash"] = dash
        figure["data"].append({**trace, "hovertemplate": f"{words} %{{y:.2f}}<extra></extra>"})
        if np.isfinite(y).any():
            ends.append((float(y[np.isfinite(y)][-1]), f"{SAMPLES[dash]} {words}", palette[hue]))
    _at_the_end(figure, ends)
    return figure


def score(level: Level, name: str) -> float:
    """A score of a level; selectivity is 1 less the off-target.

    NaN where fewer than two neurons are active: a single one is complete by definition.
    """
    if level.active < 2:
        return float("nan")
    if name == "selectivity":
        return float("nan") if level.off_target is None else max(0.0, 1 - level.off_target / 100)
    return level.scores[name]


def _over_beta(
    sweep: Sweep, palette: Palette, language: str, top: float, right: int = RIGHT
) -> Figure:
    """Axes of a curve over log₁₀ β, with the line that says where β stands."""
    x = np.log10(sweep.betas)
    figure: Figure = {"data": [], "layout": base_layout(palette)}
    layout = figure["layout"]
    layout["margin"] = {"l": 38, "r": right, "t": 10, "b": 42}
    room = 0.03 * float(x[-1] - x[0])
    decades = np.arange(np.ceil(x[0]), np.floor(x[-1]) + 0.5)
    if right > RIGHT and len(decades) > FEW:
        decades = decades[::2]  # beside words at the end there is no room for more
    ticks = decades if len(decades) > 1 else x
    layout["xaxis"] = x_axis(
        palette,
        range=[float(x[0]) - room, float(x[-1]) + room],
        fixedrange=True,
        tickvals=ticks.tolist(),
        ticktext=[amount(float(10**t)) for t in ticks],
        tickangle=0,
    )
    layout["xaxis"]["hoverformat"] = ".2f"
    layout["hovermode"] = "closest"
    layout["yaxis"] = y_axis(palette, range=[-0.02 * top, top], nticks=6)
    layout["annotations"].append(x_title(Message("lab.beta_axis"), palette, language))
    layout["shapes"].append(
        {
            "type": "line",
            "xref": "x",
            "yref": "paper",
            "x0": float(x[0]),
            "x1": float(x[0]),
            "y0": 0,
            "y1": 1,
            "line": {"color": palette["ink"], "width": 1.5},
        }
    )
    return figure


def _at_the_end(figure: Figure, ends: Sequence[tuple[float, str, str]]) -> None:
    """Names beside where the curves end, pushed apart where they would touch."""
    gap, placed = 0.085, -1.0
    for y, words, colour in sorted(ends):
        placed = max(y, placed + gap)
        note = text(words, 1, placed, colour, yref="y", xanchor="left", yanchor="middle", xshift=4)
        figure["layout"]["annotations"].append(note)
