"""The bands of a restoration: where they stand, how high, and those that aren't the mineral's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from ....minerals import Mineral
from ....text.formatting import decimals, thousands
from ....text.message import Message, say
from ...components.attributes import of_band
from ...components.band_table import assigned, formula, key, named
from ...components.markup import rich
from ...components.parts import card_head, icon
from ...components.texts import Texts

if TYPE_CHECKING:
    from ....measure.detection.residual import Peak
    from ....measure.restore import Restoration
    from ....spectra.bands import FittedBand

DIGITS = 9  # behind the point at most: files in volts hold small numbers


def bands(r: Restoration, spoken: str) -> list[Any]:
    """The mineral's bands that the file covers and the unexplained ones, along the axis."""

    t, of = Texts("restore", spoken), Texts("bands", spoken)
    rows = [(b.position, _row(r.mineral, b, spoken)) for b in r.bands]
    rows += [(p.position, _foreign(p, spoken)) for p in r.unexplained]
    heads = (of("band"), f"{of('position')}, cm⁻¹", of("height"))
    head = html.Tr(
        [
            html.Th(rich(words), scope="col", className="number" if k else "")
            for k, words in enumerate(heads)
        ]
    )
    title = card_head(t("bands"), html.Span(t("bands_unit"), className="caption"))
    body = [row for _, row in sorted(rows, key=lambda pair: pair[0])]
    return [title, html.Table([html.Thead(head), html.Tbody(body)], className="found-bands")]


def _row(m: Mineral, band: FittedBand, spoken: str) -> html.Tr:
    name: list[Any] = [
        key(m, band.group),
        html.Span(named(m, band.name, spoken)),
        html.Div(formula(assigned(m, band.assignment, spoken)), className="caption"),
    ]
    position = _with_interval(band.position, band.position_interval, 1, spoken)
    height = _with_interval(band.height, band.height_interval, 0, spoken)
    place = of_band(band.position)
    return html.Tr([html.Th(name, scope="row"), position, height], **place)


def _foreign(peak: Peak, spoken: str) -> html.Tr:
    name: list[Any] = [
        icon("exclamation-diamond"),
        say(Message("restore.foreign"), spoken),
        html.Div(f"{peak.significance:.0f} σ", className="caption"),
    ]
    position = _with_interval(peak.position, peak.position_interval, 1, spoken)
    height = _with_interval(peak.height, peak.height_interval, 0, spoken)
    place = of_band(peak.position)
    return html.Tr([html.Th(name, scope="row"), position, height], className="unexplained", **place)


def _with_interval(
    value: float, interval: tuple[float, float] | None, least: int, spoken: str
) -> html.Td:
    """A number over its 90 % interval; without one, with three digits that count."""
    low, high = interval or (value * 0.99, value * 1.01)
    shown = decimals((value, low, high), least, most=DIGITS)
    if not any("." in one for one in shown):
        shown = [thousands(round(v)) for v in (value, low, high)]
    parts: list[Any] = [html.B(shown[0])]
    if interval is not None:
        between = say(Message("restore.span", {"low": shown[1], "high": shown[2]}), spoken)
        parts.append(html.Span(between, className="caption"))
    return html.Td(parts, className="number")
