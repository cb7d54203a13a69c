"""The heatmap card: a model's sensitivities, or the difference of two models'."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash_bootstrap_components as dbc
import numpy as np
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html

from ....analysis.difference import Difference, difference
from ....minerals import Mineral
from ....model.neuron import Neuron
from ...components import sensitivity_map
from ...components.attributes import aria
from ...components.buttons import segmented
from ...components.from_page import checked_code
from ...components.graph import graph
from ...components.markup import rich
from ...components.model_choice import model_options
from ...components.naming import name_of
from ...components.parts import labelled, tools
from ...components.texts import Texts
from ...models import DEFAULT_MODEL, ModelShelf
from ...request import language, narrow, palette
from ...shell.view import looked_at, themed
from . import band_card
from .needs import NAME, Needs

ALONE = "-"


def layout(spoken: str, given: Needs) -> html.Div:
    t = Texts("neurons", spoken)
    head = [
        html.H1(t("title"), className="card-title"),
        html.Span(t("subtitle"), id="heatmap-words", className="headline"),
        tools(*_choices(t, model_options(given.models, spoken))),
    ]
    return html.Div(
        [
            html.Div(head, className="card-head"),
            graph("heatmap"),
            _legends(t),
            band_card.layout(spoken, given.models.mineral_of(DEFAULT_MODEL)),
            dcc.Store(id="heatmap-drawn"),
        ],
        className="card figure-card",
    )


def _choices(t: Texts, models: list[Any]) -> list[html.Div]:
    """Which model, less which, where, and on which scale."""
    model = dbc.Select(options=models, value=DEFAULT_MODEL, id="neurons-model")
    against = dbc.Select(options=_others(models, t), value=ALONE, id="neurons-against")
    places = [("origin", t("origin")), ("sliders", t("sliders"))]
    scales = [("each", t("each_row")), ("one", t("one_scale"))]
    return [
        labelled(Texts("spectrometer", t.language)("model"), model),
        labelled(t("against"), against),
        segmented("at", places, "origin", t("at")),
        segmented("rows", scales, "each", t("scale")),
    ]


def _legends(t: Texts) -> html.Div:
    signs = (
        html.Span([html.B(t(f"sign_{k}")), " ", t(f"means_{k}")], className="legend")
        for k in ("height", "width", "shift")
    )
    return html.Div(
        [
            html.Span(className="ramp", **aria(hidden="true")),
            html.Span(rich(t("ramp")), id="ramp-words", className="caption"),
            *signs,
        ],
        className="legends",
    )


def _others(models: list[Any], t: Texts) -> list[Any]:
    """Every model as something to subtract."""
    return [
        {"label": t("alone"), "value": ALONE},
        *({"label": t("minus", name=m["label"]), "value": m["value"]} for m in models),
    ]


def register(app: Dash, given: Needs) -> None:
    _register_page(app, given)
    _register_drawn(app, given)


def _register_page(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("neurons-model", "options"),
        looked_at(NAME),
        prevent_initial_call=True,
    )
    def known(shown: Any) -> Any:
        """A finished run can be chosen without a reload."""
        del shown
        return model_options(given.models, language())

    app.clientside_callback(  # a click needs no new figure: the page frames row and band
        ClientsideFunction("neurons", "frame"),
        Output("heatmap", "figure"),
        Input("heatmap-drawn", "data"),
        Input("neuron", "data"),
        Input("band", "value"),
    )


def _register_drawn(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("heatmap-drawn", "data"),
        Output("heatmap-words", "children"),
        Output("ramp-words", "children"),
        looked_at(NAME),
        Input("neurons-model", "value"),
        Input("neurons-against", "value"),
        Input("neurons-at", "data"),
        Input("neurons-rows", "data"),
        themed(NAME),
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
        vs = given.models.model(given.models.chosen(model))
        z = vs.origin
        if at == "sliders" and slider_model == model:
            z = checked_code(code, len(vs.neurons), vs.origin)
        apart = _difference(given.models, vs, against, z)
        values = vs.sensitivity(z) if apart is None else apart.values
        figure = sensitivity_map.sensitivity(
            values,
            _units(values, apart, vs.neurons, rows != "one"),
            vs.wavenumber,
            vs.neurons,
            labels(vs.mineral, vs.neurons, apart, spoken),
            vs.mineral,
            palette(),
            spoken,
            narrow(),
        )
        return figure, *_words(apart, rows != "one", Texts("neurons", spoken))


def _words(apart: Difference | None, each: bool, t: Texts) -> tuple[str, list[Any]]:
    """What the map shows, and what its colours mean."""
    if apart is None:
        return t("subtitle"), rich(t("ramp" if each else "ramp_one"))
    paired = t("paired_same" if apart.same_state else "paired_origins")
    return t("difference"), rich(f"{t('ramp_difference')} {paired}")


def _difference(models: ModelShelf, vs: Any, against: Any, z: Any) -> Difference | None:
    if not isinstance(against, str) or models.known(against) != against:
        return None
    return difference(vs, models.model(against), z)


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


def labels(
    m: Mineral, neurons: tuple[Neuron, ...], apart: Difference | None, spoken: str
) -> Mapping[int, str]:
    """Each row's name, and in a difference its partner's number."""
    found = {}
    for n in neurons:
        name = name_of(m, n, spoken)
        label = f"{name} #{n.index}" if n.silent else f"<b>{name}</b> #{n.index}"
        if apart is not None and apart.partner[n.index] >= 0:
            label += f" {'−' if apart.sign[n.index] > 0 else '+'} #{apart.partner[n.index]}"
        found[n.index] = label
    return found
