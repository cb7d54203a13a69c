"""Around the views: navigation, language, theme, link, footer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, dcc, html

from ..components.attributes import aria
from ..components.parts import icon
from ..components.texts import Texts
from .view import View

OTHER_LANGUAGE = {"en": "IT", "it": "EN"}


def header(
    views: Sequence[View[Any]], language: str, beside: Mapping[str, list[Any]]
) -> html.Header:
    """Logo, one link a view with what stands ``beside`` its name, and the reader's choices."""
    t = Texts("shell", language)
    links = [_link(view, language, beside[view.name]) for view in views if not view.under]
    return html.Header(
        [
            html.A([html.Span(className="logo"), "spectra-vae"], href="/", className="brand"),
            html.Button(
                [html.Span(id="view-name"), icon("chevron-down")],
                className="view-menu",
                **aria(label=t("views"), controls="views", expanded="false"),
            ),
            html.Nav(links, id="views", className="views", **aria(label=t("views"))),
            _choices(t),
        ],
        className="bar",
    )


def _link(view: View[Any], language: str, beside: list[Any]) -> dcc.Link:
    words = [view.title(language), *beside]
    return dcc.Link(words, href=view.path, id=f"nav-{view.name}", className="nav-view")


def _choices(t: Texts) -> html.Div:
    link = [icon("link-45deg"), html.Span(t("copy_link"), id="copy-link-text")]
    return html.Div(
        [
            html.Button(link, id="copy-link", className="quiet"),
            _switch("language", OTHER_LANGUAGE[t.language], t("other_language")),
            _switch("theme", icon("circle-half"), t("theme")),
        ],
        className="choices",
    )


def _switch(what: str, shown: Any, words: str) -> html.Button:
    return html.Button(
        shown, id=f"{what}-switch", className="quiet", title=words, **aria(label=words)
    )


def notice(language: str) -> html.Div:
    """One quiet sentence over the page, which it doesn't move."""
    close = aria(label=Texts("shell", language)("close"))
    return html.Div(
        [
            html.Div(id="notice", role="status"),
            html.Button(icon("x-lg"), id="close-notice", className="quiet", **close),
        ],
        className="notice",
    )


def footer(language: str) -> html.Footer:
    words = Texts("shell", language)("nothing_leaves")
    return html.Footer(
        [html.Span(id="status"), html.Span(words, className="right")], className="foot"
    )


def register(app: Dash) -> None:
    """Show the view that the address names; the rest of the shell is in the page's scripts."""
    app.clientside_callback(
        ClientsideFunction("shell", "show"),
        Output("main", "className"),
        Input("address", "pathname"),
    )
