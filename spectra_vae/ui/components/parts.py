"""Small parts of every view: icons, headings, labels, what stands where something will come."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from .attributes import aria
from .markup import rich
from .texts import Texts


def icon(name: str) -> html.I:
    return html.I(className=f"icon icon-{name}", **aria(hidden="true"))


def card_head(title: str, *beside: Any) -> html.Div:
    """A card's title, and what stands beside it."""
    return html.Div([html.H2(title, className="card-title"), *beside], className="card-head")


def tools(*parts: Any) -> html.Div:
    """At the end of a card's head: what can be done with it."""
    return html.Div([*parts], className="tools")


def skeleton(lines: int) -> list[html.Div]:
    """Grey lines where text will stand."""
    return [html.Div(className="skeleton") for _ in range(lines)]


def labelled(words: str, select: Any) -> html.Div:
    """A select whose label is only spoken."""
    label = html.Label(words, htmlFor=select.id, className="visually-hidden")
    return html.Div([label, select])


def resolution_box(identity: str, language: str, debounce: bool = False) -> html.Label:
    """Where the resolution of the instrument that measured a file is told; empty: the table's."""
    t = Texts("restore", language)
    box = dbc.Input(
        id=identity,
        autoComplete="off",
        maxLength=8,
        debounce=debounce,
        placeholder=t("assumed"),
    )
    words: list[Any] = [t("resolution"), box, html.Span(rich("cm⁻¹"))]
    return html.Label(words, className="resolution", title=t("resolution_why"))
