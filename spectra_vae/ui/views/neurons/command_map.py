"""The command map card: what every neuron does, found by scanning it, in words and numbers."""

from __future__ import annotations

import json
from typing import Any

import dash
from dash import ClientsideFunction, Dash, Input, Output, State, ctx, dcc, html

from ....analysis.command_map import Command
from ....analysis.roles import command_map
from ....model.neuron import Neuron
from ....text.message import Message, say
from ...components import sensitivity_map
from ...components.naming import chosen_neuron, name_of, neuron_hue
from ...request import language
from ...services import Services
from ...shell.layout import aria, data, looked_at, rich, save_button, skeleton


def layout(spoken: str) -> html.Div:
    def t(key: str, **params: Any) -> str:
        return say(Message(f"neurons.{key}", params), spoken)

    saves = [
        save_button(f"map-{kind.lower()}", kind, t("save_map", format=kind))
        for kind in ("CSV", "JSON")
    ]
    return html.Div(
        [
            html.Div(
                [
                    html.H2(t("map"), className="card-title"),
                    html.Span(t("map_words"), className="headline"),
                    html.Div(saves, className="tools"),
                ],
                className="card-head",
            ),
            html.Div(skeleton(8), id="command-map"),
            dcc.Download(id="map-download"),
        ],
        className="card rail",
    )


def register(app: Dash, services: Services) -> None:
    @app.callback(
        Output("command-map", "children"),
        looked_at("neurons"),
        Input("neurons-model", "value"),
    )
    def commands(shown: Any, model: Any) -> Any:
        del shown
        spoken, name = language(), services.known(model)
        vs, found = services.model(name), services.found(name, command_map)
        order = sensitivity_map.in_order(vs.neurons, vs.mineral)
        plain = vs.neurons[0].kl is None
        most = max(max(_known(n) for n in vs.neurons), 1e-9)
        head = html.Tr(
            [
                html.Th(say(Message("neurons.neuron"), spoken), scope="col"),
                html.Th(say(Message("neurons.effect"), spoken), scope="col"),
            ]
        )
        rows = [_row(n, found[n.index], neuron_hue(_factor(vs, n)), most, spoken) for n in order]
        words = "neurons.variance_words" if plain else "neurons.kl_words"
        return [
            html.Table(
                [html.Thead(head), html.Tbody(rows)],
                className="commands",
                **aria(label=say(Message("neurons.map_table"), spoken)),
            ),
            html.P(say(Message(words), spoken), className="caption"),
            html.P(say(found.message, spoken), className="note"),
        ]

    app.clientside_callback(  # the row of the chosen neuron
        ClientsideFunction("neurons", "markRow"),
        Output("command-map", "title"),
        Input("neuron", "data"),
        Input("command-map", "children"),
    )

    @app.callback(
        Output("map-download", "data"),
        Input("map-csv", "n_clicks"),
        Input("map-json", "n_clicks"),
        State("neurons-model", "value"),
        prevent_initial_call=True,
    )
    def save(csv: Any, as_json: Any, model: Any) -> Any:
        if not (csv or as_json):
            return dash.no_update
        name = services.known(model)
        found = services.found(name, command_map)
        if ctx.triggered_id == "map-json":
            text = json.dumps(found.to_dict(language()), allow_nan=False, ensure_ascii=False)
            return {"content": text, "filename": f"{name}.commands.json"}
        return {"content": found.to_csv(language()), "filename": f"{name}.commands.csv"}


def _factor(vs: Any, n: Neuron) -> Any:
    return vs.mineral.factor(n.factor) if n.factor else None


def _known(n: Neuron) -> float:
    """KL in nats, or the variance of a plain autoencoder's codes."""
    return n.std**2 if n.kl is None else n.kl


def _row(n: Neuron, command: Command, hue: str, most: float, spoken: str) -> html.Tr:
    name = name_of(n, spoken)
    amount = _known(n)
    unit = "neurons.variance" if n.kl is None else "neurons.kl"
    told = f"{amount:.3f}" if amount < 0.1 else f"{amount:.2f}"
    bar = html.Span(className="fill", style={"width": f"{100 * amount / most:.1f}%"})
    pick = html.Button(
        [html.Span(name, className="" if n.silent else f"name {hue}"), f" #{n.index}"],
        id={"type": "pick-neuron", "index": n.index, "from": "map"},
        className="pick",
        **data(neuron=n.index),
    )
    known = html.Div(
        [
            html.Span(bar, className="kl-bar", **aria(hidden="true")),
            html.Span(say(Message(unit), spoken), className="visually-hidden"),
            html.Span(told, className="z"),
        ],
        className="kl",
    )
    words = say(command.message, spoken).removeprefix(f"{name}: ")
    return html.Tr(
        [html.Th([pick, known], scope="row"), html.Td(rich(words))],
        className="muted" if n.silent else "",
    )


def chosen(given: Any, vs: Any) -> Neuron:
    """The neuron a page asks for."""
    found: Neuron = vs.neurons[
        chosen_neuron(given, sensitivity_map.in_order(vs.neurons, vs.mineral))
    ]
    return found
