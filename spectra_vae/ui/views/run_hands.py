"""What a person does to runs: watch, tick, rename, stop, delete and bring back, compare."""

from __future__ import annotations

import time
from typing import Any

import dash
from dash import ALL, Dash, Input, Output, State, ctx

from ...folders import rename, undelete
from ..request import language, palette
from ..runs import Row, remove
from ..services import Services
from .run_comparison import compared


def names(given: Any) -> list[str]:
    """The runs of a store: what a page sends may be anything."""
    return [g for g in given if isinstance(g, str)] if isinstance(given, list) else []


def register(app: Dash, services: Services) -> None:
    @app.callback(
        Output("watched", "data"),
        Input({"type": "watch", "run": ALL}, "n_clicks"),
        Input("ticket-note", "data"),
        prevent_initial_call=True,
    )
    def choose(clicks: Any, started: Any) -> Any:
        del started
        if ctx.triggered_id == "ticket-note" or not any(clicks):
            return dash.no_update
        return ctx.triggered_id["run"]

    app.clientside_callback(  # at once: a table made again meanwhile would lose the tick
        "function (values, ids, before) {"
        " const on = Object.fromEntries(ids.map(({ run }, k) => [run, !!values[k]]));"
        " const kept = (before || []).filter((run) => on[run] !== false);"
        " const after = [...new Set([...kept, ...Object.keys(on).filter((run) => on[run])])];"
        " const same = String(after) === String(before || []);"
        " return same ? window.dash_clientside.no_update : after; }",
        Output("chosen-runs", "data"),
        Input({"type": "pick", "run": ALL}, "value"),
        State({"type": "pick", "run": ALL}, "id"),
        State("chosen-runs", "data"),
        prevent_initial_call=True,
    )

    @app.callback(
        Output("training-version", "data", allow_duplicate=True),
        Output("undo-run", "data"),
        Input("asked-run", "data"),
        prevent_initial_call=True,
    )
    def act(asked: Any) -> Any:
        """What a button of the table asks, by a store: a table made again would lose the click."""
        try:
            what, run = str(asked["what"]), str(asked["run"])
        except (TypeError, KeyError):
            return dash.no_update, dash.no_update
        undo: Any = dash.no_update
        if what == "delete":
            name = remove(services.queue, run)
            undo = {"run": run, "name": name, "until": time.time() + 10}
        elif what == "undo":
            undelete(run)
            undo = None
        elif what == "resume":
            services.resume(run)
        elif what == "cancel":
            services.queue.cancel(run)
        elif what == "pause":
            services.queue.pause(run)
        return None, undo

    @app.callback(
        Output("training-version", "data", allow_duplicate=True),
        Input({"type": "name", "run": ALL}, "value"),
        State({"type": "name", "run": ALL}, "id"),
        prevent_initial_call=True,
    )
    def call_it(values: Any, ids: Any) -> Any:
        if not values or values[0] is None:
            return dash.no_update
        row = services.watched(ids[0]["run"])
        if row is None or row.name == values[0]:
            return dash.no_update
        rename(row.id, values[0])
        return None

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
        rows: list[Row] = [r for r in services.runs() if r.id in names(chosen)]
        return False, compared(rows, palette(), language())

    @app.callback(
        Output("moved-to", "data", allow_duplicate=True),
        Input({"type": "open", "run": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def open_it(clicks: Any) -> Any:
        if not any(clicks):
            return dash.no_update
        run = ctx.triggered_id["run"]
        vs = services.model(services.known(run))
        return {"model": run, "z": vs.origin.tolist(), "n": time.time()}
