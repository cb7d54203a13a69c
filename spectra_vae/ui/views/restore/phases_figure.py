"""An identification as an equation, read downwards: measured = phases + unexplained + noise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ....text.message import Message, say
from ...components.phase_looks import Look, label_of, looks
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
from ...components.restoration_figure import Row, rest_called, row_told, row_words
from ...components.restored_curves import breaks, foreign_curve, stripes, unit_of
from ...components.windows import ALL_TICKS, Pane, ticks
from .labels import BESIDE, OVER, Labels, Sides, Words
from .nearest_rows import nearest_traces, nearest_words
from .phases_rows import Array, axes_of, curves, panes, rows

if TYPE_CHECKING:
    from ....identification.result import Identification

FEW_TICKS = 6  # of the whole axis, on a phone
NAMES_ON_A_PHONE = 92  # px beside bar codes
STRIPED = 24  # foreign bands at most with a stripe
NAMED, FEW_NAMED = 14, 4  # bands with their position written at them; on a phone


@for_a_hall
def phases_figure(
    found: Identification,
    palette: Palette,
    language: str,
    full: bool = False,
    narrow: bool = False,
) -> Figure:
    """Rows, one over another: what was measured, with the restored curve where there is a mineral
    and the baseline; the phases, stacked; the bands of none; noise. Where no mineral was found, the
    nearest ones as bar codes: filled where a band stands. What is left and isn't noise isn't called
    so.
    """
    shown = panes(found, full)
    scale, unit = unit_of(found.measured, language)
    terms = curves(found, scale)
    lines = rows(found, terms, narrow)
    styles = looks([p.mineral for p in found.phases], palette)
    figure: Figure = {"data": [], "layout": base_layout(palette)}
    layout = figure["layout"]
    left = NAMES_ON_A_PHONE if not found.phases else 44
    layout["margin"] = {"l": left if narrow else 140, "r": 12, "t": 24 if narrow else 8, "b": 44}
    layout["dragmode"] = "zoom"
    for k, row in enumerate(lines):
        for w, pane in enumerate(shown):
            _axes(layout, k, w, row, lines, shown, palette, FEW_TICKS if narrow else ALL_TICKS)
            own = axes_of(k, w, shown)
            for trace in _row(row, pane, found, terms, styles, scale, palette, language, narrow):
                figure["data"].append({**trace, "xaxis": own[0], "yaxis": own[1]})
        layout["annotations"] += _words(k, row, found, palette, language, narrow)
    layout["meta"] = {
        "rows": [
            None if row.name == "nearest" else row_told(row, language, _called(row, found))
            for row in lines
        ]
    }
    layout["shapes"] += breaks(shown, palette)
    layout["shapes"] += stripes(found.unexplained, shown, palette, STRIPED)
    layout["annotations"] += _labels(
        found, terms, lines, shown, styles, scale, palette, language, narrow
    )
    if not found.phases:
        layout["annotations"] += nearest_words(found, lines[-1], palette, language, narrow)
    place: Figure = {"xshift": -38, "yanchor": "top"}
    if narrow:
        place = {"yanchor": "bottom", "yshift": 4}
    layout["annotations"] += [
        text(unit, float(narrow), 1, palette["ink-3"], xanchor="right", **place),
        x_title(Message("axis.shift" if narrow else "restore.axis"), palette, language),
    ]
    return figure


def _axes(
    layout: Figure,
    k: int,
    w: int,
    row: Row,
    lines: Sequence[Row],
    shown: Sequence[Pane],
    palette: Palette,
    most: int,
) -> None:
    window, domain = shown[w]
    xa, ya = axes_of(k, w, shown)
    last = k == len(lines) - 1
    layout[f"xaxis{xa[1:]}"] = x_axis(
        palette,
        range=list(window),
        domain=list(domain),
        anchor=ya,
        matches=None if k == 0 else axes_of(0, w, shown)[0],
        showticklabels=last,
        tickangle=0,
        nticks=ticks(domain, most),
        showline=last,
        ticks="outside" if last else "",
    )
    tall = row.top - row.bottom > 0.2
    layout[f"yaxis{ya[1:]}"] = y_axis(
        palette,
        range=[row.low, row.high],
        domain=[max(row.bottom, 0.0), min(row.top, 1.0)],
        anchor=xa,
        nticks=4 if tall else 3,
        showgrid=row.name != "nearest",
        showticklabels=w == 0 and row.name != "nearest",
    )


def _row(
    row: Row,
    pane: Pane,
    found: Identification,
    terms: Mapping[str, Array],
    styles: Mapping[str, Look],
    scale: float,
    palette: Palette,
    language: str,
    narrow: bool,
) -> list[Figure]:
    """The traces of one row in a pane."""
    low, high = pane[0]
    if row.name == "nearest":
        return nearest_traces(found, (low, high), palette, narrow)
    inside = (found.wavenumber >= low) & (found.wavenumber <= high)
    x, y = found.wavenumber[inside], {name: v[inside] for name, v in terms.items()}

    def named(key: str) -> Figure:
        words = say(Message(f"restore.row_{key}"), language)
        return {"hovertemplate": f"%{{y:.4g}}<extra>{words}</extra>"}

    if row.name == "measured":
        base = line(
            x, y["background"], palette["ink-3"], 1.25, line={"dash": "dot"}, **named("background")
        )
        drawn = [line(x, y["measured"], palette["raw"], 1.0, **named("measured")), base]
        if found.phases:  # without a mineral, a restored curve would be an invented one
            drawn.append(line(x, y["fitted"], palette["ink"], 1.5, **named("fitted")))
        return drawn
    if row.name == "phases":
        parts = [p.curve[inside] / scale for p in found.phases]
        return _stack(x, parts, found, styles, palette, language)
    if row.name == "unexplained":
        return [foreign_curve(x, y["unexplained"], palette) | named("unexplained")]
    left = _called(row, found) or row.name
    return [line(x, y["residual"], palette["raw"], 1.0, **named(left))]


def _stack(
    x: Array,
    parts: Sequence[Array],
    found: Identification,
    styles: Mapping[str, Look],
    palette: Palette,
    language: str,
) -> list[Figure]:
    """The strongest phase at the bottom; from the top down, as each fill covers what is behind."""
    tops = np.cumsum(parts, axis=0)
    drawn = []
    for k in range(len(parts) - 1, -1, -1):
        name = found.phases[k].mineral
        look = styles[name]
        drawn.append(
            line(
                x,
                tops[k],
                look.line,
                1.25,
                line={"dash": look.dash},
                fill="tozeroy",
                fillcolor=look.fill,
                hovertemplate=f"<extra>{label_of(name, language)}</extra>%{{y:.4g}}",
            )
        )
    return drawn


def _words(
    k: int, row: Row, found: Identification, palette: Palette, language: str, narrow: bool
) -> list[Figure]:
    if row.name == "nearest":
        label = say(Message("restore.row_nearest"), language)
        shift = 0 if narrow else -132
        place: Figure = {"xanchor": "left", "xshift": shift, "yanchor": "top"}
        return [text(f"<b>{label}</b>", 0, row.top, palette["ink"], **place)]
    return row_words(k, row, palette, language, narrow, _called(row, found))


def _called(row: Row, found: Identification) -> str:
    """How a row is called, if not by its own name: nothing is unexplained without a phase."""
    if row.name == "unexplained" and not found.phases:
        return "bands"
    return rest_called(row.name, found.residual_is_noise)


def _labels(
    found: Identification,
    terms: Mapping[str, Array],
    lines: Sequence[Row],
    shown: Sequence[Pane],
    styles: Mapping[str, Look],
    scale: float,
    palette: Palette,
    language: str,
    narrow: bool,
) -> list[Figure]:
    """The phases' names at their strongest bands, positions over bands: as far as there is room."""
    drawn = [terms[row.name] for row in lines if row.name != "nearest"]
    written = Labels(shown, lines, [(found.wavenumber, one) for one in drawn], narrow)
    colours = {name: look.words for name, look in styles.items()}
    bands = sorted(found.bands, key=lambda b: -b.height)
    fitted = found.background + found.restored
    for name, colour in colours.items():
        first = next((b for b in bands if b.mineral == name), None)
        if first is None:
            continue
        top = float(np.interp(first.position, found.wavenumber, fitted)) / scale
        label, at = label_of(name, language), f"{first.position:.1f}"
        words = Words(f"<b>{label} {marked(first.name)}</b> {at}", len(label) + 9, colour)
        written.write(0, first.position, top, words, BESIDE)
    for band in bands[: FEW_NAMED if narrow else NAMED]:
        colour = colours.get(band.mineral or "", palette["unexplained"])
        top = float(np.interp(band.position, found.wavenumber, found.restored)) / scale
        sides: Sides
        if band.mineral or not found.phases:
            words, sides, k = Words(f"{band.position:.0f}", 4, colour), OVER, 1
        else:
            told = f"<b>{band.position + 0.0:.1f}</b> cm<sup>−1</sup>"
            words, sides, k = Words(told, 9, colour), BESIDE, 2
        written.write(k, band.position, top, words, sides)
    return written.annotations
