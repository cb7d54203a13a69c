"""What a page sends of the files that it holds, as functions of a Playwright page."""

from __future__ import annotations

import base64
from typing import Any

from playwright.sync_api import Page, expect

from spectra_vae.examples import example

from .hands import add_files, result

# A comment makes it heavy: a body that holds the file is told from one that doesn't by its size.
HEAVY = b"# " + b"heavy " * 30_000 + b"\n" + example("noisy")
INSIDE = base64.b64encode(HEAVY).decode()[1000:1200]


class Sent:
    """Bodies of the requests that a page sends."""

    def __init__(self, page: Page) -> None:
        self.bodies: list[str] = []
        page.on("request", lambda request: self.bodies.append(request.post_data or ""))

    def files(self) -> int:
        return sum(INSIDE in body for body in self.bodies)

    def largest(self) -> int:
        return max(map(len, self.bodies))


def heavy(name: str, note: bytes = b"") -> Any:
    content = HEAVY.replace(b"\n", b"\n# %s\n" % note, 1)
    return {"name": name, "mimeType": "text/plain", "buffer": content}


def stroke(page: Page, figure: str) -> str:
    """The colour that a figure's first line is drawn in."""
    return str(page.locator(f"#{figure} .js-line").first.evaluate("(line) => line.style.stroke"))


def redrawn(page: Page, figure: str, before: str) -> None:
    """Until the figure stands in other colours."""
    page.wait_for_function(
        "([id, before]) => { const line = document.querySelector(`#${id} .js-line`);"
        " return line && line.style.stroke !== before; }",
        arg=[figure, before],
    )


def restored(page: Page) -> None:
    page.goto("/restore?as=gypsum")
    add_files(page, heavy("heavy.csv"))
    result(page, "heavy.csv")


def compared(page: Page) -> None:
    """One file with itself, chosen on both sides."""
    page.get_by_role("link", name="Compare", exact=True).click()
    for side, words in (("a", "First file"), ("b", "Second file")):
        with page.expect_file_chooser() as chooser:
            page.locator(f"#compare-{side} button").click()
        chooser.value.set_files(heavy(f"{words}.csv", b"compared"))
        expect(page.locator(f"#compare-file-{side}")).to_contain_text(words)
    expect(page.locator("#compared .js-line").first).to_be_visible()
