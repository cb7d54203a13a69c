"""The pseudo-spectra card: measurements clustered by code, centroids decoded, new ones scored.

Codes live in the page and are checked when they come back. Spectra are restored a few at a time,
asked for by the page (assets/views/neurons/pseudo.js), so that it can say how far it is and
change its mind.
"""

from __future__ import annotations

from typing import Any

import dash
import dash_bootstrap_components as dbc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html

from ....text.message import Message, say
from ...request import language
from ...services import Services
from ...shell.layout import aria, data, graph, icon, save_button
from . import pseudo_result
from .pseudo_codes import EACH, of_files, of_preset
from .pseudo_words import PRINCIPAL

MOST_CLUSTERS = 8


def layout(spoken: str, services: Services) -> html.Div:
    def t(key: str, **params: Any) -> str:
        return say(Message(f"pseudo.{key}", params), spoken)

    presets = len(services.mineral_of(services.default_model).presets)
    numbers: Any = [{"label": str(k), "value": str(k)} for k in range(1, MOST_CLUSTERS + 1)]
    planes: Any = [{"label": t("principal"), "value": PRINCIPAL}]
    tools = [
        html.Button(t("simulated"), id="pseudo-simulate", className="act"),
        _upload("pseudo-upload", "plus-lg", t("files")),
        _upload("score-upload", "question-circle", t("score")),
        _labelled(t("clusters"), dbc.Select(options=numbers, value=str(presets), id="pseudo-k")),
        _labelled(t("axes"), dbc.Select(options=planes, value=PRINCIPAL, id="pseudo-axes")),
        *(
            save_button(f"pseudo-{kind.lower()}", kind, t("save", format=kind), disabled=True)
            for kind in ("CSV", "JSON")
        ),
    ]
    told = t("empty", count=presets * EACH, each=EACH)
    return html.Div(
        [
            html.Div(
                [
                    html.H2(t("title"), className="card-title"),
                    html.Span(t("words"), className="headline"),
                    html.Div(tools, className="tools"),
                ],
                className="card-head",
            ),
            html.Div(
                [
                    html.Progress(
                        id="pseudo-bar", value="0", max="1", hidden=True, **aria(label=t("title"))
                    ),
                    html.Span(id="pseudo-words", className="caption"),
                ],
                className="pseudo-progress",
                role="status",
            ),
            html.P(told, id="pseudo-empty", className="empty-words"),
            html.Div(
                [
                    html.Div(graph("pseudo-plane"), className="figure-card"),
                    html.Div(graph("pseudo-rows"), className="figure-card"),
                    html.Div(
                        [html.Div(id="pseudo-clusters"), html.Div(id="pseudo-scores")],
                        className="clusters",
                    ),
                ],
                id="pseudo-result",
                className="pseudo",
                hidden=True,
            ),
            dcc.Store(id="pseudo-batch"),
            dcc.Store(id="pseudo-part"),
            dcc.Store(id="pseudo-codes"),
            dcc.Store(id="score-codes"),
            dcc.Download(id="pseudo-download"),
        ],
        id="pseudo-card",
        className="card",
        **data(sets=presets, each=EACH),
    )


def _labelled(words: str, select: dbc.Select) -> html.Label:
    return html.Label([html.Span(words, className="label-inline"), select], className="labelled")


def _upload(identity: str, mark: str, words: str) -> dcc.Upload:
    return dcc.Upload(
        html.Button([icon(mark), words], className="act"),
        id=identity,
        multiple=True,
    )


def register(app: Dash, services: Services) -> None:
    _register_restoring(app, services)
    pseudo_result.register(app, services)


def _register_restoring(app: Dash, services: Services) -> None:
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
        name = services.known(batch.get("model"))
        if "files" in batch:
            codes = of_files(services, name, batch["files"], language())
        else:
            codes = of_preset(services, name, batch.get("preset"), language())
        std = codes.posterior.std
        return {
            "set": batch.get("set"),
            "model": codes.model,
            "names": codes.names,
            "refused": codes.refused,
            "mean": codes.posterior.mean.tolist(),
            "std": None if std is None else std.tolist(),
        }
