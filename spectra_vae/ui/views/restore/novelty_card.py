"""How alien a whole file is to the phases that were found in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from ...components.markup import rich
from ...components.parts import icon
from ...components.texts import Texts
from .cards import SIGNS, gauge

if TYPE_CHECKING:
    from ....identification.result import Identification


def whole_novelty_card(found: Identification, spoken: str) -> list[Any]:
    """A score over a bar, and what stands there that no phase has; nothing without a phase."""
    one, foreign = found.novelty, found.unexplained
    if one is None:
        return []
    t = Texts("identified", spoken)
    kind = "partly" if found.verdict == "partly" else "foreign" if foreign else "none"
    symbol, look = SIGNS["alien" if foreign or kind == "partly" else "normal"]
    tag = html.Span([icon(symbol), t(f"novelty_{kind}")], className=look)
    title = html.H2(t("novelty_title"), className="card-title")
    numbers: list[Any] = [html.B(f"{one.score:.2f}")]
    if foreign:
        between = t("span", low=f"{one.low:.2f}", high=f"{one.high:.2f}")
        numbers.append(html.Span(between, className="caption"))
    return [
        html.Div([title, tag], className="card-head"),
        html.Div(numbers, className="line novelty"),
        gauge(one.score, bool(foreign)),
        html.P(rich(_why(found, t)), className="why"),
        html.P(t("novelty_words"), className="caption"),
    ]


def _why(found: Identification, t: Texts) -> str:
    foreign = found.unexplained
    if not foreign:
        return t("novelty_why_none")
    tallest = max(foreign, key=lambda peak: peak.height)
    share = 100 * tallest.height / max(band.height for band in found.bands)
    places = {"position": f"{tallest.position:.0f}", "percent": f"{share:.0f}"}
    key = "novelty_why_one" if len(foreign) == 1 else "novelty_why_many"
    return t(key, count=len(foreign), **places)
