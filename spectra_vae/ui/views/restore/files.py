"""The strip of files: sent one at a time, each with its verdict, its question or its reason."""

from __future__ import annotations

import logging
from typing import Any

import dash
from dash import ClientsideFunction, Dash, Input, Output, State, html

from ....measure.report.summary import QUANTITIES
from ....text.message import Message, say
from ... import uploads
from ...request import language
from ...services import Services
from ...shell.layout import aria, data, icon
from ...uploads import Entry
from . import question as restore_question
from .cards import SIGNS


def register(app: Dash, services: Services) -> None:
    app.clientside_callback(
        ClientsideFunction("restore", "drop"),
        Output("upload", "contents"),
        Input("upload", "contents"),
        State("upload", "filename"),
        State("model", "value"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("restore", "take"),
        Output("results", "data"),
        Input("restore-answer", "data"),
        prevent_initial_call=True,
    )

    @app.callback(
        Output("restore-answer", "data"),
        Input("restore-ask", "data"),
        prevent_initial_call=True,
    )
    def restore(asked: Any) -> Any:
        """One file; whatever goes wrong, the page hears of it and sends the next."""
        if not isinstance(asked, dict):
            return dash.no_update
        key = str(asked.get("key"))[:80]
        given = uploads.checked(asked)
        try:
            said = uploads.answer(services, key, given)
            if said["state"] == "asks" and given is not None:
                said["previews"] = restore_question.previews(given, said["columns"])
        except Exception as wrong:  # one bad file must not stop the others
            logging.getLogger("spectra_vae").exception("a file failed", exc_info=wrong)
            said = uploads.answer(services, key, None)
        return said

    app.clientside_callback(
        ClientsideFunction("restore", "follow"),
        Output("files", "className"),
        Input("files", "children"),
        prevent_initial_call=True,
    )

    @app.callback(
        Output("files", "children"),
        Output("column-question", "children"),
        Output("column-question", "hidden"),
        Input("results", "data"),
        Input("chosen-file", "data"),
        prevent_initial_call=True,
    )
    def strip(results: Any, chosen: Any) -> Any:
        spoken = language()
        found = uploads.entries(results)
        asking = [one for one in found if one.state == "asks"]
        question = next((one for one in asking if one.key == chosen), asking[0] if asking else None)
        previews = restore_question.images(results, question)
        return (
            [chip(one, one.key == chosen, spoken) for one in found],
            restore_question.card(question, asking, previews, spoken) if question else [],
            question is None,
        )


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

    def t(key: str, **params: Any) -> str:
        return say(Message(f"restore.{key}", params), spoken)

    if one.state == "refused":
        return html.Span([icon("x-circle"), t("refused")], className="tag bad")
    if one.state == "asks":
        return html.Span([icon("question-circle"), t("asks")], className="tag asks")
    row = one.summary
    if row is None:
        return html.Span([icon("hourglass"), t("waiting")], className="tag")
    symbol, look = SIGNS[row.verdict]
    if row.verdict == "undecided":
        return html.Span([icon(symbol), t(row.verdict)], className=look)
    count = row.foreign
    more = "" if count == 0 else t("foreign_one" if count == 1 else "foreign_many", count=count)
    if row.verdict == "normal":
        unknown = [k for k, value in row.values.items() if value is None and k not in QUANTITIES]
        more += "".join(t("and_unknown", name=Message(f"factor.{name}")) for name in unknown[:1])
    return html.Span([icon(symbol), t(row.verdict) + more], className=look)
