"""A file, or what no phase has of it, as it goes to New mineral."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from dash import ClientsideFunction, Dash, Input, Output, State, ctx, no_update

from ...measurements import Measurement
from .needs import NAME, Needs
from .selected import selected_file

if TYPE_CHECKING:
    from ....identification.result import Identification

REST = "make-rest"  # the button for what is left over


def register(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("handed-over", "data"),
        Input("make-mineral", "n_clicks"),
        Input(REST, "n_clicks"),
        State("identify-selected", "data"),
        prevent_initial_call=True,
    )
    def hand_over(whole: Any, rest: Any, selected: Any) -> Any:
        del whole, rest
        one, found = selected_file(given, selected)
        if one is None or found is None:
            return no_update
        told = {"resolution": one.resolution, "baseline": one.wish.baseline}
        if ctx.triggered_id != REST and one.wish.crop is None:
            return {**told, "name": one.name, "digest": one.digest, "column": one.column}
        name, content = _written(one, found, ctx.triggered_id == REST)
        return {**told, "name": name, "digest": given.files.put(content)}

    app.clientside_callback(
        ClientsideFunction(NAME, "handOver"),
        Output("make-mineral", "title"),
        Input("handed-over", "data"),
        prevent_initial_call=True,
    )


def _written(one: Measurement, found: Identification, rest: bool) -> tuple[str, bytes]:
    """The part of the file that counts, as text; ``rest``: without the phases' curves."""
    values = found.measured - sum(p.curve for p in found.phases) if rest else found.measured
    rows = (f"{x:.12g},{y:.12g}" for x, y in zip(found.wavenumber, np.asarray(values), strict=True))
    stem = one.name.rsplit(".", 1)[0] or "spectrum"
    name = f"{stem}.rest.csv" if rest else f"{stem}.csv"
    return name, "\n".join(("wavenumber_cm-1,intensity", *rows)).encode()
