"""What a large request took is given back to the system, not kept for the next."""

from __future__ import annotations

import contextlib
import ctypes

import flask

LARGE_BYTES = 2 * 1024**2


def register(server: flask.Flask) -> None:
    """After every large request."""
    trim = getattr(_library(), "malloc_trim", None)  # glibc's

    @server.teardown_request
    def give_back(_: BaseException | None) -> None:
        if trim is not None and (flask.request.content_length or 0) >= LARGE_BYTES:
            trim(0)


def _library() -> ctypes.CDLL | None:
    with contextlib.suppress(OSError):
        return ctypes.CDLL(None)
    return None
