"""Restore: drop a measured file, see the mineral, numbers and what doesn't fit.

Results live in the page (a store); the server keeps nothing of anybody's files.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

import dash
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html

from ...examples import NAMES, example
from ...message import Message, SpectraVaeError, say
from ...readers.door import MAX_MEGABYTES
from .. import figures
from ..request import language, palette
from ..services import Services
from . import restored
from .shell import aria, graph, icon, segmented, skeleton

NAME = "restore"
MOST_FILES = 12


def layout(spoken: str, services: Services) -> list[Any]:
    del services

    def t(key: str) -> str:
        return say(Message(f"restore.{key}"), spoken)

    examples = [
        html.Button(t(f"example_{name}"), id={"type": "example", "name": name}, className="link")
        for name in NAMES
    ]
    strip = html.Div(
        [
            dcc.Upload(
                html.Button([icon("plus-lg"), t("add")], className="add"),
                id="upload",
                multiple=True,
                max_size=MAX_MEGABYTES * 1_000_000,
            ),
            html.Div(id="files", className="files", role="group", **aria(label=t("files"))),
        ],
        className="strip",
    )
    busy = html.Div(
        [html.P(t("busy")), *skeleton(4)], id="restore-busy", className="card busy", hidden=True
    )
    empty = html.Div(
        [
            icon("file-earmark-arrow-up"),
            html.H1(t("empty")),
            html.P([t("or_try"), " ", *_joined(examples)]),
            html.P(t("formats"), className="caption"),
        ],
        id="restore-empty",
        className="empty",
    )
    figure = html.Div(
        [
            html.Div(
                [
                    html.H2(id="file-title", className="card-title"),
                    html.Div(
                        [
                            segmented(
                                "restore-axis",
                                [
                                    ("windows", say(Message("spectrometer.two_windows"), spoken)),
                                    ("full", say(Message("spectrometer.full_axis"), spoken)),
                                ],
                                "windows",
                                say(Message("spectrometer.axis"), spoken),
                            ),
                            html.Button([icon("download"), "CSV"], id="save-csv", className="act"),
                            html.Button(
                                [icon("download"), "JSON"], id="save-json", className="act"
                            ),
                        ],
                        className="tools",
                    ),
                ],
                className="card-head",
            ),
            html.P(id="read-as", className="read-as"),
            graph("restored"),
        ],
        className="card figure-card",
    )
    rail = html.Div(
        [
            html.Div(id="estimates", className="card"),
            html.Div(id="novelty", className="card"),
            html.Div(id="code-card", className="card"),
            html.Div(id="checks", className="card"),
        ],
        className="rail-stack",
    )
    return [
        strip,
        busy,
        empty,
        html.Div([figure, rail], id="restore-result", className="pair", hidden=True),
        dcc.Store(id="results", data=[]),
        dcc.Store(id="chosen-file"),
        dcc.Store(id="restore-mode", data="windows"),
        dcc.Download(id="download"),
    ]


def _joined(items: list[Any]) -> list[Any]:
    out: list[Any] = []
    for item in items:
        out += [item, ", "]
    return out[:-1]


def register(app: Dash, services: Services) -> None:
    @app.callback(
        Output("results", "data"),
        Output("chosen-file", "data"),
        Output("upload", "contents"),
        Input("upload", "contents"),
        Input({"type": "example", "name": ALL}, "n_clicks"),
        State("upload", "filename"),
        State("results", "data"),
        State("model", "value"),
        running=[(Output("restore-busy", "hidden"), False, True)],
        prevent_initial_call=True,
    )
    def add(contents: Any, clicks: Any, names: Any, results: Any, model: Any) -> Any:
        """Restore what was dropped, or an example; the newest is shown."""
        given = _given(contents, names, clicks)
        if not given:
            return dash.no_update, dash.no_update, dash.no_update
        kept = list(results or [])
        for name, data in given[:MOST_FILES]:
            kept.append(result_of(services, services.known(model), name, data))
        kept = kept[-MOST_FILES:]
        good = [k for k, one in enumerate(kept) if "restoration" in one]
        return kept, good[-1] if good else None, None

    @app.callback(
        Output("files", "children"),
        Output("restore-empty", "hidden"),
        Output("restore-result", "hidden"),
        Input("results", "data"),
        Input("chosen-file", "data"),
    )
    def strip(results: Any, chosen: Any) -> Any:
        chips = [
            restored.chip(one, k, k == chosen, language()) for k, one in enumerate(results or [])
        ]
        shown = isinstance(chosen, int) and 0 <= chosen < len(results or [])
        return chips, shown, not shown

    @app.callback(
        Output("chosen-file", "data", allow_duplicate=True),
        Input({"type": "file", "index": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def choose(clicks: Any) -> Any:
        if not any(clicks or []) or not isinstance(ctx.triggered_id, dict):
            return dash.no_update
        return ctx.triggered_id["index"]

    app.clientside_callback(
        "function () { const c = window.dash_clientside.callback_context.triggered[0];"
        " return c && c.prop_id.includes('full') ? 'full' : 'windows'; }",
        Output("restore-mode", "data"),
        Input("restore-axis-windows", "n_clicks"),
        Input("restore-axis-full", "n_clicks"),
        prevent_initial_call=True,
    )

    @app.callback(
        Output("restored", "figure"),
        Output("file-title", "children"),
        Output("read-as", "children"),
        Output("estimates", "children"),
        Output("novelty", "children"),
        Output("code-card", "children"),
        Output("checks", "children"),
        Input("chosen-file", "data"),
        Input("theme", "data"),
        Input("restore-mode", "data"),
        State("results", "data"),
        prevent_initial_call=True,
    )
    def show(chosen: Any, theme: Any, mode: Any, results: Any) -> Any:
        del theme  # the cookie has it; the input only says that it changed
        nothing = (dash.no_update,) * 7
        if not isinstance(chosen, int) or not 0 <= chosen < len(results or []):
            return nothing
        one = results[chosen]
        if "restoration" not in one:
            return nothing
        spoken = language()
        vs = services.model(one["model"])
        r = services.restored(one["model"], base64.b64decode(one["content"]), one["name"])
        return (
            figures.restoration(r, palette(), spoken, mode == "full"),
            one["name"],
            restored.read_as(r, spoken),
            restored.estimates(r, vs.mineral.factors, spoken),
            restored.novelty(r, spoken),
            restored.code_card(r, vs.neurons, spoken),
            restored.checks(r, spoken),
        )

    @app.callback(
        Output("moved-to", "data"),
        Input("move-sliders", "n_clicks", allow_optional=True),
        State("chosen-file", "data"),
        State("results", "data"),
        prevent_initial_call=True,
    )
    def move(clicks: Any, chosen: Any, results: Any) -> Any:
        if not clicks or not isinstance(chosen, int):
            return dash.no_update
        one = results[chosen]
        return {"model": one["model"], "z": one["restoration"]["code"], "n": clicks}

    @app.callback(
        Output("download", "data"),
        Input("save-csv", "n_clicks"),
        Input("save-json", "n_clicks"),
        State("chosen-file", "data"),
        State("results", "data"),
        prevent_initial_call=True,
    )
    def save(csv: Any, as_json: Any, chosen: Any, results: Any) -> Any:
        del csv, as_json
        if not isinstance(chosen, int) or not 0 <= chosen < len(results or []):
            return dash.no_update
        one = results[chosen]
        r = services.restored(one["model"], base64.b64decode(one["content"]), one["name"])
        stem = one["name"].rsplit(".", 1)[0] or "spectrum"
        if ctx.triggered_id == "save-json":
            text = json.dumps({"file": one["name"], **r.to_dict()}, allow_nan=False)
            return {"content": text, "filename": f"{stem}.restored.json"}
        return {"content": r.to_csv(), "filename": f"{stem}.restored.csv"}


def _given(contents: Any, names: Any, clicks: Any) -> list[tuple[str, bytes]]:
    """Names and contents of what was dropped or clicked."""
    asked = ctx.triggered_id
    if isinstance(asked, dict):
        if not any(clicks or []) or asked.get("name") not in NAMES:
            return []
        return [(f"{asked['name']}.csv", example(asked["name"]))]
    found = []
    for name, content in zip(names or [], contents or [], strict=False):
        try:
            found.append((str(name), base64.b64decode(str(content).partition(",")[2])))
        except binascii.Error:
            found.append((str(name), b""))
    return found


def result_of(services: Services, model: str, name: str, data: bytes) -> dict[str, Any]:
    """What the page keeps of a file: its content and verdict, or why it was refused."""
    try:
        r = services.restored(model, data, name)
    except SpectraVaeError as wrong:
        message = wrong.message
        return {"name": name, "error": {"code": message.code, "params": message.params}}
    return {
        "name": name,
        "model": model,
        "content": base64.b64encode(data).decode(),
        "restoration": {
            "alien": r.novelty.alien,
            "foreign": len(r.unexplained),
            "unknown": [k for k, one in r.estimates.items() if not one.known],
            "code": [float(v) for v in r.code.mean],
        },
    }
