"""A restoration as an equation, read downwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...text.message import Message, say
from ..palette import rgba
from .plotting import Figure, Palette, base_layout, line, text, x_axis, x_title, y_axis
from .projection import for_a_hall
from .restored_curves import (
    Array,
    band_and_curve,
    breaks,
    foreign_curve,
    left_out,
    main_label,
    panes,
    series,
    stripes,
    unit_of,
)
from .windows import Pane, suffix, ticks

if TYPE_CHECKING:
    from ...measure.restore import Restoration

ROWS = {"measured": 29, "background": 9, "explained": 33, "unexplained": 12, "residual": 11}
GAP = 1.5  # between rows, in the same unit
NARROW_GAP, SHORT_GAP = 4.5, 11.0  # a phone writes the rows' names there
NICE = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
MOST = 1000.0  # that a row is drawn larger than the first
UP = 7  # px that a row's name stands over its middle: the buttons for its height are below
LABELLED = 3  # foreign bands with their position written at them
APART = 0.14  # of a window, between two of those


@dataclass(frozen=True)
class Row:
    """A row of the equation: ``low``, ``high`` in shown units, ``factor`` against the first."""

    name: str
    low: float
    high: float
    factor: float
    bottom: float
    top: float


@for_a_hall
def restoration(
    r: Restoration,
    palette: Palette,
    language: str,
    full: bool = False,
    narrow: bool = False,
    short: bool = False,
) -> Figure:
    """measured = background + explained + unexplained + residual, read downwards.

    ``short``: where 300 px must do, the low rows have no ticks and their names more room.
    """
    x = r.wavenumber
    shown = panes(r.mineral, x, full)
    scale, unit = unit_of(r.measured, language)
    curves = {name: values / scale for name, values in series(r).items()}
    gap = SHORT_GAP if narrow and short else NARROW_GAP if narrow else GAP
    rows = _rows(curves, r, gap)
    called = {name: rest_called(name, r.residual_is_noise) for name in ROWS}
    figure: Figure = {"data": [], "layout": base_layout(palette)}
    layout = figure["layout"]
    layout["margin"] = {"l": 44 if narrow else 140, "r": 12, "t": 24 if narrow else 8, "b": 44}
    for k, row in enumerate(rows):
        for w, (window, domain) in enumerate(shown):
            own = _axis(k, w, shown)
            xa, ya = f"x{own}", f"y{own}"
            layout[f"xaxis{own}"] = x_axis(
                palette,
                range=list(window),
                domain=list(domain),
                anchor=ya,
                matches=None if k == 0 else f"x{suffix(w)}",
                showticklabels=k == 4,
                tickangle=0,
                nticks=ticks(domain),
                showline=k == 4,
                ticks="outside" if k == 4 else "",
            )
            layout[f"yaxis{own}"] = y_axis(
                palette,
                range=[row.low, row.high],
                domain=[row.bottom, row.top],
                anchor=xa,
                nticks=4 if ROWS[row.name] > 20 else 3,
                showticklabels=w == 0 and (not short or ROWS[row.name] > 20),
            )
            inside = (x >= window[0]) & (x <= window[1])
            cut = {name: values[inside] for name, values in curves.items()}
            for trace in _row(row, x[inside], cut, r, inside, scale, palette):
                figure["data"].append({**trace, "xaxis": xa, "yaxis": ya})
        layout["annotations"] += row_words(k, row, palette, language, narrow, called[row.name])
    layout["meta"] = {"rows": [row_told(row, language, called[row.name]) for row in rows]}
    _mark(layout, r, rows, shown, scale, palette)
    place: Figure = {"xshift": -38, "yanchor": "top"}
    if narrow:
        place = {"yanchor": "bottom", "yshift": 4}
    unit_words = text(unit, float(narrow), 1, palette["ink-3"], xanchor="right", **place)
    layout["annotations"].append(unit_words)
    layout["annotations"].append(
        x_title(Message("axis.shift" if narrow else "restore.axis"), palette, language)
    )
    return figure


def _axis(row: int, w: int, shown: Sequence[Pane]) -> str:
    """The number of a row's axis in window ``w``, as Plotly writes it."""
    return suffix(max(len(shown), 2) * row + w)


def _rows(curves: Mapping[str, Array], r: Restoration, gap: float) -> list[Row]:
    """Where each row lies and what it spans: the first as its points need, the others by factor."""
    total = sum(ROWS.values()) + gap * (len(ROWS) - 1)
    top, rows = 1.0, []
    # What was left out, as a spike is, may stand beyond; the curve never does.
    first = _span(np.concatenate([curves["measured"][r.used], curves["fitted"]]))
    height = (first[1] - first[0]) * 1.16
    for name, share in ROWS.items():
        bottom = top - share / total
        low, high = first[0] - 0.08 * height, first[0] + 0.92 * height
        factor = 1.0
        if name != "measured":
            bare = name == "unexplained" and not r.unexplained
            needed = _span(curves["residual" if bare else name])
            if name == "explained" and r.gone:  # not larger than what nobody sees in the noise
                needed = max(needed, _span(curves["residual"]), key=np.ptp)
            if name in ("explained", "unexplained"):
                needed = (0.0, max(needed[1], needed[1] - needed[0]))
            tall = max(needed[1] - needed[0], height / MOST)  # what is nothing stays flat
            factor = nice(share / ROWS["measured"] * height / (1.12 * tall))
            reach = share / ROWS["measured"] * height / factor
            if name in ("explained", "unexplained"):
                low, high = -0.05 * reach, 0.95 * reach
            else:
                middle = (needed[0] + needed[1]) / 2
                low, high = middle - reach / 2, middle + reach / 2
        rows.append(Row(name, low, high, factor, bottom, top))
        top = bottom - gap / total
    return rows


