"""The Spectrometer's server part: the band table when a slider is let go, and mixed neurons."""

from __future__ import annotations

from typing import Any

import numpy as np
from dash import ClientsideFunction, Dash, Input, Output, State

from ....analysis.role_words import largest
from ....analysis.roles import command_map
from ....spectra.bands import fit_bands, locate
from ...components.band_table import band_table
from ...components.from_page import checked_code
from ...components.model_choice import model_options
from ...components.texts import Texts
from ...request import language
from . import behind
from .needs import NAME, Needs

LARGEST = 3  # shares of a mixed neuron: all would be taller than its slider


def register(app: Dash, given: Needs) -> None:
    _register_scripts(app)
    behind.register(app, given)
    models = given.models

    @app.callback(Output("shares", "data"), Input("model", "value"), prevent_initial_call=True)
    def shares(model: Any) -> Any:
        """What each neuron moves that has no factor of its own, in words, by number."""
        name, t = models.chosen(model), Texts("spectrometer", language())
        mixed = [n for n in models.model(name).neurons if n.factor is None and not n.inert]
        if not mixed:
            return None
        found, m = models.found(name, command_map), models.mineral_of(name)
        moved = {n.index: largest(m, found[n.index].shares, LARGEST) for n in mixed}
        return {"model": name, "of": {j: t("moves", shares=s) for j, s in moved.items()}}

    @app.callback(
        Output("model", "options"),
        Input("runs-version", "data"),
        prevent_initial_call=True,
    )
    def known(version: Any) -> Any:
        """A finished run can be chosen without a reload."""
        del version
        return model_options(models, language())

    @app.callback(
        Output("bands", "children"),
        Input("code", "data"),
        State("model", "value"),
        running=[(Output("bands", "className"), "bands sheet stale", "bands sheet")],
        prevent_initial_call=True,
    )
    def table(code: Any, model: Any) -> Any:
        vs = models.model(models.chosen(model))
        z = checked_code(code, len(vs.neurons), vs.origin)
        x, m = vs.wavenumber, vs.mineral
        both = vs.decode(np.stack([z, vs.origin]))
        now = fit_bands(m, x, both[0], *locate(m, x, both[0]))
        reference = fit_bands(m, x, both[1], *locate(m, x, both[1]))
        return band_table(m, now, reference, language())


def _register_scripts(app: Dash) -> None:
    """What the page does itself when a store changes."""
    app.clientside_callback(
        ClientsideFunction(NAME, "choose"),
        Output("spectrum", "title"),
        Input("model", "value"),
    )
    app.clientside_callback(
        ClientsideFunction(NAME, "moveTo"),
        Output("sliders", "title"),
        Input("moved-to", "data"),
    )
    app.clientside_callback(
        ClientsideFunction(NAME, "tellShares"),
        Output("silent-sliders", "title"),
        Input("shares", "data"),
    )
