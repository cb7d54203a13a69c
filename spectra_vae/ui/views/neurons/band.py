"""The line under the heatmap: a band, by a click on its column or by name, and who moves it."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import ClientsideFunction, Dash, Input, Output, State, html

from ....analysis.difference import touching
from ....minerals import Mineral
from ....model.neuron import Neuron
from ....text.message import Message, say
from ...components.band_table import assigned, formula
from ...components.naming import name_of
from ...request import language
from ...services import Services
from ...shell.layout import aria, labelled, looked_at

NO_BAND = "-"


def layout(spoken: str, m: Mineral) -> html.Div:
    def t(key: str) -> str:
        return say(Message(f"neurons.{key}"), spoken)

    return html.Div(
        [
            labelled(
                t("band"),
                dbc.Select(options=band_options(m, spoken), value=NO_BAND, id="band"),
            ),
            html.Div(id="touching", className="touching", **aria(live="polite")),
        ],
        className="band-line",
    )


def band_options(m: Mineral, spoken: str) -> list[Any]:
    """The mineral's bands, in the order of their shift."""
    named = [
        {
            "label": say(
                Message("neurons.band_name", {"name": b.name, "position": f"{b.position:g}"}),
                spoken,
            ),
            "value": str(k),
        }
        for k, b in enumerate(m.bands)
    ]
    return [{"label": say(Message("neurons.no_band"), spoken), "value": NO_BAND}, *named]


def register(app: Dash, services: Services) -> None:
    app.clientside_callback(
        ClientsideFunction("neurons", "band"),
        Output("band", "value"),
        Input("heatmap", "clickData"),
        State("heatmap-drawn", "data"),
        prevent_initial_call=True,
    )

    @app.callback(
        Output("band", "options"),
        Input("neurons-model", "value"),
        prevent_initial_call=True,
    )
    def bands(model: Any) -> Any:
        return band_options(services.mineral_of(services.known(model)), language())

    @app.callback(
        Output("touching", "children"),
        looked_at("neurons"),
        Input("neurons-model", "value"),
        Input("band", "value"),
    )
    def touched(shown: Any, model: Any, band: Any) -> Any:
        del shown
        spoken = language()
        vs = services.model(services.known(model))
        k = int(band) if isinstance(band, str) and band.isdecimal() and len(band) < 4 else -1
        if not 0 <= k < len(vs.mineral.bands):
            hint = say(Message("neurons.band_hint"), spoken)
            return html.Span(hint, className="caption")
        b = vs.mineral.bands[k]
        movers = touching(vs.sensitivity(), vs.wavenumber, b)
        what = {"assignment": assigned(b.assignment, spoken)}
        words = say(Message("neurons.band_touch", what), spoken)
        return [html.Span(formula(words)), *(_mover(vs.neurons[j], v, spoken) for j, v in movers)]


def _mover(n: Neuron, slope: float, spoken: str) -> html.Button:
    told = {"name": name_of(n, spoken), "index": n.index, "slope": f"{abs(slope):.3f}"}
    return html.Button(
        say(Message("neurons.band_touched", told), spoken),
        id={"type": "pick-neuron", "index": n.index, "from": "band"},
        className="act small",
    )
