"""The line under the heatmap: a band, by a click on its column or by name, and who moves it."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import ClientsideFunction, Dash, Input, Output, State, html

from ....analysis.difference import touching
from ....minerals import Mineral
from ....model.neuron import Neuron
from ....text.message import Message, say
from ...components.attributes import aria
from ...components.band_table import assigned, formula
from ...components.naming import name_of
from ...components.parts import labelled
from ...components.texts import Texts
from ...request import language
from ...shell.view import looked_at
from .needs import NAME, Needs

NO_BAND = "-"


def layout(spoken: str, m: Mineral) -> html.Div:
    t = Texts("neurons", spoken)

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


def register(app: Dash, given: Needs) -> None:
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
        return band_options(given.models.mineral_of(given.models.chosen(model)), language())

    @app.callback(
        Output("touching", "children"),
        looked_at(NAME),
        Input("neurons-model", "value"),
        Input("band", "value"),
    )
    def touched(shown: Any, model: Any, band: Any) -> Any:
        del shown
        spoken = language()
        vs = given.models.model(given.models.chosen(model))
        k = int(band) if isinstance(band, str) and band.isdecimal() and len(band) < 4 else -1
        if not 0 <= k < len(vs.mineral.bands):
            hint = say(Message("neurons.band_hint"), spoken)
            return html.Span(hint, className="caption")
        b = vs.mineral.bands[k]
        movers = touching(vs.sensitivity(), vs.wavenumber, b)
        what = {"assignment": assigned(vs.mineral, b.assignment, spoken)}
        words = say(Message("neurons.band_touch", what), spoken)
        return [
            html.Span(formula(words)),
            *(_mover(vs.mineral, vs.neurons[j], v, spoken) for j, v in movers),
        ]


def _mover(m: Mineral, n: Neuron, slope: float, spoken: str) -> html.Button:
    told = {"name": name_of(m, n, spoken), "index": n.index, "slope": f"{abs(slope):.3f}"}
    return html.Button(
        say(Message("neurons.band_touched", told), spoken),
        id={"type": "pick-neuron", "index": n.index, "from": "band"},
        className="act small",
    )
