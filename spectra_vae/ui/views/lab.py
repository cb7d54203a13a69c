"""β-lab: what β does to unsupervised models, on a sweep; what seeds and correlations do."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any

import dash
import dash_bootstrap_components as dbc
from dash import ClientsideFunction, Dash, Input, Output, dcc, html

from ... import lab
from ...lab.sweep import Sweep
from ...message import Message, say
from .. import figures
from ..forms import defaults
from ..request import language, narrow, palette
from ..services import Services
from ..sweeps import SHIPPED, groups, known, sweep
from .lab_experiments import experiments_row
from .lab_page import page
from .shell import aria, data, icon, labelled, rich, segmented

NAME = "beta-lab"
EXAMPLES = ("a", "b", "c")  # as the address names them
PLOTS = ("plane", "through", "kl", "parts", "scores")


class Id(StrEnum):
    BETA = "lab-beta"
    SWEEP = "lab-sweep"
    DATA = "lab-data"
    EXAMPLE = "lab-example"
    ABOUT = "lab-about"
    FACTORS = "lab-factors"
    TRAIN = "lab-train"


def layout(spoken: str, services: Services) -> list[Any]:
    return [
        _head(spoken, services),
        html.Div(
            [
                _card("plane", spoken, caption=_t("plane_words", spoken)),
                _card("through", spoken, tools=_watched(spoken), foot=html.P(id=Id.FACTORS)),
            ],
            className="lab-pair",
        ),
        html.Div(
            [
                _card("kl", spoken, caption=_t("kl_words", spoken)),
                _card("parts", spoken, _t("parts_words", spoken), foot=_note("parts", spoken)),
                _card("scores", spoken, _t("scores_words", spoken), foot=_note("scores", spoken)),
                html.Div(
                    [
                        html.H2(_t("read", spoken), className="card-title"),
                        html.Div(id="lab-read", **aria(live="polite")),
                    ],
                    className="card lab-read",
                ),
            ],
            className="lab-row",
        ),
        experiments_row(spoken),
        dcc.Store(id=Id.DATA),
        dcc.Store(id=Id.EXAMPLE, data=EXAMPLES[0]),
    ]


def _t(key: str, spoken: str, **params: Any) -> str:
    return say(Message(f"lab.{key}", params), spoken)


def _head(spoken: str, services: Services) -> html.Div:
    """The slider over the whole width, what it stands at, and the way to another sweep."""
    shipped = lab.sweep()
    last = len(shipped.levels) - 1
    choose = dbc.Select(id=Id.SWEEP, options=_options(services, spoken), value=SHIPPED)
    track = html.Div(
        [
            html.Span(className="span", id="lab-span"),
            dbc.Input(type="range", id=Id.BETA, min=0, max=last, step=1, value=last // 2),
        ],
        className="track",
    )
    slider = html.Div(
        [
            html.Label(_t("slider", spoken), htmlFor=Id.BETA, className="visually-hidden"),
            track,
            html.Div(id="lab-marks", className="lab-marks"),
            html.Div(
                [html.Span(id="lab-low"), html.Span(_t("marks", spoken)), html.Span(id="lab-high")],
                className="ends",
            ),
        ],
        className="slider lab-slider",
    )
    statistics = [
        html.Div([html.B("–", id=f"lab-fact-{k}"), html.Div(_t(name, spoken), className="caption")])
        for k, name in enumerate(("beta_fact", "active_fact", "rate_fact"))
    ]
    train = html.Button(
        [icon("plus-lg"), _t("train", spoken)],
        id=Id.TRAIN,
        className="act",
        title=_t("train_hint", spoken),
        **data(form=json.dumps(form(shipped))),
    )
    return html.Div(
        [
            html.Div(
                [
                    html.H1(_t("title", spoken), className="card-title"),
                    labelled(_t("sweep", spoken), choose),
                    html.P(id=Id.ABOUT, className="caption"),
                ],
                className="lab-title",
            ),
            slider,
            html.Div([*statistics, train], className="statistics lab-facts"),
        ],
        className="card lab-head",
    )


def _options(services: Services, spoken: str) -> Any:
    found = [{"label": _t("shipped", spoken), "value": SHIPPED}]
    for group in groups(services.runs()):
        words = _t("own", spoken, name=group.name, seed=group.seed, count=len(group.runs))
        found.append({"label": words, "value": group.id})
    return found


def form(shipped: Sweep) -> dict[str, Any]:
    """What the Training form should hold for a sweep like the shipped one, by its fields' ids."""
    config = shipped.config
    first = defaults("none", str(config["mineral"]))
    usual = ("schedule", "warmup", "sigma", "orientation")
    return {
        "train-kinds": ["none"],
        "train-betas": ", ".join(f"{b:g}" for b in shipped.betas),
        "train-seeds": str(config["seed"]),
        "train-steps": config["steps"],
        "train-spectra": config["spectra"],
        **{f"train-{name}": first[name] for name in usual},
    }


