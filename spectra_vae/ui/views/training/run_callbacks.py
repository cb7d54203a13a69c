"""What a person does to runs: watch, tick, rename, stop, delete and bring back, compare."""

from __future__ import annotations

import time
from typing import Any

import dash
from dash import ALL, Dash, Input, Output, State, ctx

from ....text.message import SpectraVaeError, say
from ...components.from_page import names_in
from ...request import language, palette
from ...run_rows import RunRow, bring_back, remove, rename
from .comparison_card import compared
from .needs import Needs

UNDO_SECONDS = 10


def undoable(given: Any) -> list[dict[str, Any]]:
    """Deletions of a store whose ten seconds aren't over."""
    entries = [g for g in given if isinstance(g, dict)] if isinstance(given, list) else []
    return [
        {"run": str(g["run"]), "name": str(g["name"]), "until": g["until"]}
        for g in entries
        if {"run", "name"} <= set(g)
        and isinstance(g.get("until"), int | float)
        and time.time() < g["until"]
    ]


def register(app: Dash, given: Needs) -> None:
    _register_choice(app)
    _register_actions(app, given)
    _register_names(app, given)
    _register_comparison(app, given)
    _register_opening(app, given)


def _register_choice(app: Dash) -> None:
    @app.callback(
        Output("watched", "data"),
        Input({"type": "watch", "run": ALL}, "n_clicks"),
        Input("training-request-note", "data"),
        prevent_initial_call=True,
    )
    def choose(clicks: Any, started: Any) -> Any:
        del started
        if ctx.triggered_id == "training-request-note" or not any(clicks):
            return dash.no_update
        return ctx.triggered_id["run"]


def _register_actions(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("training-version", "data", allow_duplicate=True),
        Output("undo-run", "data"),
        Output("watched", "data", allow_duplicate=True),
        Input("run-action", "data"),
        State("undo-run", "data"),
        prevent_initial_call=True,
    )
    def act(asked: Any, deleted: Any) -> Any:
        """What a button of the table asks, by a store: a table made again would lose the click."""
        try:
            what, run = str(asked["what"]), str(asked["run"])
        except (TypeError, KeyError):
            return [dash.no_update] * 3
        queue = given.trainings.queue
        given.trainings.check_mine(run)
        undo: Any = dash.no_update
        watched: Any = dash.no_update
        if what == "delete":
            name = remove(queue, run)
            entry = {"run": run, "name": name, "until": time.time() + UNDO_SECONDS}
            undo = [*undoable(deleted), entry]
        elif what == "undo":
            bring_back(queue, run)
            undo = [entry for entry in undoable(deleted) if entry["run"] != run]
        elif what == "resume":
            given.trainings.resume(run)
            watched = run
        elif what in ("cancel", "pause"):
            job = queue.get(run)
            if job is not None and job.state == "running":
                watched = run  # else the next run's button would come under the same pointer
            (queue.cancel if what == "cancel" else queue.pause)(run)
        return None, undo, watched


def _register_names(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("training-version", "data", allow_duplicate=True),
        Output({"type": "name", "run": ALL}, "value"),
        Input({"type": "name", "run": ALL}, "value"),
        State({"type": "name", "run": ALL}, "id"),
        prevent_initial_call=True,
    )
    def call_it(values: Any, ids: Any) -> Any:
        """A run's new name; a box whose name is refused, or emptied, gets the old one back."""
        nothing = dash.no_update, [dash.no_update] * len(ids)
        if not values or values[0] is None:  # no run is watched
            return nothing
        run, name = str(ids[0]["run"]), str(values[0])
        row = given.trainings.watched(run)
        if row is None or row.id != run or row.name == name:
            return nothing
        back = dash.no_update, [row.name]
        if not name.strip():
            return back
        try:
            given.trainings.check_mine(run)
            rename(given.trainings.queue, run, name)
        except SpectraVaeError as refused:
            dash.set_props("notice", {"children": say(refused.message, language())})
            return back
        return None, nothing[1]


def _register_comparison(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("comparison", "hidden"),
        Output("comparison-body", "children"),
        Input("compare", "n_clicks"),
        Input("close-comparison", "n_clicks"),
        State("chosen-runs", "data"),
        prevent_initial_call=True,
    )
    def compare(open_it: Any, close: Any, chosen: Any) -> Any:
        del open_it, close
        if ctx.triggered_id == "close-comparison":
            return True, []
        rows: list[RunRow] = [r for r in given.trainings.runs() if r.id in names_in(chosen)]
        return False, compared(rows, palette(), language())


def _register_opening(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("moved-to", "data", allow_duplicate=True),
        Input({"type": "open", "run": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def open_it(clicks: Any) -> Any:
        if not any(clicks):
            return dash.no_update
        run = ctx.triggered_id["run"]
        vs = given.models.model(given.models.chosen(run))
        return {"model": run, "z": vs.origin.tolist(), "n": time.time()}
