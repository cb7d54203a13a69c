"""The Spectrometer's places. Figure and sliders live in the page, which its script makes."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from ....minerals import Mineral
from ...components.attributes import aria
from ...components.buttons import bottom_bar, opens, save_button, segmented
from ...components.markup import upper_first
from ...components.model_choice import model_options
from ...components.parts import icon, skeleton
from ...components.texts import Texts
from ...models import DEFAULT_MODEL
from .needs import Needs


def layout(spoken: str, given: Needs) -> list[Any]:
    t = Texts("spectrometer", spoken)
    plotly = html.Div(dcc.Graph(), hidden=True)  # Dash brings plotly.js with its first graph
    bar = bottom_bar(
        opens("spectrum-tools", "graph-up", t("figure_tools")), opens("bands", "table", t("bands"))
    )
    stores = [
        dcc.Store(id=name) for name in ("code", "moved-to", "shares", "behind-ask", "behind-told")
    ]
    return [
        _figure(t, given.models.mineral_of(DEFAULT_MODEL)),
        _rail(t, model_options(given.models, spoken)),
        bar,
        *stores,
        plotly,
    ]


def _figure(t: Texts, m: Mineral) -> html.Div:
    virtual = upper_first(t("title", mineral=m.label))
    title = html.H1(virtual, id="spectrum-title", className="card-title")
    behind = html.Div(id="behind-words", className="caption", hidden=True)
    named = html.Div([title, html.Div(id="headline", className="headline"), behind])
    bands = html.Div(
        skeleton(5),
        id="bands",
        className="bands sheet",
        role="region",
        tabIndex=0,  # it scrolls sideways, so the keyboard must reach it
        **aria(live="off", label=t("bands")),
    )
    spectrum = html.Div(id="spectrum", className="figure", role="img", **aria(label=t("figure")))
    return html.Div(
        [html.Div([named, _tools(t)], className="card-head"), spectrum, bands],
        className="card figure-card",
    )


def _tools(t: Texts) -> html.Div:
    axes = [("windows", t("two_windows")), ("full", t("full_axis"))]
    return html.Div(
        [
            segmented("axis", axes, "windows", t("axis")),
            _toggle("show-reference", "dashed", t("reference"), True),
            _toggle("show-measured", "noisy", t("as_measured"), False),
            _toggle("show-file", "noisy", "", False, hidden=True),
            save_button("export-csv", "CSV"),
            save_button("export-picture", t("picture")),
        ],
        id="spectrum-tools",
        className="tools sheet",
    )


def _toggle(
    identity: str, line: str, words: str, pressed: bool, hidden: bool = False
) -> html.Button:
    """A button for a line of the figure, which it shows as it is drawn."""
    return html.Button(
        [html.Span(className=f"key {line}"), html.Span(words)],
        id=identity,
        className="toggle",
        hidden=hidden,
        **aria(pressed=str(pressed).lower()),
    )


def _rail(t: Texts, models: list[Any]) -> html.Div:
    """Model, presets and sliders."""
    label = html.Label(t("model"), htmlFor="model", className="caption")
    choice = dbc.Select(options=models, value=DEFAULT_MODEL, id="model")
    silent = html.Details(
        [html.Summary(id="silent-summary"), html.Div(id="silent-sliders")],
        id="silent",
        className="silent",
    )
    head = html.Div(
        [
            html.Span(t("neurons"), className="caption"),
            _step("undo", "arrow-90deg-left", t("undo")),
            _step("reset", "arrow-counterclockwise", t("reset")),
        ],
        className="rail-head",
    )
    return html.Div(
        [
            html.Div([label, choice], className="of-model"),
            html.Div(t("presets"), className="caption presets-title"),
            html.Div(id="presets", className="presets"),
            head,
            html.Div(id="sliders", className="sliders"),
            html.Div(id="virtual-note", className="note"),
            silent,
        ],
        className="card rail",
    )


def _step(identity: str, symbol: str, words: str) -> html.Button:
    return html.Button([icon(symbol), words], id=identity, className="quiet small")
