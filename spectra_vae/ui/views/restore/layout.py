"""Restore: drop measured files, see the mineral, numbers and what doesn't fit.

Files stay in the page (assets/views/restore.js), which sends them one at a time and says how far
it is. The server remembers the last few restorations by content, in memory, so that a
redraw needs no second fit.
"""

from __future__ import annotations

from typing import Any

from dash import Dash, dcc, html

from ....examples import NAMES
from ....readers.formats import labels
from ....readers.read import MAX_MEGABYTES
from ....text.message import Message, say
from ...services import Services
from ...shell.layout import aria, icon, resolution_box, segmented, skeleton
from ..compare import cards
from . import files as restore_files
from . import result, table

NAME = "restore"


def layout(spoken: str, services: Services) -> list[Any]:
    del services

    def t(key: str) -> str:
        return say(Message(f"restore.{key}"), spoken)

    return [
        _strip(spoken),
        html.Div(id="column-question", className="card question", hidden=True),
        html.Div(
            [html.P(t("busy")), *skeleton(4)], id="restore-busy", className="card busy", hidden=True
        ),
        _empty(spoken),
        table.layout(spoken),
        result.layout(spoken),
        dcc.Store(id="results", data=[]),
        dcc.Store(id="chosen-file"),
        dcc.Store(id="picked"),
        dcc.Store(id="restore-ask"),
        dcc.Store(id="restore-answer"),
    ]


def _strip(spoken: str) -> html.Div:
    def t(key: str) -> str:
        return say(Message(f"restore.{key}"), spoken)

    progress = html.Div(
        [
            html.Progress(id="restore-bar", value="0", max="1", **aria(label=t("busy"))),
            html.Span(id="restore-words", className="caption"),
        ],
        id="restore-progress",
        className="progress-line",
        role="status",
        hidden=True,
    )
    shows = [("spectrum", t("show_spectrum")), ("table", t("show_table"))]
    return html.Div(
        [
            dcc.Upload(
                html.Button([icon("plus-lg"), t("add")], className="add"),
                id="upload",
                multiple=True,
                max_size=MAX_MEGABYTES * 1_000_000,
            ),
            html.Div(
                id="files", className="files", role="group", tabIndex=-1, **aria(label=t("files"))
            ),
            html.Div(
                [
                    html.Div(
                        resolution_box("resolution", spoken), id="resolution-field", hidden=True
                    ),
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
            ),
            progress,
            cards.link(spoken),
        ],
        className="strip",
    )


def _empty(spoken: str) -> html.Div:
    def t(key: str, **params: str) -> str:
        return say(Message(f"restore.{key}", params), spoken)

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


def register(app: Dash, services: Services) -> None:
    restore_files.register(app, services)
    table.register(app, services)
    result.register(app, services)
