"""The form of a new training: fields, help, what β will do, how long it will take."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from ....minerals import mineral, minerals
from ....text.message import Message, say
from ....vae.schedule import KINDS
from ...components import plotting
from ...components.forms import KINDS_OF_TRAINING, NUMBERS, defaults
from ...services import Services
from ...shell.layout import aria, rich, segmented

TEXTS = ("name", "betas", "seeds")
CHOICES = ("mineral", "kind", "schedule", "factor_a", "factor_b")
FIELDS = (*NUMBERS, *TEXTS, *CHOICES, "orientation", "kinds", "sweep")


def field_id(name: str) -> str:
    return f"train-{name.replace('_', '-')}"


def layout(spoken: str, services: Services) -> html.Div:
    """The card at the left; its button stays at its foot."""

    def t(key: str, **params: Any) -> str:
        return say(Message(f"form.{key}", params), spoken)

    first = defaults("guided", services.default_mineral)
    factors = [f.name for f in mineral(services.default_mineral).factors]
    named: list[Any] = [{"label": say(Message(f"factor.{f}"), spoken), "value": f} for f in factors]
    nothing: list[Any] = [{"label": t("no_factor"), "value": ""}]
    kinds: list[Any] = [{"label": t(f"kind_{k}"), "value": k} for k in KINDS_OF_TRAINING]

    def number(name: str, **more: Any) -> html.Div:
        limits = NUMBERS[name]
        box = dbc.Input(
            type="number",
            id=field_id(name),
            value=first.get(name),
            min=limits.low,
            max=limits.high,
            step=1 if limits.whole else "any",
            debounce=True,
            **more,
        )
        return _field(name, box, spoken)

    def select(name: str, options: list[Any], value: str) -> html.Div:
        box = dbc.Select(id=field_id(name), options=options, value=value)
        return _field(name, box, spoken)

    schedules = [{"label": t(f"schedule_{k}"), "value": k} for k in KINDS]
    head = html.Div(
        [
            html.H1(t("title"), className="card-title"),
            segmented("sweep", [("one", t("one")), ("sweep", t("sweep"))], "one", t("how_many")),
        ],
        className="card-head between",
    )
    one = html.Div([select("kind", kinds, "guided")], id="form-one")
    many = html.Div(
        [
            _field(
                "kinds",
                dbc.Checklist(
                    id=field_id("kinds"), options=kinds, value=["none"], className="checks-2"
                ),
                spoken,
            ),
            _field("betas", dbc.Input(id=field_id("betas"), value="1, 10, 60"), spoken),
            _field("seeds", dbc.Input(id=field_id("seeds"), value="0, 1, 2"), spoken),
        ],
        id="form-sweep",
        hidden=True,
    )
    orientation = html.Div(
        [
            dbc.Switch(
                id=field_id("orientation"), label=t("orientation"), value=first["orientation"]
            ),
            html.P(t("help_orientation"), className="caption"),
            html.P(id="wrong-orientation", className="wrong"),
        ],
        className="field wide",
    )
    body = html.Div(
        [
            one,
            html.P(kind_words("guided", spoken), id="kind-words", className="caption wide"),
            many,
            html.Div(
                [number("beta"), select("schedule", schedules, str(first["schedule"]))],
                className="fields",
            ),
            html.Div(
                [number("warmup"), number("cycles"), number("capacity")],
                id="schedule-fields",
                className="fields three",
            ),
            dcc.Graph(
                id="schedule-figure",
                config=plotting.CONFIG,
                responsive=True,
                style={"height": "6.875rem"},
                figure={"layout": {"xaxis": {"visible": False}, "yaxis": {"visible": False}}},
            ),
            html.Div(
                [number("sigma"), number("spectra"), number("steps"), number("seed")],
                className="fields",
            ),
            html.Div([number("counts_from"), number("counts_to")], className="fields"),
            html.P(rich(t("help_counts")), className="caption"),
            orientation,
            html.Details(
                [
                    html.Summary(t("more")),
                    _field("name", dbc.Input(id=field_id("name"), maxLength=40), spoken),
                    select(
                        "mineral",
                        [{"label": m, "value": m} for m in minerals()],
                        services.default_mineral,
                    ),
                    html.P(t("help_correlation"), className="caption"),
                    html.Div(
                        [
                            select("factor_a", nothing + named, ""),
                            select("factor_b", nothing + named, ""),
                            number("rho"),
                        ],
                        className="fields three",
                    ),
                ],
                className="more",
            ),
        ],
        className="form-body",
    )
    foot = html.Div(
        [
            html.Div(
                [
                    html.Div(id="estimate-words", className="caption"),
                    html.P(id="wrong-form", className="wrong"),
                ]
            ),
            html.Button(t("start"), id="start", className="act primary"),
        ],
        className="form-foot",
    )
    stores = [dcc.Store(id="sweeping", data="one"), dcc.Store(id="filled-kind", data="guided")]
    return html.Div([head, body, foot, *stores], className="card form")


def kind_words(kind: str, spoken: str) -> str:
    return say(Message(f"form.words_{kind}"), spoken)


def _field(name: str, box: Any, spoken: str) -> html.Div:
    words = say(Message(f"form.label_{name}"), spoken)
    if isinstance(box, dbc.Checklist):
        label: Any = html.Div(words, className="label", id=f"label-{name}")
        box = html.Div(box, role="group", **aria(labelledby=f"label-{name}"))
    else:
        label = dbc.Label(words, html_for=field_id(name), className="label")
    wrong = html.P(id=f"wrong-{name.replace('_', '-')}", className="wrong")
    return html.Div([label, box, wrong], className="field", id=f"field-{name.replace('_', '-')}")
