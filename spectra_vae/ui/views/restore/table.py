"""Several files as a table that fills while they are restored, and as CSV."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import dash
from dash import Dash, Input, Output, State, dcc, html

from ....measure.report.summary import QUANTITIES, VERDICTS, Summary, table_csv
from ....measure.report.units import UNITS
from ....text.formatting import decimals
from ....text.message import Message, say
from ... import uploads
from ...components.restored_numbers import share
from ...request import language
from ...services import Services
from ...shell.layout import data, rich, save_button
from ...uploads import Entry
from .files import verdict

KINDS = (*VERDICTS, "asks", "refused", "waiting")
SIGNED = ("shift",)
DIGITS = {"position": 1}


def layout(spoken: str) -> html.Div:
    head = html.Div(
        [
            html.H2(id="table-title", className="card-title"),
            html.Div(
                save_button("save-table", "CSV", say(Message("restore.save_table"), spoken)),
                className="tools",
            ),
        ],
        className="card-head",
    )
    return html.Div(
        [
            head,
            html.Div(id="files-table", className="files-table"),
            html.P(say(Message("restore.table_words"), spoken), className="caption"),
            dcc.Download(id="download-table"),
        ],
        id="restore-table",
        className="card",
        hidden=True,
    )


def register(app: Dash, services: Services) -> None:
    @app.callback(
        Output("files-table", "children"),
        Output("table-title", "children"),
        Input("results", "data"),
        Input("chosen-file", "data"),
        prevent_initial_call=True,
    )
    def fill(results: Any, chosen: Any) -> Any:
        found = uploads.entries(results)
        if len(found) < 2:
            return [], ""
        spoken = language()
        return table(found, columns(services), chosen, spoken), title(found, spoken)

    @app.callback(
        Output("download-table", "data"),
        Input("save-table", "n_clicks"),
        State("results", "data"),
        prevent_initial_call=True,
    )
    def save(clicks: Any, results: Any) -> Any:
        spoken = language()
        told = [
            (one.name, one.summary or one.reason(spoken))
            for one in uploads.entries(results)
            if one.state != "waiting"
        ]
        if not clicks or not told:
            return dash.no_update
        return {"content": table_csv(told), "filename": "restored.csv", "type": "text/csv"}


def columns(services: Services) -> list[str]:
    """What the table tells of a file: the mineral's factors and the published quantities."""
    factors = services.mineral_of(services.default_model).factors
    named = [f.name for f in factors if f.effect not in ("scale", "counts")]
    return [*named, *QUANTITIES]


def title(found: Sequence[Entry], spoken: str) -> str:
    """How many uploads, and how they fared."""
    count = Counter(_kind(one) for one in found)
    parts = [
        say(Message(f"restore.count_{kind}", {"count": count[kind]}), spoken)
        for kind in KINDS
        if count[kind]
    ]
    return say(Message("restore.files_title", {"count": len(found)}), spoken) + ", ".join(parts)


def _kind(one: Entry) -> str:
    return one.state if one.summary is None else one.summary.verdict


def table(found: Sequence[Entry], shown: Sequence[str], chosen: Any, spoken: str) -> html.Table:
    """One row a file: its verdict, values with intervals, novelty; a click opens it."""

    def t(key: str) -> str:
        return say(Message(f"restore.{key}"), spoken)

    heads = [html.Th(t("column_file"), scope="col"), html.Th(t("column_verdict"), scope="col")]
    for name in shown:
        heads.append(html.Th(rich(_heading(name, spoken)), scope="col", className="number"))
    heads.append(html.Th(t("column_novelty"), scope="col", className="number"))
    rows = [_row(one, shown, one.key == chosen, spoken) for one in found]
    return html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="runs")


def _heading(name: str, spoken: str) -> str:
    key = f"restore.column_{name}" if name in QUANTITIES else f"factor.{name}"
    unit = ", cm⁻¹" if UNITS.get(name) == "cm-1" else ""
    return say(Message(key), spoken) + unit


def _row(one: Entry, shown: Sequence[str], chosen: bool, spoken: str) -> html.Tr:
    opens = one.state in ("done", "asks")
    name: Any = html.Span(one.name, className="name")
    if opens:
        name = html.Button(name, className="pick", **data(file=one.key))
    cells: list[Any] = [
        html.Th(name, scope="row", title=one.name),
        html.Td(verdict(one, spoken)),
    ]
    if one.summary is None:
        why = one.reason(spoken) if one.state == "refused" else ""
        if one.state == "asks":
            why = say(Message("restore.asks_row", {"count": len(one.columns)}), spoken)
        cells.append(html.Td(why, colSpan=len(shown) + 1, className=f"why {one.state}"))
        return html.Tr(cells)
    for column in shown:
        cells.append(_number(_value(one.summary, column, spoken), _heading(column, spoken)))
    novelty = say(Message("restore.column_novelty"), spoken)
    cells.append(_number(_novelty(one.summary, spoken), novelty))
    return html.Tr(cells, className="opens chosen" if chosen else "opens", **data(file=one.key))


def _number(parts: list[Any], heading: str) -> html.Td:
    """A cell that can say what it is where the table has no head: on a phone."""
    return html.Td(parts, className="number", **data(label=heading))


def _value(row: Summary, name: str, spoken: str) -> list[Any]:
    value = row.values.get(name)
    if value is None:
        return [html.Span(say(Message("restore.unknown"), spoken), className="caption")]
    digits = DIGITS.get(name, 2)
    sign = "+" if name in SIGNED else ""
    one, low, high = decimals(value, digits, sign, digits)
    between = say(Message("restore.span", {"low": low, "high": high}), spoken)
    return [html.B(one), html.Span(between, className="caption")]


def _novelty(row: Summary, spoken: str) -> list[Any]:
    parts: list[Any] = [html.B(f"{row.score:.2f}")]
    if row.percentile is not None:
        above = Message("restore.above_share", {"percent": share(row.percentile)})
        parts.append(html.Span(say(above, spoken), className="caption"))
    return parts
