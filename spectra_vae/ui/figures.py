"""Figures that the server makes: plain dicts, ten times faster than go.Figure."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..measure.restore import Restoration
from ..message import Message, say
from ..minerals import Mineral
from ..neuron import Neuron
from ..spectrum import gaps
from .palette import rgba

Array = NDArray[np.float64]
Palette = Mapping[str, str]
Figure = dict[str, Any]

CONFIG: Any = {"displaylogo": False, "showSendToCloud": False, "displayModeBar": False}
LEFT = (100.0, 1300.0)
RIGHT = (3000.0, 3800.0)
# One cm⁻¹ is equally wide in both windows.
LEFT_DOMAIN, RIGHT_DOMAIN = (0.0, 0.581), (0.613, 1.0)
ROWS = {"measured": 29, "background": 9, "explained": 33, "unexplained": 12, "residual": 11}
LONGEST = 8_000  # points a trace: a screen shows fewer


def typed(values: Array) -> dict[str, str]:
    """An array as Plotly reads it from JSON: base64 float32."""
    data = np.ascontiguousarray(values, dtype="<f4").tobytes()
    return {"dtype": "f4", "bdata": base64.b64encode(data).decode()}


def base_layout(palette: Palette) -> Figure:
    font = {"family": "Inter, system-ui, sans-serif", "size": 12, "color": palette["ink-2"]}
    return {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "font": font,
        "hovermode": "x",
        "hoverlabel": {
            "bgcolor": palette["surface"],
            "bordercolor": palette["line-2"],
            "font": {"color": palette["ink"], "family": "Inter"},
        },
        "annotations": [],
        "shapes": [],
    }


def x_axis(palette: Palette, **extra: Any) -> Figure:
    return {
        "showgrid": False,
        "zeroline": False,
        "showline": True,
        "linecolor": palette["line-2"],
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": palette["line-2"],
        "tickfont": {"color": palette["ink-3"]},
        **extra,
    }


def y_axis(palette: Palette, **extra: Any) -> Figure:
    return {
        "showgrid": True,
        "gridcolor": palette["grid"],
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "tickfont": {"color": palette["ink-3"]},
        "fixedrange": True,
        **extra,
    }


def line(x: Array, y: Array, colour: str, width: float = 1.5, **extra: Any) -> Figure:
    """A line that breaks at the gaps of x; long ones are thinned to what a screen can show."""
    cut = gaps(x)
    x, y = np.insert(x, cut + 1, np.nan), np.insert(y, cut + 1, np.nan)
    if len(x) > LONGEST:
        keep = np.unique(np.linspace(0, len(x) - 1, LONGEST).astype(int))
        x, y = x[keep], y[keep]
    style = {"color": colour, "width": width, **extra.pop("line", {})}
    return {
        "type": "scatter",
        "mode": "lines",
        "x": typed(x),
        "y": typed(y),
        "line": style,
        "hovertemplate": "%{x:.1f} cm<sup>−1</sup>, %{y:.4g}<extra></extra>",
        **extra,
    }


def text(words: str, x: float, y: float, colour: str, **extra: Any) -> Figure:
    return {
        "text": words,
        "x": x,
        "y": y,
        "xref": "paper",
        "yref": "paper",
        "showarrow": False,
        "font": {"color": colour, "size": 12},
        **extra,
    }


def windows_of(x: Array) -> list[tuple[float, float]]:
    """What of the usual two windows a file covers; all of it if it lies elsewhere."""
    both = [w for w in (LEFT, RIGHT) if ((x >= w[0]) & (x <= w[1])).sum() > 10]
    inside = sum(((x >= lo) & (x <= hi)).sum() for lo, hi in both)
    return both if inside > 0.6 * len(x) else [(float(x[0]), float(x[-1]))]


def restoration(r: Restoration, palette: Palette, language: str, full: bool = False) -> Figure:
    """measured = background + explained + unexplained + residual, read downwards."""
    x = r.wavenumber
    shown = [(float(x[0]), float(x[-1]))] if full else windows_of(x)
    domains = [LEFT_DOMAIN, RIGHT_DOMAIN] if len(shown) == 2 else [(0.0, 1.0)]
    figure: Figure = {"data": [], "layout": base_layout(palette)}
    layout = figure["layout"]
    layout["margin"] = {"l": 118, "r": 12, "t": 8, "b": 44}
    scale, unit = _unit(r.measured)
    extra = r.restored - r.explained
    series = {
        "measured": r.measured,
        "background": r.background,
        "explained": r.explained,
        "unexplained": extra,
        "residual": np.where(r.used, r.residual, np.nan),
    }
    total = sum(ROWS.values()) + 6
    top = 1.0
    for k, (name, share) in enumerate(ROWS.items()):
        bottom = top - share / total
        low, high = _range(series[name] / scale, name, r)
        for w, (window, domain) in enumerate(zip(shown, domains, strict=True)):
            number = 2 * k + w + 1
            inside = (x >= window[0]) & (x <= window[1])
            suffix = "" if number == 1 else str(number)  # Plotly's first axis has no number
            xa, ya = f"x{suffix}", f"y{suffix}"
            layout[f"xaxis{suffix}"] = x_axis(
                palette,
                range=list(window),
                domain=list(domain),
                anchor=ya,
                matches=None if k == 0 else ("x", "x2")[w],
                showticklabels=k == 4,
                showline=k == 4,
                ticks="outside" if k == 4 else "",
            )
            layout[f"yaxis{suffix}"] = y_axis(
                palette,
                range=[low, high],
                domain=[bottom, top],
                anchor=xa,
                nticks=4 if share > 20 else 3,
                showticklabels=w == 0,
            )
            for trace in _row(
                name,
                x[inside],
                {n: v[inside] / scale for n, v in series.items()},
                r,
                inside,
                scale,
                palette,
            ):
                figure["data"].append({**trace, "xaxis": xa, "yaxis": ya})
        sign = "" if k == 0 else "=" if k == 1 else "+"
        label = say(Message(f"restore.row_{name}"), language)
        colour = palette["unexplained"] if name == "unexplained" else palette["ink"]
        layout["annotations"].append(
            text(f"<b>{label}</b>", 0, (top + bottom) / 2, colour, xanchor="right", xshift=-32)
        )
        layout["annotations"].append(
            text(sign, 0, (top + bottom) / 2, palette["ink-3"], xanchor="right", xshift=-104)
        )
        top = bottom - 1.5 / total
    layout["annotations"].append(
        text(unit, 0, 1, palette["ink-3"], xanchor="right", yanchor="top", xshift=-8)
    )
    shift = say(Message("restore.axis"), language)
    layout["annotations"].append(text(shift, 0.5, 0, palette["ink-3"], yanchor="top", yshift=-22))
    for peak in r.unexplained[:8]:
        _stripe(layout, peak.position, shown, palette)
    return figure


def _stripe(
    layout: Figure, at: float, shown: Sequence[tuple[float, float]], palette: Palette
) -> None:
    """A vertical stripe through all rows where a foreign band stands."""
    for w, (low, high) in enumerate(shown):
        if low <= at <= high:
            layout["shapes"].append(
                {
                    "type": "rect",
                    "xref": ("x", "x2")[w],
                    "yref": "paper",
                    "x0": at - 7,
                    "x1": at + 7,
                    "y0": 0,
                    "y1": 1,
                    "line": {"width": 0},
                    "fillcolor": rgba(palette["unexplained"], 0.08),
                    "layer": "below",
                }
            )


def _row(
    name: str,
    x: Array,
    y: Mapping[str, Array],
    r: Restoration,
    inside: NDArray[np.bool_],
    scale: float,
    palette: Palette,
) -> list[Figure]:
    """The traces of one row of the equation."""
    if name == "measured":
        fitted = y["background"] + y["explained"] + y["unexplained"]
        left_out = ~r.used[inside]
        return [
            line(x, y["measured"], palette["raw"], 1.0),
            line(x, y["background"], palette["ink-3"], 1.25, line={"dash": "dot"}),
            line(x, fitted, palette["ink"], 1.5),
            {
                "type": "scatter",
                "mode": "markers",
                "x": typed(x[left_out]),
                "y": typed(y["measured"][left_out]),
                "marker": {
                    "symbol": "x-thin",
                    "size": 8,
                    "line": {"width": 1.5, "color": palette["ink-2"]},
                },
                "hoverinfo": "skip",
            },
        ]
    if name == "background":
        return [line(x, y[name], palette["ink-3"], 1.25, line={"dash": "dot"})]
    if name == "explained":
        water = x > 2500
        low, high = r.lower[inside] / scale, r.upper[inside] / scale
        band = [
            line(x, low, palette["ink"], 0, hoverinfo="skip", hovertemplate=None),
            line(
                x,
                high,
                palette["ink"],
                0,
                fill="tonexty",
                fillcolor=rgba(palette["ink"], 0.16),
                hoverinfo="skip",
                hovertemplate=None,
            ),
        ]
        hue = palette["water"] if water.any() and water.all() else palette["sulfate"]
        curve = line(x, y[name], palette["ink"], 1.75, fill="tozeroy", fillcolor=rgba(hue, 0.2))
        return [*band, curve]
    if name == "unexplained":
        fill = rgba(palette["unexplained"], 0.2)
        return [line(x, y[name], palette["unexplained"], 1.5, fill="tozeroy", fillcolor=fill)]
    return [line(x, y[name], palette["raw"], 1.0)]


def _range(values: Array, name: str, r: Restoration) -> tuple[float, float]:
    used = values[r.used & np.isfinite(values)]
    low, high = (float(used.min()), float(used.max())) if len(used) else (0.0, 1.0)
    if name in {"explained", "unexplained"}:
        low = 0.0
        high = max(high, 1e-9)
        if name == "unexplained" and not r.unexplained:
            high = max(float(r.explained.max() / max(r.gain, 1e-300)), 1.0)
    margin = 0.08 * max(high - low, 1e-12)
    return low - margin, high + margin


def _unit(values: Array) -> tuple[float, str]:
    """Three orders of magnitude go into the unit, so that the ticks stay short."""
    size = float(np.max(np.abs(values)))
    power = 3 * int(np.floor(np.log10(max(size, 1e-300)) / 3))
    return 10.0**power, "" if power == 0 else f"10<sup>{power}</sup>".replace("-", "−")


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
    layout["margin"] = {"l": 128, "r": 62, "t": 26, "b": 42}
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
        words = f"<b>{say(Message(f'group.{group}'), language)}</b>"
        layout["annotations"].append(
            text(words, at, 1, palette[hue], xanchor="left", yanchor="bottom", yshift=4)
        )
    layout["annotations"].append(
        text(
            say(Message("axis.shift"), language),
            0.5,
            0,
            palette["ink-3"],
            yanchor="top",
            yshift=-22,
        )
    )
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
    curves: Array, values: Sequence[float], x: Array, hue: str, palette: Palette, language: str
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
                0.30 + 0.1 * k,
                1,
                palette[hue],
                xanchor="left",
                yanchor="bottom",
                yshift=4,
            )
        )
    layout["annotations"].append(
        text(
            say(Message("axis.shift"), language),
            0.5,
            0,
            palette["ink-3"],
            yanchor="top",
            yshift=-22,
        )
    )
    return figure
