"""Pages that mean ill, and browsers that keep nothing."""

from __future__ import annotations

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

FRAMING = '<!DOCTYPE html><iframe src="{address}/training" width="900" height="700"></iframe>'
NO_STORAGE = """
for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, {
    get() { throw new DOMException("denied", "SecurityError"); },
  });
"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Say nothing of every request."""


@pytest.fixture
def elsewhere(tmp_path, address):
    """The address of another site, whose page frames ours."""
    (tmp_path / "index.html").write_text(FRAMING.format(address=address))
    site = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=site.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{site.server_port}/"
    site.shutdown()
    thread.join()
    site.server_close()


def test_framed_by_another_page_it_stays_empty(browser, elsewhere):
    page = browser.new_page()
    refused = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(elsewhere)
    page.wait_for_load_state("networkidle")
    (frame,) = page.frames[1:]
    assert frame.locator("main, button").count() == 0
    assert any("frame" in text.lower() for text in refused)
    page.close()


def test_a_browser_without_storage_has_the_whole_page(new_page):
    page = new_page()
    page.add_init_script(NO_STORAGE)
    page.goto("/")
    expect(page.locator("#spectrum .js-line, #figure .js-line").first).to_be_visible()
    before = page.locator("html").get_attribute("data-bs-theme")
    page.locator("#theme-switch").click()
    expect(page.locator("html")).not_to_have_attribute("data-bs-theme", before)
