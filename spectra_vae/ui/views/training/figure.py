"""A training as it runs: loss, KL per neuron, an unseen spectrum, the map; runs compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ....minerals import Mineral
from ....text.message import Message, say
from ....vae.activity import ACTIVE_NATS
from ....vae.schedule import Schedule
from ...components.naming import factor_name, neuron_hue
from ...components.plotting import (
    Figure,
    Palette,
    as_text,
    base_layout,
    text,
    typed,
    x_axis,
    x_title,
    y_axis,
)
from ...components.projection import for_a_hall
from ...components.texts import Texts
from ...components.windows import few_ticks, shown, suffix
from ...palette import hue_in, ink_of
from .over_steps_figure import STEPS, Rows, curve, decades, drawn, named, over_steps

HUES_OF_RUNS = (
    *("ink", "structure", "model", "unexplained"),
    *("positive", "danger", "instrument", "raw"),
)
TICKS = 3  # a window
DASHES = ("solid", "5px,3px", "8px,3px,2px,3px", "2px,2px", "10px,4px")


@for_a_hall
def loss(rows: Rows, steps: int, palette: Palette, language: str) -> Figure:
    """Loss and its two parts, nats per spectrum, logarithmic."""

    t = Texts("training", language)

    rows = drawn(rows)
    x = np.array([r["step"] for r in rows], float)
    rec = np.array([r["reconstruction"] for r in rows])
    total = np.array([r["loss"] for r in rows])
    kl = np.array([r["beta"] * float(np.sum(r["kl"])) for r in rows])
    figure = over_steps(steps, x, palette, language)
    lines = [
        (rec, t("reconstruction"), palette["instrument"], "2px,2px"),
        (kl, t("beta_kl"), palette["model"], "5px,3px"),
        (total, t("loss"), palette["ink"], "solid"),
    ]
    values = np.concatenate([y[y > 0] for y, *_ in lines] or [np.ones(1)])
    bottom = float(np.log10(max(values.min(), 1e-3))) if len(values) else 0.0
    top = float(np.log10(values.max())) if len(values) else 3.0
    bottom = max(bottom, top - 5.0)
    room = max(0.12 * (top - bottom), 0.1)
    figure["layout"]["yaxis"] |= {
        "type": "log",
        "range": [bottom - room, top + room],
        **decades(bottom - room, top + room),
    }
    for y, name, colour, dash in lines:
        drawn_y = np.where(y > 0, y, np.nan)
        figure["data"].append(curve(x, drawn_y, colour, dash, name))
    ends = [
        (float(np.log10(y[-1])), name, colour)
        for y, name, colour, _ in lines
        if len(y) and y[-1] > 0
    ]
    named(figure, ends, bottom - room, top + room, steps)
    return figure


@for_a_hall
def kl(
    rows: Rows, steps: int, guided: Mapping[int, str], m: Mineral, palette: Palette, language: str
) -> Figure:
    """KL per neuron, nats: it separates into neurons that know something and silent ones."""
    rows = drawn(rows)
    x = np.array([r["step"] for r in rows], float)
    y = np.array([r["kl"] for r in rows], float) if rows else np.zeros((0, 0))
    figure = over_steps(steps, x, palette, language)
    top = max(1.0, float(np.nanmax(y, initial=0.0)) * 1.08)
    figure["layout"]["yaxis"]["range"] = [-0.03 * top, top]
    ends, silent = [], []
    for j in range(y.shape[1]):
        factor = m.factor(guided[j]) if j in guided else None
        colour = palette[neuron_hue(m, factor) if factor else "raw"]
        last = float(np.median(y[-5:, j])) if len(y) else 0.0
        name = f"#{j}"
        if factor:
            name = factor_name(m, factor.name, language)
        elif last <= ACTIVE_NATS:
            silent.append(j)
        dash = DASHES[j % len(DASHES)] if factor is None or factor.effect != "strength" else "solid"
        figure["data"].append(curve(x, y[:, j], colour, dash, name))
        if j not in silent:
            ink = ink_of(palette, neuron_hue(m, factor)) if factor else palette["ink-3"]
            ends.append((last, name, ink))
    if silent and len(x):
        word = "silent" if len(silent) > 1 else "silent_one"
        words = say(Message(f"training.{word}", {"count": len(silent)}), language)
        ends.append((0.0, words, palette["ink-3"]))
    named(figure, ends, -0.03 * top, top, steps)
    return figure


@for_a_hall
def sample(live: Mapping[str, Any], m: Mineral, palette: Palette, language: str) -> Figure:
    """A spectrum the model hasn't seen: dirty input, target, reconstruction."""
    figure: Figure = {"data": [], "layout": base_layout(palette)}
    layout = figure["layout"]
    layout["margin"] = {"l": 36, "r": 8, "t": 6, "b": 38}
    _windows(layout, m, palette)
    traces = (
        ("dirty", palette["raw"], 1.0, "solid", "dirty"),
        ("target", palette[hue_in(m, m.windows[0])], 1.5, "4px,3px", "target"),
        ("reconstruction_of", palette["ink"], 1.75, "solid", "reconstructed"),
    )
    highest = 1.2
    if live:
        x = np.array(live["wavenumber"], float)
        for key, colour, width, dash, word in traces:
            y = np.array([np.nan if v is None else v for v in live[key]], float)
            highest = max(highest, min(4.0, 1.05 * float(np.nanmax(y, initial=0.0))))
            for w, window in enumerate(m.windows):
                inside = (x >= window.low) & (x <= window.high)
                name = say(Message(f"training.{word}"), language)
                trace = curve(x[inside], y[inside], colour, dash, name)
                trace["line"]["width"] = width
                trace["xaxis"] = f"x{suffix(w)}"
                figure["data"].append(trace)
        for k, (_, colour, _, _, word) in enumerate(traces):
            words = say(Message(f"training.{word}"), language)
            ink = palette["ink-3"] if colour == palette["raw"] else colour
            place = text(words, 0.02, 1 - 0.09 * k, ink, xanchor="left", yanchor="top")
            layout["annotations"].append(place)
    layout["yaxis"] = y_axis(palette, range=[-0.15, highest], nticks=5)
    layout["annotations"].append(x_title(Message("axis.shift"), palette, language))
    return figure


