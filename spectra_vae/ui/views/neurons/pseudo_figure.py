"""Pseudo-spectra: codes on a plane, and each cluster's spectrum over its members' spread."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ....analysis.clusters import PseudoSpectra, Scores
from ....minerals import Mineral
from ....text.message import Message
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
from ...components.windows import few_ticks, heads, shown, side, suffix
from ...palette import rgba

Array = NDArray[np.float64]

SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "star", "pentagon", "x")
GAP = 0.06  # of the height, between two rows


@for_a_hall
def scatter(
    found: PseudoSpectra,
    names: Sequence[str],
    axes: tuple[int, int] | None,
    titles: tuple[str, str],
    added: tuple[Array, Scores, Sequence[str]] | None,
    palette: Palette,
) -> Figure:
    """Codes as points, a symbol a cluster; centroids numbered.

    ``names`` of the points; ``axes`` two neurons, or None for principal components, with their
    ``titles``; ``added``: codes (m, latents) scored against the clusters, their scores and names.
    """
    figure: Figure = {"data": [], "layout": base_layout(palette)}
    layout = figure["layout"]
    layout["hovermode"] = "closest"
    layout["margin"] = {"l": 52, "r": 12, "t": 12, "b": 42}
    points = found.coordinates(found.codes, axes)
    for c in range(len(found.clusters)):
        own = found.labels == c
        figure["data"].append(
            _points(
                points[own],
                [name for name, mine in zip(names, own, strict=True) if mine],
                {
                    "symbol": SYMBOLS[c % len(SYMBOLS)],
                    "size": 8,
                    "color": rgba(palette["model"], 0.55),
                    "line": {"color": palette["surface"], "width": 1},
                },
            )
        )
    if added is not None:
        codes, scores, labels = added
        inside = [scores.distance[k, c] <= found.clusters[c].radius for k, c in _nearest(scores)]
        colours = [palette["ink"] if near else palette["unexplained"] for near in inside]
        shape = {"symbol": "x-thin", "size": 11, "line": {"color": colours, "width": 2.5}}
        figure["data"].append(_points(found.coordinates(codes, axes), labels, shape))
    centres = found.coordinates(np.stack([c.code for c in found.clusters]), axes)
    for number, (x, y) in enumerate(centres, 1):
        layout["annotations"].append(
            text(
                f"<b>{number}</b>",
                float(x),
                float(y),
                palette["ink"],
                xref="x",
                yref="y",
                bgcolor=palette["surface"],
                bordercolor=palette["ink"],
                borderpad=2,
            )
        )
    title = {"font": {"size": 12, "color": palette["ink-3"]}, "standoff": 6}
    layout["xaxis"] = x_axis(palette, fixedrange=True, title={"text": titles[0], **title})
    layout["yaxis"] = y_axis(palette, title={"text": titles[1], **title})
    return figure


@for_a_hall
def pseudo_spectra(
    found: PseudoSpectra, m: Mineral, palette: Palette, language: str, narrow: bool = False
) -> Figure:
    """A row a cluster: its decoded centroid over where 80 % of its members lie; one scale."""
    figure: Figure = {"data": [], "layout": base_layout(palette)}
    layout = figure["layout"]
    layout["margin"] = {"l": 44, "r": 44, "t": 22, "b": 42}
    count = len(found.clusters)
    height = (1 - GAP * (count - 1)) / count
    x = found.wavenumber
    windows = shown(m)
    for w, one in enumerate(windows):
        inside = (x >= one.window[0]) & (x <= one.window[1])
        top = 1.08 * max(max(float(c.upper[inside].max()), 1e-6) for c in found.clusters)
        low = min(0.0, *(1.08 * float(c.lower[inside].min()) for c in found.clusters))
        shared = f"x{suffix(w)}"
        layout[f"xaxis{shared[1:]}"] = x_axis(
            palette, range=list(one.window), domain=list(one.domain), anchor="free", position=0
        )
        layout[f"xaxis{shared[1:]}"]["fixedrange"] = True
        if narrow:
            layout[f"xaxis{shared[1:]}"]["tickvals"] = few_ticks(one.window)
        for c, cluster in enumerate(found.clusters):
            axis = f"y{suffix(max(len(windows), 2) * c + w)}"
            bottom = 1 - (c + 1) * height - c * GAP
            on = {"xaxis": shared, "yaxis": axis, "hoverinfo": "skip", "hovertemplate": None}
            filled = {"fill": "tonexty", "fillcolor": rgba(palette["model"], 0.3)}
            figure["data"] += [
                {**line(x[inside], cluster.lower[inside], "rgba(0,0,0,0)", 0), **on},
                {**line(x[inside], cluster.upper[inside], "rgba(0,0,0,0)", 0, **filled), **on},
                {
                    **line(x[inside], cluster.spectrum[inside], palette["ink"], 1.5),
                    **on,
                    "hoverinfo": "all",
                    "hovertemplate": f"{c + 1}: %{{y:.3f}}<extra></extra>",
                },
            ]
            layout[f"yaxis{axis[1:]}"] = y_axis(
                palette,
                range=[low, top],
                domain=[max(bottom, 0.0), bottom + height],
                anchor=shared,
                nticks=3,
                **side(w, len(windows)),
            )
    for c in range(count):
        top = 1 - c * (height + GAP)
        words = f"<b>{c + 1}</b>"
        inner = {"xanchor": "left", "yanchor": "top", "xshift": 6}
        layout["annotations"].append(text(words, 0, top, palette["ink"], **inner))
    layout["annotations"] += heads(windows, palette, language, narrow, yshift=3)
    layout["annotations"].append(x_title(Message("axis.shift"), palette, language))
    return figure


def _points(at: Array, names: Sequence[str], marker: Figure) -> Figure:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": at[:, 0].tolist(),
        "y": at[:, 1].tolist(),
        "text": [as_text(name) for name in names],
        "marker": marker,
        "hovertemplate": "%{text}<br>%{x:.2f}, %{y:.2f}<extra></extra>",
    }


def _nearest(scores: Scores) -> list[tuple[int, int]]:
    return list(enumerate(scores.label.tolist()))
