"""Buttons: one of several, one that saves, those that open a sheet on a phone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dash import html

from .attributes import aria, data
from .parts import icon

FORMATS = ("CSV", "JSON")  # what numbers are saved as


def save_button(identity: str, words: str, label: str = "", disabled: bool = False) -> html.Button:
    """A button that saves something; ``label`` says what, where its words don't."""
    named = aria(label=label) if label else {}
    parts: list[Any] = [icon("download"), words]
    return html.Button(parts, id=identity, className="act", disabled=disabled, **named)


def format_buttons(
    prefix: str, label: Callable[[str], str] = lambda kind: "", disabled: bool = False
) -> list[html.Button]:
    """A button each for CSV and JSON, ``prefix-csv`` and ``prefix-json``; ``label`` of a format."""
    return [
        save_button(f"{prefix}-{kind.lower()}", kind, label(kind), disabled) for kind in FORMATS
    ]


def segmented(group: str, options: Sequence[tuple[str, str]], chosen: str, label: str) -> html.Div:
    """A row of exclusive buttons; scripts and callbacks read ``data-value`` of the pressed one."""
    buttons: list[Any] = [
        html.Button(
            text,
            id=f"{group}-{value}",
            className="segment",
            **data(group=group, value=value),
            **aria(pressed=str(value == chosen).lower()),
        )
        for value, text in options
    ]
    return html.Div(buttons, className="segments", role="group", **aria(label=label))


def bottom_bar(*parts: Any) -> html.Div:
    """On a phone, what opens a sheet or leads on, always in reach."""
    return html.Div([*parts], className="bottom-bar")


def opens(identity: str, symbol: str, words: str) -> html.Button:
    """A button of the bottom bar, which opens the sheet with that id."""
    return html.Button([icon(symbol), words], **aria(controls=identity, expanded="false"))
