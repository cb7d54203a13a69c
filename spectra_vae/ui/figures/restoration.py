"""A restoration as an equation, read downwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...message import Message, say
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

if TYPE_CHECKING:
    from ...measure.restore import Restoration

Array = NDArray[np.float64]

ROWS = {"measured": 29, "background": 9, "explained": 33, "unexplained": 12, "residual": 11}


def windows_of(x: Array) -> list[tuple[float, float]]:
    """What of the usual two windows a file covers; all of it if it lies elsewhere."""
    both = [w for w in (LEFT, RIGHT) if ((x >= w[0]) & (x <= w[1])).sum() > 10]
    inside = sum(((x >= lo) & (x <= hi)).sum() for lo, hi in both)
    return both if inside > 0.6 * len(x) else [(float(x[0]), float(x[-1]))]


def restoration(
    r: Restoration, palette: Palette, language: str, full: bool = False, narrow: bool = False
) -> Figure:
    """measured = background + explained + unexplained + residual, read downwards."""
    x = r.wavenumber
    shown = [(float(x[0]), float(x[-1]))] if full else windows_of(x)
    domains = [LEFT_DOMAIN, RIGHT_DOMAIN] if len(shown) == 2 else [(0.0, 1.0)]
    figure: Figure = {"data": [], "layout": base_layout(palette)}
    layout = figure["layout"]
    layout["margin"] = {"l": 126, "r": 12, "t": 8, "b": 44}
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
                tickangle=0,
                nticks=(6, 4)[w],
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
        words = f'<span style="color:{palette["ink-3"]}">{sign}</span>  <b>{label}</b>'
        layout["annotations"].append(
            text(words, 0, (top + bottom) / 2, colour, xanchor="right", xshift=-32)
        )
        top = bottom - 1.5 / total
    layout["annotations"].append(
        text(unit, 0, 1, palette["ink-3"], xanchor="right", yanchor="top", xshift=-8)
    )
    layout["annotations"].append(
        x_title(Message("axis.shift" if narrow else "restore.axis"), palette, language)
    )
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
