"""Curves over the steps of a training; the future is a sunken well, in which their names stand."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from ....text.message import Message
from ...components.plotting import (
    Figure,
    Palette,
    base_layout,
    text,
    typed,
    x_axis,
    x_title,
    y_axis,
)

Rows = Sequence[Mapping[str, Any]]
DRAWN = 300
STEPS: Any = {"fixedrange": True, "separatethousands": True, "exponentformat": "none"}


def decades(low: float, high: float) -> dict[str, Any]:
    """Ticks at powers of ten; Plotly's own would stand larger than all other numbers."""
    powers = range(math.ceil(low), math.floor(high) + 1)
    if len(powers) < 2:
        return {"dtick": "D2", "exponentformat": "none"}
    plain = {0: "1", 1: "10"}
    words = [plain.get(p, f"10<sup>{p}</sup>".replace("-", "−")) for p in powers]
    return {"tickvals": [10.0**p for p in powers], "ticktext": words}


def drawn(rows: Rows) -> Rows:
    """At most about DRAWN rows, the last one among them."""
    every = max(1, -(-len(rows) // DRAWN))
    return [*rows[:-1][::every], rows[-1]] if rows else []


def curve(x: NDArray[Any], y: NDArray[Any], colour: str, dash: str, name: str) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": typed(x),
        "y": typed(y),
        "name": name,
        "line": {"color": colour, "width": 1.5, "dash": dash},
        "hovertemplate": "%{fullData.name} %{y:.4g}<extra></extra>",
    }


def over_steps(steps: int, x: NDArray[Any], palette: Palette, language: str) -> Figure:
    figure: Figure = {"data": [], "layout": base_layout(palette)}
    layout = figure["layout"]
    layout["margin"] = {"l": 42, "r": 8, "t": 6, "b": 38}
    ticks = step_ticks(steps)
    layout["xaxis"] = x_axis(palette, range=[0, 1.32 * steps], tickvals=ticks, **STEPS)
    layout["yaxis"] = y_axis(palette)
    layout["annotations"].append(x_title(Message("training.step_axis"), palette, language))
    now = float(x[-1]) if len(x) else 0.0
    layout["shapes"].append(
        {
            "type": "rect",
            "xref": "x",
            "yref": "paper",
            "x0": now,
            "x1": 1.32 * steps,
            "y0": 0,
            "y1": 1,
            "fillcolor": palette["sunken"],
            "line": {"width": 0},
            "layer": "below",
        }
    )
    return figure


def step_ticks(steps: int) -> list[int]:
    """Round numbers of steps, at most five, for a narrow plot; beyond the last step is nothing."""
    decade = 10 ** int(math.log10(max(steps, 1)))
    apart = next(
        d
        for d in (decade // 10, decade // 5, decade // 2, decade, 2 * decade, 5 * decade)
        if d and steps <= 4 * d
    )
    return list(range(0, steps + 1, apart))


def named(
    figure: Figure, ends: list[tuple[float, str, str]], low: float, high: float, steps: int
) -> None:
    """Names at the right, beside where their curves end, pushed apart where they would touch."""
    gap = (high - low) * 0.085
    placed: list[float] = []
    for y, name, colour in sorted(ends):
        at = max(min(max(y, low), high), placed[-1] + gap if placed else low + gap / 2)
        placed.append(at)
        figure["layout"]["annotations"].append(
            text(name, 1, at, colour, yref="y", xanchor="right", yanchor="middle", xshift=-4)
        )
    excess = placed[-1] - (high - gap / 2) if placed else 0.0
    if excess > 0:
        for note in figure["layout"]["annotations"][-len(placed) :]:
            note["y"] -= excess
