"""Compare's places: two files, their figure, the verdict."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from ....examples import PAIRS
from ....readers.read import MAX_MEGABYTES
from ...components.attributes import aria, data
from ...components.buttons import format_buttons
from ...components.graph import graph
from ...components.model_choice import model_options
from ...components.parts import icon, labelled, resolution_box, skeleton, tools
from ...components.texts import Texts
from ...measurements import IDENTIFY
from ...models import DEFAULT_BRIDGE, DEFAULT_MODEL
from .needs import Needs

SIDES = ("a", "b")
STORES = ("compare-told", "compare-dropped", "compare-gone", "compare-phase")


def layout(spoken: str, given: Needs) -> list[Any]:
    t = Texts("comparison", spoken)
    busy = [html.P(t("busy")), *skeleton(4)]
    result = [_figure(t), _rail()]
    return [
        _strip(t, offered(given, spoken)),
        html.Div(busy, id="compare-busy", className="card busy", hidden=True),
        _empty(t),
        html.Div(result, id="compare-result", className="pair", hidden=True),
        dcc.Store(id="compare-files", data={}),
        *(dcc.Store(id=name) for name in STORES),
        dcc.Download(id="compare-download"),
    ]


def offered(given: Needs, spoken: str) -> list[Any]:
    """What two files may be compared through: first, whatever both hold."""
    shared = {"value": IDENTIFY, "label": Texts("comparison", spoken)("shared")}
    return [shared, *model_options(given.models, spoken)]


def bridge(given: Needs) -> str:
    """The model of the example pairs, which two instruments measured."""
    known = [one["value"] for one in model_options(given.models, "en")]
    return next(name for name in (DEFAULT_BRIDGE, DEFAULT_MODEL) if name in known)


def _strip(t: Texts, models: list[Any]) -> html.Div:
    words = Texts("spectrometer", t.language)("model")
    zones = [_zone(side, t(side), t.language) for side in SIDES]
    select = dbc.Select(options=models, value=IDENTIFY, id="compare-model")
    choice = html.Div(labelled(words, select), id="compare-models", **data(shared=IDENTIFY))
    return html.Div([*zones, choice], className="strip")


def _zone(side: str, words: str, spoken: str) -> html.Div:
    upload = dcc.Upload(
        html.Button([icon("plus-lg"), words], className="add"),
        id=f"compare-{side}",
        max_size=MAX_MEGABYTES * 1_000_000,
    )
    file = html.Div(id=f"compare-file-{side}", role="status")
    loaded = dbc.Select(
        id=f"compare-loaded-{side}", options=[], placeholder=Texts("comparison", spoken)("loaded")
    )
    there = html.Div(labelled(words, loaded), id=f"compare-there-{side}", hidden=True)
    box = resolution_box(f"compare-resolution-{side}", spoken, debounce=True)
    place = html.Div(box, id=f"compare-resolution-field-{side}", hidden=True)
    return html.Div([upload, there, file, place], className="zone")


def _empty(t: Texts) -> html.Div:
    pairs: list[Any] = [
        html.Button(t(f"pair_{name}"), id={"type": "pair", "name": name}, className="link")
        for name in PAIRS
    ]
    or_try = Texts("restore", t.language)("or_try")
    return html.Div(
        [
            icon("file-earmark-arrow-up"),
            html.H1(t("empty")),
            html.P([or_try, " ", pairs[0], ", ", pairs[1]]),
            html.P(t("words"), className="caption"),
        ],
        id="compare-empty",
        className="empty",
    )


def _figure(t: Texts) -> html.Div:
    title = html.H2(id="compare-title", className="card-title")
    head = html.Div([title, tools(*format_buttons("compare"))], className="card-head")
    curves = html.P(id="compare-curves", className="read-as")
    return html.Div([head, curves, graph("compared")], className="card figure-card")


def _rail() -> html.Div:
    verdict = html.Div(id="compare-verdict", className="card", **aria(live="polite"))
    return html.Div(
        [verdict, html.Div(id="compare-checks", className="card")], className="rail-stack"
    )
