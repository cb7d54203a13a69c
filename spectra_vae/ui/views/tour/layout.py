"""The tour: ten live steps from bands to aliens. It is about gypsum.

Steps, sliders and figure live in the page (assets/views/tour.js); the server restores the examples
of the last two steps.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import dash
from dash import Dash, Input, Output, dcc, html

from ....minerals import mineral
from ....text.message import Message, say
from ...request import language, narrow, palette
from ...services import Services
from ...shell.layout import aria, graph, rich, themed
from ..restore import figure
from . import asked
from .asked import statistic
from .steps import MINERAL, STEPS, Step

NAME = "tour"


def layout(spoken: str, services: Services) -> list[Any]:
    del services
    live = [
        html.Div(
            id="tour-spectrum",
            className="figure",
            role="img",
            **aria(label=_t("figure", spoken)),
        ),
        html.Div(
            id="tour-map", className="tour-map", role="img", **aria(label=_t("map_figure", spoken))
        ),
    ]
    figure = html.Div(
        [
            html.Div(live, id="tour-live", className="tour-pane"),
            html.Div(graph("tour-restored"), id="tour-asked", className="tour-pane", hidden=True),
        ],
        className="card tour-figure",
    )
    return [
        *(_panel(k, step, spoken) for k, step in enumerate(STEPS)),
        figure,
        _bar(spoken),
        html.Div(id="tour-said", className="visually-hidden", role="status"),
        html.Div(id="tour-mineral", hidden=True, **_data("mineral", _mineral())),
        dcc.Store(id="tour-ask"),
    ]


def _t(key: str, spoken: str, **params: Any) -> str:
    return say(Message(f"tour.{key}", params), spoken)


def _data(name: str, value: Any) -> dict[str, Any]:
    return {f"data-{name}": json.dumps(value, ensure_ascii=False)}


def _mineral() -> dict[str, Any]:
    """What the page sums and measures: bands, strongest first, windows, look-alikes."""
    m = mineral(MINERAL)
    return {
        "bands": [asdict(b) for b in sorted(m.bands, key=lambda b: -b.height)],
        "windows": {group: [low, high] for group, (low, high) in m.spans.items()},
        "lookalikes": [(p.name, p.position) for p in m.lookalikes],
    }


def _panel(k: int, step: Step, spoken: str) -> html.Article:
    """Words, slider, numbers, caveat and question of one step."""

    def t(key: str) -> list[Any]:
        return rich(_t(f"{step.name}_{key}", spoken))

    choices = html.Div(
        [
            html.Button(
                t(f"variant_{v}"),
                className="segment",
                **_data("variant", v),
                **aria(pressed=str(v == 0).lower()),
            )
            for v in range(len(step.variants))
            if len(step.variants) > 1
        ],
        className="segments",
        role="group",
        hidden=len(step.variants) < 2,
        **aria(label=_t("which", spoken)),
    )
    numbers = html.Div(
        [
            html.Div(statistic(name, ["–"], spoken), className=f"statistic number-{name}")
            for name in step.numbers
        ],
        id=f"tour-numbers-{step.name}",
        className="tour-numbers",
    )
    view = say(Message(f"view.{step.opens.strip('/') or 'spectrometer'}"), spoken)
    opens = "open_example" if step.name == "alien" else "open"  # which height it has, nobody asks
    open_view = html.A(_t(opens, spoken, view=view), href=step.opens, className="tour-open")
    count = _t("step", spoken, number=k + 1, all=len(STEPS))
    return html.Article(
        [
            html.Div(
                [
                    html.P(count, className="caption"),
                    html.H1(t("title")),
                    html.P(t("text"), className="tour-text"),
                ],
                className="tour-words",
            ),
            html.Div(
                [choices, html.Div(className="card tour-slider"), numbers], className="tour-hand"
            ),
            html.P(t("caveat"), className="caveat"),
            html.P(
                [html.B(_t("try", spoken)), " ", *t("question"), " ", open_view],
                className="tour-try",
            ),
        ],
        className="tour-step",
        hidden=k > 0,
        **_data("step", asdict(step)),
    )


def _bar(spoken: str) -> html.Nav:
    """Where one is: a button a step, only the current one named."""
    stops = [
        html.Button(
            [
                html.Span(str(k + 1)),
                html.Span(rich(_t(f"{step.name}_title", spoken)), className="stop-name"),
            ],
            className="stop",
        )
        for k, step in enumerate(STEPS)
    ]
    return html.Nav(
        [
            html.Button(["← ", html.Span(_t("back", spoken))], id="tour-back", className="act"),
            html.Div(stops, className="stops"),
            html.Button(
                [html.Span(_t("next", spoken)), " →"], id="tour-next", className="act primary"
            ),
        ],
        className="tour-bar",
        **aria(label=_t("steps", spoken)),
    )


def register(app: Dash, services: Services) -> None:
    @app.callback(
        Output("tour-restored", "figure"),
        Output("tour-numbers-restoration", "children"),
        Output("tour-numbers-alien", "children"),
        Input("tour-ask", "data"),
        themed(NAME),
        prevent_initial_call=True,
    )
    def restored(ask: Any, theme: Any) -> Any:
        del theme  # the cookie has it; the input only says that it changed
        wanted = asked.asked(ask)
        if wanted is None:
            return dash.no_update, dash.no_update, dash.no_update
        step, value = wanted
        spoken = language()
        r = asked.restored(services, step, value)
        shown = [
            html.Div(one, className="statistic")
            for one in asked.numbers(r, step, spoken, put=value > 0)
        ]
        drawn = figure.restoration(r, palette(), spoken, narrow=narrow(), short=narrow())
        return (
            drawn,
            shown if step == "restoration" else dash.no_update,
            shown if step == "alien" else dash.no_update,
        )
