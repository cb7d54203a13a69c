"""Around the views: navigation, language, theme, link, footer."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import ClientsideFunction, Dash, Input, Output, dcc, html

from ...text.message import Message, say
from ..components.plotting import CONFIG
from ..services import Services

VIEWS = ("spectrometer", "restore", "neurons", "training", "beta-lab", "tour")


def title(view: str, language: str) -> str:
    return say(Message(f"view.{view}"), language)


def aria(**names: str) -> dict[str, Any]:
    """``aria-…`` attributes for a component."""
    return {f"aria-{name}": value for name, value in names.items()}


def data(**values: Any) -> dict[str, Any]:
    """``data-…`` attributes for a component."""
    return {f"data-{name}": value for name, value in values.items()}


_MARKS = {
    "cm⁻¹": ["cm", html.Sup("−1")],
    "ν1": ["ν", html.Sub("1")],
    "log₁₀": ["log", html.Sub("10")],
}


def rich(text: str) -> list[Any]:
    """A sentence with its exponents and indices as markup: the font's own would stand too low."""
    parts: list[Any] = [text]
    for plain, marked in _MARKS.items():
        parts = [
            piece
            for part in parts
            for piece in (_spliced(part, plain, marked) if isinstance(part, str) else [part])
        ]
    return parts


def upper_first(words: str) -> str:
    """A sentence's first letter; a symbol's (ν) stays as it is."""
    return words if "α" <= words[:1] <= "ω" else words[:1].upper() + words[1:]


def _spliced(text: str, plain: str, marked: list[Any]) -> list[Any]:
    out: list[Any] = []
    for k, piece in enumerate(text.split(plain)):
        out += [*(marked if k else []), piece]
    return out


def icon(name: str) -> html.I:
    return html.I(className=f"icon icon-{name}", **aria(hidden="true"))


def header(language: str, running: int) -> html.Header:
    """Logo, one link a view, how many trainings run, and the reader's choices."""

    def t(key: str) -> str:
        return say(Message(f"shell.{key}"), language)

    count = say(Message("js.running_now", {"count": running}), language)
    badge = [html.Span(count, id="running-now", className="tag", hidden=not running)]
    links = [
        dcc.Link(
            [title(view, language), *(badge if view == "training" else [])],
            href="/" if view == "spectrometer" else f"/{view}",
            id=f"nav-{view}",
            className="nav-view",
        )
        for view in VIEWS
    ]
    other = {"en": "IT", "it": "EN"}[language]
    return html.Header(
        [
            html.A([html.Span(className="logo"), "spectra-vae"], href="/", className="brand"),
            html.Button(
                [html.Span(id="view-name"), icon("chevron-down")],
                className="view-menu",
                **aria(label=t("views"), controls="views", expanded="false"),
            ),
            html.Nav(links, id="views", className="views", **aria(label=t("views"))),
            html.Div(
                [
                    html.Button(
                        [icon("link-45deg"), html.Span(t("copy_link"), id="copy-link-text")],
                        id="copy-link",
                        className="quiet",
                    ),
                    html.Button(
                        other,
                        id="language-switch",
                        className="quiet",
                        title=t("other_language"),
                        **aria(label=t("other_language")),
                    ),
                    html.Button(
                        icon("circle-half"),
                        id="theme-switch",
                        className="quiet",
                        title=t("theme"),
                        **aria(label=t("theme")),
                    ),
                ],
                className="choices",
            ),
        ],
        className="bar",
    )


def notice(language: str) -> html.Div:
    """One quiet sentence over the page, which it doesn't move."""
    words = say(Message("shell.close"), language)
    return html.Div(
        [
            html.Div(id="notice", role="status"),
            html.Button(icon("x-lg"), id="close-notice", className="quiet", **aria(label=words)),
        ],
        className="notice",
    )


def footer(language: str) -> html.Footer:
    return html.Footer(
        [
            html.Span(id="status"),
            html.Span(say(Message("shell.nothing_leaves"), language), className="right"),
        ],
        className="foot",
    )


def bottom_bar(*parts: Any) -> html.Div:
    """On a phone, what opens a sheet or leads on, always in reach."""
    return html.Div([*parts], className="bottom-bar")


def opens(identity: str, symbol: str, words: str) -> html.Button:
    """A button of the bottom bar, which opens the sheet with that id."""
    return html.Button([icon(symbol), words], **aria(controls=identity, expanded="false"))


def stores(view: str) -> list[dcc.Store]:
    """What a view that is built later listens to, as its callbacks may not listen beyond it."""
    return [dcc.Store(id=f"{view}-shown"), dcc.Store(id=f"{view}-theme")]


def looked_at(view: str) -> Input:
    """Changes whenever the view is looked at."""
    return Input(f"{view}-shown", "data")


def themed(view: str) -> Input:
    """Changes when colours or the page's width did since the view was drawn."""
    return Input(f"{view}-theme", "data")


def register(app: Dash, services: Services) -> None:
    """Show the view that the address names; the rest of the shell is in assets/lib/shell.js."""
    del services
    app.clientside_callback(
        ClientsideFunction("shell", "show"),
        Output("main", "className"),
        Input("address", "pathname"),
    )


def skeleton(lines: int) -> list[html.Div]:
    """Grey lines where text will stand."""
    return [html.Div(className="skeleton") for _ in range(lines)]


def graph(identity: str) -> dcc.Loading:
    """A figure that dims while it is being made again; a skeleton's time passes before that."""
    hidden = {"visible": False}
    return dcc.Loading(
        dcc.Graph(
            id=identity,
            figure={"layout": {"xaxis": hidden, "yaxis": hidden}},
            config=CONFIG,
            responsive=True,
            className="figure",
        ),
        delay_show=300,
        type="dot",
        overlay_style={"visibility": "visible", "opacity": 0.38},
        parent_className="figure-holder",
    )


def labelled(words: str, select: Any) -> html.Div:
    """A select whose label is only spoken."""
    label = html.Label(words, htmlFor=select.id, className="visually-hidden")
    return html.Div([label, select])


def save_button(identity: str, words: str, label: str = "", disabled: bool = False) -> html.Button:
    """A button that saves something; ``label`` says what, where its words don't."""
    named = aria(label=label) if label else {}
    parts: list[Any] = [icon("download"), words]
    return html.Button(parts, id=identity, className="act", disabled=disabled, **named)


def resolution_box(identity: str, spoken: str, debounce: bool = False) -> html.Label:
    """Where the resolution of the instrument that measured a file is told; empty: the table's."""
    box = dbc.Input(
        id=identity,
        autoComplete="off",
        maxLength=8,
        debounce=debounce,
        placeholder=say(Message("restore.assumed"), spoken),
    )
    words: list[Any] = [say(Message("restore.resolution"), spoken), box]
    words.append(html.Span(rich("cm⁻¹")))
    why = say(Message("restore.resolution_why"), spoken)
    return html.Label(words, className="resolution", title=why)


def segmented(group: str, options: list[tuple[str, str]], chosen: str, label: str) -> html.Div:
    """A row of exclusive buttons; scripts and callbacks read ``data-value`` of the pressed one."""
    buttons: list[Any] = [
        html.Button(
            text,
            id=f"{group}-{value}",
            className="segment",
            **_choice(group, value, value == chosen),
        )
        for value, text in options
    ]
    return html.Div(buttons, className="segments", role="group", **aria(label=label))


def _choice(group: str, value: str, pressed: bool) -> dict[str, Any]:
    return {"data-group": group, "data-value": value, **aria(pressed=str(pressed).lower())}
