"""The 8×N sensitivity heatmap and the scan of one neuron."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ...message import Message, say
from ...minerals import Mineral
from ...neuron import Neuron
from ..palette import rgba
from .base import (
    LEFT,
    LEFT_DOMAIN,
    RIGHT,
    RIGHT_DOMAIN,
    Figure,
    Palette,
    base_layout,
    line,
    text,
    typed,
    x_axis,
    x_title,
    y_axis,
)

Array = NDArray[np.float64]


def in_order(neurons: Sequence[Neuron], m: Mineral) -> list[Neuron]:
    """As the table lists the factors; then the mixed neurons, then the silent ones."""
    rank = {f.name: k for k, f in enumerate(m.factors)}
    last = len(rank)
    return sorted(neurons, key=lambda n: (n.silent, rank.get(n.factor or "", last), n.index))


def sensitivity(
    jacobian: Array,
    x: Array,
    neurons: Sequence[Neuron],
    chosen: int | None,
    by_row: bool,
    names: Mapping[int, str],
    m: Mineral,
    palette: Palette,
    language: str,
    narrow: bool = False,
) -> Figure:
    """The 8×N heatmap: signed, symmetric about 0, square-root scale; rows scaled alone or alike."""
    order = in_order(neurons, m)[::-1]  # Plotly draws upwards
    rows = np.array([jacobian[n.index] for n in order])
    peak = np.abs(rows).max(axis=1, keepdims=True)
    movers = np.array([not n.inert for n in order])[:, None]
    unit = np.where(movers, peak, peak.max()) if by_row else np.full_like(peak, peak.max())
    shown = np.sign(rows) * np.sqrt(np.abs(rows) / np.maximum(unit, 1e-12))
    figure: Figure = {"data": [], "layout": base_layout(palette)}
    layout = figure["layout"]
    layout["hovermode"] = "closest"
    layout["margin"] = {"l": 108 if narrow else 128, "r": 52 if narrow else 62, "t": 26, "b": 42}
    colours = [[0, palette["negative"]], [0.5, palette["sunken"]], [1, palette["positive"]]]
    heights = np.array([0.5 if n.silent else 1.0 for n in order])
    edges = np.concatenate([[0], np.cumsum(heights)])
    for w, (window, domain) in enumerate(((LEFT, LEFT_DOMAIN), (RIGHT, RIGHT_DOMAIN))):
        inside = (x >= window[0]) & (x <= window[1])
        figure["data"].append(
            {
                "type": "heatmap",
                "x": typed(x[inside]),
                "y": edges.tolist(),
                "z": shown[:, inside].round(4).tolist(),
                "customdata": [[n.index] * int(inside.sum()) for n in order],
                "text": [[f"{v:+.4f}" for v in row] for row in rows[:, inside]],
                "zmin": -1,
                "zmax": 1,
                "colorscale": colours,
                "showscale": False,
                "xaxis": ("x", "x2")[w],
                "yaxis": "y",
                "hovertemplate": "%{x:.0f} cm<sup>−1</sup>, %{text}<extra></extra>",
            }
        )
        layout[("xaxis", "xaxis2")[w]] = x_axis(
            palette, range=list(window), domain=list(domain), anchor="y", fixedrange=True
        )
        if narrow:
            layout[("xaxis", "xaxis2")[w]]["tickvals"] = ([500, 1000], [3400])[w]
    centres = (edges[:-1] + edges[1:]) / 2
    layout["yaxis"] = y_axis(
        palette,
        range=[0, float(edges[-1])],
        tickvals=centres.tolist(),
        ticktext=[
            f"<b>{names[n.index]}</b> #{n.index}"
            if not n.silent
            else f"{names[n.index]} #{n.index}"
            for n in order
        ],
        showgrid=False,
        ticklabelstandoff=5,
    )
    for centre, top in zip(centres, peak[:, 0], strict=True):
        value = f"{top:.3f}" if top >= 0.001 else "&lt;0.001"
        layout["annotations"].append(
            text(value, 1, float(centre), palette["ink-2"], yref="y", xanchor="left", xshift=8)
        )
    layout["annotations"].append(
        text(
            f"<b>{say(Message('neurons.max'), language)}</b>",
            1,
            1,
            palette["ink-2"],
            xanchor="left",
            yanchor="bottom",
            xshift=8,
            yshift=4,
        )
    )
    for group, at, hue in (("sulfate", 0.0, "sulfate"), ("water", RIGHT_DOMAIN[0], "water")):
        words = say(Message(f"group.{group}"), language)
        words = f"<b>{words.split()[0].rstrip(',') if narrow else words}</b>"
        layout["annotations"].append(
            text(words, at, 1, palette[hue], xanchor="left", yanchor="bottom", yshift=4)
        )
    layout["annotations"].append(x_title(Message("axis.shift"), palette, language))
    for bottom, top in zip(edges[:-1], edges[1:], strict=True):
        layout["shapes"].append(_box(0, 1, bottom, top, palette["surface"], 1))
    if chosen is not None:
        k = next(i for i, n in enumerate(order) if n.index == chosen)
        layout["shapes"].append(_box(0, 1, edges[k], edges[k + 1], palette["ink"], 2))
    return figure


def _box(x0: float, x1: float, y0: float, y1: float, colour: str, width: float) -> Figure:
    return {
        "type": "rect",
        "xref": "paper",
        "yref": "y",
        "x0": x0,
        "x1": x1,
        "y0": float(y0),
        "y1": float(y1),
        "line": {"color": colour, "width": width},
    }


def scan(
    curves: Array,
    values: Sequence[float],
    x: Array,
    hue: str,
    palette: Palette,
    language: str,
    narrow: bool = False,
) -> Figure:
    """One neuron at several codes: one hue, fainter to stronger, in the two windows."""
    figure: Figure = {"data": [], "layout": base_layout(palette)}
    layout = figure["layout"]
    layout["margin"] = {"l": 44, "r": 44, "t": 26, "b": 42}
    for w, (window, domain) in enumerate(((LEFT, LEFT_DOMAIN), (RIGHT, RIGHT_DOMAIN))):
        inside = (x >= window[0]) & (x <= window[1])
        top = 1.08 * max(float(curves[:, inside].max()), 1e-6)
        low = min(0.0, 1.08 * float(curves[:, inside].min()))
        for k, curve in enumerate(curves):
            share = 0.3 + 0.7 * k / max(len(curves) - 1, 1)
            dash = ("dot", "dash", "solid")[min(k, 2)] if len(curves) == 3 else "solid"
            figure["data"].append(
                {
                    **line(
                        x[inside],
                        curve[inside],
                        rgba(palette[hue], share),
                        1.75,
                        line={"dash": dash},
                    ),
                    "xaxis": ("x", "x2")[w],
                    "yaxis": ("y", "y2")[w],
                    "name": f"z {values[k]:+.0f}".replace("-", "−"),
                    "hovertemplate": "%{fullData.name}: %{y:.4f}<extra></extra>",
                }
            )
        layout[("xaxis", "xaxis2")[w]] = x_axis(
            palette, range=list(window), domain=list(domain), anchor=("y", "y2")[w], fixedrange=True
        )
        if narrow:
            layout[("xaxis", "xaxis2")[w]]["tickvals"] = ([500, 1000], [3200, 3600])[w]
        layout[("yaxis", "yaxis2")[w]] = y_axis(
            palette,
            range=[low, top],
            anchor=("x", "x2")[w],
            side="right" if w else "left",
            nticks=5,
        )
    for k, value in enumerate(values):
        style = ("┄", "╌", "—")[min(k, 2)] if len(values) == 3 else "—"
        layout["annotations"].append(
            text(
                f"{style} z {value:+.0f}".replace("-", "−"),
                0.36 * k if narrow else 0.30 + 0.1 * k,
                1,
                palette[hue],
                xanchor="left",
                yanchor="bottom",
                yshift=4,
            )
        )
    layout["annotations"].append(x_title(Message("axis.shift"), palette, language))
    return figure
