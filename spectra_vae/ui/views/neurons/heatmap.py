"""The heatmap card: a model's sensitivities, or the difference of two models'."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash_bootstrap_components as dbc
import numpy as np
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html

from ....analysis.difference import Difference, difference
from ....model.neuron import Neuron
from ....text.message import Message, say
from ...components import sensitivity_map
from ...components.naming import name_of
from ...request import language, narrow, palette
from ...services import Services
from ...shell.layout import aria, graph, labelled, looked_at, rich, segmented, themed
from ..spectrometer.layout import checked_code, options
from . import band

ALONE = "-"


def layout(spoken: str, services: Services) -> html.Div:
    def t(key: str) -> str:
        return say(Message(f"neurons.{key}"), spoken)

    of = services.mineral_of(services.default_model)
    tools = [
        labelled(
            say(Message("spectrometer.model"), spoken),
            dbc.Select(
                options=options(services, spoken), value=services.default_model, id="neurons-model"
            ),
        ),
        labelled(
            t("against"),
            dbc.Select(options=_others(services, spoken), value=ALONE, id="neurons-against"),
        ),
        segmented("at", [("origin", t("origin")), ("sliders", t("sliders"))], "origin", t("at")),
        segmented("rows", [("each", t("each_row")), ("one", t("one_scale"))], "each", t("scale")),
    ]
    head = [
        html.H1(t("title"), className="card-title"),
        html.Span(t("subtitle"), id="heatmap-words", className="headline"),
        html.Div(tools, className="tools"),
    ]
    signs = (
        html.Span([html.B(t(f"sign_{k}")), " ", t(f"means_{k}")], className="legend")
        for k in ("height", "width", "shift")
    )
    return html.Div(
        [
            html.Div(head, className="card-head"),
            graph("heatmap"),
            html.Div(
                [
                    html.Span(className="ramp", **aria(hidden="true")),
                    html.Span(rich(t("ramp")), id="ramp-words", className="caption"),
                    *signs,
                ],
                className="legends",
            ),
            band.layout(spoken, of),
            dcc.Store(id="heatmap-drawn"),
        ],
        className="card figure-card",
    )


def _others(services: Services, spoken: str) -> list[Any]:
    """Every model as something to subtract."""
    alone = {"label": say(Message("neurons.alone"), spoken), "value": ALONE}
    return [
        alone,
        *(
            {
                "label": say(Message("neurons.minus", {"name": one["label"]}), spoken),
                "value": one["value"],
            }
            for one in options(services, spoken)
        ),
    ]


def register(app: Dash, services: Services) -> None:
    @app.callback(
        Output("neurons-model", "options"),
        looked_at("neurons"),
        prevent_initial_call=True,
    )
    def known(shown: Any) -> Any:
        """A finished run can be chosen without a reload."""
        del shown
        return options(services, language())

    app.clientside_callback(  # a click needs no new figure: the page frames row and band
        ClientsideFunction("neurons", "frame"),
        Output("heatmap", "figure"),
        Input("heatmap-drawn", "data"),
        Input("neuron", "data"),
        Input("band", "value"),
    )

    @app.callback(
        Output("heatmap-drawn", "data"),
        Output("heatmap-words", "children"),
        Output("ramp-words", "children"),
        looked_at("neurons"),
        Input("neurons-model", "value"),
        Input("neurons-against", "value"),
        Input("neurons-at", "data"),
        Input("neurons-rows", "data"),
        themed("neurons"),
        State("code", "data"),
        State("model", "value"),
    )
    def heatmap(
        shown: Any,
        model: Any,
        against: Any,
        at: Any,
        rows: Any,
        theme: Any,
        code: Any,
        slider_model: Any,
    ) -> Any:
        del shown, theme  # the cookie has it; the inputs only say that something changed
        spoken = language()
        vs = services.model(services.known(model))
        z = vs.origin
        if at == "sliders" and slider_model == model:
            z = checked_code(code, len(vs.neurons), vs.origin)
        apart = _difference(services, vs, against, z)
        values = vs.sensitivity(z) if apart is None else apart.values
        figure = sensitivity_map.sensitivity(
            values,
            _units(values, apart, vs.neurons, rows != "one"),
            vs.wavenumber,
            vs.neurons,
            labels(vs.neurons, apart, spoken),
            vs.mineral,
            palette(),
            spoken,
            narrow(),
        )
        if apart is None:
            keys, paired = ("subtitle", "ramp_one" if rows == "one" else "ramp"), ""
        else:
            keys = ("difference", "ramp_difference")
            paired = " " + say(
                Message("neurons.paired_same" if apart.same_state else "neurons.paired_origins"),
                spoken,
            )
        words, ramp = (say(Message(f"neurons.{key}"), spoken) for key in keys)
        return figure, words, rich(ramp + paired)


def _difference(services: Services, vs: Any, against: Any, z: Any) -> Difference | None:
    if not isinstance(against, str) or services.known(against) != against:
        return None
    return difference(vs, services.model(against), z)


def _units(values: Any, apart: Difference | None, neurons: tuple[Neuron, ...], each: bool) -> Any:
    """(latents,) what takes a row's full colour: its own largest value, or that of all rows.

    A row that moves nothing keeps the scale of all, or it would show the weights' rounding; in a
    difference a row is measured by what either model moves.
    """
    parts = [values] if apart is None else [apart.first, apart.second]
    peak = np.max([np.nanmax(np.abs(part), axis=1) for part in parts], axis=0)
    moves = np.array([not n.inert for n in neurons])
    if apart is not None:
        moves |= peak > 0.01 * peak.max()
    return np.where(moves, peak, peak.max()) if each else np.full_like(peak, peak.max())


def labels(neurons: tuple[Neuron, ...], apart: Difference | None, spoken: str) -> Mapping[int, str]:
    """Each row's name, and in a difference its partner's number."""
    found = {}
    for n in neurons:
        name = name_of(n, spoken)
        label = f"{name} #{n.index}" if n.silent else f"<b>{name}</b> #{n.index}"
        if apart is not None and apart.partner[n.index] >= 0:
            label += f" {'−' if apart.sign[n.index] > 0 else '+'} #{apart.partner[n.index]}"
        found[n.index] = label
    return found
