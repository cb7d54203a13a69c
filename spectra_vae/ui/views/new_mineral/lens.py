"""The lens: bands that stand so near that they look like one, larger, where the figure is empty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ....text.message import Message, say
from ...components.plotting import Figure, Palette, line, marked, text, x_axis, y_axis
from ...components.windows import Pane, suffix
from ...palette import ink_of, known, rgba

if TYPE_CHECKING:
    from ....library.editing import Edited

Array = NDArray[np.float64]
Range = tuple[float, float]

WIDE = 0.26  # of the figure's width
FOOT, HEAD = 0.64, 0.93  # of its height
EDGE = 0.012  # between the lens' frame and its curves
CROWDED = 1.3  # widths between bands that a lens shows
MARGIN = 2.0  # widths beside them
STEP = 0.02  # between places that are tried
FREE = 0.5  # of the figure's range: a lens has room over curves that stay below
FIRST = 20  # its axes' number: windows have the ones before


def add_lens(
    figure: Figure,
    e: Edited,
    panes: Sequence[Pane],
    ends: Range,
    palette: Palette,
    language: str,
) -> None:
    """Draw it, if some bands are crowded and some place is empty; ``ends`` of the intensity."""
    window, at = crowded(e), None
    if window is not None:
        at = _place(e, panes, ends)
    if window is None or at is None:
        return
    one, axes = e.draft.files[0], {"xaxis": f"x{FIRST}", "yaxis": f"y{FIRST}"}
    x = np.linspace(*window, 240)
    curves = one.gain * e.mineral.parts(x - one.offset, {})
    total = curves.sum(axis=0)
    quiet = {"hoverinfo": "skip", "hovertemplate": None, **axes}
    inside = (one.wavenumber >= window[0]) & (one.wavenumber <= window[1])
    over = one.measured[inside] - one.background[inside]
    figure["data"].append({**line(one.wavenumber[inside], over, palette["raw"], 1), **quiet})
    for band, y in zip(e.mineral.bands, curves, strict=True):
        if y.max() < 0.01 * total.max():
            continue
        hue = palette[known(e.mineral.group(band.group).hue)]
        fill = {"fill": "tozeroy", "fillcolor": rgba(hue, 0.22)}
        figure["data"].append({**line(x, y, hue, 1), **fill, **quiet})
    figure["data"].append({**line(x, total, palette["ink"], 1.5), **quiet})
    top = float(max(total.max(), over.max() if len(over) else 0.0))
    _frame(figure, window, at, top, palette)
    words = marked(
        say(
            Message("new_mineral.lens", {"low": f"{window[0]:.0f}", "high": f"{window[1]:.0f}"}),
            language,
        )
    )
    head = {"xanchor": "left", "yanchor": "bottom", "yshift": 3}
    figure["layout"]["annotations"].append(text(words, at, HEAD, palette["ink-2"], **head))
    for k, band in enumerate(e.mineral.bands, 1):
        place = band.position + one.offset
        if window[0] < place < window[1]:
            hue = ink_of(palette, known(e.mineral.group(band.group).hue))
            height = float(np.interp(place, x, total)) / top
            share = (place - window[0]) / (window[1] - window[0])
            up = FOOT + EDGE + height * (HEAD - FOOT - 3 * EDGE)
            number = text(f"<b>{k}</b>", at + share * WIDE, up, hue, yanchor="bottom")
            figure["layout"]["annotations"].append(number)


def crowded(e: Edited) -> Range | None:
    """The stretch, cm⁻¹ of the first file, of those two neighbours that overlap most."""
    one, bands = e.draft.files[0], sorted(e.mineral.bands, key=lambda band: band.position)
    pairs = [
        ((b.position - a.position) / max(a.width, b.width), a, b)
        for a, b in zip(bands, bands[1:], strict=False)
    ]
    near = min(pairs, key=lambda pair: pair[0], default=None)
    if near is None or near[0] > CROWDED:
        return None
    _, a, b = near
    margin = MARGIN * max(a.width, b.width)
    low, high = a.position + one.offset - margin, b.position + one.offset + margin
    return max(low, float(one.wavenumber[0])), min(high, float(one.wavenumber[-1]))


def _place(e: Edited, panes: Sequence[Pane], ends: Range) -> float | None:
    """Where the lens begins, of the figure's width: over the lowest curves; None: nowhere."""
    one = e.draft.files[0]
    curve = np.maximum(one.background + e.components.sum(axis=0), one.measured)
    share = (curve - ends[0]) / (ends[1] - ends[0])
    found: list[tuple[float, float]] = []
    for window, domain in panes:
        inside = (one.wavenumber >= window[0]) & (one.wavenumber <= window[1])
        along = domain[0] + (one.wavenumber[inside] - window[0]) * (domain[1] - domain[0]) / (
            window[1] - window[0]
        )
        for at in np.arange(domain[0] + EDGE, domain[1] - WIDE, STEP):
            here = (along > at - EDGE) & (along < at + WIDE + EDGE)
            if here.any():
                found.append((float(share[inside][here].max()), float(at)))
    lowest = min(found, default=None)
    return None if lowest is None or lowest[0] > FREE else lowest[1]


def _frame(figure: Figure, window: Range, at: float, top: float, palette: Palette) -> None:
    layout = figure["layout"]
    own = suffix(FIRST - 1)
    layout[f"xaxis{own}"] = x_axis(
        palette,
        range=list(window),
        domain=[at, at + WIDE],
        anchor=f"y{own}",
        nticks=4,
        tickangle=0,
        fixedrange=True,
    )
    layout[f"yaxis{own}"] = y_axis(
        palette,
        range=[-0.03 * top, 1.2 * top],
        domain=[FOOT, HEAD],
        anchor=f"x{own}",
        showticklabels=False,
        showgrid=False,
    )
    layout["shapes"].append(
        {
            "type": "rect",
            "xref": "paper",
            "yref": "paper",
            "x0": at - EDGE,
            "x1": at + WIDE + EDGE,
            "y0": FOOT - 0.06,
            "y1": HEAD + 0.06,
            "line": {"color": palette["line-2"], "width": 1},
            "fillcolor": palette["surface"],
            "layer": "below",
        }
    )
