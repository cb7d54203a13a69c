"""What a request says of its reader: language, theme and width, from cookies the page sets."""

from __future__ import annotations

import flask

from ..text.message import LANGUAGES
from .palette import THEMES


def language() -> str:
    """``en`` or ``it``: the cookie, else what the browser prefers."""
    if not flask.has_request_context():  # Dash asks for the layout once while it starts
        return LANGUAGES[0]
    given = flask.request.cookies.get("language", "")
    if given in LANGUAGES:
        return given
    return flask.request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def theme() -> str:
    """``light`` or ``dark``; the page keeps the cookie in step with the system's choice."""
    given = flask.request.cookies.get("theme", "")
    return given if given in THEMES else "light"


def palette() -> dict[str, str]:
    return THEMES[theme()]


def projected() -> bool:
    """Shown to a lecture hall: figures are drawn larger."""
    return flask.has_request_context() and flask.request.cookies.get("projected") == "1"


def narrow() -> bool:
    """A phone: figures have room for fewer labels."""
    return flask.request.cookies.get("narrow") == "1"
