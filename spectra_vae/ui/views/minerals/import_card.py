"""An import in the list of minerals: how far it is, or what became of each file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from ....jobs.record import Job
from ....text.message import say
from ...components.attributes import aria, data
from ...components.parts import icon
from ...components.texts import Texts

MOST_REFUSED = 200  # files that are listed with their reason


def running(job: Job, words: str, progress: Mapping[str, Any], spoken: str) -> html.Div:
    t = Texts("minerals", spoken)
    done, total = progress.get("done", 0), progress.get("total") or 1
    bar = html.Progress(value=str(done), max=str(total), **aria(label=words))
    stop = html.Button(t("cancel"), className="quiet small", **data(cancel=job.id))
    line = html.Div([bar, stop], className="progress-line")
    return html.Div([html.Span(words, className="caption"), line], className="import-state")


def ended(job: Job, words: str, spoken: str) -> html.Div:
    """What it added, and what it refused with why."""
    t = Texts("minerals", spoken)
    close = html.Button(
        icon("x-lg"), className="quiet small", **data(dismiss=job.id), **aria(label=t("close"))
    )
    if job.state != "finished" or job.result is None:
        why = job.why
        told = [words] if why is None else [f"{words} ", say(why, spoken)]
        return html.Div(
            [html.Span([icon("exclamation-circle"), *told]), close], className="import-state"
        )
    result = job.result
    refused = [*result.get("refused", []), *result.get("left_out", [])]
    count = {key: len(result.get(key, [])) for key in ("added", "known")}
    head = html.Span([icon("check2"), t("imported", **count, refused=len(refused))])
    reasons = [html.Li(_reason(one, spoken)) for one in refused[:MOST_REFUSED]]
    more = html.Details([html.Summary(t("reasons")), html.Ul(reasons)]) if reasons else None
    return html.Div([head, close, *([more] if more else [])], className="import-state")


def _reason(one: Mapping[str, Any], spoken: str) -> list[Any]:
    why = one["why"]
    return [html.B(str(one["file"])), " ", str(why.get(spoken) or why.get("en"))]
