"""β-lab: what β does to unsupervised models, on a sweep; what seeds and correlations do."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, dcc, html

from ....analysis import shipped as lab
from ....analysis.sweep import Sweep
from ....text.message import Message, say
from ...components import plotting
from ...request import language, narrow, palette
from ...services import Services
from ...shell.layout import aria, looked_at, rich, segmented, themed
from . import experiments_figure
from .experiments import experiments_row
from .head import Id, head, options, words
from .page import page
from .sweeps import known, sweep

NAME = "beta-lab"
EXAMPLES = ("a", "b", "c")  # as the address names them
PLOTS = ("plane", "through", "kl", "parts", "scores")


def layout(spoken: str, services: Services) -> list[Any]:
    return [
        head(spoken, services),
        html.Div(
            [
                _card("plane", spoken, caption=words("plane_words", spoken)),
                _card("through", spoken, tools=_watched(spoken), foot=html.P(id=Id.FACTORS)),
            ],
            className="lab-pair",
        ),
        html.Div(
            [
                _card("kl", spoken, caption=words("kl_words", spoken)),
                _card("parts", spoken, words("parts_words", spoken), foot=_note("parts", spoken)),
                _card(
                    "scores", spoken, words("scores_words", spoken), foot=_note("scores", spoken)
                ),
                html.Div(
                    [
                        html.H2(words("read", spoken), className="card-title"),
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


def _watched(spoken: str) -> html.Div:
    keys = [
        html.Span([html.Span(className=f"key {kind}"), words(name, spoken)])
        for kind, name in (("noisy", "input"), ("dashed", "clean"), ("inked", "reconstruction"))
    ]
    choices = [(name, words(f"example_{name}", spoken)) for name in EXAMPLES]
    return html.Div(
        [
            html.Div(keys, className="legends"),
            segmented("example", choices, EXAMPLES[0], words("example", spoken)),
        ],
        className="tools",
    )


def _note(name: str, spoken: str) -> html.P:
    return html.P(words(f"{name}_note", spoken))


def _card(name: str, spoken: str, caption: str = "", tools: Any = None, foot: Any = None) -> Any:
    head = [
        html.H2(words(name, spoken), className="card-title"),
        html.Span(caption, className="caption", id=f"lab-{name}-words"),
        *([tools] if tools else []),
    ]
    hidden = {"visible": False}
    plot = dcc.Graph(
        id=f"lab-{name}",
        figure={"layout": {"xaxis": hidden, "yaxis": hidden}},
        config=plotting.CONFIG,
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
                **aria(label=words(f"figure_{name}", spoken)),
            ),
            *([foot] if foot is not None else []),
        ],
        className=f"card figure-card lab-{name}-card",
    )


def register(app: Dash, services: Services) -> None:
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
        chosen = known(services, wanted)
        found = sweep(services, chosen)
        k = EXAMPLES.index(example) if example in EXAMPLES else 0
        values = {**page(found, k, palette(), spoken, narrow()), "sweep": chosen}
        return values, _about(found, spoken), _factors(found, k, spoken)

    @app.callback(
        Output(Id.SWEEP, "options"),
        looked_at(NAME),
        prevent_initial_call=True,
    )
    def choices(shown: Any) -> Any:
        """A finished grid can be chosen without a reload."""
        del shown
        return options(services, language())

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


def _about(found: Sweep, spoken: str) -> str:
    config = found.config
    told = {"mineral": config["mineral"], "count": len(found.levels), "seed": config["seed"]}
    told_of = words("about", spoken, steps=config["steps"], spectra=config["spectra"], **told)
    return told_of if found.linear else f"{told_of}. {words('no_closed_form', spoken)}"


def _factors(found: Sweep, k: int, spoken: str) -> list[Any]:
    """What is measured there: the example's factors by name."""
    factors = found.examples[k].factors.items()
    each = [f"{say(Message(f'factor.{name}'), spoken)} {value:.3g}" for name, value in factors]
    return rich(", ".join(each).replace("-", "−"))
