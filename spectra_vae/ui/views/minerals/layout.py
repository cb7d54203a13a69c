"""Minerals' places: the list, and a card of the chosen one."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from ....readers.read import MAX_MEGABYTES
from ...components.attributes import aria, data
from ...components.buttons import save_button, segmented
from ...components.graph import plot
from ...components.markup import rich
from ...components.parts import card_head, icon, labelled, tools
from ...components.texts import Texts
from ...models import DEFAULT_MODEL
from .needs import Needs
from .shelf import everything, kinds

HYDROUS_WORDS = ("any", "with", "without")
STORES = ("minerals-hits", "minerals-drawn", "minerals-action", "minerals-job", "minerals-finished")
TICK = 1000  # ms, while an import or an encoder's training runs


def layout(spoken: str, given: Needs) -> list[Any]:
    t, rows = Texts("minerals", spoken), everything(spoken)
    return [
        html.Div([_list(t, rows), _card(t)], className="minerals"),
        dcc.Store(id="minerals-known", data=rows),
        dcc.Store(id="minerals-hue", data=""),
        dcc.Store(id="minerals-hydrous", data=HYDROUS_WORDS[0]),
        dcc.Store(id="minerals-chosen", data=given.models.mineral_of(DEFAULT_MODEL).name),
        *(dcc.Store(id=name) for name in STORES),
        dcc.Store(id="minerals-dismissed", storage_type="session"),
        dcc.Interval(id="minerals-tick", interval=TICK, disabled=True),
        dcc.Interval(id="minerals-encoder-tick", interval=TICK, disabled=True),
        dcc.Download(id="minerals-download"),
    ]


def _list(t: Texts, rows: list[dict[str, Any]]) -> html.Div:
    search = dbc.Input(
        id="minerals-search",
        type="search",
        debounce=150,
        maxLength=200,
        autoComplete="off",
        placeholder=t("search"),
    )
    return html.Div(
        [
            html.Div(
                [
                    html.H1(t("view"), className="card-title"),
                    html.Span(id="minerals-count", className="caption"),
                    tools(
                        _import(t),
                        dcc.Link(
                            [icon("plus-lg"), t("add")],
                            href="/new-mineral",
                            className="act primary",
                        ),
                    ),
                ],
                className="card-head",
            ),
            html.Div(id="minerals-import-state", **aria(live="polite")),
            html.P(id="minerals-import-wrong", className="draft-wrong", role="alert"),
            labelled(t("search"), search),
            html.Div([*_kinds(t, rows), _hydrous(t)], className="mineral-kinds"),
            _band(t),
            html.Div(id="minerals-rows", className="mineral-rows", **aria(live="off")),
        ],
        className="card mineral-list",
    )


def _import(t: Texts) -> dcc.Upload:
    """Tables, spectra or a zip of them."""
    return dcc.Upload(
        html.Button(
            [icon("file-earmark-arrow-up"), t("import")], className="act", title=t("import_words")
        ),
        id="minerals-import",
        multiple=True,
        max_size=MAX_MEGABYTES * 1_000_000,
    )


def _encoder(t: Texts) -> html.Div:
    """Whether its encoder is trained, and what trains it."""
    train = html.Button(
        t("encoder_train"), id="minerals-train-encoder", className="act small", hidden=True
    )
    told = html.Span(id="minerals-encoder", className="caption", **aria(live="polite"))
    return html.Div([told, train], className="mineral-encoder")


def _own(t: Texts) -> html.Div:
    """What can be done with one's own: another name, away, and back again."""
    name = dbc.Input(id="minerals-new-name", maxLength=60, autoComplete="off")
    return html.Div(
        [
            html.Div(
                [
                    labelled(t("name"), name),
                    html.Button(t("rename"), id="minerals-rename", className="act"),
                    html.Button(
                        [icon("trash"), t("remove")], id="minerals-remove", className="act danger"
                    ),
                ],
                id="minerals-own",
                className="mineral-own",
                hidden=True,
            ),
            html.Div(id="minerals-undo", className="undo", hidden=True, role="status"),
            html.P(id="minerals-own-words", className="draft-wrong", role="alert"),
        ]
    )


def _kinds(t: Texts, rows: list[dict[str, Any]]) -> list[Any]:
    return [
        html.Button(
            [
                html.Span(className=f"square hue-{hue}"),
                t(f"kind_{hue}"),
                html.Span(str(count), className="caption"),
            ],
            className="pill",
            **data(hue=hue),
            **aria(pressed="false"),
        )
        for hue, count in kinds(rows)
    ]


def _hydrous(t: Texts) -> html.Div:
    options = [(value, t(f"hydrous_{value}")) for value in HYDROUS_WORDS]
    return segmented("minerals-hydrous", options, HYDROUS_WORDS[0], t("hydrous"))


def _band(t: Texts) -> html.Div:
    at = _box("minerals-at", "", 8)
    within = _box("minerals-within", "3", 6)
    all_again = aria(label=t("all"))
    clear = html.Button(icon("x-lg"), id="minerals-clear", className="quiet", **all_again)
    parts: list[Any] = [
        t("has_band"),
        labelled(t("band_at"), at),
        "±",
        labelled(t("band_within"), within),
    ]
    parts += [html.Span(rich("cm⁻¹")), clear]
    return html.Div(parts, className="mineral-band")


def _box(identity: str, value: str, longest: int) -> dbc.Input:
    return dbc.Input(
        id=identity,
        value=value,
        debounce=150,
        maxLength=longest,
        autoComplete="off",
    )


def _card(t: Texts) -> html.Div:
    opens: list[Any] = [icon("sliders"), t("open")]
    reference = html.Div(
        [
            html.Div(
                [
                    html.Div(id="minerals-head", className="mineral-head"),
                    tools(
                        save_button("minerals-csv", "CSV", t("save_csv")),
                        save_button("minerals-toml", "TOML", t("save_toml")),
                        html.Button(opens, id="minerals-open", className="act primary"),
                    ),
                ],
                className="card-head",
            ),
            html.P(id="minerals-words", className="caption"),
            _encoder(t),
            _own(t),
            plot("minerals-reference", height="22rem"),
            html.Details(
                [html.Summary(id="minerals-table-words"), html.Div(id="minerals-table")],
                className="mineral-table",
            ),
        ],
        className="card figure-card",
    )
    family = html.Div(
        [
            card_head(t("family"), tools(html.Span(t("family_words"), className="caption"))),
            html.Div(id="minerals-members", className="mineral-members"),
            plot("minerals-family", height="18rem"),
        ],
        id="minerals-family-card",
        className="card figure-card",
    )
    sources = html.Div([card_head(t("sources")), html.Div(id="minerals-sources")], className="card")
    below = html.Div([family, sources], className="mineral-below")
    return html.Div([reference, below], className="mineral-card")
