"""Training's places: the form, the watched run, runs compared, all runs and the queue."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from ....text.message import Message, say
from ...components import plotting
from ...components.attributes import aria
from ...components.graph import plot
from ...components.parts import card_head, icon, tools
from ...components.texts import Texts
from ...guard.people import who
from ...models import DEFAULT_MODEL
from . import form_layout
from .needs import Needs

TICK = 1000  # ms
PLOT_HEIGHT = "14.5rem"
STORES = (
    *("training-request", "training-request-note", "training-request-result"),
    *("watched", "training-version", "undo-run", "run-action"),
    *("board-stamp", "board-look", "watched-stamp", "watched-look"),
)


def layout(spoken: str, given: Needs) -> list[Any]:
    t, usual = Texts("training", spoken), given.models.mineral_of(DEFAULT_MODEL).name
    queue = html.Div(id="queue-card", className="card queue")
    runs = html.Div([_runs(t), queue], className="pair queue-pair")
    return [
        form_layout.layout(spoken, usual),
        html.Div([_watched(t), _comparison(t), runs], className="stack"),
        dcc.Interval(id="training-tick", interval=TICK, disabled=True),
        dcc.Store(id="training-look", data=0),
        dcc.Store(id="chosen-runs", data=[]),
        *(dcc.Store(id=name) for name in STORES),
    ]


def running_tag(language: str, given: Needs) -> list[Any]:
    """How many trainings run, beside the view's name; the page's scripts keep it up to date."""
    running = given.trainings.running()
    count = say(Message("js.running_now", {"count": running}), language)
    return [html.Span(count, id="running-now", className="tag", hidden=not running)]


def _watched(t: Texts) -> html.Div:
    """The run that is watched: its head, and four figures of it."""
    head = html.Div(
        [html.Div(id="run-head"), html.Div(id="run-progress")],
        className="run-head",
        role="region",
        **aria(label=t("run")),
    )
    plots = [_plot(name, t(f"{name}_title")) for name in ("loss", "kl", "sample", "heat")]
    figures = html.Div(plots, className="live-plots", id="live-plots")
    return html.Div([head, figures], className="card running-card")


def _plot(name: str, words: str) -> html.Div:
    figure = plot(f"live-{name}", plotting.BLANK, PLOT_HEIGHT)
    return html.Div([html.H3(words, className="plot-title"), figure], className="live-plot")


def _runs(t: Texts) -> html.Div:
    box = dbc.Input(id="run-search", type="search", placeholder=t("search"), maxLength=60)
    search = html.Label([html.Span(t("search"), className="visually-hidden"), box])
    compare = html.Button(t("compare"), id="compare", className="act", disabled=True)
    words = html.Span(id="runs-words", className="caption")
    table = html.Div(
        id="runs-table",
        className="runs-table",
        role="region",
        tabIndex=0,
        **aria(label=t("runs")),
    )
    me = [html.A(t("who"), href="/me", className="link")] if who().id else []
    head = card_head(t("runs"), words, tools(*me, search, compare))
    return html.Div([head, table], className="card")


def _comparison(t: Texts) -> html.Div:
    words: list[Any] = [icon("x-circle"), t("close")]
    close = html.Button(words, id="close-comparison", className="act")
    return html.Div(
        [card_head(t("comparison"), tools(close)), html.Div(id="comparison-body")],
        id="comparison",
        className="card",
        hidden=True,
    )
