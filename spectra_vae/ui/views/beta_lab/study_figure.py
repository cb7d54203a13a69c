"""Every seed of the study over β: alignment against agreement, and where it collapses."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....analysis.study import Study, Trial
from ....text.message import Message, say
from ...components.plotting import Figure, Palette, base_layout, text, x_axis, x_title, y_axis
from ...components.projection import for_a_hall
from .figure import amount

LINES = (("mcc", "ink"), ("mig", "model"), ("udr", "structure"))
SPREAD = 0.035  # of a decade, between two seeds


@for_a_hall
def study_over_beta(study: Study, k: int, palette: Palette, language: str) -> Figure:
    """MCC, MIG and UDR, 0 to 1: a point a seed, a line through the medians; ``k`` is shown."""
    figure: Figure = {"data": [], "layout": base_layout(palette)}
    layout = figure["layout"]
    layout["margin"] = {"l": 38, "r": 52, "t": 10, "b": 42}
    layout["hovermode"] = "closest"
    x = np.log10(study.betas)
    for name, hue in LINES:
        values = np.array([[_value(t, name) for t in study.at(b)] for b in study.betas])
        seeds = SPREAD * (np.arange(values.shape[1]) - (values.shape[1] - 1) / 2)
        dots, words = (x[:, None] + seeds).ravel(), say(Message(f"lab.{name}"), language)
        medians = np.median(values, axis=1)
        marker = {"size": 5, "color": palette[hue], "opacity": 0.55}
        line = {"color": palette[hue], "width": 1.75}
        figure["data"] += [
            _trace("markers", dots, values.ravel(), words, marker=marker),
            _trace("lines", x, medians, words, line=line),
        ]
        place: dict[str, Any] = {"yref": "y", "xanchor": "left", "xshift": 4}
        layout["annotations"].append(text(words, 1, float(medians[-1]), palette[hue], **place))
    layout["xaxis"] = x_axis(
        palette,
        range=[float(x[0]) - 0.2, float(x[-1]) + 0.2],
        fixedrange=True,
        tickvals=x.tolist(),
        ticktext=[amount(b) for b in study.betas],
        tickangle=0,
    )
    layout["yaxis"] = y_axis(palette, range=[-0.02, 1.05], nticks=6)
    layout["annotations"].append(x_title(Message("lab.beta_axis"), palette, language))
    if k < len(x):
        ends = {"x0": float(x[k]), "x1": float(x[k]), "y0": 0, "y1": 1}
        stroke = {"color": palette["ink"], "width": 1.5}
        layout["shapes"].append({"type": "line", "yref": "paper", **ends, "line": stroke})
    return figure


def _trace(mode: str, x: Any, y: Any, words: str, **style: Any) -> Figure:
    return {
        "type": "scatter",
        "mode": mode,
        "x": x.tolist(),
        "y": y.tolist(),
        "hovertemplate": f"{words} %{{y:.2f}}<extra></extra>",
        **style,
    }


def _value(trial: Trial, name: str) -> float:
    return trial.udr["spearman"] if name == "udr" else trial.scores[name]
