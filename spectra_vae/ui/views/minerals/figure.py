"""Figures of the library: a reference with its bands named, and a family laid over each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ....minerals import Band, Mineral
from ....text.message import Message, say
from ...components.plotting import (
    Figure,
    Palette,
    as_text,
    base_layout,
    line,
    marked,
    text,
    x_axis,
    x_title,
    y_axis,
)
from ...components.projection import for_a_hall
from ...components.windows import Shown, few_ticks, heads, shown, side, side_by_side, suffix, ticks
from ...palette import known, rgba
from .shelf import hue

Array = NDArray[np.float64]
Range = tuple[float, float]

SLIM = 0.3  # of the width
ROOM = 1.3  # of the strongest band's height: labels stand over it
FILL = 0.2
LABEL, LABEL_NARROW, LABEL_TALL = 0.062, 0.16, 0.1  # of the figure: a label's width and height
STACKED = 2  # labels over each other at most; the table has them all
WEAKEST = 0.004  # of the strongest band in its window: what has a label
NEAR_MAIN, NEAR_STRETCH = 22.0, 110.0  # cm⁻¹ beside the outermost bands of a family
STRETCHES = 2600.0  # cm⁻¹: from here on hydrogen's stretches stand
STYLES = (("solid", "solid"), ("9px,4px", "dashed"), ("2px,3px", "dotted"), ("6px,2px", "dashed"))
MIXED = 0.35  # how much of white or black is in the further members' hue


@for_a_hall
def reference(m: Mineral, palette: Palette, language: str, narrow: bool = False) -> Figure:
    """Its windows side by side; each band's group is filled with its hue."""
    figure: Figure = {"data": [], "layout": base_layout(palette)}
    layout = figure["layout"]
    layout["margin"] = {"l": 40, "r": 40 if len(m.windows) > 1 else 16, "t": 28, "b": 42}
    windows = shown(m)
    for k, one in enumerate(windows):
        _window(figure, k, one, m, palette, len(windows), narrow)
    layout["annotations"] += [
        *heads(windows, palette, language, narrow),
        *_labels(m, windows, palette, language, narrow),
        x_title(Message("axis.shift"), palette, language),
    ]
    layout["annotations"] += [
        _gain(one, palette) for one in windows if one.gain != 1 and not narrow
    ]
    return figure


def _window(
    figure: Figure, k: int, one: Shown, m: Mineral, palette: Palette, count: int, narrow: bool
) -> None:
    own = suffix(k)
    axes = {"xaxis": f"x{own}", "yaxis": f"y{own}"}
    x = _points(m, one.window)
    parts = m.parts(x, {})
    for g in m.groups:
        inside = m.inside(g.key)
        if not any(
            one.window[0] <= b.position <= one.window[1] for b in m.bands if b.group == g.key
        ):
            continue
        filled = line(x, parts[inside].sum(axis=0), rgba(palette[known(g.hue)], 0), 0)
        fill = {"fill": "tozeroy", "fillcolor": rgba(palette[known(g.hue)], FILL)}
        figure["data"].append(
            {**filled, **fill, "hoverinfo": "skip", "hovertemplate": None, **axes}
        )
    figure["data"].append({**line(x, parts.sum(axis=0), palette["ink"], 1.5), **axes})
    figure["layout"][f"xaxis{own}"] = x_axis(
        palette,
        range=list(one.window),
        domain=list(one.domain),
        anchor=f"y{own}",
        fixedrange=True,
        tickangle=0,
        nticks=ticks(one.domain, 16),
        **({"tickvals": few_ticks(one.window, 1 if _is_slim(one) else 3)} if narrow else {}),
    )
    figure["layout"][f"yaxis{own}"] = y_axis(
        palette,
        range=[-0.01 * ROOM / one.gain, ROOM / one.gain],
        anchor=f"x{own}",
        nticks=6,
        **side(k, count),
    )


def _is_slim(one: Shown) -> bool:
    """Has it room for one number on a phone?"""
    return one.domain[1] - one.domain[0] < SLIM


def _points(m: Mineral, window: Range) -> Array:
    """(N,) of a window: even ones, and dense ones where bands are narrow."""
    even = np.arange(window[0], window[1], 2.0)
    near = [b.position + b.width * np.linspace(-3, 3, 31) for b in m.bands]
    every = np.unique(np.concatenate([even, *near]))
    return np.asarray(every[(every >= window[0]) & (every <= window[1])])


def _gain(one: Shown, palette: Palette) -> Figure:
    words = f"×{one.gain:g}"
    place = {"xanchor": "right", "yanchor": "bottom", "yshift": 4}
    return text(words, one.domain[1], 1, palette["ink-3"], **place)


