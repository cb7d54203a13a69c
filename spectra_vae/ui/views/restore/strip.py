"""The strip of files: each with its verdict, or why it was refused."""

from __future__ import annotations

from dash import html

from ....analysis.role_words import word
from ....identification.row import Row
from ....measure.report.summary import is_quantity
from ....text.message import Message, say
from ...components.attributes import aria, data
from ...components.parts import icon
from ...components.phase_looks import label_of
from ...components.texts import Texts
from ...measurements import Entry
from .cards import SIGNS


def chip(one: Entry, chosen: bool, spoken: str) -> html.Div:
    """A file of the strip; a refused one stays, with its reason."""
    name = html.Span(one.name, className="name")
    words = say(Message("restore.remove", {"name": one.name}), spoken)
    remove = html.Button(
        icon("x-lg"), className="remove", title=words, **data(remove=one.key), **aria(label=words)
    )
    if one.state == "refused":
        why = html.Span([icon("x-circle"), one.reason(spoken)], className="refused")
        return html.Div([name, why, remove], className="file bad")
    if one.state == "waiting":
        return html.Div([name, verdict(one, spoken), remove], className="file")
    opens = html.Button(
        [name, verdict(one, spoken)],
        className="opens-file",
        **data(file=one.key),
        **aria(pressed=str(chosen).lower()),
    )
    return html.Div([opens, remove], className="file chosen" if chosen else "file")


def verdict(one: Entry, spoken: str) -> html.Span:
    """A file's state as a tag: icon and words."""

    t = Texts("restore", spoken)

    if one.state == "refused":
        return html.Span([icon("x-circle"), t("refused")], className="tag bad")
    if one.state == "asks":
        return html.Span([icon("question-circle"), t("asks")], className="tag asks")
    if one.row is not None:
        return _identified(one.row, spoken)
    row = one.summary
    if row is None:
        return html.Span([icon("hourglass"), t("waiting")], className="tag")
    symbol, look = SIGNS[row.verdict]
    if row.verdict == "undecided":
        return html.Span([icon(symbol), t(row.verdict)], className=look)
    count = row.foreign
    more = "" if count == 0 else t("foreign_one" if count == 1 else "foreign_many", count=count)
    if row.verdict == "normal":
        unknown = [k for k, value in row.values.items() if value is None and not is_quantity(k)]
        more += "".join(t("and_unknown", name=word("factor", name)) for name in unknown[:1])
    return html.Span([icon(symbol), t(row.verdict) + more], className=look)


def _identified(row: Row, spoken: str) -> html.Span:
    """What a file is: its phases, or that it is none of the library's."""
    t = Texts("identified", spoken)
    if not row.phases:
        words = t("tag_unknown") if row.bands else t("tag_nothing")
        symbol, look = SIGNS["alien" if row.bands else "undecided"]
        return html.Span([icon(symbol), words], className=look)
    words = t("plus").join(label_of(name, spoken) for name, *_ in row.phases)
    if row.foreign:
        words += t("tag_one" if row.foreign == 1 else "tag_many", count=row.foreign)
    symbol, look = SIGNS["alien" if row.foreign or row.verdict != "identified" else "normal"]
    return html.Span([icon(symbol), words], className=look)
