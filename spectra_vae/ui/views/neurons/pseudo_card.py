"""The pseudo-spectra card: measurements clustered by code, centroids decoded, new ones scored.

Codes live in the page and are checked when they come back. Spectra are restored a few at a time,
asked for by the page's script, so that it can say how far it is and change its mind.
"""

from __future__ import annotations

from typing import Any

import dash
import dash_bootstrap_components as dbc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html

from ...components.attributes import aria, data
from ...components.buttons import format_buttons
from ...components.graph import graph
from ...components.parts import card_head, icon, tools
from ...components.texts import Texts
from ...models import DEFAULT_MODEL
from ...request import language
from ...restorations import FileGoneError
from . import pseudo_callbacks
from .needs import Needs
from .pseudo_codes import EACH, named_files, of_files, of_preset
from .pseudo_words import PRINCIPAL

MOST_CLUSTERS = 8
STORES = ("pseudo-batch", "pseudo-part", "pseudo-codes", "score-codes")


def layout(spoken: str, given: Needs) -> html.Div:
    t = Texts("pseudo", spoken)
    presets = len(given.models.mineral_of(DEFAULT_MODEL).presets)
    headline = html.Span(t("words"), className="headline")
    told = t("empty", count=presets * EACH, each=EACH)
    return html.Div(
        [
            card_head(t("title"), headline, tools(*_tools(t, presets))),
            _progress(t),
            html.P(told, id="pseudo-empty", className="empty-words"),
            _result(),
            *(dcc.Store(id=name) for name in STORES),
            dcc.Download(id="pseudo-download"),
        ],
        id="pseudo-card",
        className="card",
        **data(sets=presets, each=EACH),
    )


def _tools(t: Texts, presets: int) -> list[Any]:
    """What is clustered, into how many, along which axes; and saved."""
    numbers: Any = [{"label": str(k), "value": str(k)} for k in range(1, MOST_CLUSTERS + 1)]
    planes: Any = [{"label": t("principal"), "value": PRINCIPAL}]
    return [
        html.Button(t("simulated"), id="pseudo-simulate", className="act"),
        _upload("pseudo-upload", "plus-lg", t("files")),
        _upload("score-upload", "question-circle", t("score")),
        _labelled(t("clusters"), dbc.Select(options=numbers, value=str(presets), id="pseudo-k")),
        _labelled(t("axes"), dbc.Select(options=planes, value=PRINCIPAL, id="pseudo-axes")),
        *format_buttons("pseudo", lambda kind: t("save", format=kind), disabled=True),
    ]


def _progress(t: Texts) -> html.Div:
    bar = html.Progress(id="pseudo-bar", value="0", max="1", hidden=True, **aria(label=t("title")))
    words = html.Span(id="pseudo-words", className="caption")
    return html.Div([bar, words], className="pseudo-progress", role="status")


def _result() -> html.Div:
    lists = [html.Div(id="pseudo-clusters"), html.Div(id="pseudo-scores")]
    return html.Div(
        [
            html.Div(graph("pseudo-plane"), className="figure-card"),
            html.Div(graph("pseudo-rows"), className="figure-card"),
            html.Div(lists, className="clusters"),
        ],
        id="pseudo-result",
        className="pseudo",
        hidden=True,
    )


def _labelled(words: str, select: dbc.Select) -> html.Label:
    return html.Label([html.Span(words, className="label-inline"), select], className="labelled")


def _upload(identity: str, mark: str, words: str) -> dcc.Upload:
    return dcc.Upload(
        html.Button([icon(mark), words], className="act"),
        id=identity,
        multiple=True,
    )


def register(app: Dash, given: Needs) -> None:
    _register_restoring(app, given)
    pseudo_callbacks.register(app, given)


def _register_restoring(app: Dash, given: Needs) -> None:
    app.clientside_callback(
        ClientsideFunction("neurons", "begin"),
        Output("pseudo-upload", "contents"),
        Output("score-upload", "contents"),
        Input("pseudo-simulate", "n_clicks"),
        Input("pseudo-upload", "contents"),
        Input("score-upload", "contents"),
        Input("neurons-model", "value"),
        State("pseudo-upload", "filename"),
        State("score-upload", "filename"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("neurons", "goOn"),
        Output("pseudo-codes", "data"),
        Output("score-codes", "data"),
        Input("pseudo-part", "data"),
        prevent_initial_call=True,
    )

    @app.callback(
        Output("pseudo-part", "data"),
        Input("pseudo-batch", "data"),
        prevent_initial_call=True,
    )
    def restore(batch: Any) -> Any:
        if not isinstance(batch, dict):
            return dash.no_update
        name, answer = given.models.chosen(batch.get("model")), {"set": batch.get("set")}
        files = named_files(given, name, batch.get("files"))
        try:
            if "files" in batch:
                codes = of_files(given, name, files, language())
            else:
                codes = of_preset(given.models, name, batch.get("preset"), language())
        except FileGoneError:
            return {**answer, "gone": True}
        std = codes.posterior.std
        return {
            **answer,
            "model": codes.model,
            "digests": [one and one.digest for one in files],
            "names": codes.names,
            "refused": codes.refused,
            "mean": codes.posterior.mean.tolist(),
            "std": None if std is None else std.tolist(),
        }
