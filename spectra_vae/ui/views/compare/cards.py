"""The cards of a comparison: files, verdict, factors side by side, checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from ....minerals import Mineral
from ....text.message import Message, say
from ...components.markup import rich, upper_first
from ...components.naming import factor_name
from ...components.parts import icon
from ...components.restored_numbers import naming_factor
from ...components.texts import Texts

if TYPE_CHECKING:
    from ....measure.compare import Compared, Comparison
    from ....measure.report.estimates import Estimate


MOST_COLUMNS = 40  # to choose from


def file(one: Any, side: str, spoken: str) -> list[Any]:
    """What stands beside an upload {name, error | …}: its file, a question, or why not."""
    if not isinstance(one, dict):
        return []
    name = html.Span(one["name"], className="name")
    if columns := one.get("columns"):
        asks = html.Span(say(Message("comparison.which"), spoken), className="caption")
        buttons = [
            html.Button(
                str(column),
                id={"type": "compare-column", "side": side, "number": k},
                className="act small",
            )
            for k, column in enumerate(columns[:MOST_COLUMNS])
        ]
        return [html.Span([name, asks, *buttons], className="file asks")]
    if not one.get("error"):
        return [html.Span([name], className="file")]
    why = say(Message(one["error"]["code"], one["error"]["params"]), spoken)
    refused = html.Span([icon("x-circle"), why], className="refused")
    return [html.Span([name, refused], className="file bad")]


def verdict(c: Comparison, m: Mineral, spoken: str) -> list[Any]:
    """Could it be one state? The first check says it in words."""

    t = Texts("comparison", spoken)

    if c.same is None:
        tag = html.Span([icon("question-circle"), t("unknown")], className="tag")
    elif c.same:
        tag = html.Span([icon("check2"), t("same")], className="tag")
    else:
        tag = html.Span([icon("exclamation-diamond"), t("differs")], className="tag unexplained")
    title = html.H2(t("question"), className="card-title")
    return [
        html.Div([title, tag], className="card-head"),
        html.P(rich(say(c.checks[0], spoken)), className="why"),
        _table(c, m, spoken),
        html.P(t("legend"), className="caption"),
    ]


def _table(c: Comparison, m: Mineral, spoken: str) -> html.Table:
    heads = ("", c.a.name, c.b.name, say(Message("comparison.apart"), spoken))
    head = html.Tr([html.Th(words, scope="col") for words in heads[1:]])
    head.children.insert(0, html.Td())
    rows = [_factor(factor_name(m, name, spoken), one, spoken) for name, one in c.factors.items()]
    return html.Table([html.Thead(head), html.Tbody(rows)], className="compared")


def _factor(name: str, one: Compared, spoken: str) -> html.Tr:
    unknown = say(Message("restore.unknown"), spoken)
    apart = unknown if one.sigmas is None else f"{one.sigmas:+.1f} σ".replace("-", "−")
    return html.Tr(
        [
            html.Th(name, scope="row"),
            _estimate(one.a, spoken),
            _estimate(one.b, spoken),
            html.Td(apart, className="apart"),
        ]
    )


def _estimate(one: Estimate, spoken: str) -> html.Td:
    if one.value is None or one.low is None or one.high is None:
        return html.Td(say(Message("restore.unknown"), spoken))
    ends = {"low": f"{one.low:.2f}", "high": f"{one.high:.2f}"}
    between = html.Span(say(Message("restore.to", ends), spoken), className="caption")
    return html.Td([html.B(f"{one.value:.2f}"), between])


def checks(c: Comparison, m: Mineral, spoken: str) -> list[Any]:
    """What doesn't enter, and what to hold against the verdict."""
    title = html.H2(say(Message("restore.checks"), spoken), className="card-title")
    known = [_translated(check, m, spoken) for check in c.checks[1:]]
    known = known or [Message("comparison.nothing_left_out")]
    rows = [
        html.Li([icon("info-circle"), html.Span(rich(upper_first(say(check, spoken))))])
        for check in known
    ]
    return [title, html.Ul(rows, className="checks")]


def _translated(check: Message, m: Mineral, spoken: str) -> Message:
    """A check that names a factor names it in the reader's language, and so does its reason."""
    told = naming_factor(m, check, spoken)
    why = told.params.get("why")
    if isinstance(why, Message):
        told = Message(told.code, {**told.params, "why": naming_factor(m, why, spoken)})
    return told
