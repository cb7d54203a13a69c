"""Training: configure, queue, watch, compare; every run is found again from anywhere."""

from __future__ import annotations

from typing import Any

import dash
import dash_bootstrap_components as dbc
from dash import ClientsideFunction, Dash, Input, Output, State, ctx, dcc, html

from ....jobs.tasks.train import train
from ....minerals import mineral
from ....storage.runs import history_of, read_config, read_live, run_folder
from ....text.message import Message, say
from ...background import QueueManager
from ...components import plotting
from ...request import language, palette
from ...services import Services
from ...shell.layout import aria, icon, looked_at, themed
from . import figure, form, form_callbacks, run_callbacks
from .run_callbacks import names, undoable
from .run_head import running_head, running_progress
from .runs import queue_card, runs_table

NAME = "training"
TICK = 1000  # ms


def layout(spoken: str, services: Services) -> list[Any]:
    def t(key: str) -> str:
        return say(Message(f"training.{key}"), spoken)

    def plot(name: str, words: str) -> html.Div:
        graph = dcc.Graph(
            id=f"live-{name}",
            figure=plotting.BLANK,
            config=plotting.CONFIG,
            responsive=True,
            style={"height": "14.5rem"},
        )
        return html.Div([html.H3(words, className="plot-title"), graph], className="live-plot")

    running = html.Div(
        [
            html.Div(
                [html.Div(id="run-head"), html.Div(id="run-progress")],
                className="run-head",
                role="region",
                **aria(label=t("run")),
            ),
            html.Div(
                [
                    plot("loss", t("loss_title")),
                    plot("kl", t("kl_title")),
                    plot("sample", t("sample_title")),
                    plot("heat", t("heat_title")),
                ],
                className="live-plots",
                id="live-plots",
            ),
        ],
        className="card running-card",
    )
    runs = html.Div(
        [
            html.Div(
                [
                    html.H2(t("runs"), className="card-title"),
                    html.Span(id="runs-words", className="caption"),
                    html.Div(
                        [
                            html.Label(
                                [
                                    html.Span(t("search"), className="visually-hidden"),
                                    dbc.Input(
                                        id="run-search",
                                        type="search",
                                        placeholder=t("search"),
                                        maxLength=60,
                                    ),
                                ]
                            ),
                            html.Button(t("compare"), id="compare", className="act", disabled=True),
                        ],
                        className="tools",
                    ),
                ],
                className="card-head",
            ),
            html.Div(
                id="runs-table",
                className="runs-table",
                role="region",
                tabIndex=0,
                **aria(label=t("runs")),
            ),
        ],
        className="card",
    )
    comparison = html.Div(
        [
            html.Div(
                [
                    html.H2(t("comparison"), className="card-title"),
                    html.Div(
                        html.Button(
                            [icon("x-circle"), t("close")], id="close-comparison", className="act"
                        ),
                        className="tools",
                    ),
                ],
                className="card-head",
            ),
            html.Div(id="comparison-body"),
        ],
        id="comparison",
        className="card",
        hidden=True,
    )
    return [
        form.layout(spoken, services),
        html.Div(
            [
                running,
                comparison,
                html.Div(
                    [runs, html.Div(id="queue-card", className="card queue")],
                    className="pair queue-pair",
                ),
            ],
            className="stack",
        ),
        dcc.Interval(id="training-tick", interval=TICK, disabled=True),
        dcc.Store(id="ticket"),
        dcc.Store(id="ticket-note"),
        dcc.Store(id="ticket-result"),
        dcc.Store(id="watched"),
        dcc.Store(id="chosen-runs", data=[]),
        dcc.Store(id="training-version"),
        dcc.Store(id="watched-stamp"),
        dcc.Store(id="undo-run"),
        dcc.Store(id="asked-run"),
    ]


