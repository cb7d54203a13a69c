"""The study's limits as pictures: two seeds' maps and codes, and what more factors mix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....analysis.study import Study, Trial
from ....text.message import Message, say
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
from ...components.projection import for_a_hall
from .study_numbers import pair, stages

Array = NDArray[np.float64]

HALVES = ((0.0, 0.46), (0.54, 1.0))  # of the width: one seed each
WINDOWS = ((100.0, 1300.0), (3000.0, 3800.0))
SPLIT = 0.62  # of a half: where the right window begins
MAP, CODES = (0.66, 1.0), (0.0, 0.5)  # of the height: maps above, codes below
NARROW_MAP, NARROW_CODES = (0.72, 1.0), (0.0, 0.46)  # where a line of words takes more of it
DEEP = 0.6  # of the full colour: from there on a number stands in the surface's colour
ROOM = 1.12  # about the outermost spectrum


@for_a_hall
def seeds(
    study: Study, beta: float, first: int, second: int, palette: Palette, spoken: str, narrow: bool
) -> Figure:
    """Two seeds of one β: above, what their two neurons move; below, where spectra lie."""
    figure: Figure = {"data": [], "layout": base_layout(palette)}
    layout = figure["layout"]
    layout["margin"] = {"l": 46, "r": 14, "t": 46, "b": 46}
    layout["hovermode"] = "closest"
    trials = {t.seed: t for t in study.at(beta)}
    for half, seed in enumerate((first, second)):
        _map_of(figure, study, trials[seed], half, palette, narrow)
        _codes_of(figure, study, trials[seed], half, palette, spoken, narrow)
        words = say(Message("tour.seed_head", {"seed": seed, "beta": f"{beta:g}"}), spoken)
        above = {"xanchor": "left", "yanchor": "bottom", "yshift": 22}
        head = text(f"<b>{words}</b>", HALVES[half][0], 1, palette["ink"], **above)
        axis = x_title(Message("axis.shift"), palette, spoken)
        below = {"x": sum(HALVES[half]) / 2, "y": MAP[0], "yanchor": "top", "yshift": -22}
        layout["annotations"] += [head] if narrow else [head, axis | below]
    maps, codes = _heights(narrow)
    over: dict[str, Any] = {"xanchor": "left", "yanchor": "bottom", "yshift": 4}
    for code, y in (("tour.seeds_map", maps[1]), ("tour.seeds_codes", codes[1])):
        words = say(Message(f"{code}_short" if narrow else code), spoken)
        layout["annotations"].append(text(words, 0, y, palette["ink-3"], **over))
    return figure


def _heights(narrow: bool) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where the maps and the codes stand, shares of the height."""
    return (NARROW_MAP, NARROW_CODES) if narrow else (MAP, CODES)


def _map_of(
    figure: Figure, study: Study, trial: Trial, half: int, palette: Palette, narrow: bool
) -> None:
    """The sensitivities of the pair, a row a neuron, each row at its own full colour."""
    neurons = pair(trial)
    if neurons is None or trial.sensitivity is None:
        return
    rows = np.array([trial.sensitivity[trial.neurons.index(j)] for j in neurons])[::-1]
    shown = np.sign(rows) * np.sqrt(np.abs(rows) / np.abs(rows).max(axis=1, keepdims=True))
    x, (left, right) = study.wavenumber, HALVES[half]
    split = left + SPLIT * (right - left)
    y_name = f"y{2 * half + 1}" if half else "y"
    colours = [[0, palette["negative"]], [0.5, palette["sunken"]], [1, palette["positive"]]]
    layout = figure["layout"]
    for w, domain in enumerate(((left, split - 0.008), (split + 0.008, right))):
        low, high = WINDOWS[w]
        inside = (x >= low) & (x <= high)
        number = 3 * half + w + 1
        name = f"x{number}" if number > 1 else "x"
        figure["data"].append(
            {
                "type": "heatmap",
                "x": typed(x[inside]),
                "y": [0, 1],
                "z": shown[:, inside].round(3).tolist(),
                "zmin": -1,
                "zmax": 1,
                "colorscale": colours,
                "showscale": False,
                "xaxis": name,
                "yaxis": y_name,
                "hoverinfo": "skip",
                "ygap": 3,
            }
        )
        ticks = ([500, 1000], [3400]) if narrow else ([300, 600, 900, 1200], [3200, 3600])
        layout[name.replace("x", "xaxis")] = x_axis(
            palette, range=[low, high], domain=list(domain), anchor=y_name, fixedrange=True
        ) | {"tickvals": ticks[w], "tickangle": 0}
    labels = [f"#{j}" for j in neurons][::-1]
    layout[y_name.replace("y", "yaxis")] = y_axis(
        palette,
        domain=list(_heights(narrow)[0]),
        anchor=f"x{3 * half + 1}" if half else "x",
        tickvals=[0, 1],
        ticktext=labels,
        showgrid=False,
    )


