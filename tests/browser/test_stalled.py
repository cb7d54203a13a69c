"""gunicorn as it ships: who stalls, idles or sends too much holds nobody else up."""

from __future__ import annotations

import base64
import http.client
import json
import os
import select
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, closing

import pytest
from serving import ROOT, free_port

from spectra_vae.ui.app import MAX_UPLOAD

from .conftest import stop, wait_for

HALF = b"POST /_dash-update-component HTTP/1.1\r\nHost: localhost\r\n"
SLOW = HALF + b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
TWO = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n" * 2


@pytest.fixture(scope="module")
def port(home, tmp_path_factory):
    """Where gunicorn serves with the configuration in the project's folder."""
    number, log = free_port(), tmp_path_factory.mktemp("gunicorn") / "log.txt"
    clean = {k: v for k, v in os.environ.items() if k not in {"HOST", "PORT"}}
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "app:server"],
            cwd=ROOT,
            env={**clean, "SPECTRA_VAE_HOME": str(home), "PORT": str(number)},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(f"http://127.0.0.1:{number}/health", process)
        yield number
    finally:
        stop(process)


def connected(held, port, content=b""):
    line = held.enter_context(closing(socket.create_connection(("127.0.0.1", port), 30)))
    line.sendall(content)
    return line


def health(port):
    """Seconds until the server says that it is well."""
    begin = time.monotonic()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as line:
        line.request("GET", "/health")
        assert json.loads(line.getresponse().read()) == {"status": "ok"}
    return time.monotonic() - begin


@pytest.mark.alone
def test_sixty_stalled_and_two_hundred_idle_connections_hold_nobody_up(port):
    with ExitStack() as held:
        for kind in (HALF, SLOW):
            for _ in range(30):
                connected(held, port, kind)
        for _ in range(200):
            connected(held, port)
        assert min(health(port) for _ in range(5)) <= 1


def restoring(port, count):
    """``count`` requests that each restore a file of its own."""
    for k in range(count):
        rows = "\n".join(f"{x},{(x * 7919 + k) % 97}" for x in range(200, 3900, 2))
        told = base64.b64encode(rows.encode()).decode()
        asked = {"key": str(k), "name": "a.csv", "model": "gypsum", "content": told}
        body = {
            "output": "restore-answer.data",
            "outputs": {"id": "restore-answer", "property": "data"},
            "inputs": [{"id": "restore-ask", "property": "data", "value": asked}],
            "changedPropIds": ["restore-ask.data"],
            "state": [],
        }
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        headers = {"Content-Type": "application/json"}
        line.request("POST", "/_dash-update-component", json.dumps(body), headers)
        yield line


def test_health_waits_behind_nobodys_work(port):
    with ExitStack() as held:
        lines = [held.enter_context(closing(line)) for line in restoring(port, 40)]
        health(port)
        answered, _, _ = select.select([line.sock for line in lines], [], [], 0)
        assert len(answered) < len(lines) / 2
        assert {line.getresponse().status for line in lines} == {200}


def test_half_a_request_behind_a_whole_one_holds_no_thread(port):
    with ExitStack() as held:
        for _ in range(20):
            line = connected(held, port, TWO[: len(TWO) // 2] + HALF)
            assert line.recv(12) == b"HTTP/1.1 200"
        assert health(port) <= 5


def test_two_requests_in_one_piece_have_two_answers(port):
    with ExitStack() as held:
        line, came = connected(held, port, TWO), b""
        while came.count(b'{"status":"ok"}') < 2:
            piece = line.recv(65536)
            assert piece, came
            came += piece


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", b"411"),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 70_000, b"431"),
        (b"POST / HTTP/1.1\r\nContent-Length: " + b"9" * 40 + b"\r\n\r\n", b"413"),
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", b"400"),
    ],
)
def test_what_is_no_request_is_answered_in_a_line(port, head, status):
    with ExitStack() as held:
        answer = connected(held, port, head).makefile("rb").read()
        assert answer.split()[1] == status and len(answer) < 2000


@pytest.mark.parametrize("size", [MAX_UPLOAD + 1, 100_000_000])
def test_too_large_a_body_is_answered_in_words_once_it_was_sent(port, size):
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as line:
        headers = {"Content-Type": "application/json"}
        line.request("POST", "/_dash-update-component", bytes(size), headers)
        answer = line.getresponse()
        assert answer.status == 413 and answer.read().decode().endswith(".")
