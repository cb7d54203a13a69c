"""One file's restoration: its figure, its cards, its exports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash
from dash import ClientsideFunction, Dash, Input, Output, State

from ...components.exports import exported_of
from ...components.restoration_figure import restoration
from ...components.restored_curves import covered
from ...components.restored_numbers import estimates
from ...measurements import Measurement, checked, known_code, restored
from ...request import language, narrow, palette
from ...restorations import FileGoneError
from ...shell.view import themed
from .bands_card import bands
from .cards import checks, code_card, novelty, read_as
from .figure import overlaid
from .layout import CARDS
from .lost import ask_again
from .needs import NAME, Needs

if TYPE_CHECKING:
    from ....measure.restore import Restoration

SEGMENTS = {"restore-axis": ("windows", "full"), "restore-look": ("parts", "overlay")}


def register(app: Dash, given: Needs) -> None:
    for group, values in SEGMENTS.items():
        app.clientside_callback(
            ClientsideFunction("shell", "pressed"),
            Output(group, "data"),
            *(Input(f"{group}-{value}", "n_clicks") for value in values),
            prevent_initial_call=True,
        )
    app.clientside_callback(
        ClientsideFunction(NAME, "move"),
        Output("moved-to", "data"),
        Input("move-sliders", "n_clicks", allow_optional=True),
        State("restore-selected", "data"),
        State("restored-code", "data"),
        prevent_initial_call=True,
    )
    _register_shown(app, given)
    _register_saved(app, given)


def _register_shown(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("restored", "figure"),
        Output("file-title", "children"),
        Output("read-as", "children"),
        *(Output(one, "children") for one in CARDS),
        Output("restore-axes", "hidden"),
        Output("restored-code", "data"),
        Input("restore-selected", "data"),
        themed(NAME),
        Input("restore-axis", "data"),
        Input("restore-look", "data"),
        prevent_initial_call=True,
    )
    def show(selected: Any, theme: Any, axis: Any, look: Any) -> Any:
        del theme  # the cookie has it; the input only says that it changed
        one, r = _selected(given, selected)
        if one is None or r is None:
            return (dash.no_update,) * (5 + len(CARDS))
        spoken = language()
        vs = given.models.model(given.models.chosen(one.model))
        draw = overlaid if look == "overlay" else restoration
        return (
            draw(r, palette(), spoken, axis == "full", narrow()),
            one.name,
            read_as(r, spoken),
            estimates(r, spoken),
            novelty(r, spoken),
            code_card(r, vs, spoken),
            [] if r.gone else bands(r, spoken),
            checks(r, spoken),
            len(covered(r.mineral, r.wavenumber)) < 2,
            known_code(r, vs).tolist(),
        )


def _register_saved(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("download", "data"),
        Input("save-csv", "n_clicks"),
        Input("save-json", "n_clicks"),
        State("restore-selected", "data"),
        prevent_initial_call=True,
    )
    def save(csv: Any, as_json: Any, selected: Any) -> Any:
        del csv, as_json
        one, r = _selected(given, selected)
        if one is None or r is None:
            return dash.no_update
        return exported_of(one.name, "restored", r.to_csv, r.to_dict)


def _selected(given: Needs, selected: Any) -> tuple[Measurement | None, Restoration | None]:
    """The selected file and its restoration; one that is gone, the page is asked for again."""
    one = checked(selected, given.files)
    if one is None:
        return None, None
    try:
        return one, restored(given.restorations, one)
    except FileGoneError:
        ask_again(one)
        return one, None
