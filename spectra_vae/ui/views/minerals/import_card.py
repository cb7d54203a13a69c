"""An import in the list of minerals: how far it is, or what became of each file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from ....text.message import Message, say
from ...components.attributes import aria, data
from ...components.parts import icon
from ...components.texts import Texts

MOST_REFUSED = 200  # files that are listed with their reason


def running(
    group: str, words: str, progress: Mapping[str, Any], mine: bool, spoken: str
) -> html.Div:
    """``mine``: whoever looks may end it."""
    t = Texts("minerals", spoken)
    bar = html.Progress(
        value=str(progress["done"]), max=str(progress["total"] or 1), **aria(label=words)
    )
    stop = html.Button(t("cancel"), className="quiet small", **data(cancel=group))
    line = html.Div([bar, *([stop] if mine else [])], className="progress-line")
    return html.Div([html.Span(words, className="caption"), line], className="import-state")


def ended(
    group: str,
    found: Mapping[str, Any],
    unfinished: Sequence[tuple[str, Message | None]],
    spoken: str,
) -> html.Div:
    """What it added, and what it refused with why; and which pieces came to no end."""
    t = Texts("minerals", spoken)
    close = html.Button(
        icon("x-lg"), className="quiet small", **data(dismiss=group), **aria(label=t("close"))
    )
    parts: list[Any] = [_unfinished(words, why, spoken) for words, why in unfinished[:1]]
    refused = [*found.get("refused", []), *found.get("left_out", [])]
    if found:
        count = {key: len(found.get(key, [])) for key in ("added", "known")}
        told = t("imported", **count, refused=len(refused))
        parts.append(html.Span([icon("check2"), told]))
    parts.append(close)
    if refused:
        reasons = [html.Li(_reason(one, spoken)) for one in refused[:MOST_REFUSED]]
        parts.append(html.Details([html.Summary(t("reasons")), html.Ul(reasons)]))
    return html.Div(parts, className="import-state")


def _unfinished(words: str, why: Message | None, spoken: str) -> html.Span:
    told = [words] if why is None else [f"{words} ", say(why, spoken)]
    return html.Span([icon("exclamation-circle"), *told])


def _reason(one: Mapping[str, Any], spoken: str) -> list[Any]:
    why = one["why"]
    return [html.B(str(one["file"])), " ", str(why.get(spoken) or why.get("en"))]
