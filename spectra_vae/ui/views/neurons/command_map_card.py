"""The command map card: what every neuron does, found by scanning it, in words and numbers."""

from __future__ import annotations

from typing import Any

import dash
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html

from ....analysis.command_map import Command, CommandMap
from ....analysis.roles import command_map
from ....minerals import Mineral
from ....model.neuron import Neuron
from ....text.message import Message, say
from ...components import sensitivity_map
from ...components.attributes import aria, data
from ...components.buttons import format_buttons
from ...components.exports import exported
from ...components.from_page import chosen_neuron
from ...components.markup import rich
from ...components.naming import hue_of, name_of
from ...components.parts import card_head, skeleton, tools
from ...components.texts import Texts
from ...request import language
from ...shell.view import looked_at
from .needs import NAME, Needs


def layout(spoken: str) -> html.Div:
    t = Texts("neurons", spoken)
    saves = format_buttons("map", lambda kind: t("save_map", format=kind))
    words = html.Span(t("map_words"), className="headline")
    return html.Div(
        [
            card_head(t("map"), words, tools(*saves)),
            html.Div(skeleton(8), id="command-map"),
            dcc.Download(id="map-download"),
        ],
        className="card rail",
    )


def register(app: Dash, given: Needs) -> None:
    app.clientside_callback(  # the row of the chosen neuron
        ClientsideFunction("neurons", "markRow"),
        Output("command-map", "title"),
        Input("neuron", "data"),
        Input("command-map", "children"),
    )

    @app.callback(
        Output("command-map", "children"),
        looked_at(NAME),
        Input("neurons-model", "value"),
    )
    def commands(shown: Any, model: Any) -> Any:
        del shown
        name = given.models.chosen(model)
        found = given.models.found(name, command_map)
        return _commands(given.models.model(name), found, language())

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
        name, spoken = given.models.chosen(model), language()
        found = given.models.found(name, command_map)
        return exported(
            f"{name}.commands", lambda: found.to_csv(spoken), lambda: found.to_dict(spoken)
        )


def _commands(vs: Any, found: CommandMap, spoken: str) -> list[Any]:
    """A row a neuron, and what they do together."""
    t = Texts("neurons", spoken)
    encoded = "encoder" in vs.trained
    most = max(max(_known(n) for n in vs.neurons), 1e-9)
    rows = [
        _row(vs.mineral, n, found[n.index], most if encoded else None, spoken)
        for n in sensitivity_map.in_order(vs.neurons, vs.mineral)
    ]
    head = html.Tr([html.Th(t(key), scope="col") for key in ("neuron", "effect")])
    table = [html.Thead(head), html.Tbody(rows)]
    plain = vs.neurons[0].kl is None
    told = "no_encoder" if not encoded else "variance_words" if plain else "kl_words"
    return [
        html.Table(table, className="commands", **aria(label=t("map_table"))),
        html.P(t(told), className="caption"),
        html.P(say(found.message, spoken), className="note"),
    ]


def _known(n: Neuron) -> float:
    """KL in nats, or the variance of a plain autoencoder's codes."""
    return n.std**2 if n.kl is None else n.kl


def _row(m: Mineral, n: Neuron, command: Command, most: float | None, spoken: str) -> html.Tr:
    """``most``: what fills a bar, None where no encoder knows any code."""
    name, hue = name_of(m, n, spoken), hue_of(m, n)
    pick = html.Button(
        [html.Span(name, className="" if n.silent else f"name hue-{hue}"), f" #{n.index}"],
        id={"type": "pick-neuron", "index": n.index, "from": "map"},
        className="pick",
        **data(neuron=n.index),
    )
    known = [] if most is None else [_bar(n, most, spoken)]
    words = say(command.message, spoken).removeprefix(f"{name}: ")
    return html.Tr(
        [html.Th([pick, *known], scope="row"), html.Td(rich(words))],
        className="muted" if n.silent else "",
    )


def _bar(n: Neuron, most: float, spoken: str) -> html.Div:
    """How much its code knows, or varies."""
    amount = _known(n)
    unit = "neurons.variance" if n.kl is None else "neurons.kl"
    told = f"{amount:.3f}" if amount < 0.1 else f"{amount:.2f}"
    bar = html.Span(className="fill", style={"width": f"{100 * amount / most:.1f}%"})
    return html.Div(
        [
            html.Span(bar, className="kl-bar", **aria(hidden="true")),
            html.Span(say(Message(unit), spoken), className="visually-hidden"),
            html.Span(told, className="z"),
        ],
        className="kl",
    )


def chosen(given: Any, vs: Any) -> Neuron:
    """The neuron a page asks for."""
    found: Neuron = vs.neurons[
        chosen_neuron(given, sensitivity_map.in_order(vs.neurons, vs.mineral))
    ]
    return found
