"""What all cards of Neurons listen to: the chosen neuron and pressed buttons; then each card."""

from __future__ import annotations

from dash import ALL, ClientsideFunction, Dash, Input, Output

from . import (
    band_card,
    command_map_card,
    heatmap_card,
    pseudo_card,
    scan_card,
    selectivity_card,
)
from .needs import NAME, Needs

CARDS = (heatmap_card, band_card, command_map_card, scan_card, selectivity_card, pseudo_card)
SEGMENTS = {  # store → its group of buttons and their values
    "neurons-at": ("at", ("origin", "sliders")),
    "neurons-rows": ("rows", ("each", "one")),
    "neurons-curves": ("curves", scan_card.CURVES),
}


def register(app: Dash, given: Needs) -> None:
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
    for card in CARDS:
        card.register(app, given)
