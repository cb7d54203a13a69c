"""A dropped file travels once: then its digest does, until the server has it no more.

That it is sent again to a server that forgot it, test_killed_server knows.
"""

from __future__ import annotations

from playwright.sync_api import expect

from .sent import HEAVY, Sent, compared, redrawn, restored, stroke

LIGHT_BODY = 20_000  # bytes: the files' rows and every other store


def test_what_is_done_with_a_file_sends_it_once(page):
    sent = Sent(page)
    restored(page)
    assert sent.files() == 1 and sent.largest() > len(HEAVY)
    sent.bodies.clear()
    other_colours(page, "restored")
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

    compared(page)
    assert sent.files() == 2
    sent.bodies.clear()
    other_colours(page, "compared")
    with page.expect_download():
        page.locator("#compare-json").click()
    assert sent.files() == 0 and sent.largest() < LIGHT_BODY


def other_colours(page, figure):
    before = stroke(page, figure)
    page.locator("#theme-switch").click()
    redrawn(page, figure, before)
