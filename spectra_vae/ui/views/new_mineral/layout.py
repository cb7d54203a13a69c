"""New mineral's places: the measurement with its bands, doubts, the table, what it will be."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from ....library.baseline import AUTOMATIC, BASELINES
from ....library.parts import DRAFT_FILES
from ....readers.read import MAX_MEGABYTES
from ...components.attributes import aria, data
from ...components.buttons import segmented
from ...components.graph import plot
from ...components.parts import card_head, icon, resolution_box, skeleton, tools
from ...components.texts import Texts
from .needs import Needs

STORES = ("draft-ask", "draft-told", "draft-rows", "draft-keep", "draft-kept")


def layout(spoken: str, given: Needs) -> list[Any]:
    del given
    t = Texts("new_mineral", spoken)
    busy = [html.P(t("busy")), _progress(t), *skeleton(4)]
    return [
        _strip(t, spoken),
        html.Div(id="draft-refused", className="card question", hidden=True, **aria(live="polite")),
        html.Div(busy, id="draft-busy", className="card busy", role="status", hidden=True),
        _empty(t),
        html.Div([_left(t), _rail(t)], id="draft-result", className="draft", hidden=True),
        *(dcc.Store(id=name) for name in STORES),
    ]


def _progress(t: Texts) -> html.Div:
    """How far the fit is, and an end to it."""
    stop = html.Button(t("cancel"), id="draft-cancel", className="quiet small")
    told = html.Span(id="draft-progress", className="caption")
    return html.Div([told, stop], className="progress-line")


def _strip(t: Texts, spoken: str) -> html.Div:
    upload = dcc.Upload(
        html.Button([icon("plus-lg"), t("add")], className="add"),
        id="draft-upload",
        multiple=True,
        max_size=MAX_MEGABYTES * 1_000_000,
    )
    files = html.Div(id="draft-files", className="files")
    end = html.Div(resolution_box("draft-resolution", spoken), className="strip-end")
    return html.Div([upload, files, end], className="strip", **data(most=DRAFT_FILES))


def _empty(t: Texts) -> html.Div:
    return html.Div(
        [
            icon("file-earmark-arrow-up"),
            html.H1(t("empty")),
            html.P(t("empty_words")),
            html.P(t("stays"), className="caption"),
        ],
        id="draft-empty",
        className="empty",
    )


def _left(t: Texts) -> html.Div:
    baselines = [(how, t(f"baseline_{how}")) for how in BASELINES]
    tool = tools(
        html.Span(t("baseline"), className="caption"),
        segmented("draft-baseline", baselines, AUTOMATIC, t("baseline")),
        html.Button(
            [icon("plus-lg"), t("add_band")],
            id="draft-add",
            className="act",
            **aria(pressed="false"),
        ),
        _step("draft-undo", "arrow-90deg-left", t("undo")),
        _step("draft-back", "arrow-counterclockwise", t("back")),
    )
    figure = html.Div(
        [
            html.Div(
                [
                    html.H1(id="draft-title", className="card-title"),
                    html.Span(id="draft-words", className="headline"),
                    tool,
                ],
                className="card-head",
            ),
            plot("draft-figure", height="30rem"),
        ],
        className="card figure-card",
    )
    doubts = html.Div(id="draft-doubts", className="card", **aria(live="polite"))
    return html.Div([figure, doubts], className="stack")


def _step(identity: str, symbol: str, words: str) -> html.Button:
    return html.Button([icon(symbol), words], id=identity, className="quiet")


def _rail(t: Texts) -> html.Div:
    table = html.Div(
        [
            html.Div([_name(t), _formula(t)], className="draft-names"),
            html.Div(
                id="draft-table",
                className="draft-table",
                tabIndex=0,
                role="region",
                **aria(label=t("table")),
            ),
            html.P(id="draft-wrong", className="draft-wrong", role="alert"),
        ],
        className="card",
    )
    words: list[Any] = [icon("sliders"), t("save")]
    gets = html.Div(
        [
            card_head(t("sliders")),
            html.Div(id="draft-sliders"),
            html.Button(words, id="draft-save", className="act primary wide-button"),
            html.P(t("save_words"), className="caption"),
        ],
        className="card",
    )
    return html.Div([table, gets], className="rail-stack")


def _name(t: Texts) -> html.Div:
    box = dbc.Input(id="draft-name", maxLength=60, debounce=200, autoComplete="off")
    wrong = html.Div(id="draft-name-wrong", className="draft-wrong", **aria(live="polite"))
    return html.Div([html.Label([html.Span(t("name"), className="caption"), box]), wrong])


def _formula(t: Texts) -> html.Div:
    box = dbc.Input(id="draft-formula", maxLength=60, debounce=True, autoComplete="off")
    return html.Div(html.Label([html.Span(t("formula"), className="caption"), box]))
