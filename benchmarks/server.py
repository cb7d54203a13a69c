"""The page served as a group has it, for benchmarks that are its clients. Loopback only."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_SECONDS = 120.0  # of a client
START_SECONDS = 300.0


@dataclass(frozen=True)
class Served:
    """gunicorn with the project's own configuration, on a free port."""

    process: subprocess.Popen[bytes]
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def memory(self) -> float:
        """Resident MB of the process that serves, and of those that it started to serve."""
        root = psutil.Process(self.process.pid)
        serving = [one for one in (root, *root.children()) if "gunicorn" in " ".join(one.cmdline())]
        return sum(one.memory_info().rss for one in serving) / 1e6


@contextmanager
def served(home: Path, workers: int = 1, **environment: str) -> Iterator[Served]:
    """A server on ``home`` while it is needed; what it says goes to ``server.log`` there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    given = {"SPECTRA_VAE_HOME": str(home), "OMP_NUM_THREADS": "1", "PORT": str(port)}
    home.mkdir(parents=True, exist_ok=True)
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-w", str(workers), "app:server"],
            cwd=ROOT,
            env={**os.environ, **given, **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    server = Served(process, port)
    try:
        _wait(server)
        yield server
    finally:
        process.terminate()
        process.wait()


class Browser:
    """One person's: it keeps its cookies."""

    def __init__(self, server: Served) -> None:
        self.server = server
        jar = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)

    def get(self, path: str) -> bytes:
        with self._opener.open(self.server.address + path, timeout=PATIENCE_SECONDS) as answer:
            return bytes(answer.read())

    def output(self, part: str) -> str:
        """The whole name of the callback that has ``part`` among its outputs, and others."""
        known = json.loads(self.get("/_dash-dependencies"))
        return next(one["output"] for one in known if f"...{part}" in one["output"])

    def call(
        self, output: str, inputs: Mapping[str, Any], states: Mapping[str, Any] | None = None
    ) -> Any:
        """A callback's answer; ids are ``id.property``. Several outputs are joined by ``...``."""
        several = [one.partition(".")[::2] for one in output.strip(".").split("...")]
        told = [{"id": i, "property": p.split("@")[0]} for i, p in several]
        payload = {
            "output": output,
            "outputs": told if output.startswith("..") else told[0],
            "inputs": [_property(one, value) for one, value in inputs.items()],
            "changedPropIds": list(inputs),
            "state": [_property(one, value) for one, value in (states or {}).items()],
        }
        request = urllib.request.Request(
            f"{self.server.address}/_dash-update-component",
            json.dumps(payload).encode(),
            {"Content-Type": "application/json"},
        )
        with self._opener.open(request, timeout=PATIENCE_SECONDS) as answer:
            content = answer.read()
        return json.loads(content) if content else {}


def _property(name: str, value: Any) -> dict[str, Any]:
    identity, _, which = name.partition(".")
    return {"id": identity, "property": which, "value": value}


def _wait(server: Served) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.process.poll() is None:
        try:
            urllib.request.urlopen(f"{server.address}/health", timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise SystemExit("the server did not start")
