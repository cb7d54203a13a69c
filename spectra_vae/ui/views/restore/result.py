"""One file's restoration: the figure, its cards, its exports."""

from __future__ import annotations

import json
from typing import Any

import dash
from dash import ClientsideFunction, Dash, Input, Output, State, ctx, dcc, html

from ....text.message import Message, say
from ...components import restored_numbers
from ...components.restored_curves import windows_of
from ...request import language, narrow, palette
from ...services import Services
from ...shell.layout import bottom_bar, graph, icon, opens, save_button, segmented, themed
from ...uploads import Picked, checked
from . import bands, figure, overlay_figure
from . import cards as restored

CARDS = ("estimates", "novelty", "code-card", "bands-card", "checks")


def layout(spoken: str) -> html.Div:
    def t(key: str) -> str:
        return say(Message(key), spoken)

    looks = [("parts", t("restore.parts")), ("overlay", t("restore.overlay"))]
    axes = [("windows", t("spectrometer.two_windows")), ("full", t("spectrometer.full_axis"))]
    tools = [
        segmented("restore-look", looks, "parts", t("restore.look")),
        html.Div(
            segmented("restore-axis", axes, "windows", t("spectrometer.axis")), id="restore-axes"
        ),
        html.Button(
            [icon("question-circle"), t("restore.other_column")],
            id="other-column",
            className="act",
            hidden=True,
        ),
        save_button("save-picture", t("spectrometer.picture")),
        save_button("save-csv", "CSV"),
        save_button("save-json", "JSON"),
    ]
    figure = html.Div(
        [
            html.Div(
                [
                    html.H2(id="file-title", className="card-title"),
                    html.Div(tools, id="restore-tools", className="tools sheet"),
                ],
                className="card-head",
            ),
            html.P(id="read-as", className="read-as"),
            graph("restored"),
        ],
        className="card figure-card",
    )
    cards = [html.Div(id=one, className="card") for one in CARDS[:-1]]
    cards.append(html.Div(id=CARDS[-1], className="card sheet"))
    rail = html.Div(cards, className="rail-stack")
    bar = bottom_bar(
        opens(CARDS[-1], "list-check", t("restore.checks")),
        opens("restore-tools", "graph-up", t("spectrometer.figure_tools")),
    )
    return html.Div(
        [
            figure,
            rail,
            bar,
            dcc.Store(id="restore-axis", data="windows"),
            dcc.Store(id="restore-look", data="parts"),
            dcc.Download(id="download"),
        ],
        id="restore-result",
        className="pair",
        hidden=True,
    )


def register(app: Dash, services: Services) -> None:
    for group, first, second in (
        ("restore-axis", "windows", "full"),
        ("restore-look", "parts", "overlay"),
    ):
        app.clientside_callback(
            ClientsideFunction("shell", "pressed"),
            Output(group, "data"),
            Input(f"{group}-{first}", "n_clicks"),
            Input(f"{group}-{second}", "n_clicks"),
            prevent_initial_call=True,
        )
    app.clientside_callback(
        ClientsideFunction("restore", "move"),
        Output("moved-to", "data"),
        Input("move-sliders", "n_clicks", allow_optional=True),
        State("picked", "data"),
        prevent_initial_call=True,
    )
    _register_shown(app, services)
    _register_saved(app, services)


def _register_shown(app: Dash, services: Services) -> None:
    @app.callback(
        Output("restored", "figure"),
        Output("file-title", "children"),
        Output("read-as", "children"),
        *(Output(one, "children") for one in CARDS),
        Output("restore-axes", "hidden"),
        Input("picked", "data"),
        themed("restore"),
        Input("restore-axis", "data"),
        Input("restore-look", "data"),
        prevent_initial_call=True,
    )
    def show(picked: Any, theme: Any, axis: Any, look: Any) -> Any:
        del theme  # the cookie has it; the input only says that it changed
        one = checked(picked)
        if one is None:
            return (dash.no_update,) * (4 + len(CARDS))
        spoken = language()
        vs = services.model(services.known(one.model))
        r = _restored(services, one)
        draw = overlay_figure.overlaid if look == "overlay" else figure.restoration
        return (
            draw(r, palette(), spoken, axis == "full", narrow()),
            one.name,
            restored.read_as(r, spoken),
            restored_numbers.estimates(r, vs.mineral.factors, spoken),
            restored.novelty(r, spoken),
            restored.code_card(r, vs, spoken),
            [] if r.gone else bands.bands(r, spoken),
            restored.checks(r, spoken),
            len(windows_of(r.wavenumber)) < 2,
        )


def _register_saved(app: Dash, services: Services) -> None:
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
        r = _restored(services, one)
        stem = one.name.rsplit(".", 1)[0] or "spectrum"
        if ctx.triggered_id == "save-json":
            text = json.dumps({"file": one.name, **r.to_dict()}, allow_nan=False)
            return {"content": text, "filename": f"{stem}.restored.json"}
        return {"content": r.to_csv(), "filename": f"{stem}.restored.csv"}


def _restored(services: Services, one: Picked) -> Any:
    model = services.known(one.model)
    return services.restored(model, one.content, one.name, one.column, one.resolution)
