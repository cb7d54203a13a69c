"""One neuron moved from end to end: its spectra, and what their bands do meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ....analysis.scan import Scan
from ....minerals import Mineral
from ....text.message import Message, say
from ...components.plotting import (
    Figure,
    Palette,
    base_layout,
    line,
    marked,
    text,
    x_axis,
    x_title,
    y_axis,
)
from ...components.projection import for_a_hall
from ...components.windows import few_ticks, shown, side, suffix
from ...palette import ink_of, known, rgba

Array = NDArray[np.float64]

FAINTEST = 0.22
FEW = 3  # curves that a dash each tells apart
DASHES = ("dot", "dash", "solid")
GROUP_DASHES = ("solid", "5px,3px", "2px,2px", "8px,3px,2px,3px")
STROKES = "—╌┄┅"


@for_a_hall
def scan(
    curves: Array,
    values: Sequence[float],
    ends: tuple[float, float],
    x: Array,
    m: Mineral,
    hue: str,
    palette: Palette,
    language: str,
    narrow: bool = False,
) -> Figure:
    """``curves`` (K, N) at ``values`` (K,): one hue, faint to strong, dotted beyond ``ends``."""
    figure: Figure = {"data": [], "layout": base_layout(palette)}
    layout = figure["layout"]
    layout["margin"] = {"l": 44, "r": 44, "t": 26, "b": 42}
    layout["hovermode"] = "x" if len(values) <= FEW else "closest"
    windows = shown(m)
    for w, one in enumerate(windows):
        inside = (x >= one.window[0]) & (x <= one.window[1])
        top = 1.08 * max(float(curves[:, inside].max()), 1e-6)
        low = min(0.0, 1.08 * float(curves[:, inside].min()))
        for k, curve in enumerate(curves):
            share = FAINTEST + (1 - FAINTEST) * k / max(len(curves) - 1, 1)
            figure["data"].append(
                {
                    **line(
                        x[inside],
                        curve[inside],
                        rgba(palette[hue], max(share, 0.3) if len(values) <= FEW else share),
                        1.75 if len(values) <= FEW else 1.25,
                        line={"dash": _dash(k, values, ends)},
                    ),
                    "xaxis": f"x{suffix(w)}",
                    "yaxis": f"y{suffix(w)}",
                    "name": f"z {signed(values[k])}",
                    "hovertemplate": "%{fullData.name}: %{y:.4f}<extra></extra>",
                }
            )
        layout[f"xaxis{suffix(w)}"] = x_axis(
            palette,
            range=list(one.window),
            domain=list(one.domain),
            anchor=f"y{suffix(w)}",
            fixedrange=True,
        )
        if narrow:
            layout[f"xaxis{suffix(w)}"]["tickvals"] = few_ticks(one.window)
        layout[f"yaxis{suffix(w)}"] = y_axis(
            palette,
            range=[low, top],
            anchor=f"x{suffix(w)}",
            nticks=5,
            **side(w, len(windows)),
        )
    for k, words in enumerate(_key(values, ends)):
        at = 0.34 * k if narrow else 0.12 * k
        layout["annotations"].append(
            text(words, at, 1, ink_of(palette, hue), xanchor="left", yanchor="bottom", yshift=4)
        )
    layout["annotations"].append(x_title(Message("axis.shift"), palette, language))
    return figure


def _dash(k: int, values: Sequence[float], ends: tuple[float, float]) -> str:
    if len(values) == FEW:
        return DASHES[k]
    return "solid" if ends[0] - 1e-6 <= values[k] <= ends[1] + 1e-6 else "dot"


def _key(values: Sequence[float], ends: tuple[float, float]) -> list[str]:
    """The curves' names, each with the line it is drawn in."""
    if len(values) == FEW:
        return [f"{style} z {signed(v)}" for style, v in zip("┄╌—", values, strict=True)]
    inner = [v for v in values if ends[0] - 1e-6 <= v <= ends[1] + 1e-6]
    found = [f"— z {signed(inner[0])} … {signed(inner[-1])}"]
    if len(inner) < len(values):
        found += ["", f"┄ z {signed(values[0])} … {signed(values[-1])}"]
    return found


def signed(value: float) -> str:
    return f"{value:+.1f}".replace("-", "−") if round(value, 1) else "0"


@for_a_hall
def along(s: Scan, m: Mineral, palette: Palette, language: str) -> Figure:
    """Areas against the table's, width and position of the strongest band, along the scan."""
    figure: Figure = {"data": [], "layout": base_layout(palette)}
    layout = figure["layout"]
    layout["margin"] = {"l": 44, "r": 12, "t": 22, "b": 38}
    groups = [(g, palette[known(m.group(g).hue)], a) for g, a in s.measured.areas.items()]
    plots = (
        ("areas", groups, 0.12),
        ("width", [("width", palette["structure"], s.measured.width)], 1.0),
        ("position", [("position", palette["instrument"], s.measured.position)], 2.0),
    )
    low, high = float(s.values[0]), float(s.values[-1])
    for k, (what, lines, least) in enumerate(plots):
        bottom = (0.6, 0.3, 0.0)[k]
        x, y = ("x", "x2", "x3")[k], ("y", "y2", "y3")[k]
        for j, (name, colour, values) in enumerate(lines):
            dash = GROUP_DASHES[j % len(GROUP_DASHES)]
            drawn = line(s.values, values, colour, 1.75, line={"dash": dash})
            hover = f"{_named(m, name, language)} %{{y:.3g}}<extra></extra>"
            figure["data"].append({**drawn, "xaxis": x, "yaxis": y, "hovertemplate": hover})
        layout[f"xaxis{x[1:]}"] = x_axis(
            palette, range=[low, high], anchor=y, fixedrange=True, showticklabels=k == 2, nticks=7
        )
        layout[f"yaxis{y[1:]}"] = y_axis(
            palette,
            domain=[bottom, bottom + (0.4, 0.2, 0.2)[k]],
            range=_range([v for *_, v in lines], least),
            anchor=x,
            nticks=4,
        )
        words = marked(say(Message(f"neurons.along_{what}", {"main": m.main.name}), language))
        if len(lines) > 1:
            keyed = zip(STROKES, lines, strict=False)
            words += ": " + ", ".join(
                f"<span style='color:{colour}'>{stroke} {_named(m, name, language)}</span>"
                for stroke, (name, colour, _) in keyed
            )
        over = {"xanchor": "left", "yanchor": "bottom", "yshift": 3}
        top = bottom + (0.4, 0.2, 0.2)[k]
        layout["annotations"].append(text(words, 0, top, palette["ink-2"], **over))
    layout["annotations"].append(
        text("z", 0.5, 0, palette["ink-3"], xanchor="center", yanchor="top", yshift=-20)
    )
    return figure


def _range(values: Sequence[Array], least: float) -> list[float]:
    """A range that shows all values and makes no mountain of less than ``least``."""
    bottom, top = min(float(v.min()) for v in values), max(float(v.max()) for v in values)
    room = max(0.08 * (top - bottom), (least - (top - bottom)) / 2)
    return [bottom - room, top + room]


def _named(m: Mineral, name: str, language: str) -> str:
    """A group or another property in words."""
    if name in ("width", "position"):
        return say(Message(f"neurons.property_{name}"), language)
    return m.group(name).label.within(language)
