"""The β-lab's server part: all levels of a sweep at once; the page moves between them."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output

from ....analysis import shipped as lab
from ....analysis.sweep import Sweep
from ...components.markup import rich
from ...components.naming import factor_called
from ...components.texts import Texts
from ...request import language, narrow, palette
from ...shell.view import looked_at, themed
from . import experiments_figure
from .head_card import Id, options
from .layout import EXAMPLES, PLOTS
from .levels import levels
from .needs import NAME, Needs
from .study_cards import seeds_table
from .study_figure import study_over_beta
from .sweeps import known, sweep


def register(app: Dash, given: Needs) -> None:
    _register_scripts(app)
    _register_sweep(app, given)
    _register_experiments(app)
    _register_study(app)


def _register_scripts(app: Dash) -> None:
    """What the page does itself when a store changes."""
    app.clientside_callback(
        ClientsideFunction("shell", "pressed"),
        Output(Id.EXAMPLE, "data"),
        *(Input(f"example-{name}", "n_clicks") for name in EXAMPLES),
        prevent_initial_call=True,
    )
    app.clientside_callback(  # the server isn't asked while the slider moves
        ClientsideFunction(NAME, "show"),
        *(Output(f"lab-{name}", "figure") for name in PLOTS),
        Input(Id.DATA, "data"),
        Input(Id.BETA, "value"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction(NAME, "train"),
        Output(Id.TRAIN, "className"),
        Input(Id.TRAIN, "n_clicks"),
        prevent_initial_call=True,
    )


def _register_sweep(app: Dash, given: Needs) -> None:
    @app.callback(
        Output(Id.DATA, "data"),
        Output(Id.ABOUT, "children"),
        Output(Id.FACTORS, "children"),
        looked_at(NAME),
        Input(Id.SWEEP, "value"),
        Input(Id.EXAMPLE, "data"),
        themed(NAME),
    )
    def show(shown: Any, wanted: Any, example: Any, theme: Any) -> Any:
        del shown, theme  # the cookie has it; the inputs only say that something changed
        spoken = language()
        chosen = known(given.trainings, wanted)
        found = sweep(given, chosen)
        k = EXAMPLES.index(example) if example in EXAMPLES else 0
        values = {**levels(found, k, palette(), spoken, narrow()), "sweep": chosen}
        return values, _about(found, spoken), _factors(found, k, spoken)

    @app.callback(
        Output(Id.SWEEP, "options"),
        looked_at(NAME),
        prevent_initial_call=True,
    )
    def choices(shown: Any) -> Any:
        """A finished grid can be chosen without a reload."""
        del shown
        return options(given.trainings, language())


def _register_experiments(app: Dash) -> None:
    @app.callback(
        Output("lab-rotation", "figure"),
        Output("lab-correlated", "figure"),
        looked_at(NAME),
        themed(NAME),
    )
    def pictures(shown: Any, theme: Any) -> Any:
        del shown, theme
        found, colours, spoken = lab.experiments(), palette(), language()
        return (
            experiments_figure.rotation(found.rotation, colours, spoken),
            experiments_figure.correlated(found, colours, spoken, narrow()),
        )


def _register_study(app: Dash) -> None:
    @app.callback(
        Output("lab-study", "figure"),
        Output("lab-study-seeds", "children"),
        looked_at(NAME),
        Input("lab-study-beta", "value"),
        themed(NAME),
    )
    def over_seeds(shown: Any, value: Any, theme: Any) -> Any:
        """The seeds of the chosen β, and where it stands among the others."""
        del shown, theme
        study, spoken = lab.study(), language()
        given = str(value)  # a range's value is text
        k = int(given) if given in map(str, range(len(study.betas) + 1)) else 0
        return study_over_beta(study, k, palette(), spoken), seeds_table(study, k, spoken)


def _about(found: Sweep, spoken: str) -> str:
    t, config = Texts("lab", spoken), found.config
    params = {key: config[key] for key in ("mineral", "seed", "steps", "spectra")}
    words = t("about", count=len(found.levels), **params)
    return words if found.linear else f"{words}. {t('no_closed_form')}"


def _factors(found: Sweep, k: int, spoken: str) -> list[Any]:
    """What is measured there: the example's factors by name."""
    factors = found.examples[k].factors.items()
    each = [f"{factor_called(name, spoken)} {value:.3g}" for name, value in factors]
    return rich(", ".join(each).replace("-", "−"))
