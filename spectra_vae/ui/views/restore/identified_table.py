"""Several identified files as a table: a line each; a stranger's says what it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from ....identification.row import Interval, Row, Share
from ....text.formatting import decimals, percent
from ....text.message import Message, say
from ...components.attributes import data
from ...components.markup import rich
from ...components.phase_looks import hue_of, label_of
from ...components.texts import Texts
from ...measurements import Entry
from .strip import verdict

COLUMNS = ("position", "fwhm", "explained")
OTHERS = 1 + len(COLUMNS)  # columns beside the file's name and its verdict


def table(found: Sequence[Entry], chosen: Any, spoken: str) -> html.Table:
    """One row a file; a click opens it."""
    t = Texts("identified", spoken)
    heads: list[Any] = [
        html.Th(t(f"column_{k}"), scope="col") for k in ("file", "verdict", "phases")
    ]
    heads += [html.Th(rich(t(f"column_{k}")), scope="col", className="number") for k in COLUMNS]
    rows = [_row(one, one.key == chosen, t) for one in found]
    return html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="runs identified")


def _row(one: Entry, chosen: bool, t: Texts) -> html.Tr:
    name: Any = html.Span(one.name, className="name")
    if one.state in ("done", "asks"):
        name = html.Button(name, className="pick", **data(file=one.key))
    cells: list[Any] = [
        html.Th(name, scope="row", title=one.name),
        html.Td(verdict(one, t.language)),
    ]
    if one.row is None or not one.row.phases:
        cells.append(html.Td(_why(one, t), colSpan=OTHERS, className=f"why {one.state}"))
    else:
        cells += _numbers(one.row, t)
    if one.row is None:
        return html.Tr(cells)
    look = "opens chosen" if chosen else "opens"
    return html.Tr(cells, className=look, **data(file=one.key))


def _why(one: Entry, t: Texts) -> str:
    if one.row is not None:
        return one.row.sentence
    if one.state == "asks":
        return say(Message("restore.asks_row", {"count": len(one.columns)}), t.language)
    return one.reason(t.language) if one.state == "refused" else ""


def _numbers(row: Row, t: Texts) -> list[html.Td]:
    shares = [_share(row, one, t) for one in row.phases]
    numbers = [
        _cell(one, t, t(f"column_{k}"))
        for k, one in (("position", row.position), ("fwhm", row.fwhm))
    ]
    explained = html.Td(
        html.B(f"{percent(row.explained)} %"),
        className="number",
        **data(label=t("column_explained")),
    )
    return [html.Td(shares), *numbers, explained]


def _share(row: Row, one: Share, t: Texts) -> html.Div:
    name, value, low, high = one
    parts: list[Any] = [
        html.Span(label_of(name, t.language), className=f"words hue-{hue_of(name)}")
    ]
    if row.only is None:
        between = t("span", low=percent(low), high=percent(high))
        parts += [html.B(f" {percent(value)} %"), html.Span(" " + between, className="caption")]
    return html.Div(parts)


def _cell(value: Interval | None, t: Texts, heading: str) -> html.Td:
    if value is None:
        return html.Td(className="number")
    one, low, high = decimals(value, 1)
    parts = [html.B(one), html.Span(t("span", low=low, high=high), className="caption")]
    return html.Td(parts, className="number", **data(label=heading))
