"""Training's board and the run that is watched, looked at again every second."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash
from dash import ClientsideFunction, Dash, Input, Output, State, ctx, html

from ....jobs.tasks.train import train
from ....minerals import Mineral, mineral, minerals
from ....storage.runs import history_of, read_config, read_live, run_folder
from ....text.message import Message, say
from ...components.from_page import names_in
from ...components.naming import factor_name
from ...components.texts import Texts
from ...guard.refusals import sentence_of
from ...models import DEFAULT_MODEL
from ...request import language, palette
from ...run_rows import RunRow
from ...shell.view import looked_at, themed
from . import figure, form_callbacks, run_callbacks
from .layout import TICK
from .needs import NAME, Needs
from .over_steps_figure import Rows
from .run_callbacks import undoable
from .run_head_card import running_head, running_progress
from .runs_cards import queue_card, runs_table

DRAWN_EVERY = 2  # looks: four figures take the browser a good part of a second


def register(app: Dash, given: Needs) -> None:
    form_callbacks.register(app, given)
    _register_scripts(app)
    _register_request(app, given)
    _register_board(app, given)
    _register_watch(app, given)
    _register_gone(app, given)
    run_callbacks.register(app, given)


def _register_scripts(app: Dash) -> None:
    """What the page does itself when a store changes."""
    app.clientside_callback(  # beyond this view, nothing may listen to what stands in it
        ClientsideFunction(NAME, "changed"),
        Output("runs-version", "data"),
        Input("training-version", "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(  # a look that overtakes another takes its answer away
        ClientsideFunction(NAME, "look"),
        Output("training-look", "data"),
        Input("training-tick", "n_intervals"),
        State("training-look", "data"),
        State("board-look", "data"),
        State("watched-look", "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction(NAME, "watch"),
        Output("run-head", "title"),
        Input("watched", "data"),
        prevent_initial_call=True,
    )


def _register_request(app: Dash, given: Needs) -> None:
    app.callback(
        Output("training-request-result", "data"),
        Input("training-request", "data"),
        background=True,  # the queue's worker runs it, whatever becomes of this page
        manager=given.manager,
        progress=[Output("training-request-note", "data")],
        interval=TICK,
        on_error=_refused,
        prevent_initial_call=True,
    )(train)

    @app.callback(
        Output("notice", "children", allow_duplicate=True),
        Input("training-request-result", "data"),
        prevent_initial_call=True,
    )
    def tell(result: Any) -> Any:
        """Why nothing was started: beside a background call, no other part of the page changes."""
        refused = result.get("refused") if isinstance(result, dict) else None
        return refused if isinstance(refused, str) else dash.no_update


def _refused(wrong: Exception) -> dict[str, str]:
    """What comes back of a start that was lost."""
    return {"refused": say(sentence_of(wrong), language())}


def _register_board(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("runs-table", "children"),
        Output("runs-words", "children"),
        Output("queue-card", "children"),
        Output("training-version", "data"),
        Output("compare", "children"),
        Output("compare", "disabled"),
        Output("compare", "title"),
        Output("board-stamp", "data"),
        Output("board-look", "data"),
        Input("training-look", "data"),
        looked_at(NAME),
        Input("run-search", "value"),
        Input("chosen-runs", "data"),
        Input("undo-run", "data"),
        Input("watched", "data"),
        State("training-version", "data"),
        State("board-stamp", "data"),
    )
    def board(
        look: Any,
        shown: Any,
        search: Any,
        chosen: Any,
        undo: Any,
        watched: Any,
        seen: Any,
        drawn: Any,
    ) -> Any:
        del shown
        trainings, t = given.trainings, Texts("training", language())
        trainings.keep_working()
        deleted = undoable(undo)
        version = f"{trainings.version()}-{len(deleted)}"
        stamp = [version, search, chosen, watched]
        if ctx.triggered_id == "training-look" and seen == version and drawn == stamp:
            return [*[dash.no_update] * 8, look]
        rows = trainings.runs()
        ticked = [r for r in names_in(chosen) if any(row.id == r for row in rows)]
        table, words = runs_table(rows, ticked, str(search or ""), watched, t.language)
        queue = queue_card(trainings.queue, deleted, t.language)
        button = t("compare"), True, t("compare_how")
        if len(ticked) > 1:
            button = t("compare_n", count=len(ticked)), False, ""
        return table, words, queue, version, *button, stamp, look


def _register_watch(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("run-head", "children"),
        Output("run-progress", "children"),
        Output("live-loss", "figure"),
        Output("live-kl", "figure"),
        Output("live-sample", "figure"),
        Output("live-heat", "figure"),
        Output("live-plots", "hidden"),
        Output("watched-stamp", "data"),
        Output("watched-look", "data"),
        Input("training-look", "data"),
        looked_at(NAME),
        Input("watched", "data"),
        themed(NAME),
        Input("training-version", "data"),
        State("watched-stamp", "data"),
    )
    def watch(look: Any, shown: Any, wanted: Any, theme: Any, version: Any, seen: Any) -> Any:
        del shown
        spoken = language()
        row = given.trainings.watched(wanted)
        if row is None:
            head = html.P(say(Message("training.nothing"), spoken), className="empty-words")
            return [head, None, *[dash.no_update] * 4, True, None, look]
        live = read_live(run_folder(row.id))
        why = row.message and row.message.code
        now = (live.get("time"), live.get("step"), why, theme)
        stamp = [row.id, row.state, row.ask, row.name, *now]
        by_itself = ctx.triggered_id == "training-look"
        if by_itself and seen == stamp:
            return [*[dash.no_update] * 8, look]
        same = version and isinstance(seen, list) and seen[:4] == stamp[:4]
        rows = history_of(run_folder(row.id))
        later = isinstance(look, int) and look % DRAWN_EVERY
        drawn = not (by_itself and same and later)
        return [
            dash.no_update if same else running_head(row, spoken),  # somebody may type a name
            running_progress(row, live, rows, spoken),
            *(_figures(given, row, live, rows, spoken) if drawn else [dash.no_update] * 4),
            not live and row.state != "running",
            stamp if drawn else [*stamp[:4], None],  # what isn't drawn yet is at the next look
            look,
        ]


def _register_gone(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("notice", "children", allow_duplicate=True),
        Input("watched", "data"),
        prevent_initial_call="initial_duplicate",
    )
    def say_if_gone(wanted: Any) -> Any:
        """By itself: the look at the run may begin before the link's run is there."""
        if not wanted:
            return dash.no_update
        row = given.trainings.watched(wanted)
        if row is not None and row.id == wanted:
            return dash.no_update
        return say(Message("error.unknown_run", {"name": str(wanted)[:80]}), language())


def _mineral_of(given: Needs, row: RunRow, config: Mapping[str, Any]) -> Mineral:
    """The run's; its model keeps it when its table is gone, and without a model any will do."""
    if row.usable:
        return given.models.mineral_of(row.id)
    usual = given.models.mineral_of(DEFAULT_MODEL)
    name = str(config.get("mineral", usual.name))
    return mineral(name) if name in minerals() else usual


def _figures(
    given: Needs, row: RunRow, live: Mapping[str, Any], rows: Rows, spoken: str
) -> list[Any]:
    """Loss, KL, an unseen spectrum and the map of the run that is watched."""
    config, colours = read_config(run_folder(row.id)) or dict(row.config), palette()
    steps = int(live.get("steps") or config.get("steps") or 1)
    m = _mineral_of(given, row, config)
    guided = {}
    if config.get("supervision") in ("guided", "pairs"):
        guided = {int(j): f for f, j in config.get("guided", {}).items()}
    names = {j: factor_name(m, f, spoken) for j, f in guided.items()}
    return [
        figure.loss(rows, steps, colours, spoken),
        figure.kl(rows, steps, guided, m, colours, spoken),
        figure.sample(live, m, colours, spoken),
        figure.heat(live, m, names, colours, spoken),
    ]
