"""Where a figure of the server stands."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from .plotting import CONFIG

HIDDEN: dict[str, Any] = {"layout": {"xaxis": {"visible": False}, "yaxis": {"visible": False}}}


def plot(identity: str, figure: Any = None, height: str = "", **more: Any) -> dcc.Graph:
    """A figure, ``height`` tall or else as its place is; empty until one is made."""
    size: Any = {"style": {"height": height}} if height else {"className": "figure"}
    named: Any = {"id": identity} if identity else {}
    drawn = HIDDEN if figure is None else figure
    return dcc.Graph(**named, figure=drawn, config=CONFIG, responsive=True, **size, **more)


def graph(identity: str) -> dcc.Loading:
    """A figure that dims while it is being made again; a skeleton's time passes before that."""
    return dcc.Loading(
        plot(identity),
        delay_show=300,
        type="dot",
        overlay_style={"visibility": "visible", "opacity": 0.38},
        parent_className="figure-holder",
    )


def graph_of_rows(identity: str) -> html.Div:
    """A figure whose rows have buttons for their heights over it, ``identity-heights``, and a mark
    behind it, ``identity-mark``: both are the script's.
    """
    mark = html.Div(id=f"{identity}-mark", className="band-mark", hidden=True)
    heights = html.Div(id=f"{identity}-heights", className="row-heights")
    return html.Div([mark, graph(identity), heights], className="with-rows")
