"""The scan card: the chosen neuron from end to end, and what its bands do meanwhile."""

from __future__ import annotations

from typing import Any

import dash
import numpy as np
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html

from ....analysis import scan as scans
from ....model.neuron import Neuron
from ....text.message import Message, say
from ...components.buttons import segmented
from ...components.graph import graph
from ...components.naming import hue_of, name_of
from ...components.parts import card_head, icon, tools
from ...components.texts import Texts
from ...request import language, narrow, palette
from ...shell.view import looked_at, themed
from . import scan_figure
from .command_map_card import chosen
from .needs import NAME, Needs

CURVES = ("ends", "family", "wide")
FAMILY = 13
CODE_REACH, CODE_STEP = 5.0, 0.5  # what training covers


def layout(spoken: str) -> html.Div:
    t = Texts("neurons", spoken)
    stores = [dcc.Store(id="neurons-curves", data="ends"), dcc.Store(id="scans-drawn")]
    return html.Div([_spectra(t), _along(t), *stores], className="pair")


def _spectra(t: Texts) -> html.Div:
    curves = segmented("curves", [(c, t(c)) for c in CURVES], "ends", t("curves"))
    opens = html.Button([icon("sliders"), t("open")], id="scan-open", className="act")
    head = [
        html.H2(id="scan-title", className="card-title"),
        html.Span(id="scan-words", className="headline"),
        tools(curves, opens),
    ]
    return html.Div(
        [html.Div(head, className="card-head"), graph("scan")],
        className="card figure-card scan-card",
    )


def _along(t: Texts) -> html.Div:
    words = html.Span(t("along_words"), className="headline")
    return html.Div(
        [
            card_head(t("along"), words),
            html.P(t("along_still"), id="along-still", className="caption", hidden=True),
            html.Div(graph("along"), id="along-moves", className="figure-card"),
        ],
        className="card figure-card",
    )


def values_of(kind: Any, low: float, middle: float, high: float) -> list[float]:
    """Codes to draw: three, a family between the slider's ends, or −5 to +5 and beyond if it is."""
    if kind == "family":
        return [float(v) for v in np.linspace(low, high, FAMILY)]
    if kind == "wide":
        first, last = min(-CODE_REACH, low), max(CODE_REACH, high)
        inner = np.arange(-CODE_REACH, CODE_REACH + CODE_STEP / 2, CODE_STEP)
        return sorted({*inner.tolist(), first, last})
    return [low, middle, high]


def _drawn(vs: Any, n: Neuron, kind: str, spoken: str) -> dict[str, Any]:
    """A neuron's figure, its title and its words."""
    values = values_of(kind, n.low, float(vs.origin[n.index]), n.high)
    hue = hue_of(vs.mineral, n)
    figure = scan_figure.scan(
        vs.scan(n.index, values),
        values,
        (n.low, n.high),
        vs.wavenumber,
        vs.mineral,
        hue,
        palette(),
        spoken,
        narrow(),
    )
    told = {"low": values[0], "middle": values[len(values) // 2], "high": values[-1]}
    words = {"index": n.index, **{k: scan_figure.signed(v) for k, v in told.items()}}
    return {
        "figure": figure,
        "title": say(Message("neurons.scan", {"name": name_of(vs.mineral, n, spoken)}), spoken),
        "words": say(Message(f"neurons.scan_{kind}", words), spoken),
    }


def register(app: Dash, given: Needs) -> None:
    _register_spectra(app, given)
    _register_along(app, given)
    _register_opening(app, given)


def _register_spectra(app: Dash, given: Needs) -> None:
    app.clientside_callback(  # all neurons' scans are in the page: a click waits for nobody
        ClientsideFunction("neurons", "scan"),
        Output("scan", "figure"),
        Output("scan-title", "children"),
        Output("scan-words", "children"),
        Input("scans-drawn", "data"),
        Input("neuron", "data"),
    )

    @app.callback(
        Output("scans-drawn", "data"),
        looked_at(NAME),
        Input("neurons-model", "value"),
        Input("neurons-curves", "data"),
        themed(NAME),
    )
    def draw(shown: Any, model: Any, kind: Any, theme: Any) -> Any:
        del shown, theme
        vs = given.models.model(given.models.chosen(model))
        kind = kind if kind in CURVES else "ends"
        scans = [_drawn(vs, n, kind, language()) for n in vs.neurons]
        return {"first": chosen(None, vs).index, "scans": scans}


def _register_along(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("along", "figure"),
        Output("along-moves", "hidden"),
        Output("along-still", "hidden"),
        Input("scan-words", "children"),  # the spectra come first
        State("neurons-model", "value"),
        State("neuron", "data"),
        prevent_initial_call=True,
    )
    def along(drawn: Any, model: Any, neuron: Any) -> Any:
        del drawn
        name = given.models.chosen(model)
        vs = given.models.model(name)
        n = chosen(neuron, vs)
        if n.inert:
            return dash.no_update, True, False
        found = given.models.found(name, scans.scan, n.index)
        return scan_figure.along(found, vs.mineral, palette(), language()), False, True


def _register_opening(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("moved-to", "data", allow_duplicate=True),
        Input("scan-open", "n_clicks"),
        State("neurons-model", "value"),
        State("neuron", "data"),
        prevent_initial_call=True,
    )
    def open_in_spectrometer(clicks: Any, model: Any, neuron: Any) -> Any:
        if not clicks:
            return dash.no_update
        vs = given.models.model(given.models.chosen(model))
        n = chosen(neuron, vs)
        z = vs.origin.copy()
        z[n.index] = n.low
        return {"model": given.models.chosen(model), "z": z.tolist(), "n": clicks}
