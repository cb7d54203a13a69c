"""A dropped file travels once: then its digest does, until the server has it no more."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from spectra_vae.examples import example

from .conftest import PATIENCE, VISITOR, free_port, start, stop, wait_for
from .hands import add_files, result

# A comment makes it heavy: a body that holds the file is told from one that doesn't by its size.
HEAVY = b"# " + b"heavy " * 30_000 + b"\n" + example("noisy")
INSIDE = base64.b64encode(HEAVY).decode()[1000:1200]
LIGHT_BODY = 20_000  # bytes: the files' rows and every other store


class Sent:
    """Bodies of the requests that a page sends."""

    def __init__(self, page) -> None:
        self.bodies: list[str] = []
        page.on("request", lambda request: self.bodies.append(request.post_data or ""))

    def files(self) -> int:
        return sum(INSIDE in body for body in self.bodies)

    def largest(self) -> int:
        return max(map(len, self.bodies))


def heavy(name: str, note: bytes = b"") -> dict[str, object]:
    content = HEAVY.replace(b"\n", b"\n# %s\n" % note, 1)
    return {"name": name, "mimeType": "text/plain", "buffer": content}


def redrawn(page, figure: str) -> None:
    """The theme changes, and the figure with it."""
    before = page.locator(f"#{figure} .js-line").first.evaluate("(line) => line.style.stroke")
    page.locator("#theme-switch").click()
    page.wait_for_function(
        "([id, before]) => { const line = document.querySelector(`#${id} .js-line`);"
        " return line && line.style.stroke !== before; }",
        arg=[figure, before],
    )


def restored(page):
    page.goto("/restore?as=gypsum")
    add_files(page, heavy("heavy.csv"))
    result(page, "heavy.csv")


def compared(page):
    """One file with itself, chosen on both sides."""
    page.goto("/compare")
    for side, words in (("a", "First file"), ("b", "Second file")):
        with page.expect_file_chooser() as chooser:
            page.locator(f"#compare-{side} button").click()
        chooser.value.set_files(heavy(f"{words}.csv", b"compared"))
        expect(page.locator(f"#compare-file-{side}")).to_contain_text(words)
    expect(page.locator("#compared .js-line").first).to_be_visible()


def test_restore_sends_a_file_once(page):
    sent = Sent(page)
    restored(page)
    assert sent.files() == 1 and sent.largest() > len(HEAVY)
    sent.bodies.clear()
    redrawn(page, "restored")
    page.get_by_role("button", name="Overlay").click()
    expect(page.locator("#restored .infolayer")).to_contain_text("restored + background")
    page.get_by_role("button", name="Full axis").click()
    page.get_by_label("Resolution").fill("5")
    page.get_by_label("Resolution").press("Enter")
    expect(page.locator("#read-as")).to_contain_text("5 cm")
    with page.expect_download():
        page.locator("#save-json").click()
    print("\nlargest body after the file:", sent.largest(), "bytes; the file:", len(HEAVY))
    assert sent.files() == 0 and sent.largest() < LIGHT_BODY


def test_compare_sends_a_file_once(page):
    sent = Sent(page)
    compared(page)
    assert sent.files() == 2
    sent.bodies.clear()
    redrawn(page, "compared")
    with page.expect_download():
        page.locator("#compare-json").click()
    assert sent.files() == 0 and sent.largest() < LIGHT_BODY


@pytest.fixture
def forgetful(tmp_path) -> Iterator[tuple[str, Callable[[], None]]]:
    """A server of its own, and how to start it again without the files that it kept."""
    port, running = free_port(), []

    def begin() -> None:
        running.append(start(tmp_path, tmp_path / "log.txt", PORT=str(port)))
        wait_for(f"http://localhost:{port}/health", running[-1])

    def forget() -> None:
        stop(running[-1])
        shutil.rmtree(tmp_path / "cache" / "files")
        begin()

    begin()
    yield f"http://localhost:{port}", forget
    stop(running[-1])


def test_a_server_that_forgot_is_sent_the_file_again(browser, forgetful):
    address, forget = forgetful
    context = browser.new_context(**{**VISITOR, "base_url": address})
    context.set_default_timeout(PATIENCE)
    visits = {"restored": context.new_page(), "compared": context.new_page()}
    restored(visits["restored"])
    compared(visits["compared"])
    forget()
    for figure, visit in visits.items():
        sent = Sent(visit)
        redrawn(visit, figure)
        assert sent.files() == 1, figure  # both sides of the comparison hold the same
    context.close()