def nice(factor: float) -> float:
    """The largest of ``NICE`` times a power of ten that isn't above ``factor``."""
    power = 10.0 ** np.floor(np.log10(max(factor, 1e-12)))
    return float(max(n for n in NICE if n * power <= factor * (1 + 1e-9)) * power)


def _span(values: Array) -> tuple[float, float]:
    known = values[np.isfinite(values)]
    if len(known) == 0:
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    return (low, high) if high > low else (low, low + max(abs(low), 1e-12))


def rest_called(name: str, is_noise: bool) -> str:
    """How a row is called, if not by its own ``name``: what is left over may be more than noise."""
    return "rest" if name == "residual" and not is_noise else ""


def row_words(
    k: int, row: Row, palette: Palette, language: str, narrow: bool, name: str = ""
) -> list[Figure]:
    """The row's sign and name, and its scale where that isn't the first row's; ``name``: of the
    words that it is called by, if not the row's own.
    """
    sign = "" if k == 0 else "=" if k == 1 else "+"
    label = say(Message(f"restore.row_{name or row.name}"), language)
    colour = palette["unexplained"] if row.name == "unexplained" else palette["ink"]
    words = f'<span style="color:{palette["ink-3"]}">{sign}</span>  <b>{label}</b>'
    place: Figure = {"xanchor": "right", "xshift": -38, "yanchor": "middle", "yshift": UP}
    height = (row.top + row.bottom) / 2
    if narrow:
        place, height = {"xanchor": "left", "yanchor": "bottom", "yshift": 1}, row.top
    factor = ""
    if row.factor != 1:
        factor = say(Message("restore.row_scale", {"factor": f"{row.factor:g}"}), language)
    up: Figure = {"yanchor": "bottom", "yshift": 1} if narrow else {"yanchor": "top"}
    up |= {"bgcolor": rgba(palette["surface"], 0.75), "name": f"row-{k}"}
    return [
        text(words.strip(), 0, height, colour, **place),
        text(factor, 1, row.top, palette["ink-3"], xanchor="right", **up),
    ]


def row_told(row: Row, language: str, name: str = "") -> dict[str, Any]:
    """A row as the page's script is told of it: how it is called, how much larger than the first
    it is drawn, and what it spans.
    """
    label = say(Message(f"restore.row_{name or row.name}"), language)
    return {"name": label, "factor": row.factor, "range": [row.low, row.high]}


def _mark(
    layout: Figure,
    r: Restoration,
    rows: Sequence[Row],
    shown: Sequence[Pane],
    scale: float,
    palette: Palette,
) -> None:
    """Breaks of the axis, stripes and labels of foreign bands, the strongest band's position."""
    layout["shapes"] += breaks(shown, palette) + stripes(r.unexplained, shown, palette)
    layout["annotations"] += main_label(r, shown, scale, palette)
    high, labelled = rows[3].high, list[float]()
    for peak in sorted(r.unexplained, key=lambda p: -p.height):
        window = [w for w, (ends, _) in enumerate(shown) if ends[0] <= peak.position <= ends[1]]
        if not window or len(labelled) == LABELLED:
            continue
        room = APART * np.ptp(shown[window[0]][0])
        if any(abs(peak.position - other) < room for other in labelled):
            continue
        labelled.append(peak.position)
        words = f"<b>{peak.position:.1f}</b>, {peak.significance:.0f} σ"
        left = peak.position > sum(shown[window[0]][0]) / 2
        layout["annotations"].append(
            text(
                words,
                peak.position,
                min(peak.height / scale, high) * 0.8,
                palette["unexplained"],
                xref=f"x{_axis(3, window[0], shown)}",
                yref=f"y{_axis(3, window[0], shown)}",
                xanchor="right" if left else "left",
                xshift=-8 if left else 8,
            )
        )


def _row(
    row: Row,
    x: Array,
    y: Mapping[str, Array],
    r: Restoration,
    inside: NDArray[np.bool_],
    scale: float,
    palette: Palette,
) -> list[Figure]:
    """The traces of one row of the equation."""
    dotted = line(x, y["background"], palette["ink-3"], 1.25, line={"dash": "dot"})
    if row.name == "measured":
        return [
            line(x, y["measured"], palette["raw"], 1.0),
            dotted,
            line(x, y["fitted"], palette["ink"], 1.5),
            left_out(x, y["measured"], ~r.used[inside], (row.low, row.high), palette),
        ]
    if row.name == "background":
        return [dotted]
    if row.name == "explained":
        ends = r.lower[inside] / scale, r.upper[inside] / scale
        return band_and_curve(r.mineral, x, y["explained"], ends, palette, r.gone)
    if row.name == "unexplained":
        return [foreign_curve(x, y["unexplained"], palette)]
    return [line(x, y["residual"], palette["raw"], 1.0)]
