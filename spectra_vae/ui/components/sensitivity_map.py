"""The 8×N heatmap of what each neuron adds: a model's, or the difference of two models'.

The page frames the chosen row and marks the chosen band (assets/views/neurons.js), so that a
click needs no new figure; where they stand is in ``layout.meta``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ...minerals import Mineral
from ...model.neuron import Neuron
from ...text.message import Message, say
from .plotting import Figure, Palette, base_layout, text, typed, x_axis, x_title, y_axis
from .projection import for_a_hall
from .windows import Shown, few_ticks, heads, shown, suffix, ticks

Array = NDArray[np.float64]

LEAST_ROOM = 8.0  # cm⁻¹ either side of a band where a click means it


def in_order(neurons: Sequence[Neuron], m: Mineral) -> list[Neuron]:
    """As the table lists the factors; then the mixed neurons, then the silent ones."""
    rank = {f.name: k for k, f in enumerate(m.factors)}
    last = len(rank)
    return sorted(neurons, key=lambda n: (n.silent, rank.get(n.factor or "", last), n.index))


@for_a_hall
def sensitivity(
    values: Array,
    unit: Array,
    x: Array,
    neurons: Sequence[Neuron],
    labels: Mapping[int, str],
    m: Mineral,
    palette: Palette,
    language: str,
    narrow: bool = False,
) -> Figure:
    """Signed, symmetric about 0, square-root scale.

    ``values`` (latents, N) on ``x`` (N,), NaN where a model doesn't reach; ``unit`` (latents,)
    what takes a row's full colour; ``labels`` neuron → its row's.
    """
    order = in_order(neurons, m)[::-1]  # Plotly draws upwards
    picked = [n.index for n in order]
    rows, peak = values[picked], np.nanmax(np.abs(values[picked]), axis=1)
    coloured = np.sign(rows) * np.sqrt(np.abs(rows) / np.maximum(unit[picked], 1e-12)[:, None])
    heights = np.array([0.5 if n.silent else 1.0 for n in order])
    edges = np.concatenate([[0], np.cumsum(heights)])
    centres = (edges[:-1] + edges[1:]) / 2
    longest = max(len(label.replace("<b>", "").replace("</b>", "")) for label in labels.values())
    left = min(max(108, 7 * longest + 12), 128 if narrow else 190)
    figure: Figure = {"data": [], "layout": base_layout(palette)}
    layout = figure["layout"]
    layout["hovermode"] = "closest"
    layout["margin"] = {"l": left, "r": 52 if narrow else 62, "t": 26, "b": 42}
    layout["meta"] = {
        "rows": {str(n.index): [edges[k], edges[k + 1]] for k, n in enumerate(order)},
        "bands": [[b.position, max(1.5 * b.width, LEAST_ROOM)] for b in m.bands],
        "ink": palette["ink"],
    }
    colours = [[0, palette["negative"]], [0.5, palette["sunken"]], [1, palette["positive"]]]
    windows = shown(m)
    for w, one in enumerate(windows):
        inside = (x >= one.window[0]) & (x <= one.window[1])
        figure["data"].append(
            {
                "type": "heatmap",
                "x": typed(x[inside]),
                "y": edges.tolist(),
                "z": [[_plain(v, 4) for v in row] for row in coloured[:, inside]],
                "customdata": [[n.index] * int(inside.sum()) for n in order],
                "text": [[_signed(v) for v in row] for row in rows[:, inside]],
                "zmin": -1,
                "zmax": 1,
                "colorscale": colours,
                "showscale": False,
                "xaxis": f"x{suffix(w)}",
                "yaxis": "y",
                "hovertemplate": "%{x:.0f} cm<sup>−1</sup>, %{text}<extra></extra>",
            }
        )
        layout[f"xaxis{suffix(w)}"] = x_axis(
            palette,
            range=list(one.window),
            domain=list(one.domain),
            anchor="y",
            fixedrange=True,
            tickangle=0,
            nticks=ticks(one.domain),
        )
        if narrow:
            layout[f"xaxis{suffix(w)}"]["tickvals"] = few_ticks(one.window)
    layout["yaxis"] = y_axis(
        palette,
        range=[0, float(edges[-1])],
        tickvals=centres.tolist(),
        ticktext=[labels[j] for j in picked],
        showgrid=False,
        ticklabelstandoff=5,
    )
    for centre, top in zip(centres, peak, strict=True):
        words = f"{top:.3f}" if top >= 0.001 else "&lt;0.001"
        layout["annotations"].append(
            text(words, 1, float(centre), palette["ink-2"], yref="y", xanchor="left", xshift=8)
        )
    layout["annotations"] += _heads(windows, palette, language, narrow)
    layout["shapes"] = [
        _row(bottom, top, palette["surface"])
        for bottom, top in zip(edges[:-1], edges[1:], strict=True)
    ]
    return figure


def _heads(windows: Sequence[Shown], palette: Palette, language: str, narrow: bool) -> list[Figure]:
    """What stands over the windows and under them."""
    largest = f"<b>{say(Message('neurons.max'), language)}</b>"
    above = {"xanchor": "left", "yanchor": "bottom", "yshift": 4}
    top = text(largest, 1, 1, palette["ink-2"], xshift=8, **above)
    title = x_title(Message("axis.shift"), palette, language)
    return [top, *heads(windows, palette, language, narrow), title]


def _row(bottom: float, top: float, colour: str) -> Figure:
    return {
        "type": "rect",
        "xref": "paper",
        "yref": "y",
        "x0": 0,
        "x1": 1,
        "y0": float(bottom),
        "y1": float(top),
        "line": {"color": colour, "width": 1},
    }


def _plain(value: float, digits: int) -> float | None:
    return round(float(value), digits) if np.isfinite(value) else None


def _signed(value: float) -> str:
    return f"{value:+.4f}".replace("-", "−") if np.isfinite(value) else ""
