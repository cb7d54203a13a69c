"""What Minerals does: looks for minerals, shows the chosen one, saves it."""

from __future__ import annotations

from typing import Any

import dash
import numpy as np
from dash import ClientsideFunction, Dash, Input, Output, State, ctx

from ....library.keeping import export
from ....minerals import Mineral, mineral, minerals
from ...guard import minerals as owned
from ...models import DEFAULT_MODEL
from ...request import language, narrow, palette
from ...shell.view import looked_at, themed
from . import card, encoder_callbacks, figure, own_callbacks
from .layout import HYDROUS_WORDS
from .needs import NAME, Needs
from .shelf import everything, found, question


def register(app: Dash, given: Needs) -> None:
    _register_scripts(app)
    _register_list(app)
    _register_card(app)
    _register_saved(app)
    own_callbacks.register(app, given)
    encoder_callbacks.register(app, given)


def _register_scripts(app: Dash) -> None:
    app.clientside_callback(
        ClientsideFunction("shell", "pressed"),
        Output("minerals-hydrous", "data"),
        *(Input(f"minerals-hydrous-{value}", "n_clicks") for value in HYDROUS_WORDS),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction(NAME, "list"),
        Output("minerals-drawn", "data"),
        Input("minerals-known", "data"),
        Input("minerals-hits", "data"),
        Input("minerals-chosen", "data"),
    )


def _register_list(app: Dash) -> None:
    @app.callback(
        Output("minerals-known", "data"),
        looked_at(NAME),
        prevent_initial_call=True,
    )
    def known(shown: Any) -> Any:
        """One's own may have come or gone."""
        del shown
        return everything(language())

    @app.callback(
        Output("minerals-hits", "data"),
        Input("minerals-known", "data"),
        Input("minerals-search", "value"),
        Input("minerals-at", "value"),
        Input("minerals-within", "value"),
        Input("minerals-hydrous", "data"),
        Input("minerals-hue", "data"),
    )
    def look(known: Any, text: Any, at: Any, within: Any, hydrous: Any, hue: Any) -> Any:
        del known
        return found(question(text, at, within, hydrous), hue)


def _register_card(app: Dash) -> None:
    @app.callback(
        Output("minerals-head", "children"),
        Output("minerals-words", "children"),
        Output("minerals-reference", "figure"),
        Output("minerals-table-words", "children"),
        Output("minerals-table", "children"),
        Output("minerals-sources", "children"),
        Output("minerals-own", "hidden"),
        Output("minerals-new-name", "value"),
        Input("minerals-chosen", "data"),
        themed(NAME),
    )
    def reference(chosen: Any, theme: Any) -> Any:
        del theme
        m, spoken = mineral_called(chosen), language()
        own = m.name in owned.mine()
        return (
            card.head(m, owned.whose(m.name), spoken),
            card.words(m, spoken),
            figure.reference(m, palette(), spoken, narrow()),
            card.table_words(m, spoken),
            card.table(m, spoken),
            card.sources(m, spoken),
            not own,
            m.name,
        )

    @app.callback(
        Output("minerals-family-card", "hidden"),
        Output("minerals-members", "children"),
        Output("minerals-family", "figure"),
        Input("minerals-chosen", "data"),
        themed(NAME),
    )
    def family(chosen: Any, theme: Any) -> Any:
        del theme
        m, spoken = mineral_called(chosen), language()
        members = card.family_of(m)
        if len(members) < 2:
            return True, [], dash.no_update
        drawn = figure.family(m, members, palette(), spoken, narrow())
        return False, card.members(m, members, palette(), spoken), drawn


def _register_saved(app: Dash) -> None:
    @app.callback(
        Output("minerals-download", "data"),
        Input("minerals-csv", "n_clicks"),
        Input("minerals-toml", "n_clicks"),
        State("minerals-chosen", "data"),
        prevent_initial_call=True,
    )
    def save(csv: Any, toml: Any, chosen: Any) -> Any:
        if not (csv or toml):  # the buttons were only made
            return dash.no_update
        m = mineral_called(chosen)
        if ctx.triggered_id == "minerals-toml":
            return {"content": export(m.name), "filename": f"{m.name}.toml"}
        return {"content": _csv(m), "filename": f"{m.name}.csv"}


def mineral_called(name: Any) -> Mineral:
    """The mineral that a page asks for, or the first one where there is none such."""
    return mineral(name if isinstance(name, str) and name in minerals() else DEFAULT_MODEL)


def _csv(m: Mineral) -> str:
    """Its reference over its own axis."""
    pairs = zip(m.axis, m.spectrum(m.axis), strict=True)
    rows = [f"{x:.3f},{y:.6g}" for x, y in pairs if np.isfinite(y)]
    return "\n".join(["wavenumber_cm-1,intensity", *rows]) + "\n"
