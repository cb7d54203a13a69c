"""What requests took is given back to the system, not kept for the next ones."""

from __future__ import annotations

import contextlib
import ctypes
import time

import flask

LARGE_BYTES = 2 * 1024**2
OFTEN_SECONDS = 20.0  # many small ones leave holes, thread by thread


def register(server: flask.Flask) -> None:
    """After every large request, and now and then after a small one."""
    next_time = time.monotonic() + OFTEN_SECONDS
    trim = getattr(_library(), "malloc_trim", None)  # glibc's

    @server.teardown_request
    def give_back(_: BaseException | None) -> None:
        nonlocal next_time
        now, large = time.monotonic(), (flask.request.content_length or 0) >= LARGE_BYTES
        if trim is not None and (large or now > next_time):
            next_time = now + OFTEN_SECONDS
            trim(0)


def _library() -> ctypes.CDLL | None:
    with contextlib.suppress(OSError):
        return ctypes.CDLL(None)
    return None
