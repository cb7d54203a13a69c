"""A served dashboard and pages that fail on any complaint of the browser."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from serving import ROOT, free_port

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

PATIENCE = 60_000  # ms: the machines are slow and shared
VISITOR = {"viewport": {"width": 1280, "height": 720}, "locale": "en-GB", "accept_downloads": True}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
sync_api.expect.set_options(timeout=PATIENCE)


LONG = ("test_access", "test_training", "test_any_mineral", "test_tour")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What uses a browser here is marked ``browser``; long files come first, as in all tests."""
    items.sort(key=lambda item: item.path.stem not in LONG)
    for item in items:
        if {"browser", "returning"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")


def start(home: Path, log: Path, root: Path = ROOT, **env: str) -> subprocess.Popen[bytes]:
    """``python app.py`` in ``root``, as a user starts it; what it says goes to ``log``."""
    clean = {k: v for k, v in os.environ.items() if k not in {"HOST", "PORT"}}
    with log.open("wb") as said:
        return subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=root,
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
def playwright() -> Iterator[Any]:
    with sync_api.sync_playwright() as running:
        yield running


def launched(launch: Callable[..., Any], *where: Any, **options: Any) -> Any:
    """Chromium: the system's, else Playwright's own; none skips the test, but not in CI."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    try:
        return launch(*where, executable_path=found, args=ARGUMENTS, **options)
    except sync_api.Error as wrong:
        if os.environ.get("CI", "").lower() == "true":
            raise
        pytest.skip(f"no Chromium to drive: {str(wrong).splitlines()[0]}")


@pytest.fixture(scope="session")
def browser(playwright: Any) -> Iterator[Any]:
    chromium = launched(playwright.chromium.launch)
    yield chromium
    chromium.close()


@pytest.fixture(scope="session")
def returning(playwright: Any, address: str, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A visitor whose browser keeps the compiled scripts: its pages open twice as fast."""
    profile = tmp_path_factory.mktemp("profile")
    options = {**VISITOR, "base_url": address}
    context = launched(playwright.chromium.launch_persistent_context, profile, **options)
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


class Guard:
    """Collects what a page must never do: complain, break, or ask another host."""

    def __init__(self, page: Any, host: str) -> None:
        self.wrong: list[str] = []
        self.host = host
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.wrong.append(f"page error: {error.stack or error}"))
        page.on("request", self._request)

    def _console(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.wrong.append(f"console {message.type}: {message.text}")

    def _request(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != self.host:
            self.wrong.append(f"asked another host: {request.url[:200]}")


@pytest.fixture
def guarded(address: str, log: Path) -> Iterator[Callable[[Any], Any]]:
    """``guarded(page)``: what goes wrong there, or in the server meanwhile, fails the test."""
    guards: list[Guard] = []
    said = log.stat().st_size

    def watch(page: Any) -> Any:
        guards.append(Guard(page, urlsplit(address).netloc))
        page.on("filechooser", lambda chooser: None)  # listened for too late, it is missed
        return page

    yield watch
    assert not [wrong for guard in guards for wrong in guard.wrong]
    with log.open("rb") as server:
        server.seek(said)
        assert not re.findall(r".*(?:Error|failed).*", server.read().decode(errors="replace"))


@pytest.fixture
def page(returning: Any, address: str, guarded: Callable[[Any], Any]) -> Iterator[Any]:
    """A page without cookies or memories."""
    page = guarded(returning.new_page())
    wire = returning.new_cdp_session(page)
    kinds = "cookies,local_storage,session_storage"
    wire.send("Storage.clearDataForOrigin", {"origin": address, "storageTypes": kinds})
    wire.detach()
    yield page
    page.close()


@pytest.fixture
def page_for(page: Any, address: str) -> Callable[..., Any]:
    """``page_for(language, scheme, size)``: the page of somebody with these habits."""

    def make(language: str, scheme: Any = "light", size: tuple[int, int] | None = None) -> Any:
        page.context.add_cookies([{"name": "language", "value": language, "url": address}])
        page.emulate_media(color_scheme=scheme)
        if size:
            page.set_viewport_size({"width": size[0], "height": size[1]})
        return page

    return make


@pytest.fixture
def new_page(
    browser: Any, address: str, guarded: Callable[[Any], Any]
) -> Iterator[Callable[..., Any]]:
    """``new_page(**context options)``: a page of somebody who was never here."""
    contexts = []

    def make(**options: Any) -> Any:
        context = browser.new_context(**{**VISITOR, "base_url": address, **options})
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return guarded(context.new_page())

    yield make
    for context in contexts:
        context.close()