def register(app: Dash, services: Services, manager: QueueManager) -> None:
    form_callbacks.register(app, services)
    app.clientside_callback(  # beyond this view, nothing may listen to what stands in it
        ClientsideFunction(NAME, "changed"),
        Output("runs-version", "data"),
        Input("training-version", "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction(NAME, "watch"),
        Output("run-head", "title"),
        Input("watched", "data"),
        prevent_initial_call=True,
    )
    app.callback(
        Output("ticket-result", "data"),
        Input("ticket", "data"),
        background=True,  # the queue's worker runs it, whatever becomes of this page
        manager=manager,
        progress=[Output("ticket-note", "data")],
        interval=TICK,
        prevent_initial_call=True,
    )(train)
    _register_board(app, services)
    _register_watch(app, services)
    run_callbacks.register(app, services)


def _register_board(app: Dash, services: Services) -> None:
    @app.callback(
        Output("runs-table", "children"),
        Output("runs-words", "children"),
        Output("queue-card", "children"),
        Output("training-version", "data"),
        Output("compare", "children"),
        Output("compare", "disabled"),
        Output("compare", "title"),
        Input("training-tick", "n_intervals"),
        looked_at(NAME),
        Input("run-search", "value"),
        Input("chosen-runs", "data"),
        Input("undo-run", "data"),
        Input("watched", "data"),
        State("training-version", "data"),
    )
    def board(
        tick: Any, shown: Any, search: Any, chosen: Any, undo: Any, watched: Any, seen: Any
    ) -> Any:
        del tick, shown
        services.keep_working()
        deleted = undoable(undo)
        version = f"{services.runs_version()}-{len(deleted)}"
        if ctx.triggered_id == "training-tick" and seen == version:
            return [dash.no_update] * 7
        spoken = language()
        rows = services.runs()
        picked = [r for r in names(chosen) if any(row.id == r for row in rows)]
        table, words = runs_table(rows, picked, str(search or ""), watched, spoken)
        queue = queue_card(services.queue, deleted, spoken)
        text = say(Message("training.compare_n", {"count": len(picked)}), spoken)
        if len(picked) > 1:
            return table, words, queue, version, text, False, ""
        button = say(Message("training.compare"), spoken)
        why = say(Message("training.compare_how"), spoken)
        return table, words, queue, version, button, True, why


def _register_watch(app: Dash, services: Services) -> None:
    @app.callback(
        Output("run-head", "children"),
        Output("run-progress", "children"),
        Output("live-loss", "figure"),
        Output("live-kl", "figure"),
        Output("live-sample", "figure"),
        Output("live-heat", "figure"),
        Output("live-plots", "hidden"),
        Output("watched-stamp", "data"),
        Input("training-tick", "n_intervals"),
        looked_at(NAME),
        Input("watched", "data"),
        themed(NAME),
        Input("training-version", "data"),
        State("watched-stamp", "data"),
    )
    def watch(tick: Any, shown: Any, wanted: Any, theme: Any, version: Any, seen: Any) -> Any:
        del tick, shown
        spoken, colours = language(), palette()
        row = services.watched(wanted)
        found = row is not None and row.id == wanted
        if "watched.data" in ctx.triggered_prop_ids and wanted and not found:
            gone = Message("error.unknown_run", {"name": str(wanted)[:80]})
            dash.set_props("notice", {"children": say(gone, spoken)})
        if row is None:
            head = html.P(say(Message("training.nothing"), spoken), className="empty-words")
            return [head, None, *[dash.no_update] * 4, True, None]
        folder = run_folder(row.id)
        live = read_live(folder)
        stamp = [row.id, row.state, row.ask, row.name, live.get("time"), live.get("step"), theme]
        if ctx.triggered_id == "training-tick" and seen == stamp:
            return [dash.no_update] * 8
        same = version and isinstance(seen, list) and seen[:4] == stamp[:4]
        rows = history_of(folder)
        config = read_config(folder) or dict(row.config)
        steps = int(live.get("steps") or config.get("steps") or 1)
        m = mineral(str(config.get("mineral", services.default_mineral)))
        guided = {}
        if config.get("supervision") in ("guided", "pairs"):
            guided = {int(j): f for f, j in config.get("guided", {}).items()}
        names = {j: say(Message(f"factor.{f}"), spoken) for j, f in guided.items()}
        return [
            dash.no_update if same else running_head(row, spoken),  # somebody may type a name
            running_progress(row, live, rows, spoken),
            figure.loss(rows, steps, colours, spoken),
            figure.kl(rows, steps, guided, m, colours, spoken),
            figure.sample(live, colours, spoken),
            figure.heat(live, names, colours, spoken),
            not live and row.state != "running",
            stamp,
        ]