def _codes_of(
    figure: Figure,
    study: Study,
    trial: Trial,
    half: int,
    palette: Palette,
    spoken: str,
    narrow: bool,
) -> None:
    """Spectra by the two codes; darker: more water, larger: more crystalline."""
    neurons = pair(trial)
    if neurons is None or trial.codes is None:
        return
    a, b = (trial.codes[:, trial.neurons.index(j)] for j in neurons)
    water, order = study.truth[:, 0], study.truth[:, 1]
    x, y = f"x{3 * half + 3}", f"y{2 * half + 2}"
    size = (4 + 9 * (order - order.min()) / np.ptp(order)) / (1 + narrow)
    figure["data"].append(
        {
            "type": "scatter",
            "mode": "markers",
            "x": a.round(3).tolist(),
            "y": b.round(3).tolist(),
            "marker": {
                "size": size.round(1).tolist(),
                "color": water.round(3).tolist(),
                "colorscale": [[0, palette["line-2"]], [1, palette["water"]]],
                "line": {"width": 0},
            },
            "customdata": np.round([water, order], 2).T.tolist(),
            "hovertemplate": _hover(study, spoken),
            "xaxis": x,
            "yaxis": y,
        }
    )
    kept = (t.codes for t in study.at(trial.beta) if t.codes is not None)
    far = ROOM * max(float(np.abs(codes).max()) for codes in kept)
    ends = [-far, far]
    title = {"font": {"color": palette["ink-3"], "size": 12}, "standoff": 4}
    layout = figure["layout"]
    layout[x.replace("x", "xaxis")] = x_axis(
        palette, domain=list(HALVES[half]), anchor=y, range=ends, fixedrange=True, nticks=5
    ) | {"title": {"text": f"z #{neurons[0]}", **title}}
    layout[y.replace("y", "yaxis")] = y_axis(
        palette, domain=list(_heights(narrow)[1]), anchor=x, range=ends, nticks=5
    ) | {"title": {"text": f"z #{neurons[1]}", **title}}


def _hover(study: Study, spoken: str) -> str:
    names = [say(Message(f"factor.{name}"), spoken) for name in study.factors]
    each = [f"{name} %{{customdata[{k}]}}" for k, name in enumerate(names)]
    return ", ".join(each) + "<extra></extra>"


@for_a_hall
def more_factors(
    study: Study, stage: int, palette: Palette, spoken: str, narrow: bool = False
) -> Figure:
    """|Spearman| of every neuron that moves something with every factor, two seeds side by side."""
    figure: Figure = {"data": [], "layout": base_layout(palette)}
    layout = figure["layout"]
    layout["margin"] = {"l": 40, "r": 10, "t": 30, "b": 46}
    layout["hovermode"] = False
    trials = stages(study)[stage]
    for half, trial in enumerate(trials):
        _ranks(figure, trial, half, palette, spoken, narrow)
    return figure


def _ranks(
    figure: Figure, trial: Trial, half: int, palette: Palette, spoken: str, narrow: bool
) -> None:
    x, y = ("x2", "y2") if half else ("x", "y")
    names = _short([say(Message(f"factor.{name}"), spoken) for name in trial.varies], narrow)
    awake = sorted(trial.neurons, key=lambda j: (np.argmax(trial.rank(j)), -max(trial.rank(j))))
    silent = [j for j in range(len(trial.kl or trial.neurons)) if j not in awake]
    order = [*awake, *silent]
    ranks = [trial.rank(j) for j in awake] + [(0.0,) * len(names)] * len(silent)
    values = np.array(ranks[::-1])
    figure["data"].append(
        {
            "type": "heatmap",
            "x": list(range(len(names))),
            "y": list(range(len(order))),
            "z": values.round(3).tolist(),
            "zmin": 0,
            "zmax": 1,
            "colorscale": [[0, palette["sunken"]], [1, palette["model"]]],
            "showscale": False,
            "xgap": 2,
            "ygap": 2,
            "hoverinfo": "skip",
            "xaxis": x,
            "yaxis": y,
        }
    )
    layout = figure["layout"]
    layout[x.replace("x", "xaxis")] = x_axis(
        palette, domain=list(HALVES[half]), anchor=y, fixedrange=True, tickangle=0
    ) | {"tickvals": list(range(len(names))), "ticktext": names, "showline": False, "ticks": ""}
    layout[y.replace("y", "yaxis")] = y_axis(palette, anchor=x, showgrid=False) | {
        "tickvals": list(range(len(order))),
        "ticktext": [f"#{j}" for j in order[::-1]],
    }
    layout["annotations"] += [
        text(f"{v:.2f}", k, len(order) - 1 - row, palette["surface" if v > DEEP else "ink"])
        | {"xref": x, "yref": y}
        for row, rank in enumerate(ranks[: len(awake)])
        for k, v in enumerate(rank)
    ]
    words = say(Message("tour.seed_head", {"seed": trial.seed, "beta": f"{trial.beta:g}"}), spoken)
    above = {"xanchor": "left", "yanchor": "bottom", "yshift": 6}
    layout["annotations"].append(
        text(f"<b>{words}</b>", HALVES[half][0], 1, palette["ink"], **above)
    )


def _short(names: Sequence[str], narrow: bool) -> list[str]:
    """Whole words where there is room, else their beginnings."""
    return [name if not narrow or len(name) < 7 else name[:5] + "." for name in names]
