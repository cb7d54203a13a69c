"""Rotation and correlated factors as pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....analysis.experiments import SCORES, Experiments, Rotation
from ....text.message import Message, say
from ...components.naming import factor_called
from ...components.plotting import Figure, Palette, base_layout, text, x_axis, y_axis
from ...components.projection import for_a_hall
from ...palette import rgba

Array = NDArray[np.float64]

# The data's three directions as one sees the edges of a box.
VIEW = np.array([[0.87, -0.87, 0.0], [-0.42, -0.42, 1.0]])
PANELS = ((0.0, 0.48), (0.52, 1.0))
SPAN = 1.3


@for_a_hall
def rotation(found: Rotation, palette: Palette, language: str) -> Figure:
    """The axes of two seeds in the space of three equal eigenvalues: free, and guided."""
    figure: Figure = {"data": [], "layout": base_layout(palette)}
    layout = figure["layout"]
    layout["margin"] = {"l": 4, "r": 4, "t": 24, "b": 4}
    layout["hovermode"] = False
    for panel, guided in enumerate((False, True)):
        x, y = (("x", "y"), ("x2", "y2"))[panel]
        hidden = {"visible": False, "fixedrange": True, "range": [-SPAN, SPAN]}
        layout[x.replace("x", "xaxis")] = {**hidden, "domain": list(PANELS[panel]), "anchor": y}
        layout[y.replace("y", "yaxis")] = {**hidden, "anchor": x, "scaleanchor": x}
        for seed, run in enumerate(r for r in found.runs if r.guided == guided):
            tips = np.array(run.axes) @ VIEW.T
            style = {"color": palette["model" if seed else "ink"], "width": 3 if seed else 2}
            figure["data"] += [_axis(tip, style, (x, y)) for tip in tips]
        dashed = {"color": palette["raw"], "width": 1.5, "dash": "2px,4px"}
        figure["data"] += [_axis(1.2 * tip, dashed, (x, y)) for tip in VIEW.T]
        words = say(Message(f"lab.axes_{'guided' if guided else 'free'}"), language)
        centre = sum(PANELS[panel]) / 2
        head = {"xanchor": "center", "yanchor": "bottom", "yshift": 4}
        layout["annotations"].append(text(words, centre, 1, palette["ink-2"], **head))
    for seed, hue in enumerate(("ink", "model")):
        words = say(Message("lab.seed", {"seed": seed}), language)
        place = {"xanchor": "left", "yanchor": "bottom", "yshift": 18 * (1 - seed)}
        layout["annotations"].append(text(words, 0, 0, palette[hue], **place))
    return figure


def _axis(tip: Array, style: Mapping[str, Any], on: tuple[str, str]) -> Figure:
    """A line through the origin: an axis has no sign."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [-float(tip[0]), float(tip[0])],
        "y": [-float(tip[1]), float(tip[1])],
        "line": dict(style),
        "opacity": 1 if "dash" in style else 0.8,
        "hoverinfo": "skip",
        "xaxis": on[0],
        "yaxis": on[1],
    }


@for_a_hall
def correlated(found: Experiments, palette: Palette, language: str, narrow: bool) -> Figure:
    """How the two factors go together, and what that costs each kind of model."""
    figure: Figure = {"data": [], "layout": base_layout(palette)}
    layout = figure["layout"]
    layout["margin"] = {"l": 46, "r": 8, "t": 24, "b": 42}
    layout["hovermode"] = "closest"
    drawn = np.array(found.drawn)
    names = [factor_called(name, language) for name in found.factors]
    left, right = ([0.0, 0.3], [0.52 if narrow else 0.46, 1.0])
    title = {"font": {"size": 12, "color": palette["ink-3"]}, "standoff": 6}
    layout["xaxis"] = x_axis(
        palette, domain=left, fixedrange=True, nticks=4, title={"text": names[0], **title}
    )
    layout["yaxis"] = y_axis(palette, nticks=4, title={"text": names[1], **title})
    figure["data"].append(
        {
            "type": "scatter",
            "mode": "markers",
            "x": drawn[:, 0].tolist(),
            "y": drawn[:, 1].tolist(),
            "marker": {"size": 4, "color": rgba(palette["raw"], 0.6)},
            "hoverinfo": "skip",
        }
    )
    rows = [(guided, name) for guided in (True, False) for name in SCORES]
    for k, (guided, name) in enumerate(rows):
        height = len(rows) - k - (0 if guided else 0.7)
        hue = palette["ink"] if guided else palette["model"]
        ends = [one for one in found.correlated if one.guided == guided]
        before, after = sorted(ends, key=lambda one: one.rho)
        figure["data"].append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": [before.scores[name], after.scores[name]],
                "y": [height, height],
                "xaxis": "x2",
                "yaxis": "y2",
                "line": {"color": hue, "width": 2},
                "marker": {
                    "size": 9,
                    "color": [palette["surface"], hue],
                    "line": {"color": hue, "width": 1.75},
                },
                "customdata": [before.rho, after.rho],
                "hovertemplate": "ρ %{customdata}: %{x:.3f}<extra></extra>",
                "cliponaxis": False,
            }
        )
    layout["xaxis2"] = x_axis(
        palette, domain=right, anchor="y2", range=[0, 1], fixedrange=True, nticks=5
    )
    heights = [len(rows) - k - (0 if g else 0.7) for k, (g, _) in enumerate(rows)]
    layout["yaxis2"] = y_axis(
        palette,
        anchor="x2",
        range=[heights[-1] - 0.6, heights[0] + 1.2],
        tickvals=heights,
        ticktext=[say(Message(f"lab.{name}"), language) for _, name in rows],
    )
    layout["annotations"] += _heads(found, heights, right, palette, language)
    return figure


def _heads(
    found: Experiments, heights: list[float], right: list[float], palette: Palette, language: str
) -> list[Figure]:
    rho = max(one.rho for one in found.correlated)
    over: dict[str, Any] = {"yanchor": "bottom", "yshift": 4}
    key = say(Message("lab.open_to_filled", {"rho": rho}), language)
    trained = say(Message("lab.trained_on", {"rho": rho}), language)
    heads = [
        text(trained, 0, 1, palette["ink-2"], xanchor="left", xshift=-36, **over),
        text(key, 1, 1, palette["ink-2"], xanchor="right", **over),
    ]
    for guided, at in ((True, heights[0]), (False, heights[4])):
        words = say(Message(f"supervision.{'guided' if guided else 'none'}"), language)
        hue = palette["ink" if guided else "model"]
        place = {"yref": "y2", "xanchor": "right", "yanchor": "bottom", "yshift": 6}
        heads.append(text(f"<b>{words}</b>", right[1], at, hue, **place))
    return heads
