"""The places of an identification: its sentence, its figure with every band, what can be done."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from ....library.baseline import AUTOMATIC, BASELINES
from ...components.attributes import aria
from ...components.buttons import bottom_bar, format_buttons, opens, save_button, segmented
from ...components.graph import graph_of_rows
from ...components.parts import card_head, icon
from ...components.texts import Texts

STORES = ("identify-selected", "chosen-phase", "handed-over")


def identified(t: Texts) -> html.Div:
    """One file: what it is."""
    of = Texts("identified", t.language)
    tools = [
        save_button("identify-picture", "PNG", of("save_picture")),
        save_button("identify-vector", "SVG", of("save_vector")),
        *format_buttons("identify"),
    ]
    words = [
        html.H1(id="verdict", className="verdict", **aria(live="polite")),
        html.P(id="why-not", className="caption"),
        html.P(id="identified-read", className="caption"),
    ]
    head = [html.Div(words, className="verdict-words"), html.Div(tools, className="tools")]
    return html.Div(
        [
            html.Div(head, className="verdict-line"),
            html.Div([_figure(t, of), _rail(of)], className="pair"),
            bottom_bar(
                opens("measured-table", "table", of("bands_title")),
                opens("identified-checks", "list-check", t("checks")),
            ),
            *(dcc.Store(id=name) for name in STORES),
            dcc.Store(id="identify-axis", data="windows"),
            dcc.Download(id="identify-download"),
        ],
        id="identify-result",
        hidden=True,
    )


def _figure(t: Texts, of: Texts) -> html.Div:
    axes = [("windows", of("where_bands_are")), ("full", of("full"))]
    baselines = [(one, of(f"baseline_{one}")) for one in BASELINES]
    label = Texts("spectrometer", t.language)("axis")
    tools: list[Any] = [
        html.Span(of("hint"), className="caption zoom-hint"),
        html.Span(of("baseline"), className="caption"),
        segmented("identify-baseline", baselines, AUTOMATIC, of("baseline")),
        html.Div(segmented("identify-axis", axes, "windows", label), id="identify-axes"),
        html.Button(
            [icon("question-circle"), t("other_column")],
            id="identify-column",
            className="act",
            hidden=True,
        ),
    ]
    return html.Div(
        [
            card_head_of("identified-file", tools),
            graph_of_rows("identified"),
            html.Div(id="crop-strip", className="crop-strip"),
            html.Div(id="measured-table", className="measured-place sheet"),
        ],
        className="card figure-card",
    )


def card_head_of(identity: str, tools: list[Any]) -> html.Div:
    """A card's head whose title comes later."""
    title = html.H2(id=identity, className="card-title")
    return html.Div([title, html.Div(tools, className="tools")], className="card-head")


def _rail(of: Texts) -> html.Div:
    return html.Div(
        [
            html.Div(id="phases-card", className="card"),
            html.Div(id="phase-estimates", className="card"),
            html.Div(id="whole-novelty", className="card"),
            _make(of),
            html.Div(id="identified-checks", className="card sheet"),
        ],
        className="rail-stack",
    )


def _make(of: Texts) -> html.Div:
    """A mineral of one's own, from the file or from what no phase has of it."""
    ways = [
        html.Div(
            [
                html.P(of(f"{words}_words"), className="caption"),
                html.Button([icon("plus-lg"), of(words)], id=button, className=look),
            ],
            id=place,
        )
        for words, button, place, look in (
            ("make", "make-mineral", "make-of-file", "act primary"),
            ("make_rest", "make-rest", "make-of-rest", "act"),
        )
    ]
    return html.Div(
        [card_head(of("what_you_can_do")), *ways], id="make-card", className="card", hidden=True
    )
