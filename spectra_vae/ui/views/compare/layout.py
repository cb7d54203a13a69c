"""Compare: two measurements of one mineral, perhaps through two instruments, side by side.

Files live in the page (a store); the server remembers the last few restorations by content.
"""

from __future__ import annotations

import base64
import json
from typing import Any

import dash
import dash_bootstrap_components as dbc
from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, dcc, html

from ....examples import PAIRS, example
from ....readers.read import MAX_MEGABYTES
from ....text.message import Message, say
from ...request import language, narrow, palette
from ...services import Services
from ...shell.layout import (
    aria,
    graph,
    icon,
    labelled,
    looked_at,
    resolution_box,
    save_button,
    skeleton,
    themed,
)
from ...uploads import checked, kept
from ..spectrometer import layout as spectrometer
from . import cards, figure

NAME = "compare"
UNDER = "restore"  # whose link in the header is marked
SIDES = ("a", "b")


def layout(spoken: str, services: Services) -> list[Any]:
    def t(key: str) -> str:
        return say(Message(f"comparison.{key}"), spoken)

    options = spectrometer.options(services, spoken)
    known = [one["value"] for one in options]
    default = next(n for n in (services.default_bridge, services.default_model) if n in known)
    select = dbc.Select(options=options, value=default, id="compare-model")
    strip = html.Div(
        [
            *(_zone(side, t(side), spoken) for side in SIDES),
            html.Div(labelled(say(Message("spectrometer.model"), spoken), select)),
        ],
        className="strip",
    )
    pairs: list[Any] = [
        html.Button(t(f"pair_{name}"), id={"type": "pair", "name": name}, className="link")
        for name in PAIRS
    ]
    empty = html.Div(
        [
            icon("file-earmark-arrow-up"),
            html.H1(t("empty")),
            html.P([say(Message("restore.or_try"), spoken), " ", pairs[0], ", ", pairs[1]]),
            html.P(t("words"), className="caption"),
        ],
        id="compare-empty",
        className="empty",
    )
    return [
        strip,
        html.Div(
            [html.P(t("busy")), *skeleton(4)], id="compare-busy", className="card busy", hidden=True
        ),
        empty,
        html.Div(
            [_figure(t("figure"), t("curves")), _rail()],
            id="compare-result",
            className="pair",
            hidden=True,
        ),
        dcc.Store(id="compare-files", data={}),
        dcc.Store(id="compare-told"),
        dcc.Download(id="compare-download"),
    ]


def _zone(side: str, words: str, spoken: str) -> html.Div:
    upload = dcc.Upload(
        html.Button([icon("plus-lg"), words], className="add"),
        id=f"compare-{side}",
        max_size=MAX_MEGABYTES * 1_000_000,
    )
    file = html.Div(id=f"compare-file-{side}", role="status")
    box = resolution_box(f"compare-resolution-{side}", spoken, debounce=True)
    place = html.Div(box, id=f"compare-resolution-field-{side}", hidden=True)
    return html.Div([upload, file, place], className="zone")


def _figure(words: str, curves: str) -> html.Div:
    tools = [save_button(f"compare-{kind.lower()}", kind) for kind in ("CSV", "JSON")]
    head = html.Div(
        [html.H2(words, className="card-title"), html.Div(tools, className="tools")],
        className="card-head",
    )
    said = html.P(curves, className="read-as")
    return html.Div([head, said, graph("compared")], className="card figure-card")


def _rail() -> html.Div:
    verdict = html.Div(id="compare-verdict", className="card", **aria(live="polite"))
    return html.Div(
        [verdict, html.Div(id="compare-checks", className="card")], className="rail-stack"
    )


def register(app: Dash, services: Services) -> None:
    _register_files(app, services)
    _register_result(app, services)


