"""What a browser is told about the page: whose scripts may run, and who may frame it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable

import flask

# Styles may stand inline: Plotly and Dash write them. Pictures are made in the page.
POLICY = (
    "default-src 'none'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), usb=(), serial=()",
}


def policy(inline: Iterable[str]) -> str:
    """The content security policy of a page with these scripts written in it."""
    return POLICY.format(hashes=" ".join(map(source_hash, inline)))


def source_hash(script: str) -> str:
    """How a policy names a script by its content."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def register(server: flask.Flask, inline: Iterable[str]) -> None:
    """Let every answer carry them."""
    said = policy(inline)

    @server.after_request
    def tell(answer: flask.Response) -> flask.Response:
        for name, value in ALWAYS.items():
            answer.headers.setdefault(name, value)
        answer.headers.setdefault("Content-Security-Policy", said)
        return answer
