"""Neurons: what each one adds, does, moves beside its aim; and measurements by their codes."""

from __future__ import annotations

from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, dcc, html

from ...services import Services
from . import band, command_map, heatmap, pseudo, scan, selectivity

NAME = "neurons"
SEGMENTS = {  # store → its group of buttons and their values
    "neurons-at": ("at", ("origin", "sliders")),
    "neurons-rows": ("rows", ("each", "one")),
    "neurons-curves": ("curves", scan.CURVES),
}


def layout(spoken: str, services: Services) -> list[Any]:
    return [
        html.Div([heatmap.layout(spoken, services), command_map.layout(spoken)], className="pair"),
        scan.layout(spoken),
        selectivity.layout(spoken),
        pseudo.layout(spoken, services),
        dcc.Store(id="neuron"),
        dcc.Store(id="neurons-at", data="origin"),
        dcc.Store(id="neurons-rows", data="each"),
    ]


def register(app: Dash, services: Services) -> None:
    for store, (group, values) in SEGMENTS.items():
        app.clientside_callback(
            ClientsideFunction("shell", "pressed"),
            Output(store, "data"),
            *(Input(f"{group}-{value}", "n_clicks") for value in values),
            prevent_initial_call=True,
        )
    app.clientside_callback(
        ClientsideFunction(NAME, "choose"),
        Output("neuron", "data"),
        Input("neurons-model", "value"),
        Input("neurons-against", "value"),
        Input("band", "value"),
        Input("heatmap", "clickData"),
        Input({"type": "pick-neuron", "index": ALL, "from": ALL}, "n_clicks"),
    )
    for card in (heatmap, band, command_map, scan, selectivity, pseudo):
        card.register(app, services)
