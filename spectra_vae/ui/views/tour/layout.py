"""The tour: live steps from bands to aliens. It is about gypsum.

Steps, sliders and figure live in the page, which its script makes; the server draws what the
page can't know: the study's other seeds and factors, and restored examples.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from dash import dcc, html

from ....minerals import mineral
from ...components.attributes import aria, data
from ...components.graph import graph
from ...components.markup import rich
from ...components.texts import Texts
from .cards import statistic
from .needs import Needs
from .steps import MINERAL, STEPS, Step, hue_class
from .study_numbers import facts

TABLES = {"/": "spectrometer", "/neurons": "neurons", "/restore": "restore", "/beta-lab": "lab"}


def layout(spoken: str, given: Needs) -> list[Any]:
    del given
    t, known = Texts("tour", spoken), facts()
    return [
        *(_panel(k, step, t, known) for k, step in enumerate(STEPS)),
        _figure(t),
        _bar(t),
        html.Div(id="tour-said", className="visually-hidden", role="status"),
        html.Div(id="tour-mineral", hidden=True, **_data("mineral", _mineral())),
        dcc.Store(id="tour-ask"),
    ]


def _figure(t: Texts) -> html.Div:
    spectrum = html.Div(
        id="tour-spectrum", className="figure", role="img", **aria(label=t("figure"))
    )
    heat = html.Div(id="tour-map", className="tour-map", role="img", **aria(label=t("map_figure")))
    asked = graph("tour-restored")
    return html.Div(
        [
            html.Div(
                [spectrum, heat, _colours(t), _told(t)], id="tour-live", className="tour-pane"
            ),
            html.Div(asked, id="tour-asked", className="tour-pane", hidden=True),
        ],
        className="card tour-figure",
    )


def _colours(t: Texts) -> html.Div:
    """What the map's colours mean."""
    parts = [html.Span(t("map_less")), html.I(), html.Span(t("map_more")), html.Span(t("map_full"))]
    return html.Div(parts, id="tour-colours", className="tour-colours caption", hidden=True)


def _data(name: str, value: Any) -> dict[str, Any]:
    return data(**{name: json.dumps(value, ensure_ascii=False)})


def _mineral() -> dict[str, Any]:
    """What the page sums and measures: bands, strongest first, windows, look-alikes."""
    m = mineral(MINERAL)
    return {
        "bands": [asdict(b) for b in sorted(m.bands, key=lambda b: -b.height)],
        "windows": {group: [low, high] for group, (low, high) in m.spans.items()},
        "lookalikes": [(p.name, p.position) for p in m.lookalikes],
    }


def _panel(k: int, step: Step, t: Texts, known: Mapping[str, Any]) -> html.Article:
    """Words, slider, numbers, caveat and question of one step."""

    def own(key: str) -> list[Any]:
        return rich(t(f"{step.name}_{key}", **known))

    count = t("step", number=k + 1, all=len(STEPS))
    words = [html.P(count, className="caption"), html.H1(own("title"))]
    words.append(html.P(own("text"), className="tour-text"))
    question = [html.B(t("try")), " ", *own("question"), " ", _link(step, t)]
    return html.Article(
        [
            html.Div(words, className="tour-words"),
            html.Div(
                [
                    _variants(step, t, known),
                    html.Div(className="card tour-slider"),
                    _numbers(step, t),
                ],
                className="tour-hand",
            ),
            html.P(own("caveat"), className="caveat"),
            html.P(question, className="tour-try"),
        ],
        className="tour-step",
        hidden=k > 0,
        **_data("step", asdict(step)),
    )


def _told(t: Texts) -> html.Div:
    """What every neuron tells: eight bars, which the page fills."""
    return html.Div(
        [
            html.Div(className="tour-bars", id="tour-kl", role="img", **aria(label=t("kl_bars"))),
            html.Div(t("kl_bars"), className="caption"),
        ],
        id="tour-told",
        className="tour-told",
        hidden=True,
    )


def _variants(step: Step, t: Texts, known: Mapping[str, Any]) -> html.Div:
    """The models or neurons that a step's slider can move, where there are several."""
    count = len(step.variants)
    choices = [
        html.Button(
            rich(t(f"{step.name}_variant_{v}", **known)),
            className="segment",
            **_data("variant", v),
            **aria(pressed=str(v == 0).lower()),
        )
        for v in range(count if count > 1 else 0)
    ]
    label = aria(label=t("which"))
    return html.Div(choices, className="segments", role="group", hidden=count < 2, **label)


def _numbers(step: Step, t: Texts) -> html.Div:
    empty = [
        html.Div(statistic(name, ["–"], t.language), className=f"statistic {hue_class(name)}")
        for name in step.numbers
    ]
    return html.Div(empty, id=f"tour-numbers-{step.name}", className="tour-numbers")


def _link(step: Step, t: Texts) -> html.A:
    """The way to the view that the step leads to."""
    view = Texts(TABLES[step.opens], t.language)("view")
    opens = "open_example" if step.name == "alien" else "open"  # which height it has, nobody asks
    return html.A(t(opens, view=view), href=step.opens, className="tour-open")


def _bar(t: Texts) -> html.Nav:
    """Where one is: a button a step, only the current one named."""
    stops = [
        html.Button(
            [
                html.Span(str(k + 1)),
                html.Span(rich(t(f"{step.name}_title")), className="stop-name"),
            ],
            className="stop",
        )
        for k, step in enumerate(STEPS)
    ]
    back = html.Button(["← ", html.Span(t("back"))], id="tour-back", className="act")
    again = html.Span(t("again"), className="again")
    onward = html.Span([html.Span(t("next")), " →"], className="onward")
    on = html.Button([onward, again], id="tour-next", className="act primary")
    return html.Nav(
        [back, html.Div(stops, className="stops"), on],
        className="tour-bar",
        **aria(label=t("steps")),
    )
