"""What the pictures of a restoration share: its curves, the file's unit, stripes and marks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...minerals import Mineral
from ...spectra.spectrum import gaps
from ...text.message import Message, say
from ..palette import hue_at, parts, rgba
from .plotting import Figure, Palette, line, marked, text, typed
from .windows import Pane, Range, side_by_side, suffix

if TYPE_CHECKING:
    from ...measure.detection.residual import Peak
    from ...measure.restore import Restoration

Array = NDArray[np.float64]

FEWEST = 11  # points of a file that make a window worth showing
MOST_OF = 0.6  # of a file must lie in the windows, or it is shown whole
STRIPED = 8  # foreign bands at most with a stripe
HALF_STRIPE = 7.0  # cm⁻¹
ROOM = 0.16  # of a window, that the label of its strongest band takes


def covered(m: Mineral, x: Array) -> list[Range]:
    """Which of the mineral's windows a file covers; all of the file if it lies elsewhere."""
    windows = [(w.low, w.high) for w in m.windows]
    there = [w for w in windows if ((x >= w[0]) & (x <= w[1])).sum() >= FEWEST]
    inside = sum(((x >= lo) & (x <= hi)).sum() for lo, hi in there)
    return there if inside > MOST_OF * len(x) else [(float(x[0]), float(x[-1]))]


def panes(m: Mineral, x: Array, full: bool) -> list[Pane]:
    """The windows on the axis ``x`` and where they lie side by side."""
    shown = [(float(x[0]), float(x[-1]))] if full else covered(m, x)
    return list(zip(shown, side_by_side(shown), strict=True))


def series(r: Restoration) -> dict[str, Array]:
    """The terms of the equation (N,), and their sum without the noise; NaN off the model's axis."""
    low, high = r.reach
    known = (r.wavenumber >= low) & (r.wavenumber <= high)
    terms = {
        "background": r.background,
        "explained": r.explained,
        "unexplained": r.restored - r.explained,
        "residual": np.where(r.used, r.residual, np.nan),
        "fitted": r.background + r.restored,
    }
    cut = {name: np.where(known, values, np.nan) for name, values in terms.items()}
    return {"measured": r.measured, **cut}


def unit_of(values: Array, language: str) -> tuple[float, str]:
    """Three orders of magnitude go into the unit where the ticks would be long."""
    size = float(np.max(np.abs(values)))
    power = 0 if 0.1 <= size < 1000 else 3 * int(np.floor(np.log10(max(size, 1e-300)) / 3))
    unit = say(Message("restore.unit"), language)
    if power == 0:
        return 1.0, unit
    return 10.0**power, f"10<sup>{power}</sup> × {unit}".replace("-", "−")


def band_and_curve(
    m: Mineral,
    x: Array,
    explained: Array,
    ends: tuple[Array, Array],
    palette: Palette,
    gone: bool = False,
) -> list[Figure]:
    """The mineral's curve in its groups' hues, over its 90 % band; nothing crosses a gap.

    ``gone``: nothing says that it is this mineral's, so it has no hue.
    """
    ink, width = (palette["raw"], 1.0) if gone else (palette["ink"], 1.75)
    quiet = {"hoverinfo": "skip", "hovertemplate": None}
    fill = {"fill": "tonexty", "fillcolor": rgba(palette["ink"], 0.16)}
    turns = [int(np.searchsorted(x, start)) for start, _ in parts(m)[1:]]
    edges = [0, *(gaps(x) + 1), *turns, len(x)]
    traces = []
    for a, b in pairwise(sorted(set(edges))):
        part, hue = slice(a, b), hue_at(m, float(x[a]))
        wash = {} if gone else {"fill": "tozeroy", "fillcolor": rgba(palette[hue], 0.2)}
        traces += [
            line(x[part], ends[0][part], palette["ink"], 0, **quiet),
            line(x[part], ends[1][part], palette["ink"], 0, **fill, **quiet),
            line(x[part], explained[part], ink, width, **wash),
        ]
    return traces


def foreign_curve(x: Array, unexplained: Array, palette: Palette) -> Figure:
    hue = palette["unexplained"]
    return line(x, unexplained, hue, 1.5, fill="tozeroy", fillcolor=rgba(hue, 0.2))


def left_out(
    x: Array, y: Array, out: NDArray[np.bool_], ends: tuple[float, float], palette: Palette
) -> Figure:
    """A cross at each point that the fit left out; those beyond the plot at its edge."""
    low, high = ends
    margin = 0.04 * (high - low)
    return {
        "type": "scatter",
        "mode": "markers",
        "x": typed(x[out]),
        "y": typed(np.clip(y[out], low + margin, high - margin)),
        "marker": {
            "symbol": "x-thin",
            "size": 8,
            "line": {"width": 1.5, "color": palette["ink-2"]},
        },
        "hoverinfo": "skip",
    }


def main_label(
    r: Restoration, shown: Sequence[Pane], scale: float, palette: Palette
) -> list[Figure]:
    """The strongest band's position beside its top, in the first row."""
    position = r.quantities["position"].value
    if position is None:
        return []
    for w, ((low, high), _) in enumerate(shown):
        if low <= position <= high:
            peak = int(np.argmin(np.abs(r.wavenumber - position)))
            top = float(r.background[peak] + r.restored[peak]) / scale
            place: Figure = {
                "xref": f"x{suffix(w)}",
                "yref": f"y{suffix(w)}",
                "yanchor": "middle",
            }
            place["bgcolor"] = rgba(palette["surface"], 0.75)  # spikes may cross it
            words = f"<b>{marked(r.mineral.main.name)}</b> {position:.1f}"
            out, room = r.wavenumber[~r.used], ROOM * (high - low)
            left = (out > position - room) & (out < position)
            right = (out > position) & (out < position + room)
            side = "left" if left.any() and not right.any() and position + room < high else "right"
            shift = 8 if side == "left" else -8
            if left.any() and side == "right":  # below the crosses of spikes
                top -= 0.35 * float(r.restored[peak]) / scale
            return [text(words, position, top, palette["ink"], xanchor=side, xshift=shift, **place)]
    return []


def stripes(
    peaks: Sequence[Peak], shown: Sequence[Pane], palette: Palette, most: int = STRIPED
) -> list[Figure]:
    """A vertical stripe through everything where a foreign band stands, for the first ``most``."""
    return [
        {
            "type": "rect",
            "xref": f"x{suffix(w)}",
            "yref": "paper",
            "x0": peak.position - HALF_STRIPE,
            "x1": peak.position + HALF_STRIPE,
            "y0": 0,
            "y1": 1,
            "line": {"width": 0},
            "fillcolor": rgba(palette["unexplained"], 0.08),
            "layer": "below",
        }
        for peak in peaks[:most]
        for w, ((low, high), _) in enumerate(shown)
        if low <= peak.position <= high
    ]


def breaks(shown: Sequence[Pane], palette: Palette) -> list[Figure]:
    """A double slash at each inner end of the axis."""
    if len(shown) < 2:
        return []
    return [
        {
            "type": "line",
            "xref": "paper",
            "yref": "paper",
            "xsizemode": "pixel",
            "ysizemode": "pixel",
            "xanchor": at,
            "yanchor": 0,
            "x0": shift - 3,
            "x1": shift + 3,
            "y0": -6,
            "y1": 6,
            "line": {"width": 1.25, "color": palette["ink-3"]},
        }
        for at in [edge for (_, a), (_, b) in pairwise(shown) for edge in (a[1], b[0])]
        for shift in (-2, 3)
    ]
