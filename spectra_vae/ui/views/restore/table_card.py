"""Several files as a table: one row each, whatever became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from ....identification.result import VERDICTS as IDENTIFIED
from ....measure.report.summary import VERDICTS, Summary, is_quantity
from ....measure.report.units import UNITS
from ....minerals import Mineral
from ....text.formatting import decimals
from ....text.message import Message, say
from ...components.attributes import data
from ...components.markup import rich
from ...components.naming import factor_name, quantities, quantity_name
from ...components.restored_numbers import share
from ...components.texts import Texts
from ...measurements import Entry
from .strip import verdict

KINDS = (*IDENTIFIED, *VERDICTS, "asks", "refused", "waiting")
SIGNED = ("shift",)
DIGITS = {"position": 1}


def columns(minerals: Sequence[Mineral]) -> dict[str, Mineral]:
    """What the table tells of files: their minerals' factors and the published quantities, each
    with the mineral that names it.
    """
    told: dict[str, Mineral] = {}
    for m in minerals:
        named = [f.name for f in m.factors if f.effect not in ("scale", "counts")]
        told = {**dict.fromkeys([*named, *quantities(m)], m), **told}
    return dict(sorted(told.items(), key=lambda one: is_quantity(one[0])))


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
    if one.row is not None:
        return one.row.verdict
    return one.state if one.summary is None else one.summary.verdict


def table(
    found: Sequence[Entry], shown: Mapping[str, Mineral], chosen: Any, spoken: str
) -> html.Table:
    """One row a file: its verdict, values with intervals, novelty; a click opens it."""

    t = Texts("restore", spoken)

    heads = [html.Th(t("column_file"), scope="col"), html.Th(t("column_verdict"), scope="col")]
    for name, m in shown.items():
        heads.append(html.Th(rich(_heading(m, name, spoken)), scope="col", className="number"))
    heads.append(html.Th(t("column_novelty"), scope="col", className="number"))
    rows = [_row(one, shown, one.key == chosen, spoken) for one in found]
    return html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="runs")


def _heading(m: Mineral, name: str, spoken: str) -> str:
    if is_quantity(name):
        words = quantity_name(m, name, spoken, "column")
    else:
        words = factor_name(m, name, spoken)
    unit = ", cm⁻¹" if UNITS.get(name) == "cm-1" else ""
    return words + unit


def _row(one: Entry, shown: Mapping[str, Mineral], chosen: bool, spoken: str) -> html.Tr:
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
    for column, m in shown.items():
        cells.append(_number(_value(one.summary, column, spoken), _heading(m, column, spoken)))
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