def _watched(spoken: str) -> html.Div:
    keys = [
        html.Span([html.Span(className=f"key {kind}"), _t(name, spoken)])
        for kind, name in (("noisy", "input"), ("dashed", "clean"), ("inked", "reconstruction"))
    ]
    choices = [(name, _t(f"example_{name}", spoken)) for name in EXAMPLES]
    return html.Div(
        [
            html.Div(keys, className="legends"),
            segmented("example", choices, EXAMPLES[0], _t("example", spoken)),
        ],
        className="tools",
    )


def _note(name: str, spoken: str) -> html.P:
    return html.P(_t(f"{name}_note", spoken))


def _card(name: str, spoken: str, caption: str = "", tools: Any = None, foot: Any = None) -> Any:
    head = [
        html.H2(_t(name, spoken), className="card-title"),
        html.Span(caption, className="caption", id=f"lab-{name}-words"),
        *([tools] if tools else []),
    ]
    hidden = {"visible": False}
    plot = dcc.Graph(
        id=f"lab-{name}",
        figure={"layout": {"xaxis": hidden, "yaxis": hidden}},
        config=figures.CONFIG,
        responsive=True,
        className="figure",
    )
    if foot is not None:
        foot.className = "caption"
    return html.Div(
        [
            html.Div(head, className="card-head"),
            html.Div(
                plot,
                className="lab-figure",
                role="img",
                **aria(label=_t(f"figure_{name}", spoken)),
            ),
            *([foot] if foot is not None else []),
        ],
        className=f"card figure-card lab-{name}-card",
    )


def register(app: Dash, services: Services) -> None:
    app.clientside_callback(
        "function () { const c = window.dash_clientside.callback_context.triggered[0];"
        " return c ? c.prop_id.split('.')[0].slice(8) : 'a'; }",
        Output(Id.EXAMPLE, "data"),
        *(Input(f"example-{name}", "n_clicks") for name in EXAMPLES),
        prevent_initial_call=True,
    )
    app.clientside_callback(  # the server isn't asked while the slider moves
        ClientsideFunction("lab", "show"),
        *(Output(f"lab-{name}", "figure") for name in PLOTS),
        Input(Id.DATA, "data"),
        Input(Id.BETA, "value"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("lab", "train"),
        Output(Id.TRAIN, "className"),
        Input(Id.TRAIN, "n_clicks"),
        prevent_initial_call=True,
    )

    @app.callback(
        Output(Id.DATA, "data"),
        Output(Id.ABOUT, "children"),
        Output(Id.FACTORS, "children"),
        Input("main", "className"),
        Input(Id.SWEEP, "value"),
        Input(Id.EXAMPLE, "data"),
        Input("theme", "data"),
    )
    def show(shown: Any, wanted: Any, example: Any, theme: Any) -> Any:
        del theme  # the cookie has it; the input only says that it changed
        if shown != f"shows-{NAME}":
            return [dash.no_update] * 3
        spoken = language()
        chosen = known(services, wanted)
        found = sweep(services, chosen)
        k = EXAMPLES.index(example) if example in EXAMPLES else 0
        values = {**page(found, k, palette(), spoken, narrow()), "sweep": chosen}
        return values, _about(found, spoken), _factors(found, k, spoken)

    @app.callback(
        Output(Id.SWEEP, "options"),
        Input("training-version", "data"),
        prevent_initial_call=True,
    )
    def choices(version: Any) -> Any:
        """A finished grid can be chosen without a reload."""
        del version
        return _options(services, language())

    @app.callback(
        Output("lab-rotation", "figure"),
        Output("lab-correlated", "figure"),
        Input("main", "className"),
        Input("theme", "data"),
    )
    def pictures(shown: Any, theme: Any) -> Any:
        del theme
        if shown != f"shows-{NAME}":
            return [dash.no_update] * 2
        found, colours, spoken = lab.experiments(), palette(), language()
        return (
            figures.rotation(found.rotation, colours, spoken),
            figures.correlated(found, colours, spoken, narrow()),
        )


def _about(found: Sweep, spoken: str) -> str:
    config = found.config
    steps, spectra = (f"{config[k]:,}".replace(",", "\u202f") for k in ("steps", "spectra"))
    told = {"mineral": config["mineral"], "count": len(found.levels), "seed": config["seed"]}
    words = _t("about", spoken, steps=steps, spectra=spectra, **told)
    return words if found.linear else f"{words}. {_t('no_closed_form', spoken)}"


def _factors(found: Sweep, k: int, spoken: str) -> list[Any]:
    """What is measured there: the example's factors by name."""
    factors = found.examples[k].factors.items()
    each = [f"{say(Message(f'factor.{name}'), spoken)} {value:.3g}" for name, value in factors]
    return rich(", ".join(each).replace("-", "−"))
