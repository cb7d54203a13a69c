"""Restore's places: the strip of files, their table, and one file's restoration.

Files stay in the page (its script), which sends them one at a time and says how far it is.
"""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from ....examples import NAMES
from ....readers.formats import labels
from ....readers.read import MAX_MEGABYTES
from ...components.attributes import aria, data
from ...components.buttons import bottom_bar, format_buttons, opens, save_button, segmented
from ...components.graph import graph_of_rows
from ...components.model_choice import model_options
from ...components.parts import icon, labelled, resolution_box, skeleton, tools
from ...components.texts import Texts
from ...measurements import IDENTIFY, MOST_FILES
from .identified_layout import identified
from .needs import Needs

CARDS = ("estimates", "novelty", "code-card", "bands-card", "checks")
STORES = ("chosen-file", "restore-selected", "restore-ask", "restore-answer", "restore-gone")


def ways(models: list[Any], spoken: str) -> list[Any]:
    """What Restore may do with a file: say what it is, or restore it through one of the models."""
    first = {"value": IDENTIFY, "label": Texts("restore", spoken)("as_identified")}
    return [first, *models]


def layout(spoken: str, given: Needs) -> list[Any]:
    t = Texts("restore", spoken)
    return [
        _strip(spoken, model_options(given.models, spoken)),
        html.Div(id="column-question", className="card question", hidden=True),
        html.Div(
            [html.P(t("busy")), *skeleton(4)], id="restore-busy", className="card busy", hidden=True
        ),
        _empty(t),
        _table(t),
        _own_model(t),
        identified(t),
        _result(t),
        dcc.Store(id="results", data=[]),
        *(dcc.Store(id=name) for name in STORES),
    ]


def _own_model(t: Texts) -> html.Div:
    """A file of one mineral: what it is, or restored with that mineral's own model."""
    ways = [("phases", t("what_it_is")), ("model", t("own_model"))]
    switch = segmented("restore-way", ways, "phases", t("show"))
    return html.Div(switch, id="restore-ways", hidden=True)


def _strip(spoken: str, models: list[Any]) -> html.Div:
    t = Texts("restore", spoken)
    upload = dcc.Upload(
        html.Button([icon("plus-lg"), t("add")], className="add"),
        id="upload",
        multiple=True,
        max_size=MAX_MEGABYTES * 1_000_000,
    )
    files = html.Div(
        id="files", className="files", role="group", tabIndex=-1, **aria(label=t("files"))
    )
    return html.Div(
        [upload, files, _strip_end(spoken, models), _progress(t)],
        id="restore-strip",
        className="strip",
        **data(most=MOST_FILES),
    )


def _strip_end(spoken: str, models: list[Any]) -> html.Div:
    t = Texts("restore", spoken)
    shows = [("spectrum", t("show_spectrum")), ("table", t("show_table"))]
    chooser = dbc.Select(options=ways(models, spoken), value=IDENTIFY, id="restore-as")
    return html.Div(
        [
            labelled(t("restore_as"), chooser),
            html.Div(resolution_box("resolution", spoken), id="resolution-field", hidden=True),
            html.Div(
                segmented("restore-show", shows, "spectrum", t("show")),
                id="restore-shows",
                hidden=True,
            ),
            html.Button(
                [icon("arrow-90deg-left"), t("undo_files")],
                id="undo-files",
                className="quiet",
                hidden=True,
            ),
            html.Button(t("clear"), id="clear-files", className="quiet", hidden=True),
        ],
        className="strip-end",
    )


def _progress(t: Texts) -> html.Div:
    return html.Div(
        [
            html.Progress(id="restore-bar", value="0", max="1", **aria(label=t("busy"))),
            html.Span(id="restore-words", className="caption"),
        ],
        id="restore-progress",
        className="progress-line",
        role="status",
        hidden=True,
    )


def _empty(t: Texts) -> html.Div:
    examples: list[Any] = [
        html.Button(t(f"example_{name}"), id=f"example-{name}", className="link") for name in NAMES
    ]
    links = [piece for one in examples for piece in (one, ", ")][:-1]
    return html.Div(
        [
            icon("file-earmark-arrow-up"),
            html.H1(t("empty")),
            html.P([t("or_try"), " ", *links]),
            html.P(t("formats", formats=", ".join(sorted(labels().values()))), className="caption"),
        ],
        id="restore-empty",
        className="empty",
    )


def _table(t: Texts) -> html.Div:
    """Several files as a table that fills while they are restored."""
    head = html.Div(
        [
            html.H2(id="table-title", className="card-title"),
            tools(save_button("save-table", "CSV", t("save_table"))),
        ],
        className="card-head",
    )
    return html.Div(
        [
            head,
            html.Div(id="files-table", className="files-table"),
            html.P(t("table_words"), className="caption"),
            dcc.Download(id="download-table"),
        ],
        id="restore-table",
        className="card",
        hidden=True,
    )


def _result(t: Texts) -> html.Div:
    """One file's restoration: its figure, its cards."""
    cards = [html.Div(id=one, className="card") for one in CARDS[:-1]]
    cards.append(html.Div(id=CARDS[-1], className="card sheet"))
    bar = bottom_bar(
        opens(CARDS[-1], "list-check", t("checks")),
        opens("restore-tools", "graph-up", Texts("spectrometer", t.language)("figure_tools")),
    )
    return html.Div(
        [
            _figure(t),
            html.Div(cards, className="rail-stack"),
            bar,
            dcc.Store(id="restore-axis", data="windows"),
            dcc.Store(id="restore-look", data="parts"),
            dcc.Store(id="restored-code"),
            dcc.Download(id="download"),
        ],
        id="restore-result",
        className="pair",
        hidden=True,
    )


def _figure(t: Texts) -> html.Div:
    of = Texts("spectrometer", t.language)
    looks = [("parts", t("parts")), ("overlay", t("overlay"))]
    axes = [("windows", of("two_windows")), ("full", of("full_axis"))]
    parts = [
        segmented("restore-look", looks, "parts", t("look")),
        html.Div(segmented("restore-axis", axes, "windows", of("axis")), id="restore-axes"),
        html.Button(
            [icon("question-circle"), t("other_column")],
            id="other-column",
            className="act",
            hidden=True,
        ),
        save_button("save-picture", of("picture")),
        *format_buttons("save"),
    ]
    head = [
        html.H2(id="file-title", className="card-title"),
        html.Div(parts, id="restore-tools", className="tools sheet"),
    ]
    return html.Div(
        [
            html.Div(head, className="card-head"),
            html.P(id="read-as", className="read-as"),
            graph_of_rows("restored"),
        ],
        className="card figure-card",
    )