@for_a_hall
def heat(
    live: Mapping[str, Any], m: Mineral, names: Mapping[int, str], palette: Palette, language: str
) -> Figure:
    """What each neuron moves at the origin, each row on its own scale."""
    figure: Figure = {"data": [], "layout": base_layout(palette)}
    layout = figure["layout"]
    layout["margin"] = {"l": 96, "r": 8, "t": 6, "b": 38}
    layout["hovermode"] = "closest"
    _windows(layout, m, palette)
    colours = [[0, palette["negative"]], [0.5, palette["sunken"]], [1, palette["positive"]]]
    if live:
        x = np.array(live["map_wavenumber"], float)
        rows = np.array(live["map"], float)[::-1]
        peak = np.abs(rows).max(axis=1, keepdims=True)
        unit = np.maximum(peak, 0.02 * peak.max() + 1e-12)  # a silent row stays grey
        coloured = np.sign(rows) * np.sqrt(np.abs(rows) / unit)
        labels = [names.get(j, f"#{j}") for j in range(len(rows))][::-1]
        for w, window in enumerate(m.windows):
            inside = (x >= window.low) & (x <= window.high)
            figure["data"].append(
                {
                    "type": "heatmap",
                    "x": typed(x[inside]),
                    "y": list(range(len(rows))),
                    "z": coloured[:, inside].round(3).tolist(),
                    "zmin": -1,
                    "zmax": 1,
                    "colorscale": colours,
                    "showscale": False,
                    "xaxis": f"x{suffix(w)}",
                    "hoverinfo": "skip",
                }
            )
        layout["yaxis"] = y_axis(
            palette, tickvals=list(range(len(rows))), ticktext=labels, showgrid=False
        )
    else:
        layout["yaxis"] = y_axis(palette, showticklabels=False, showgrid=False)
    layout["annotations"].append(x_title(Message("axis.shift"), palette, language))
    return figure


@for_a_hall
def schedule(s: Schedule, beta: float, steps: int, palette: Palette, language: str) -> Figure:
    """What β, or the KL asked for, will be over the steps."""
    at = np.unique(np.linspace(1, steps, 400).round())
    capacity = s.kind == "capacity"
    y = np.array([s.target(int(k), steps) if capacity else s.beta(int(k), steps, beta) for k in at])
    figure: Figure = {"data": [], "layout": base_layout(palette)}
    layout = figure["layout"]
    layout["margin"] = {"l": 40, "r": 10, "t": 20, "b": 24}
    layout["xaxis"] = x_axis(palette, range=[0, steps], nticks=3, **STEPS)
    layout["yaxis"] = y_axis(palette, range=[0, max(1.15 * float(y.max()), 1e-6)], nticks=4)
    trace = curve(at, y, palette["ink"], "solid", "")
    trace |= {"fill": "tozeroy", "fillcolor": palette["sunken"], "hoverinfo": "skip"}
    figure["data"].append(trace)
    name = say(Message("training.capacity_axis" if capacity else "training.beta_axis"), language)
    layout["annotations"].append(
        text(name, 0, 1, palette["ink-3"], xanchor="left", yanchor="bottom", xshift=-34)
    )
    return figure


@for_a_hall
def overlay(histories: Mapping[str, Rows], key: str, palette: Palette, language: str) -> Figure:
    """``loss``, ``reconstruction`` or ``kl`` (summed) of several runs over their steps."""
    steps = max([int(rows[-1]["step"]) for rows in histories.values() if rows] or [1])
    figure = over_steps(steps, np.array([float(steps)]), palette, language)
    values: list[float] = []
    ends = []
    for k, (run, rows) in enumerate(histories.items()):
        name = as_text(run)
        thin = drawn(rows)
        x = np.array([r["step"] for r in thin], float)
        y = np.array([float(np.sum(r[key])) for r in thin])
        y = np.where(y > 0, y, np.nan)
        colour = palette[HUES_OF_RUNS[k % len(HUES_OF_RUNS)]]
        figure["data"].append(curve(x, y, colour, DASHES[k % len(DASHES)], name))
        good = y[np.isfinite(y)]
        if len(good):
            values += [float(good.min()), float(good.max())]
            ink = palette["ink-3"] if colour == palette["raw"] else colour
            ends.append((float(np.log10(good[-1])), name, ink))
    low, high = (np.log10(min(values)), np.log10(max(values))) if values else (0.0, 1.0)
    low = max(float(low), float(high) - 5) - 0.1
    top = float(high) + 0.1
    figure["layout"]["yaxis"] |= {"type": "log", "range": [low, top], **decades(low, top)}
    figure["layout"]["xaxis"]["range"] = [0, 1.45 * steps]
    figure["layout"]["shapes"][0]["x1"] = 1.45 * steps
    named(figure, ends, low, top, steps)
    return figure


def _windows(layout: Figure, m: Mineral, palette: Palette) -> None:
    for w, one in enumerate(shown(m)):
        layout[f"xaxis{suffix(w)}"] = x_axis(
            palette,
            range=list(one.window),
            domain=list(one.domain),
            anchor="y",
            fixedrange=True,
            tickvals=few_ticks(one.window, TICKS),
        )
