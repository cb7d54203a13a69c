"""Serving on a laptop: HOST, PORT, and a sentence when the port is taken."""

from __future__ import annotations

import contextlib
import io
import os
import socket
import sys
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from ..jobs.backends import open_queue
from ..text.message import Message

LOOPBACK = ("127.0.0.1", "localhost")


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: Any) -> None:
        """Say nothing of every request."""


def serve(server: Any) -> int:
    """Serve a Flask app until interrupted; 1 when it can't."""
    host = os.environ.get("HOST", "127.0.0.1")
    port = os.environ.get("PORT", "8050")
    if not (port.isascii() and port.isdigit()) or not 0 < int(port) < 65536:
        print(Message("serve.bad_port", {"port": port[:20]}), file=sys.stderr)
        return 1
    if _taken(host, int(port)):
        print(Message("serve.taken", {"port": port}), file=sys.stderr)
        return 1
    try:
        with contextlib.redirect_stderr(io.StringIO()):  # one sentence, not werkzeug's beside it
            running = make_server(host, int(port), server, threaded=True, request_handler=_Quiet)
    except (OSError, SystemExit):
        print(Message("serve.refused", {"host": host[:80], "port": port}), file=sys.stderr)
        return 1
    open_queue().ensure_worker()  # none may run yet in this home
    shown = "localhost" if host in {"127.0.0.1", "0.0.0.0"} else host
    print(Message("serve.ready", {"address": f"http://{shown}:{port}"}), flush=True)
    try:
        running.serve_forever()
    except KeyboardInterrupt:
        print()
    return 0


def _taken(host: str, port: int) -> bool:
    if host not in {*LOOPBACK, "0.0.0.0"}:
        return False  # somebody answers there, but perhaps not this machine
    try:
        socket.create_connection(("127.0.0.1" if host == "0.0.0.0" else host, port), 0.5).close()
    except OSError:  # nobody answers; whether the host can be served is for the server to say
        return False
    return True
