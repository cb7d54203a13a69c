"""Neurons: the 8×N sensitivity heatmap, KL per neuron, and a neuron's scan."""

from __future__ import annotations

from typing import Any

import dash
import dash_bootstrap_components as dbc
from dash import Dash, Input, Output, State, dcc, html

from ...message import Message, say
from ...minerals import Mineral
from ...neuron import Neuron
from .. import figures
from ..request import language, narrow, palette
from ..services import Services
from .shell import aria, graph, icon, rich, segmented
from .spectrometer import checked_code, options

NAME = "neurons"
HUES = {"strength": "water", "width": "structure"}


def layout(spoken: str, services: Services) -> list[Any]:
    def t(key: str) -> str:
        return say(Message(f"neurons.{key}"), spoken)

    heatmap = html.Div(
        [
            html.Div(
                [
                    html.H1(t("title"), className="card-title"),
                    html.Span(t("subtitle"), className="headline"),
                    html.Div(
                        [
                            html.Label(
                                say(Message("spectrometer.model"), spoken),
                                htmlFor="neurons-model",
                                className="visually-hidden",
                            ),
                            dbc.Select(
                                options=options(services, spoken),
                                value=services.default_model,
                                id="neurons-model",
                            ),
                            segmented(
                                "at",
                                [("origin", t("origin")), ("sliders", t("sliders"))],
                                "origin",
                                t("at"),
                            ),
                            segmented(
                                "rows",
                                [("each", t("each_row")), ("one", t("one_scale"))],
                                "each",
                                t("scale"),
                            ),
                        ],
                        className="tools",
                    ),
                ],
                className="card-head",
            ),
            graph("heatmap"),
            html.Div(
                [
                    html.Span(className="ramp", **aria(hidden="true")),
                    html.Span(rich(t("ramp")), className="caption"),
                    *(
                        html.Span(
                            [html.B(t(f"sign_{k}")), " ", t(f"means_{k}")], className="legend"
                        )
                        for k in ("height", "width", "shift")
                    ),
                ],
                className="legends",
            ),
        ],
        className="card figure-card",
    )
    kl = html.Div(id="kl", className="card rail")
    scan = html.Div(
        [
            html.Div(
                [
                    html.H2(id="scan-title", className="card-title"),
                    html.Span(id="scan-words", className="headline"),
                    html.Div(
                        html.Button([icon("sliders"), t("open")], id="scan-open", className="act"),
                        className="tools",
                    ),
                ],
                className="card-head",
            ),
            graph("scan"),
        ],
        className="card scan-card",
    )
    return [
        html.Div([heatmap, kl], className="pair"),
        scan,
        dcc.Store(id="neuron"),
        dcc.Store(id="neurons-at", data="origin"),
        dcc.Store(id="neurons-rows", data="each"),
    ]


