"""The file that was restored last, for the figure: without its background, at its gain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash
import numpy as np
from dash import ClientsideFunction, Dash, Input, Output

from ....text.message import Message, SpectraVaeError, say
from ...measurements import checked, restored
from ...request import language
from ...restorations import FileGoneError
from .needs import NAME, Needs

if TYPE_CHECKING:
    from ....measure.report.restoration import Restoration

DIGITS = 5  # of the strongest band: no screen shows more


def register(app: Dash, given: Needs) -> None:
    for script, store in (("fileRestored", "restore-selected"), ("fileTold", "behind-told")):
        app.clientside_callback(
            ClientsideFunction(NAME, script),
            Output("show-file", "title", allow_duplicate=True),
            Input(store, "data"),
            prevent_initial_call=True,
        )

    @app.callback(
        Output("behind-told", "data"),
        Input("behind-ask", "data"),
        prevent_initial_call=True,
    )
    def behind(asked: Any) -> Any:
        """The file that the page names, restored as the mineral of the Spectrometer's model."""
        one = checked(asked, given.files)
        if one is None:
            return dash.no_update
        about, spoken = {"of": asked.get("of")}, language()
        mineral = given.models.mineral_of(given.models.chosen(one.model))
        names = {"name": one.name[:80], "mineral": mineral.label}
        try:
            r = restored(given.restorations, one)
        except FileGoneError:
            return {**about, "why": say(Message("error.file_gone", names), spoken)}
        except SpectraVaeError as wrong:
            return {**about, "why": say(wrong.message, spoken)}
        if r.gone:
            return {**about, "why": say(Message("spectrometer.not_in_file", names), spoken)}
        axis = given.models.model(one.model).wavenumber
        return {**about, "y": _curve(r, axis), "gain": f"{r.gain:.3g}", "name": one.name}


def _curve(r: Restoration, axis: Any) -> list[float | None]:
    """(N,) over the model's axis, 1 = the strongest band; None where the file has no point."""
    bare = np.where(r.used, r.measured - r.background, np.nan) / r.gain
    y = np.interp(axis, r.wavenumber, bare, left=np.nan, right=np.nan)
    return [round(float(v), DIGITS) if np.isfinite(v) else None for v in y]
