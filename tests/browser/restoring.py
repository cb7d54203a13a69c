"""What a person's hands and eyes do in Restore, as functions of a Playwright page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

BROKEN = b"\x89PNG\r\n\x1a\n" + bytes(200)
NASTY = "<img src=x onerror=alert(1)>.txt"


def text_file(name: str, data: bytes) -> Any:
    """A file as Playwright drops it."""
    return {"name": name, "mimeType": "text/plain", "buffer": data}


def chip(page: Page, name: str) -> Locator:
    """A file in the strip."""
    return page.get_by_role("group", name="Files").get_by_role("button").filter(has_text=name)


def row(page: Page, name: str) -> Locator:
    """A file in the table."""
    return page.locator("#files-table tbody tr").filter(has_text=name)


def download(page: Page, button: str) -> tuple[str, bytes]:
    with page.expect_download() as saved:
        page.locator("#restore-result").get_by_role("button", name=button).click()
    return saved.value.suggested_filename, Path(saved.value.path()).read_bytes()


def cleared(page: Page) -> None:
    """Restore holds nothing any more: its door is open."""
    page.get_by_role("link", name="Restore", exact=True).click()
    page.locator("#clear-files").click()
    expect(page.locator("#restore-empty")).to_be_visible()