def register(app: Dash, services: Services) -> None:
    for store, group, values in (
        ("neurons-at", "at", ("origin", "sliders")),
        ("neurons-rows", "rows", ("each", "one")),
    ):
        app.clientside_callback(
            "function () { const c = window.dash_clientside.callback_context.triggered[0];"
            f" return c && c.prop_id.includes('{values[1]}') ? '{values[1]}' : '{values[0]}'; }}",
            Output(store, "data"),
            *(Input(f"{group}-{value}", "n_clicks") for value in values),
            prevent_initial_call=True,
        )
    app.clientside_callback(
        "function (model, click) {"
        " const c = window.dash_clientside.callback_context.triggered.map((one) => one.prop_id);"
        " const clicked = c.some((id) => id.includes('clickData'));"
        " return window.spectraVae.chooseNeuron(model, clicked ? click : null); }",
        Output("neuron", "data"),
        Input("neurons-model", "value"),
        Input("heatmap", "clickData"),
    )

    @app.callback(
        Output("heatmap", "figure"),
        Output("kl", "children"),
        Input("main", "className"),
        Input("neurons-model", "value"),
        Input("neurons-at", "data"),
        Input("neurons-rows", "data"),
        Input("neuron", "data"),
        Input("theme", "data"),
        State("code", "data"),
        State("model", "value"),
    )
    def heatmap(
        shown: Any,
        model: Any,
        at: Any,
        rows: Any,
        neuron: Any,
        theme: Any,
        code: Any,
        slider_model: Any,
    ) -> Any:
        del theme
        if shown != "shows-neurons":  # drawn when it is looked at
            return dash.no_update, dash.no_update
        spoken = language()
        vs = services.model(services.known(model))
        z = vs.origin
        if at == "sliders" and slider_model == model:
            z = checked_code(code, len(vs.neurons), vs.origin)
        chosen = chosen_neuron(neuron, vs.neurons)
        names = {n.index: name_of(n, spoken) for n in vs.neurons}
        figure = figures.sensitivity(
            vs.sensitivity(z),
            vs.wavenumber,
            vs.neurons,
            chosen,
            rows != "one",
            names,
            vs.mineral,
            palette(),
            spoken,
            narrow(),
        )
        return figure, kl_bars(vs.neurons, vs.mineral, names, vs.card["supervision"], spoken)

    @app.callback(
        Output("scan", "figure"),
        Output("scan-title", "children"),
        Output("scan-words", "children"),
        Input("main", "className"),
        Input("neurons-model", "value"),
        Input("neuron", "data"),
        Input("theme", "data"),
    )
    def scan(shown: Any, model: Any, neuron: Any, theme: Any) -> Any:
        del theme
        if shown != "shows-neurons":
            return dash.no_update, dash.no_update, dash.no_update
        spoken = language()
        vs = services.model(services.known(model))
        chosen = chosen_neuron(neuron, vs.neurons)
        n = vs.neurons[chosen]
        values = [n.low, float(vs.origin[chosen]), n.high]
        factor = vs.mineral.factor(n.factor) if n.factor else None
        hue = HUES.get(factor.effect, "instrument") if factor else "model"
        figure = figures.scan(
            vs.scan(chosen, values), values, vs.wavenumber, hue, palette(), spoken, narrow()
        )
        title = say(Message("neurons.scan", {"name": name_of(n, spoken)}), spoken)
        ends = [f"{v:+.1f}".replace("-", "−") for v in values]
        words = {"index": n.index, "low": ends[0], "middle": ends[1], "high": ends[2]}
        return figure, title, say(Message("neurons.scan_words", words), spoken)

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
        vs = services.model(services.known(model))
        chosen = chosen_neuron(neuron, vs.neurons)
        z = vs.origin.copy()
        z[chosen] = vs.neurons[chosen].low
        return {"model": services.known(model), "z": z.tolist(), "n": clicks}


def chosen_neuron(given: Any, neurons: tuple[Neuron, ...]) -> int:
    """A neuron from a page: an index, or the first that moves something."""
    if isinstance(given, int) and not isinstance(given, bool) and 0 <= given < len(neurons):
        return given
    return next((n.index for n in neurons if not n.inert), 0)


def name_of(n: Neuron, spoken: str) -> str:
    if n.factor:
        return say(Message(f"factor.{n.factor}"), spoken)
    return say(Message("code.silent" if n.silent else "code.mixed"), spoken)


def kl_bars(
    neurons: tuple[Neuron, ...], m: Mineral, names: dict[int, str], supervision: str, spoken: str
) -> list[Any]:
    """KL per neuron as bars; a plain autoencoder has none and says so."""

    def t(key: str) -> str:
        return say(Message(f"neurons.{key}"), spoken)

    plain = neurons[0].kl is None
    amount = {n.index: n.std**2 if n.kl is None else n.kl for n in neurons}
    most = max(max(amount.values()), 1e-9)
    order = figures.in_order(neurons, m)
    rows = [
        html.Div(
            [
                html.Span(names[n.index], className="" if n.silent else "name"),
                html.Span(f"#{n.index}", className="caption"),
                html.Div(
                    html.Span(
                        className="fill", style={"width": f"{100 * amount[n.index] / most:.1f}%"}
                    ),
                    className="kl-bar",
                ),
                html.Span(
                    f"{amount[n.index]:.3f}" if amount[n.index] < 0.1 else f"{amount[n.index]:.2f}",
                    className="z",
                ),
            ],
            className="kl-row muted" if n.silent else "kl-row",
        )
        for n in order
    ]
    silent = [n for n in neurons if n.silent]
    key = "silent_word" if len(silent) == 1 else "silent_words"
    words = say(Message(f"neurons.{key}", {"count": len(silent)}), spoken) if silent else ""
    return [
        html.H2(t("variance") if plain else t("kl"), className="card-title"),
        html.P(t("variance_words") if plain else t("kl_words"), className="caption"),
        *rows,
        html.P(words, className="why"),
        html.P(say(Message(f"honest.{supervision}"), spoken), className="note"),
    ]
