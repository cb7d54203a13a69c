"""What the pseudo-spectra card shows of its codes; saving it, and moving the sliders to one."""

from __future__ import annotations

from typing import Any

import dash
from dash import ALL, Dash, Input, Output, State, ctx, html

from ....text.cells import comment
from ....text.message import SpectraVaeError, say
from ...components import plotting
from ...components.exports import exported
from ...request import language, narrow, palette
from ...shell.view import themed
from . import pseudo_figure
from .needs import NAME, Needs
from .pseudo_codes import checked_codes, clusters
from .pseudo_words import axes_of, axes_options, cluster_list, scored, titles_of


def register(app: Dash, given: Needs) -> None:
    _register_figures(app, given)
    _register_saving(app, given)
    _register_opening(app, given)


def _register_figures(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("pseudo-plane", "figure"),
        Output("pseudo-rows", "figure"),
        Output("pseudo-clusters", "children"),
        Output("pseudo-scores", "children"),
        Output("pseudo-axes", "options"),
        Output("pseudo-result", "hidden"),
        Output("pseudo-empty", "hidden"),
        Output("pseudo-csv", "disabled"),
        Output("pseudo-json", "disabled"),
        Input("pseudo-codes", "data"),
        Input("score-codes", "data"),
        Input("pseudo-k", "value"),
        Input("pseudo-axes", "value"),
        themed(NAME),
        prevent_initial_call=True,
    )
    def show(stored: Any, new: Any, k: Any, axes: Any, theme: Any) -> Any:
        del theme
        codes = checked_codes(given.models, stored)
        if codes is None:
            return (*[dash.no_update] * 5, True, False, True, True)
        spoken = language()
        vs = given.models.model(codes.model)
        try:
            found = clusters(given.models, codes, k)
        except SpectraVaeError as wrong:
            sentence = html.P(say(wrong.message, spoken), className="wrong")
            old: tuple[Any, ...] = (plotting.BLANK, plotting.BLANK, sentence, [], dash.no_update)
            return (*old, False, True, True, True)
        pair, other = axes_of(axes, found.neurons), checked_codes(given.models, new)
        added = None
        if other is not None and other.model == codes.model:
            added = (other.posterior.mean, found.score(other.posterior), other.names)
        titles = titles_of(vs, pair, spoken)
        plane = pseudo_figure.scatter(found, codes.names, pair, titles, added, palette())
        rows = pseudo_figure.pseudo_spectra(found, vs.mineral, palette(), spoken, narrow())
        return (
            plane,
            rows,
            cluster_list(found, codes, spoken),
            scored(found, added, other, spoken),
            axes_options(vs, found.neurons, spoken),
            False,
            True,
            False,
            False,
        )


def _register_saving(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("pseudo-download", "data"),
        Input("pseudo-csv", "n_clicks"),
        Input("pseudo-json", "n_clicks"),
        State("pseudo-codes", "data"),
        State("pseudo-k", "value"),
        prevent_initial_call=True,
    )
    def save(csv: Any, as_json: Any, stored: Any, k: Any) -> Any:
        codes = checked_codes(given.models, stored)
        if codes is None or not (csv or as_json):
            return dash.no_update
        spoken, found = language(), clusters(given.models, codes, k)
        settings = {
            "model": codes.model,
            "digest": given.models.model(codes.model).digest,
            "names": list(codes.names),
            "left_out": list(codes.refused),
        }
        head = "".join(comment(key, _listed(value)) for key, value in settings.items())
        return exported(
            f"{codes.model}.pseudo-spectra",
            lambda: head + found.to_csv(spoken),
            lambda: {**settings, **found.to_dict(spoken)},
        )


def _register_opening(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("moved-to", "data", allow_duplicate=True),
        Input({"type": "open-pseudo", "index": ALL}, "n_clicks"),
        State("pseudo-codes", "data"),
        State("pseudo-k", "value"),
        prevent_initial_call=True,
    )
    def open_in_spectrometer(clicks: Any, stored: Any, k: Any) -> Any:
        codes = checked_codes(given.models, stored)
        if codes is None or not any(clicks or []) or not isinstance(ctx.triggered_id, dict):
            return dash.no_update
        found = clusters(given.models, codes, k)
        asked = ctx.triggered_id["index"]
        if not (isinstance(asked, int) and 0 <= asked < len(found.clusters)):
            return dash.no_update
        code = found.clusters[asked].code.tolist()
        return {"model": codes.model, "z": code, "n": f"pseudo-{sum(c or 0 for c in clicks)}"}


def _listed(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
