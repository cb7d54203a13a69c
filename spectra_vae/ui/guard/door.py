"""The outermost door, in every way to start: a request for another name, or from another page.

It is WSGI, before Flask and Dash see anything, so that gunicorn, ``spectra-vae serve`` and
``python app.py`` have the same one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from ...text.message import LANGUAGES, Message, say
from .access import Access, hostname

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

READING = ("GET", "HEAD")


class Door:
    """Lets in what asks for this server by one of its names, and what its own page sends."""

    def __init__(self, inside: WSGIApplication, access: Access) -> None:
        self.inside, self.access = inside, access

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        host = str(environ.get("HTTP_HOST", ""))
        if not self.access.answers_to(host):
            return _refuse(environ, start, "400 Bad Request", "serve.other_name")
        if environ["REQUEST_METHOD"] not in READING and not self._own_page(environ, host):
            return _refuse(environ, start, "403 Forbidden", "serve.other_page")
        return self.inside(environ, start)

    def _own_page(self, environ: WSGIEnvironment, host: str) -> bool:
        """Whether what wants a change is our page, or no page at all (a script, a test)."""
        if environ.get("HTTP_SEC_FETCH_SITE", "same-origin") not in ("same-origin", "none"):
            return False
        origin = environ.get("HTTP_ORIGIN")
        if origin is None:
            return True
        try:
            place = urlsplit(str(origin)).netloc
        except ValueError:
            return False
        # Behind a proxy the port may be another; a name of ours is enough then.
        return place.lower() == host.lower() or hostname(place) in self.access.names


def _refuse(
    environ: WSGIEnvironment, start: StartResponse, status: str, code: str
) -> Iterable[bytes]:
    wanted: Any = parse_accept_header(environ.get("HTTP_ACCEPT_LANGUAGE"), LanguageAccept)
    body = say(Message(code), wanted.best_match(LANGUAGES) or LANGUAGES[0]).encode()
    head = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    start(status, [*head, ("X-Content-Type-Options", "nosniff"), ("Connection", "close")])
    return [body]
