"""Two measurements, each with the other's mineral as its own instrument would have seen it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ....minerals import Mineral
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
from ...components.restored_curves import panes
from ...components.windows import suffix, ticks

if TYPE_CHECKING:
    from ....measure.compare import Comparison, Seen

Array = NDArray[np.float64]
Curve = tuple[Array, str, float, Any]

TOPS, BOTTOMS = (1.0, 0.44), (0.56, 0.0)
LONGEST_NAME, LONGEST_ON_A_PHONE = 40, 12


@for_a_hall
def comparison(
    c: Comparison, m: Mineral, palette: Palette, language: str, narrow: bool = False
) -> Figure:
    """Two rows, each on its own axis and in its own unit."""
    longest = LONGEST_ON_A_PHONE if narrow else LONGEST_NAME
    figure: Figure = {"data": [], "layout": base_layout(palette)}
    layout = figure["layout"]
    layout["margin"] = {"l": 64, "r": 12, "t": 30, "b": 44}
    has = [any(getattr(f, side).known for f in c.factors.values()) for side in ("a", "b")]
    for k, (one, other) in enumerate(((c.a, c.b), (c.b, c.a))):
        curves: list[Curve] = [(one.measured, palette["raw"], 1.0, {})]
        if has[k]:
            curves.append((one.own, palette["ink-3"], 1.25, {"dash": "4px,3px"}))
        if all(has):
            curves.append((one.other, palette["ink"], 1.75, {}))
        _row(figure, k, m, one, curves, palette, say(Message("comparison.intensity"), language))
        unknown = c.a if not has[0] else c.b
        names = {"file": one.name, "other": (other if all(has) else unknown).name}
        words = Message(
            "comparison.row" if all(has) else "comparison.row_alone",
            {key: as_text(name, longest) for key, name in names.items()},
        )
        title = text(
            marked(say(words, language)),
            0,
            TOPS[k],
            palette["ink"],
            xanchor="left",
            yanchor="bottom",
            yshift=4,
        )
        layout["annotations"].append(title)
    layout["annotations"].append(x_title(Message("axis.shift"), palette, language))
    return figure


def _row(
    figure: Figure,
    k: int,
    m: Mineral,
    one: Seen,
    curves: Sequence[Curve],
    palette: Palette,
    unit: str,
) -> None:
    """``curves``: values, colour, width and style of each; a mineral that isn't there has none."""
    x, most = one.wavenumber, max(2, len(m.windows))
    low, high = _range([values for values, *_ in curves])
    for w, (window, domain) in enumerate(panes(m, x, False)):
        own = suffix(most * k + w)
        inside = (x >= window[0]) & (x <= window[1])
        figure["layout"][f"xaxis{own}"] = x_axis(
            palette, range=list(window), domain=list(domain), anchor=f"y{own}", nticks=ticks(domain)
        )
        figure["layout"][f"yaxis{own}"] = y_axis(
            palette,
            range=[low, high],
            domain=[BOTTOMS[k], TOPS[k]],
            anchor=f"x{own}",
            nticks=5,
            showticklabels=w == 0,
            title={"text": unit if w == 0 else "", "font": {"color": palette["ink-3"], "size": 12}},
        )
        for values, colour, width, style in curves:
            trace = line(x[inside], values[inside], colour, width, line=style)
            figure["data"].append({**trace, "xaxis": f"x{own}", "yaxis": f"y{own}"})


def _range(curves: Sequence[Array]) -> tuple[float, float]:
    """Room for the curves; spikes of the measurement, which is the first, go out of it."""
    ends = [0.002, 0.998] if len(curves) > 1 else [0, 1]
    drawn = np.concatenate([*curves[1:], np.quantile(curves[0], ends)])
    low, high = float(drawn.min()), float(drawn.max())
    margin = 0.06 * max(high - low, 1e-12)
    return low - margin, high + margin
