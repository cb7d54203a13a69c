"""One file's identification: its figure, its cards, its exports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash
from dash import ClientsideFunction, Dash, Input, Output, State

from ....readers import read_spectrum
from ....spectra.spectrum import Spectrum
from ...components.exports import exported_of
from ...components.restored_numbers import estimates
from ...measurements import Measurement
from ...request import language, narrow, palette
from ...shell.view import themed
from . import hand_over
from .cards import identified_checks, read_words
from .crop_strip import crop_strip
from .measured_table import measured_table
from .needs import NAME, Needs
from .novelty_card import whole_novelty_card
from .phases_card import phases_card
from .phases_figure import phases_figure
from .phases_rows import can_be_cut
from .selected import selected_file
from .verdict import next_best, title

if TYPE_CHECKING:
    from ....identification.result import Identification


def register(app: Dash, given: Needs) -> None:
    app.clientside_callback(
        ClientsideFunction("shell", "pressed"),
        Output("identify-axis", "data"),
        Input("identify-axis-windows", "n_clicks"),
        Input("identify-axis-full", "n_clicks"),
        prevent_initial_call=True,
    )
    _register_shown(app, given)
    _register_estimates(app, given)
    _register_saved(app, given)
    hand_over.register(app, given)


def _register_shown(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("identified", "figure"),
        Output("verdict", "children"),
        Output("why-not", "children"),
        Output("identified-file", "children"),
        Output("identified-read", "children"),
        Output("phases-card", "children"),
        Output("measured-table", "children"),
        Output("whole-novelty", "children"),
        Output("identified-checks", "children"),
        Output("identify-axes", "hidden"),
        Output("make-card", "hidden"),
        Output("make-of-file", "hidden"),
        Output("make-of-rest", "hidden"),
        Output("crop-strip", "children"),
        Input("identify-selected", "data"),
        themed(NAME),
        Input("identify-axis", "data"),
        State("chosen-phase", "data"),
        prevent_initial_call=True,
    )
    def show(selected: Any, theme: Any, axis: Any, phase: Any) -> Any:
        del theme  # the cookie has it; the input only says that it changed
        one, found = selected_file(given, selected)
        if one is None or found is None:
            return (dash.no_update,) * 14
        spoken, colours = language(), palette()
        return (
            phases_figure(found, colours, spoken, axis == "full", narrow()),
            title(found, bool(one.wish.given), colours, spoken),
            next_best(found, spoken),
            one.name,
            read_words(found.read, spoken),
            phases_card(found, one.wish, _chosen(found, phase), colours, spoken),
            measured_table(found, colours, spoken),
            whole_novelty_card(found, spoken),
            identified_checks(found, spoken),
            not can_be_cut(found),
            not found.unexplained,
            bool(found.phases),
            not found.phases,
            crop_strip(_whole(given, one, found), one.wish.crop, spoken),
        )


def _register_estimates(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("phase-estimates", "children"),
        Input("identify-selected", "data"),
        Input("chosen-phase", "data"),
        running=[(Output("phase-estimates", "className"), "card stale", "card")],
        prevent_initial_call=True,
    )
    def fill(selected: Any, phase: Any) -> Any:
        """The factors of one phase, through its own decoder; the first time that is solved."""
        one, found = selected_file(given, selected)
        if one is None or found is None:
            return dash.no_update
        if not found.phases:
            return []
        r = given.identifications.restored(found, _chosen(found, phase))
        return estimates(r, language(), tabled=True)


def _register_saved(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("identify-download", "data"),
        Input("identify-csv", "n_clicks"),
        Input("identify-json", "n_clicks"),
        State("identify-selected", "data"),
        prevent_initial_call=True,
    )
    def save(csv: Any, as_json: Any, selected: Any) -> Any:
        del csv, as_json
        one, found = selected_file(given, selected)
        if one is None or found is None:
            return dash.no_update
        return exported_of(one.name, "identified", found.to_csv, found.to_dict)


def _whole(given: Needs, one: Measurement, found: Identification) -> Spectrum:
    """The file before anything of it was left out."""
    if one.wish.crop is None:
        return Spectrum(found.wavenumber, found.measured)
    return read_spectrum(given.files.get(one.digest) or b"", one.name, one.column)


def _chosen(found: Identification, mineral: Any) -> int:
    """Which phase's estimates are shown: the one that was clicked, else the strongest."""
    names = [phase.mineral for phase in found.phases]
    return names.index(mineral) if mineral in names else 0
