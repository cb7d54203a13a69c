"""The tour's steps that the server draws, and the numbers beside them."""

from __future__ import annotations

from typing import Any

import dash
from dash import Dash, Input, Output, html

from ....analysis import shipped
from ...components.plotting import Figure
from ...components.restoration_figure import restoration
from ...request import language, narrow, palette
from ...shell.view import themed
from . import study_figure
from .cards import numbers, study_numbers
from .needs import NAME, Needs
from .restored import asked, restored
from .steps import SERVED, TURNS


def register(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("tour-restored", "figure"),
        *(Output(f"tour-numbers-{step.name}", "children") for step in SERVED),
        Input("tour-ask", "data"),
        themed(NAME),
        prevent_initial_call=True,
    )
    def show(ask: Any, theme: Any) -> Any:
        del theme  # the cookie has it; the input only says that it changed
        wanted = asked(ask)
        if wanted is None:
            return [dash.no_update] * (1 + len(SERVED))
        step, value = wanted
        figure, found = _drawn(given, step, value)
        shown = [html.Div(one, className="statistic") for one in found]
        return [figure, *(shown if one.name == step else dash.no_update for one in SERVED)]


def _drawn(given: Needs, step: str, value: float) -> tuple[Figure, list[Any]]:
    """Figure and statistics of a step at its slider's place."""
    spoken, study = language(), shipped.study()
    if step == "seeds":
        drawn = study_figure.seeds(study, TURNS, 0, round(value), palette(), spoken, narrow())
        return drawn, study_numbers(step, round(value), spoken)
    if step == "factors":
        drawn = study_figure.more_factors(study, round(value), palette(), spoken, narrow())
        return drawn, study_numbers(step, round(value), spoken)
    r = restored(given, step, value)
    drawn = restoration(r, palette(), spoken, narrow=narrow(), short=narrow())
    return drawn, numbers(r, step, spoken, put=value > 0)
