"""A served dashboard and pages that fail on any complaint of the browser."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30_000  # ms: the machines are slow and shared
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
sync_api.expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What uses a browser here is marked ``browser``."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(home: Path, log: Path, **env: str) -> subprocess.Popen[bytes]:
    """``python app.py`` as a user starts it; what it says goes to ``log``."""
    clean = {k: v for k, v in os.environ.items() if k not in {"HOST", "PORT"}}
    with log.open("wb") as said:
        return subprocess.Popen(
            [sys.executable, "-m", "app"],
            cwd=ROOT,
            env={**clean, "SPECTRA_VAE_HOME": str(home), **env},
            stdout=said,
            stderr=subprocess.STDOUT,
        )


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_for(address: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """Until ``address`` answers; the process must be alive meanwhile."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, "the server ended before it answered"
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise AssertionError(f"{address} did not answer within {seconds:g} s")


@pytest.fixture(scope="session")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("server") / "log.txt"


@pytest.fixture(scope="session")
def address(home: Path, log: Path) -> Iterator[str]:
    """Where the dashboard is served for the whole session."""
    port = free_port()
    process = start(home, log, PORT=str(port))
    try:
        wait_for(f"http://localhost:{port}/health", process)
        yield f"http://localhost:{port}"
    finally:
        stop(process)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_api.sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        except sync_api.Error as wrong:
            if os.environ.get("CI", "").lower() == "true":
                raise
            pytest.skip(f"no Chromium to drive: {str(wrong).splitlines()[0]}")
        yield chromium
        chromium.close()


class Guard:
    """Collects what a page must never do: complain, break, or ask another host."""

    def __init__(self, page: Any, host: str) -> None:
        self.wrong: list[str] = []
        self.host = host
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.wrong.append(f"page error: {error}"))
        page.on("request", self._request)

    def _console(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.wrong.append(f"console {message.type}: {message.text}")

    def _request(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != self.host:
            self.wrong.append(f"asked another host: {request.url[:200]}")


@pytest.fixture
def new_page(browser: Any, address: str, log: Path) -> Iterator[Callable[..., Any]]:
    """``new_page(**context options)``: a guarded page of a fresh visitor."""
    guards, contexts = [], []
    said = log.stat().st_size

    def make(**options: Any) -> Any:
        options = {"viewport": {"width": 1280, "height": 720}, "locale": "en-GB", **options}
        context = browser.new_context(base_url=address, accept_downloads=True, **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        guards.append(Guard(page, urlsplit(address).netloc))
        return page

    yield make
    for context in contexts:
        context.close()
    assert not [wrong for guard in guards for wrong in guard.wrong]
    with log.open("rb") as server:
        server.seek(said)
        assert not re.findall(r".*(?:Error|failed).*", server.read().decode(errors="replace"))


@pytest.fixture
def page(new_page: Callable[..., Any]) -> Any:
    return new_page()