def _labels(
    m: Mineral, windows: Sequence[Shown], palette: Palette, language: str, narrow: bool
) -> list[Figure]:
    """Names and places over the bands, the strongest first; what has no room stays away."""
    wide = LABEL_NARROW if narrow else LABEL
    taken: list[tuple[float, float]] = []
    found = []
    for one in windows:
        inside = [b for b in m.bands if one.window[0] <= b.position <= one.window[1]]
        tallest = max((b.height for b in inside), default=1.0)
        for b in sorted(inside, key=lambda b: -b.height):
            if b.height < WEAKEST * tallest:
                continue
            at = _along(one, b.position)
            up = min(_height(m, b) * one.gain / ROOM, 0.9) + 0.015
            for _ in range(STACKED):
                if all(abs(at - x) > wide or abs(up - y) > 0.99 * LABEL_TALL for x, y in taken):
                    taken.append((at, up))
                    found.append(_label(m, b, at, up, palette, narrow))
                    break
                up += LABEL_TALL
    return found


def _height(m: Mineral, b: Band) -> float:
    return float(m.spectrum(np.array([b.position]))[0])


def _along(one: Shown, position: float) -> float:
    share = (position - one.window[0]) / (one.window[1] - one.window[0])
    return one.domain[0] + share * (one.domain[1] - one.domain[0])


def _label(m: Mineral, b: Band, at: float, up: float, palette: Palette, narrow: bool) -> Figure:
    place = f"{b.position:.0f}"
    name = marked(as_text(b.name, 14))
    strongest = b is m.main
    words = place if narrow or b.name == place else f"{name}<br>{place}"
    colour = palette["ink"] if strongest else palette["ink-2"]
    label = text(f"<b>{words}</b>" if strongest else words, at, up, colour, yanchor="bottom")
    label["font"]["size"] = 11
    return label


@dataclass(frozen=True)
class Style:
    """A member's line: its colour, Plotly's dashes and the stylesheet's."""

    colour: str
    dash: str
    css: str


def style_of(m: Mineral, k: int, palette: Palette) -> Style:
    """The k-th member's line: its kind's hue, lighter and darker by turns."""
    own = palette[hue(m)]
    towards = (None, palette["ink"], palette["ink-3"], palette["ink"])[k % len(STYLES)]
    dash, css = STYLES[k % len(STYLES)]
    return Style(_mixed(own, towards) if towards else own, dash, css)


def _mixed(colour: str, other: str) -> str:
    ends = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + MIXED * (b - a)):02X}" for a, b in ends)


def _channels(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


@for_a_hall
def family(
    m: Mineral, members: Sequence[Mineral], palette: Palette, language: str, narrow: bool = False
) -> Figure:
    """The strongest bands over each other, and hydrogen's stretches; all in one unit."""
    figure: Figure = {"data": [], "layout": base_layout(palette)}
    layout = figure["layout"]
    layout["margin"] = {"l": 40, "r": 40, "t": 26, "b": 42}
    panes = _panes(members)
    domains = side_by_side([(0.0, 1.0) for _ in panes])
    for k, (window, domain) in enumerate(zip(panes, domains, strict=True)):
        own, top = suffix(k), 0.0
        x = np.linspace(*window, 900)
        for j, one in enumerate(members):
            style, y = style_of(one, j, palette), one.spectrum(x)
            top = max(top, float(y.max()))
            width = 2.25 if one is m else 1.5
            name = as_text(one.label.within(language), 24)
            drawn = line(x, y, style.colour, width, line={"dash": style.dash})
            drawn["hovertemplate"] = f"{name}: %{{y:.3g}}<extra></extra>"
            figure["data"].append({**drawn, "xaxis": f"x{own}", "yaxis": f"y{own}"})
        figure["layout"][f"xaxis{own}"] = x_axis(
            palette, range=list(window), domain=list(domain), anchor=f"y{own}", nticks=5
        )
        figure["layout"][f"yaxis{own}"] = y_axis(
            palette,
            range=[-0.01 * top, 1.2 * top],
            anchor=f"x{own}",
            nticks=5,
            **side(k, len(panes)),
        )
        title = {"xanchor": "left", "yanchor": "bottom", "yshift": 4}
        words = marked(say(Message(("minerals.pane_main", "minerals.pane_stretch")[k]), language))
        layout["annotations"].append(text(words, domain[0], 1, palette["ink-2"], **title))
    layout["annotations"].append(x_title(Message("axis.shift"), palette, language))
    return figure


def _panes(members: Sequence[Mineral]) -> list[Range]:
    mains = [one.main.position for one in members]
    beside = max(NEAR_MAIN, 4 * max(one.main.width for one in members))
    panes = [(min(mains) - beside, max(mains) + beside)]
    high = [b.position for one in members for b in one.bands if b.position > STRETCHES]
    if high and max(mains) < STRETCHES:
        panes.append((min(high) - NEAR_STRETCH, max(high) + NEAR_STRETCH))
    return panes
