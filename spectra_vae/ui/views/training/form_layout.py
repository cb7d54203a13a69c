"""The form of a new training: fields, help, what β will do, how long it will take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from ....minerals import mineral, minerals
from ....text.message import Message, say
from ....vae.schedule import KINDS
from ...components.attributes import aria
from ...components.buttons import segmented
from ...components.graph import plot
from ...components.markup import rich
from ...components.naming import factor_name
from ...components.texts import Texts
from ...components.training_form import KINDS_OF_TRAINING, NUMBERS, defaults

TEXTS = ("name", "betas", "seeds", "ranges")
CHOICES = ("mineral", "kind", "schedule", "factor_a", "factor_b")
FIELDS = (*NUMBERS, *TEXTS, *CHOICES, "orientation", "vary", "kinds", "sweep")


def field_id(name: str) -> str:
    return f"train-{name.replace('_', '-')}"


def layout(spoken: str, of: str) -> html.Div:
    """The card at the left, for the mineral ``of``; its button stays at its foot."""
    t, first = Texts("form", spoken), defaults("guided", of)
    sections = [
        _mineral(t, of),
        _kind(t),
        html.P(kind_words("guided", spoken), id="kind-words", className="caption wide"),
        _sweep(t),
        _vary(t, first, of),
        *_schedule(t, first),
        _fields(t, first, "sigma", "spectra", "steps", "seed"),
        _fields(t, first, "counts_from", "counts_to"),
        html.P(rich(t("help_counts")), className="caption"),
        _orientation(t, first),
        _more(t, first, of),
    ]
    stores = [dcc.Store(id="sweeping", data="one"), dcc.Store(id="filled-kind", data="guided")]
    body = html.Div(sections, className="form-body")
    return html.Div([_head(t), body, _foot(t), *stores], className="card form")


def kind_words(kind: str, spoken: str) -> str:
    return say(Message(f"form.words_{kind}"), spoken)


def _head(t: Texts) -> html.Div:
    ways = [("one", t("one")), ("sweep", t("sweep"))]
    return html.Div(
        [
            html.H1(t("title"), className="card-title"),
            segmented("sweep", ways, "one", t("how_many")),
        ],
        className="card-head between",
    )


def _kinds(t: Texts) -> list[Any]:
    return [{"label": t(f"kind_{kind}"), "value": kind} for kind in KINDS_OF_TRAINING]


def _mineral(t: Texts, of: str) -> html.Div:
    """Of which mineral the spectra are."""
    known: list[Any] = [{"label": name, "value": name} for name in minerals()]
    return html.Div([_select(t, "mineral", known, of)])


def _kind(t: Texts) -> html.Div:
    """What one training is."""
    return html.Div([_select(t, "kind", _kinds(t), "guided")], id="form-one")


def _sweep(t: Texts) -> html.Div:
    """What the trainings of a sweep are: every combination."""
    kinds = dbc.Checklist(
        id=field_id("kinds"), options=_kinds(t), value=["none"], className="checks-2"
    )
    betas = dbc.Input(id=field_id("betas"), value="1, 10, 60")
    seeds = dbc.Input(id=field_id("seeds"), value="0, 1, 2")
    fields = [_field(t, "kinds", kinds), _field(t, "betas", betas), _field(t, "seeds", seeds)]
    return html.Div(fields, id="form-sweep", hidden=True)


def factor_choices(of: str, spoken: str) -> list[Any]:
    """A mineral's factors, to be chosen from."""
    return [
        {"label": rich(say(Message(f"factor.{f.name}"), spoken)), "value": f.name}
        for f in mineral(of).factors
    ]


def _vary(t: Texts, first: Mapping[str, Any], of: str) -> html.Div:
    """Which factors vary in the training's spectra."""
    choices = factor_choices(of, t.language)
    boxes = dbc.Checklist(
        id=field_id("vary"), options=choices, value=first["vary"], className="checks-2"
    )
    words = html.P(t("help_vary"), className="caption")
    return html.Div([_field(t, "vary", boxes), words], className="wide")


def _schedule(t: Texts, first: Mapping[str, Any]) -> list[Any]:
    """β, how it comes to be, and a picture of that."""
    schedules = [{"label": t(f"schedule_{kind}"), "value": kind} for kind in KINDS]
    chosen = _select(t, "schedule", schedules, str(first["schedule"]))
    return [
        html.Div([_number(t, "beta", first), chosen], className="fields"),
        html.Div(
            [_number(t, name, first) for name in ("warmup", "cycles", "capacity")],
            id="schedule-fields",
            className="fields three",
        ),
        plot("schedule-figure", height="6.875rem"),
    ]


def _fields(t: Texts, first: Mapping[str, Any], *names: str) -> html.Div:
    return html.Div([_number(t, name, first) for name in names], className="fields")


def _orientation(t: Texts, first: Mapping[str, Any]) -> html.Div:
    switch = dbc.Switch(
        id=field_id("orientation"), label=t("orientation"), value=first["orientation"]
    )
    words = html.P(t("help_orientation"), className="caption")
    wrong = html.P(id="wrong-orientation", className="wrong")
    return html.Div([switch, words, wrong], className="field wide")


def _more(t: Texts, first: Mapping[str, Any], of: str) -> html.Details:
    """What is seldom changed: name, narrowed ranges, factors that go together."""
    m = mineral(of)
    nothing: list[Any] = [{"label": t("no_factor"), "value": ""}]
    factors = nothing + [
        {"label": factor_name(m, f.name, t.language), "value": f.name} for f in m.factors
    ]
    pair = [_select(t, name, factors, "") for name in ("factor_a", "factor_b")]
    return html.Details(
        [
            html.Summary(t("more")),
            _field(t, "name", dbc.Input(id=field_id("name"), maxLength=40)),
            _field(t, "ranges", dbc.Input(id=field_id("ranges"), maxLength=200, debounce=True)),
            html.P(t("help_ranges"), className="caption"),
            html.P(t("help_correlation"), className="caption"),
            html.Div([*pair, _number(t, "rho", first)], className="fields three"),
        ],
        className="more",
    )


def _foot(t: Texts) -> html.Div:
    words = [
        html.Div(id="estimate-words", className="caption"),
        html.P(id="wrong-form", className="wrong"),
    ]
    start = html.Button(t("start"), id="start", className="act primary")
    return html.Div([html.Div(words), start], className="form-foot")


def _number(t: Texts, name: str, first: Mapping[str, Any]) -> html.Div:
    limits = NUMBERS[name]
    box = dbc.Input(
        type="number",
        id=field_id(name),
        value=first.get(name),
        min=limits.low,
        max=limits.high,
        step=1 if limits.whole else "any",
        debounce=True,
    )
    return _field(t, name, box)


def _select(t: Texts, name: str, options: list[Any], value: str) -> html.Div:
    return _field(t, name, dbc.Select(id=field_id(name), options=options, value=value))


def _field(t: Texts, name: str, box: Any) -> html.Div:
    """A labelled box, and where it is said what is wrong with it."""
    words = t(f"label_{name}")
    if isinstance(box, dbc.Checklist):
        label: Any = html.Div(words, className="label", id=f"label-{name}")
        box = html.Div(box, role="group", **aria(labelledby=f"label-{name}"))
    else:
        label = dbc.Label(words, html_for=field_id(name), className="label")
    wrong = html.P(id=f"wrong-{name.replace('_', '-')}", className="wrong")
    return html.Div([label, box, wrong], className="field", id=f"field-{name.replace('_', '-')}")