def _register_files(app: Dash, services: Services) -> None:
    @app.callback(
        Output("compare-model", "options"),
        looked_at(NAME),
        prevent_initial_call=True,
    )
    def known(shown: Any) -> Any:
        """Runs may have finished since."""
        del shown
        return spectrometer.options(services, language())

    @app.callback(
        Output("compare-files", "data"),
        Output("compare-a", "contents"),
        Output("compare-b", "contents"),
        Input("compare-a", "contents"),
        Input("compare-b", "contents"),
        Input({"type": "pair", "name": ALL}, "n_clicks"),
        State("compare-a", "filename"),
        State("compare-b", "filename"),
        State("compare-model", "value"),
        running=[(Output("compare-busy", "hidden"), False, True)],
        prevent_initial_call=True,
    )
    def take(a: Any, b: Any, clicks: Any, name_a: Any, name_b: Any, model: Any) -> Any:
        """Restore what was dropped, or an example pair; the other side stays."""
        given = _given({"a": (name_a, a), "b": (name_b, b)}, clicks)
        if not given:
            return dash.no_update, dash.no_update, dash.no_update
        chosen, files = services.known(model), dash.Patch()
        for side, (name, data) in given.items():
            files[side] = kept(services, chosen, name, data)
        return files, None, None

    @app.callback(
        Output("compare-files", "data", allow_duplicate=True),
        Input({"type": "compare-column", "side": ALL, "number": ALL}, "n_clicks"),
        State("compare-files", "data"),
        State("compare-model", "value"),
        running=[(Output("compare-busy", "hidden"), False, True)],
        prevent_initial_call=True,
    )
    def choose(clicks: Any, files: Any, model: Any) -> Any:
        """The column of a file that has several."""
        asked = ctx.triggered_id
        if not any(clicks) or not isinstance(asked, dict):
            return dash.no_update
        side = str(asked["side"])
        one = checked(files.get(side)) if isinstance(files, dict) else None
        if one is None:
            return dash.no_update
        column, patch = str(files[side]["columns"][asked["number"]]), dash.Patch()
        patch[side] = kept(services, services.known(model), one.name, one.content, column)
        return patch

    app.clientside_callback(
        ClientsideFunction(NAME, "model"),
        Output("compare-told", "data"),
        Input("compare-model", "value"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction(NAME, "hold"),
        Output("compare-told", "data", allow_duplicate=True),
        Input("compare-files", "data"),
        prevent_initial_call=True,
    )


def _given(dropped: dict[str, tuple[Any, Any]], clicks: Any) -> dict[str, tuple[str, bytes]]:
    """Side → name and content of what was dropped or clicked."""
    asked = ctx.triggered_id
    if isinstance(asked, dict):
        pair = PAIRS.get(str(asked.get("name"))) if any(clicks or []) else None
        return {s: (f"{n}.csv", example(n)) for s, n in zip(SIDES, pair or (), strict=False)}
    found = {}
    for side, (name, content) in dropped.items():
        if isinstance(content, str):
            try:
                data = base64.b64decode(content.partition(",")[2])
            except ValueError:
                data = b""
            found[side] = (str(name)[:200], data)
    return found


def _register_result(app: Dash, services: Services) -> None:
    @app.callback(
        Output("compared", "figure"),
        Output("compare-verdict", "children"),
        Output("compare-checks", "children"),
        Output("compare-file-a", "children"),
        Output("compare-file-b", "children"),
        Output("compare-empty", "hidden"),
        Output("compare-result", "hidden"),
        *(Output(f"compare-resolution-field-{side}", "hidden") for side in SIDES),
        Input("compare-files", "data"),
        Input("compare-model", "value"),
        *(Input(f"compare-resolution-{side}", "value") for side in SIDES),
        themed(NAME),
        running=[(Output("compare-busy", "hidden"), False, True)],
        prevent_initial_call=True,
    )
    def show(files: Any, model: Any, a: Any, b: Any, theme: Any) -> Any:
        del theme  # the cookie has it; the input only says that it changed
        spoken = language()
        given = files if isinstance(files, dict) else {}
        chips = [cards.file(given.get(side), side, spoken) for side in SIDES]
        c = _compared(services, files, model, (a, b))
        if c is None:
            return *[dash.no_update] * 3, *chips, False, True, True, True
        knows = services.model(services.known(model)).bridges  # both instruments, by itself
        return (
            figure.comparison(c, palette(), spoken, narrow()),
            cards.verdict(c, spoken),
            cards.checks(c, spoken),
            *chips,
            True,
            False,
            knows,
            knows,
        )

    @app.callback(
        Output("compare-download", "data"),
        Input("compare-csv", "n_clicks"),
        Input("compare-json", "n_clicks"),
        State("compare-files", "data"),
        State("compare-model", "value"),
        *(State(f"compare-resolution-{side}", "value") for side in SIDES),
        prevent_initial_call=True,
    )
    def save(csv: Any, as_json: Any, files: Any, model: Any, a: Any, b: Any) -> Any:
        del csv, as_json
        c = _compared(services, files, model, (a, b))
        if c is None:
            return dash.no_update
        if ctx.triggered_id == "compare-json":
            text = json.dumps(c.to_dict(), allow_nan=False)
            return {"content": text, "filename": "comparison.json"}
        return {"content": c.to_csv(), "filename": "comparison.csv"}


def _resolution(side: str, typed: Any) -> float | None:
    """What somebody typed [cm⁻¹]; nothing: the table's. What is no resolution leaves its box."""
    from ....measure.detection.preparation import is_resolution

    text = str(typed or "").strip().replace(",", ".")
    try:
        value = float(text) if text else None
        if value is None or is_resolution(value):
            return value
    except ValueError:
        pass
    wrong = Message("error.resolution", {"value": text[:20]})
    dash.set_props("notice", {"children": say(wrong, language())})
    dash.set_props(f"compare-resolution-{side}", {"value": ""})
    return None


def _compared(services: Services, files: Any, model: Any, resolutions: tuple[Any, Any]) -> Any:
    """The comparison of a store's two files, or None where one is missing or was refused."""
    told = [files.get(s) if isinstance(files, dict) else None for s in SIDES]
    sides = [None if isinstance(one, dict) and "error" in one else checked(one) for one in told]
    if None in sides:
        return None
    chosen = services.known(model)
    restored = [
        services.restored(chosen, one.content, one.name, one.column, _resolution(side, typed))
        for side, one, typed in zip(SIDES, sides, resolutions, strict=True)
        if one
    ]
    return services.model(chosen).compare(*restored)
