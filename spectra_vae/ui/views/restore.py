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
from ...measure.restore import Estimate, Restoration
from ...message import Message, SpectraVaeError, say
from ...minerals import Factor
from ...neuron import Neuron
from ...readers.door import MAX_MEGABYTES
from .. import figures
from ..request import language, palette
from ..services import Services
from .shell import aria, icon, rich, segmented, skeleton

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
            dcc.Loading(
                dcc.Graph(
                    id="restored",
                    figure={"layout": {"xaxis": {"visible": False}, "yaxis": {"visible": False}}},
                    config=figures.CONFIG,
                    responsive=True,
                    className="figure",
                ),
                delay_show=300,
                type="dot",
                overlay_style={"visibility": "visible", "opacity": 0.38},
                parent_className="figure-holder",
            ),
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
        chips = [chip(one, k, k == chosen, language()) for k, one in enumerate(results or [])]
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
            read_as(r, spoken),
            estimates(r, vs.mineral.factors, spoken),
            novelty(r, spoken),
            code_card(r, vs.neurons, spoken),
            checks(r, spoken),
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


def chip(one: dict[str, Any], index: int, chosen: bool, spoken: str) -> html.Div | html.Button:
    """A file of the strip with its verdict; a refused one stays, with its reason."""

    def t(key: str, **params: Any) -> str:
        return say(Message(f"restore.{key}", params), spoken)

    if "error" in one:
        why = say(Message(one["error"]["code"], one["error"]["params"]), spoken)
        return html.Div(
            [
                html.Span(one["name"], className="name"),
                html.Span([icon("x-circle"), why], className="refused"),
            ],
            className="file bad",
        )
    verdict = one["restoration"]
    if verdict["alien"]:
        tag = html.Span([icon("exclamation-diamond"), t("alien")], className="tag unexplained")
    else:
        tag = html.Span([icon("check2"), t("normal")], className="tag")
    return html.Button(
        [html.Span(one["name"], className="name"), tag],
        id={"type": "file", "index": index},
        className="file chosen" if chosen else "file",
        **aria(pressed=str(chosen).lower()),
    )


def read_as(r: Restoration, spoken: str) -> list[Any]:
    """What was read, in words: points, range, step, fixes."""
    read = r.read
    low, high = read["range"]
    params = {
        "points": f"{read['points']:,}".replace(",", "\u202f"),
        "low": f"{low:.0f}",
        "high": f"{high:.0f}",
        "step": f"{read['step']:.2f}",
    }
    words = say(Message("restore.read", params), spoken)
    segments = read["segments"]
    for (_, end), (start, _) in zip(segments[:-1], segments[1:], strict=True):
        gap = {"low": f"{end:.0f}", "high": f"{start:.0f}"}
        words += say(Message("restore.gap", gap), spoken)
    fixes = [say(Message(f["code"], f["params"]), spoken) for f in read["fixes"]]
    return rich(words + "." + (" " + "; ".join(fixes).capitalize() + "." if fixes else ""))


HUES = {"strength": "water", "width": "structure"}


def estimates(r: Restoration, factors: tuple[Factor, ...], spoken: str) -> list[Any]:
    head = html.Div(
        [
            html.H2(say(Message("restore.estimates"), spoken), className="card-title"),
            html.Span(say(Message("restore.interval"), spoken), className="caption"),
        ],
        className="card-head",
    )
    known = [f for f in factors if f.effect != "scale"]
    return [head, *(estimate(f, r.estimates[f.name], spoken) for f in known)]


def estimate(factor: Factor, one: Estimate, spoken: str) -> html.Div:
    """Value, interval and a bar over the slider's range; unknown says why."""
    key = "restore.counts" if factor.effect == "counts" else f"factor.{factor.name}"
    name = html.Span(rich(say(Message(key), spoken)), className="name")
    note = html.Div(rich(say(one.note, spoken)), className="caption")
    if not one.known or one.value is None or one.low is None or one.high is None:
        unknown = html.Span(say(Message("restore.unknown"), spoken), className="unknown")
        return html.Div(
            [html.Div([name, unknown], className="line"), html.Div(className="scale dotted"), note],
            className="estimate",
        )
    unit: list[Any] = [" cm", html.Sup("−1")] if factor.unit == "cm⁻¹" else []
    digits = 2 if factor.unit != "cm⁻¹" else 1
    if factor.effect == "counts":
        shown, low, high = (f"{10**v:.2g}" for v in (one.value, one.low, one.high))
        shown, low, high = (f"{float(v):,.0f}".replace(",", "\u202f") for v in (shown, low, high))
    else:
        sign = "+" if factor.effect == "position" else ""
        shown, low, high = (
            f"{v:{sign}.{digits}f}".replace("-", "−") for v in (one.value, one.low, one.high)
        )
    between = say(Message("restore.to", {"low": low, "high": high}), spoken)

    def at(value: float) -> float:
        return 100 * min(max((value - factor.low) / (factor.high - factor.low), 0), 1)

    left, right = at(one.low), at(one.high)
    bar = html.Div(
        [
            html.Span(
                className="block", style={"left": f"{left}%", "width": f"{max(right - left, 0.6)}%"}
            ),
            html.Span(className="tick", style={"left": f"{at(factor.reference)}%"}),
            html.Span(className="stroke", style={"left": f"{at(one.value)}%"}),
        ],
        className=f"scale {HUES.get(factor.effect, 'instrument')}",
    )
    words: list[Any] = [
        name,
        html.Span([html.B(shown), *unit], className="number"),
        html.Span(between, className="interval"),
    ]
    return html.Div([html.Div(words, className="line"), bar, note], className="estimate")


