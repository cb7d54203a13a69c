"""The pseudo-spectra card: measurements clustered by code, centroids decoded, new ones scored.

Codes live in the page and are checked when they come back. Spectra are restored a few at a time,
asked for by the page (assets/pseudo.js), so that it can say how far it is and change its mind.
"""

from __future__ import annotations

import json
from typing import Any

import dash
import dash_bootstrap_components as dbc
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html

from ...message import Message, say
from .. import figures
from ..request import language, narrow, palette
from ..services import Services
from .pseudo_codes import EACH, checked_codes, clusters, of_files, of_preset
from .pseudo_words import PRINCIPAL, axes_of, axes_options, cluster_list, scored, titles_of
from .shell import aria, data, graph, icon

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
            html.Button(
                [icon("download"), kind],
                id=f"pseudo-{kind.lower()}",
                className="act",
                disabled=True,
                **aria(label=t("save", format=kind)),
            )
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
    _register_result(app, services)
    _register_hands(app, services)


def _register_restoring(app: Dash, services: Services) -> None:
    app.clientside_callback(
        "function (simulate, files, scored, model, names, scoredNames) {"
        " return window.spectraVae.pseudo.begin("
        " { simulate, files, scored, model, names, scoredNames }); }",
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
        "function (part) { return window.spectraVae.pseudo.goOn(part); }",
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
            codes = of_files(services, name, batch["files"])
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


def _register_result(app: Dash, services: Services) -> None:
    @app.callback(
        Output("pseudo-plane", "figure"),
        Output("pseudo-rows", "figure"),
        Output("pseudo-clusters", "children"),
        Output("pseudo-scores", "children"),
        Output("pseudo-axes", "options"),
        Output("pseudo-result", "hidden"),
        Output("pseudo-empty", "hidden"),
        Output("pseudo-csv", "disabled"),
        Output("pseudo-json", "disabled"),
        Input("pseudo-codes", "data"),
        Input("score-codes", "data"),
        Input("pseudo-k", "value"),
        Input("pseudo-axes", "value"),
        Input("theme", "data"),
        prevent_initial_call=True,
    )
    def show(given: Any, new: Any, k: Any, axes: Any, theme: Any) -> Any:
        del theme
        codes = checked_codes(services, given)
        if codes is None:
            return (*[dash.no_update] * 5, True, False, True, True)
        spoken = language()
        vs = services.model(codes.model)
        found = clusters(services, codes, k)
        pair = axes_of(axes, found.neurons)
        other = checked_codes(services, new)
        added = None
        if other is not None and other.model == codes.model:
            added = (other.posterior.mean, found.score(other.posterior), other.names)
        titles = titles_of(vs, pair, spoken)
        plane = figures.scatter(found, codes.names, pair, titles, added, palette())
        rows = figures.pseudo_spectra(found, palette(), spoken, narrow())
        return (
            plane,
            rows,
            cluster_list(found, codes, spoken),
            scored(found, added, other, spoken),
            axes_options(vs, found.neurons, spoken),
            False,
            True,
            False,
            False,
        )


def _register_hands(app: Dash, services: Services) -> None:
    """Saving, and a pseudo-spectrum's code for the sliders."""

    @app.callback(
        Output("pseudo-download", "data"),
        Input("pseudo-csv", "n_clicks"),
        Input("pseudo-json", "n_clicks"),
        State("pseudo-codes", "data"),
        State("pseudo-k", "value"),
        prevent_initial_call=True,
    )
    def save(csv: Any, as_json: Any, given: Any, k: Any) -> Any:
        codes = checked_codes(services, given)
        if codes is None or not (csv or as_json):
            return dash.no_update
        spoken, found = language(), clusters(services, codes, k)
        settings = {
            "model": codes.model,
            "digest": services.model(codes.model).digest,
            "names": list(codes.names),
            "left_out": list(codes.refused),
        }
        stem = f"{codes.model}.pseudo-spectra"
        if ctx.triggered_id == "pseudo-json":
            told = {**settings, **found.to_dict(spoken)}
            text = json.dumps(told, allow_nan=False, ensure_ascii=False)
            return {"content": text, "filename": f"{stem}.json"}
        head = "".join(f"# {key}: {_one_line(value)}\n" for key, value in settings.items())
        return {"content": head + found.to_csv(spoken), "filename": f"{stem}.csv"}

    @app.callback(
        Output("moved-to", "data", allow_duplicate=True),
        Input({"type": "open-pseudo", "index": ALL}, "n_clicks"),
        State("pseudo-codes", "data"),
        State("pseudo-k", "value"),
        prevent_initial_call=True,
    )
    def open_in_spectrometer(clicks: Any, given: Any, k: Any) -> Any:
        codes = checked_codes(services, given)
        if codes is None or not any(clicks or []) or not isinstance(ctx.triggered_id, dict):
            return dash.no_update
        found = clusters(services, codes, k)
        asked = ctx.triggered_id["index"]
        if not (isinstance(asked, int) and 0 <= asked < len(found.clusters)):
            return dash.no_update
        code = found.clusters[asked].code.tolist()
        return {"model": codes.model, "z": code, "n": f"pseudo-{sum(c or 0 for c in clicks)}"}


def _one_line(value: Any) -> str:
    text = ", ".join(value) if isinstance(value, list) else str(value)
    return " ".join(text.split())
