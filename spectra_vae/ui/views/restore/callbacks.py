"""The strip and the table of files: sent one at a time, each with its verdict or its question."""

from __future__ import annotations

import logging
from typing import Any

import dash
from dash import ClientsideFunction, Dash, Input, Output, State

from ....identification.row import rows_csv
from ....measure.report.summary import table_csv
from ...components.model_choice import model_options
from ...measurements import checked, entries, summarised
from ...models import DEFAULT_MODEL
from ...request import language
from ...shell.view import looked_at
from . import (
    identified_callbacks,
    identified_table,
    question_card,
    result_callbacks,
    strip,
    table_card,
)
from .layout import ways
from .needs import NAME, Needs


def register(app: Dash, given: Needs) -> None:
    _register_restoring(app, given)
    _register_strip(app)
    _register_table(app, given)
    result_callbacks.register(app, given)
    identified_callbacks.register(app, given)
    _register_models(app, given)


def _register_models(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("restore-as", "options"),
        looked_at(NAME),
        prevent_initial_call=True,
    )
    def known(shown: Any) -> Any:
        """Runs may have finished since."""
        del shown
        return ways(model_options(given.models, language()), language())


def _register_restoring(app: Dash, given: Needs) -> None:
    app.clientside_callback(
        ClientsideFunction("restore", "drop"),
        Output("upload", "contents"),
        Input("upload", "contents"),
        State("upload", "filename"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("restore", "take"),
        Output("results", "data"),
        Input("restore-answer", "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("restore", "sendAgain"),
        Output("restore-strip", "title"),
        Input("restore-gone", "data"),
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
        one = checked(asked, given.files)
        try:
            answer = summarised(given.restorations, given.identifications, key, one)
            if answer["state"] == "asks" and one is not None:
                content = given.files.get(one.digest) or b""
                answer["previews"] = question_card.previews(content, one.name, answer["columns"])
        except Exception as wrong:  # one bad file must not stop the others
            logging.getLogger("spectra_vae").exception("a file failed", exc_info=wrong)
            answer = summarised(given.restorations, given.identifications, key, None)
        return answer


def _register_strip(app: Dash) -> None:
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
    def show(results: Any, chosen: Any) -> Any:
        spoken = language()
        found = entries(results)
        asking = [one for one in found if one.state == "asks"]
        question = next((one for one in asking if one.key == chosen), asking[0] if asking else None)
        previews = question_card.images(results, question)
        return (
            [strip.chip(one, one.key == chosen, spoken) for one in found],
            question_card.card(question, asking, previews, spoken) if question else [],
            question is None,
        )


def _register_table(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("files-table", "children"),
        Output("table-title", "children"),
        Input("results", "data"),
        Input("chosen-file", "data"),
        prevent_initial_call=True,
    )
    def fill(results: Any, chosen: Any) -> Any:
        found = entries(results)
        if len(found) < 2:
            return [], ""
        spoken = language()
        models = given.models
        identified = [one for one in found if one.row or one.summary is None]
        restored = [one for one in found if one.summary]
        if not any(one.row for one in found):
            identified, restored = [], found
        made = {one.summary.settings["model"] for one in restored if one.summary} or {DEFAULT_MODEL}
        minerals = [models.mineral_of(models.known(name)) for name in sorted(made)]
        columns = table_card.columns(minerals)
        tables = [identified_table.table(identified, chosen, spoken)] if identified else []
        tables += [table_card.table(restored, columns, chosen, spoken)] if restored else []
        return tables, table_card.title(found, spoken)

    @app.callback(
        Output("download-table", "data"),
        Input("save-table", "n_clicks"),
        State("results", "data"),
        prevent_initial_call=True,
    )
    def save(clicks: Any, results: Any) -> Any:
        spoken = language()
        done = [one for one in entries(results) if one.state != "waiting"]
        if not clicks or not done:
            return dash.no_update
        if any(one.row for one in done):
            told = [(one.name, one.row or one.reason(spoken)) for one in done if not one.summary]
            return {"content": rows_csv(told), "filename": "identified.csv", "type": "text/csv"}
        rows = [(one.name, one.summary or one.reason(spoken)) for one in done]
        return {"content": table_csv(rows), "filename": "restored.csv", "type": "text/csv"}