def novelty(r: Restoration, spoken: str) -> list[Any]:
    """How much does this look like the Platonic mineral?"""
    one = r.novelty
    verdict = (
        html.Span(
            [icon("exclamation-diamond"), say(Message("restore.alien"), spoken)],
            className="tag unexplained",
        )
        if one.alien
        else html.Span([icon("check2"), say(Message("restore.normal"), spoken)], className="tag")
    )
    share = round(100 * (1 - one.score))
    return [
        html.Div(
            [html.H2(say(Message("restore.question"), spoken), className="card-title"), verdict],
            className="card-head",
        ),
        html.Div(
            [
                html.B(f"{share} %"),
                html.Span(say(Message("restore.likeness"), spoken), className="caption"),
            ],
            className="line likeness",
        ),
        html.Div(
            html.Span(className="fill", style={"width": f"{share}%"}),
            className="gauge alien" if one.alien else "gauge",
        ),
        *(html.P(rich(say(why, spoken)), className="why") for why in one.why),
    ]


def code_card(r: Restoration, neurons: tuple[Neuron, ...], spoken: str) -> list[Any]:
    """Eight bars: mean ± std of the code on each neuron's own range."""
    rows = []
    std = r.code.std
    for n in neurons:
        low, high = min(n.low, -3.0), max(n.high, 3.0)

        def at(value: float, low: float = low, high: float = high) -> float:
            return 100 * min(max((value - low) / (high - low), 0), 1)

        mean = float(r.code.mean[n.index])
        spread = float(std[n.index]) if std is not None else 0.0
        key = f"factor.{n.factor}" if n.factor else "code.silent" if n.silent else "code.mixed"
        left, right = at(mean - spread), at(mean + spread)
        usual = at(n.mean - n.std), at(n.mean + n.std)
        shown = f"{mean:+.2f}".replace("-", "−")
        rows.append(
            html.Div(
                [
                    html.Span(f"#{n.index}", className="caption"),
                    html.Span(say(Message(key), spoken)),
                    html.Div(
                        [
                            html.Span(
                                className="usual",
                                style={"left": f"{usual[0]}%", "width": f"{usual[1] - usual[0]}%"},
                            ),
                            html.Span(
                                className="block",
                                style={"left": f"{left}%", "width": f"{max(right - left, 0.6)}%"},
                            ),
                            html.Span(className="stroke", style={"left": f"{at(mean)}%"}),
                        ],
                        className="scale instrument",
                    ),
                    html.Span(shown, className="z"),
                ],
                className="code-row muted" if n.inert else "code-row",
            )
        )
    return [
        html.Div(
            [
                html.H2(say(Message("code.title"), spoken), className="card-title"),
                html.Button(
                    [icon("sliders"), say(Message("code.move"), spoken)],
                    id="move-sliders",
                    className="act",
                ),
            ],
            className="card-head",
        ),
        *rows,
        html.P(say(Message("code.legend"), spoken), className="caption"),
    ]


def checks(r: Restoration, spoken: str) -> list[Any]:
    alarming = {"check.unexplained", "check.lookalike"}
    rows = [
        html.Li(
            [
                icon("exclamation-diamond" if c.code in alarming else "info-circle"),
                html.Span(rich(say(_translated(c, spoken), spoken))),
            ],
            className="alarming" if c.code in alarming else "",
        )
        for c in r.checks
    ]
    title = html.H2(say(Message("restore.checks"), spoken), className="card-title")
    return [title, html.Ul(rows, className="checks")]


def _translated(check: Message, spoken: str) -> Message:
    """A check that names a factor names it in the reader's language."""
    name = check.params.get("name")
    if check.code not in {"check.known", "check.unknown"} or name is None:
        return check
    return Message(check.code, {**check.params, "name": say(Message(f"factor.{name}"), spoken)})
