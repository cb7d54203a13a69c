"""What all figures share: axes, lines, words."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...spectra.spectrum import stretches
from ...text.formatting import NARROW
from ...text.message import Message, say

Array = NDArray[np.float64]
Palette = Mapping[str, str]
Figure = dict[str, Any]

BLANK: Figure = {
    "data": [],
    "layout": {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "xaxis": {"visible": False},
        "yaxis": {"visible": False},
    },
}
CONFIG: Any = {
    "displaylogo": False,
    "showSendToCloud": False,
    "displayModeBar": False,
    "showTips": False,  # how to zoom is said beside the figure
}
MODE = re.compile(r"ν(\d)")  # a mode's number is its index
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
        "separators": f".{NARROW}",
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
    """A line that breaks at the gaps of x; long ones keep the extremes of what is left out."""
    x, y = thinned(x, y)
    style = {"color": colour, "width": width, "simplify": False, **extra.pop("line", {})}
    return {
        "type": "scatter",
        "mode": "lines",
        "x": typed(x),
        "y": typed(y),
        "line": style,
        "hovertemplate": "%{x:.1f} cm<sup>−1</sup>, %{y:.4g}<extra></extra>",
        **extra,
    }


def thinned(x: Array, y: Array) -> tuple[Array, Array]:
    """At most about LONGEST points: lowest and highest of every bucket; NaN where x has a gap."""
    size = max(1, -(-2 * len(x) // LONGEST))
    parts_x: list[Array] = []
    parts_y: list[Array] = []
    for stretch in stretches(x):
        px, py = x[stretch], y[stretch]
        if size > 1:
            starts = np.arange(0, len(px), size)
            chunks = [slice(s, s + size) for s in starts]
            filled = np.where(np.isfinite(py), py, 0.0)
            ends = [(s.start + filled[s].argmin(), s.start + filled[s].argmax()) for s in chunks]
            keep = np.unique(np.array([0, len(px) - 1, *np.ravel(ends)], dtype=int))
            px, py = px[keep], py[keep]
        parts_x += [px, np.array([np.nan])]
        parts_y += [py, np.array([np.nan])]
    return np.concatenate(parts_x[:-1]), np.concatenate(parts_y[:-1])


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


def marked(words: str) -> str:
    """Exponents and indices as Plotly's markup: the font's own would stand too low."""
    return MODE.sub(r"ν<sub>\1</sub>", words.replace("cm⁻¹", "cm<sup>−1</sup>"))


def as_text(name: str, longest: int = 60) -> str:
    """A file's or a run's name as Plotly may show it: not too long, and no markup."""
    cut = name if len(name) <= longest else name[: longest - 1] + "…"
    return cut.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def x_title(message: Message, palette: Palette, language: str) -> Figure:
    """The axis' title, once, centred under all windows."""
    words = say(message, language)
    return text(words, 0.5, 0, palette["ink-3"], yanchor="top", yshift=-22)
