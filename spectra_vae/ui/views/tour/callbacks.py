"""The tour's last two steps: an example restored by the server, and the numbers beside it."""

from __future__ import annotations

from typing import Any

import dash
from dash import Dash, Input, Output, html

from ...components.restoration_figure import restoration
from ...request import language, narrow, palette
from ...shell.view import themed
from .cards import numbers
from .needs import NAME, Needs
from .restored import asked, restored


def register(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("tour-restored", "figure"),
        Output("tour-numbers-restoration", "children"),
        Output("tour-numbers-alien", "children"),
        Input("tour-ask", "data"),
        themed(NAME),
        prevent_initial_call=True,
    )
    def show(ask: Any, theme: Any) -> Any:
        del theme  # the cookie has it; the input only says that it changed
        wanted = asked(ask)
        if wanted is None:
            return dash.no_update, dash.no_update, dash.no_update
        step, value = wanted
        spoken = language()
        r = restored(given, step, value)
        found = numbers(r, step, spoken, put=value > 0)
        shown = [html.Div(one, className="statistic") for one in found]
        return (
            restoration(r, palette(), spoken, narrow=narrow(), short=narrow()),
            shown if step == "restoration" else dash.no_update,
            shown if step == "alien" else dash.no_update,
        )
