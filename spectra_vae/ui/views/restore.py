"""Restore: drop a measured file, see the mineral, numbers and what doesn't fit.

Files and verdicts live in the page (a store). The server remembers the last few restorations by
content, in memory, so that a redraw needs no second fit.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

import dash
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html

from ...examples import NAMES, example
from ...message import Message, SpectraVaeError, say
from ...readers.door import MAX_MEGABYTES
from .. import figures
from ..request import language, narrow, palette
from ..services import Services
from . import compared, restored
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
            html.Button(t("clear"), id="clear-files", className="quiet", hidden=True),
            compared.link(spoken),
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
        dcc.Store(id="picked"),
        dcc.Store(id="file-count", data=0),
        dcc.Store(id="verdicts", data=[]),
        dcc.Store(id="restore-mode", data="windows"),
        dcc.Download(id="download"),
    ]


def _joined(items: list[Any]) -> list[Any]:
    out: list[Any] = []
    for item in items:
        out += [item, ", "]
    return out[:-1]


def register(app: Dash, services: Services) -> None:
    _register_files(app, services)
    _register_result(app, services)


def _register_files(app: Dash, services: Services) -> None:
    """What is in the strip. Contents stay in the page: only the picked file is sent again."""

    @app.callback(
        Output("results", "data"),
        Output("chosen-file", "data"),
        Output("upload", "contents"),
        Output("notice", "children", allow_duplicate=True),
        Input("upload", "contents"),
        Input({"type": "example", "name": ALL}, "n_clicks"),
        State("upload", "filename"),
        State("file-count", "data"),
        State("model", "value"),
        running=[(Output("restore-busy", "hidden"), False, True)],
        prevent_initial_call=True,
    )
    def add(contents: Any, clicks: Any, names: Any, count: Any, model: Any) -> Any:
        """Restore what was dropped, or an example; the newest good one is shown."""
        given = _given(contents, names, clicks)
        if not given:
            return dash.no_update, dash.no_update, dash.no_update, dash.no_update
        before = count if isinstance(count, int) and 0 <= count <= MOST_FILES else 0
        room = MOST_FILES - before
        added = [result_of(services, services.known(model), *one) for one in given[:room]]
        results = dash.Patch()
        results.extend(added)
        good = [before + k for k, one in enumerate(added) if "restoration" in one]
        left_out = ", ".join(name[:40] for name, _ in given[room:][:5])
        note = Message("restore.too_many", {"names": left_out})
        said = say(note, language()) if len(given) > room else ""
        return results, good[-1] if good else dash.no_update, None, said

    app.clientside_callback(
        """function (results, chosen) {
            const all = results || [];
            const one = Number.isInteger(chosen) ? all[chosen] : null;
            return [all.length, one && one.restoration ? one : null, all.length === 0];
        }""",
        Output("file-count", "data"),
        Output("picked", "data"),
        Output("clear-files", "hidden"),
        Input("results", "data"),
        Input("chosen-file", "data"),
    )
    app.clientside_callback(
        "function () { return [[], null]; }",
        Output("results", "data", allow_duplicate=True),
        Output("chosen-file", "data", allow_duplicate=True),
        Input("clear-files", "n_clicks"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        """function (results) {
            return (results || []).map(({ name, error, restoration }) =>
                ({ name, error, verdict: restoration && restoration.alien }));
        }""",
        Output("verdicts", "data"),
        Input("results", "data"),
    )

    @app.callback(
        Output("files", "children"),
        Output("restore-empty", "hidden"),
        Output("restore-result", "hidden"),
        Input("verdicts", "data"),
        Input("chosen-file", "data"),
    )
    def strip(verdicts: Any, chosen: Any) -> Any:
        files = [one for one in verdicts or [] if isinstance(one, dict)][:MOST_FILES]
        chips = [restored.chip(one, k, k == chosen, language()) for k, one in enumerate(files)]
        shown = isinstance(chosen, int) and 0 <= chosen < len(files)
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


def _register_result(app: Dash, services: Services) -> None:
    """What is shown, moved and saved of the picked file."""
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
        Input("picked", "data"),
        Input("theme", "data"),
        Input("restore-mode", "data"),
        prevent_initial_call=True,
    )
    def show(picked: Any, theme: Any, mode: Any) -> Any:
        del theme  # the cookie has it; the input only says that it changed
        one = checked(picked)
        if one is None:
            return (dash.no_update,) * 7
        spoken = language()
        model = services.known(one.model)
        vs = services.model(model)
        r = services.restored(model, one.content, one.name)
        return (
            figures.restoration(r, palette(), spoken, mode == "full", narrow()),
            one.name,
            restored.read_as(r, spoken),
            restored.estimates(r, vs.mineral.factors, spoken),
            restored.novelty(r, spoken),
            restored.code_card(r, vs.neurons, spoken),
            restored.checks(r, spoken),
        )

    app.clientside_callback(
        "function (clicks, one) { return clicks && one"
        " ? { model: one.model, z: one.restoration.code, n: clicks }"
        " : window.dash_clientside.no_update; }",
        Output("moved-to", "data"),
        Input("move-sliders", "n_clicks", allow_optional=True),
        State("picked", "data"),
        prevent_initial_call=True,
    )

    @app.callback(
        Output("download", "data"),
        Input("save-csv", "n_clicks"),
        Input("save-json", "n_clicks"),
        State("picked", "data"),
        prevent_initial_call=True,
    )
    def save(csv: Any, as_json: Any, picked: Any) -> Any:
        del csv, as_json
        one = checked(picked)
        if one is None:
            return dash.no_update
        r = services.restored(services.known(one.model), one.content, one.name)
        stem = one.name.rsplit(".", 1)[0] or "spectrum"
        if ctx.triggered_id == "save-json":
            text = json.dumps({"file": one.name, **r.to_dict()}, allow_nan=False)
            return {"content": text, "filename": f"{stem}.restored.json"}
        return {"content": r.to_csv(), "filename": f"{stem}.restored.csv"}


@dataclass(frozen=True)
class Picked:
    """A file as the page sends it back."""

    name: str
    model: str
    content: bytes


def checked(picked: Any) -> Picked | None:
    """The file of a store, or None: what a page sends may be anything."""
    try:
        content = base64.b64decode(picked["content"], validate=True)
        return Picked(str(picked["name"])[:200], str(picked["model"])[:80], content)
    except (TypeError, KeyError, ValueError):
        return None


def _given(contents: Any, names: Any, clicks: Any) -> list[tuple[str, bytes]]:
    """Names and contents of what was dropped or clicked."""
    asked = ctx.triggered_id
    if isinstance(asked, dict):
        if not any(clicks or []) or asked.get("name") not in NAMES:
            return []
        return [(f"{asked['name']}.csv", example(asked["name"]))]
    if not isinstance(contents, list) or not isinstance(names, list):
        return []
    found = []
    for name, content in zip(names, contents, strict=False):
        try:
            data = base64.b64decode(str(content).partition(",")[2])
        except ValueError:
            data = b""
        found.append((str(name)[:200], data))
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
