"""Restore: files by the dialog, dropped, by the keyboard; and what is wrong with some of them."""

from __future__ import annotations

import json

from playwright.sync_api import expect

import spectra_vae as sv
from spectra_vae.examples import example

from .hands import add_files, result
from .restoring import BROKEN, NASTY, chip, cleared, download, text_file


def test_files_come_by_dialog_drop_and_keyboard_and_what_is_wrong_is_said(page, tmp_path):
    page.goto("/restore?as=gypsum")
    only_broken_files_leave_the_door_open(page)
    cleared(page)
    too_much_is_refused_in_words(page, tmp_path)
    cleared(page)
    a_file_is_dropped_from_the_desktop(page)
    cleared(page)
    the_upload_by_keyboard(page)
    cleared(page)
    broken_files_stay_with_a_sentence_beside_good_ones(page)
    cleared(page)
    html_in_a_file_name_is_text(page)
    cleared(page)
    a_change_of_language_asks_before_it_forgets_files(page)


def only_broken_files_leave_the_door_open(page):
    add_files(page, [text_file("empty.txt", b"")])
    expect(page.locator("#files .refused")).to_contain_text("empty.txt is empty.")
    expect(page.get_by_role("button", name="clean", exact=True)).to_be_visible()
    add_files(page, [text_file("clean.csv", example("clean"))])
    result(page, "clean.csv")
    expect(page.locator("#files .refused")).to_have_count(1)


def too_much_is_refused_in_words(page, tmp_path):
    def large(name, size):
        """A file of so many bytes that takes no room on the disk."""
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)
        return tmp_path / name

    add_files(page, [large("huge.txt", 20_400_000)])
    expect(page.locator("#notice")).to_contain_text("huge.txt is over 20 MB.")
    add_files(page, [large(f"large{k:02}.txt", 18_600_000) for k in range(11)])
    expect(page.locator("#notice")).to_contain_text("Together these files are over 200 MB.")
    add_files(page, [text_file("clean.csv", example("clean"))])
    result(page, "clean.csv")


def a_file_is_dropped_from_the_desktop(page):
    transfer = page.evaluate_handle(
        """(text) => { const t = new DataTransfer();
        t.items.add(new File([text], 'noisy.csv', { type: 'text/csv' })); return t; }""",
        example("noisy").decode(),
    )
    for event in ("dragenter", "dragover", "drop"):
        page.get_by_text("Add files").dispatch_event(event, {"dataTransfer": transfer})
    result(page, "noisy.csv")


def the_upload_by_keyboard(page):
    page.wait_for_function("() => !document.querySelector('[data-dash-is-loading=true]')")
    page.get_by_role("link", name="Neurons").focus()
    inside = "document.activeElement.closest('#upload') ? document.activeElement.tagName : ''"
    for _ in range(25):
        page.keyboard.press("Tab")
        if found := page.evaluate(inside):
            break
    assert found == "BUTTON", found
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(text_file("clean.csv", example("clean")))
    result(page, "clean.csv")


def broken_files_stay_with_a_sentence_beside_good_ones(page):
    four = b"100 1\n200 2\n300 1\n400 2\n"
    add_files(
        page,
        [
            text_file("scan.txt", BROKEN),
            text_file("noisy.csv", example("noisy")),
            text_file("four.txt", four),
            text_file("clean.csv", example("clean")),
        ],
    )
    expect(page.get_by_role("heading", name="4 files: 2 normal, 2 refused")).to_be_visible()
    page.get_by_role("button", name="clean.csv").click()
    result(page, "clean.csv")
    strip = page.get_by_role("group", name="Files")
    refused = strip.locator(".refused")
    expect(refused).to_have_count(2)
    expect(refused.nth(0)).to_contain_text("20")
    expect(refused.nth(1)).to_contain_text("scan.txt is a PNG picture.")
    for sentence in refused.all_inner_texts():
        assert sentence.strip().endswith(".") and "\n" not in sentence.strip()
    expect(strip.locator(".opens-file")).to_have_count(2)
    chip(page, "noisy.csv").click()
    result(page, "noisy.csv")
    expect(chip(page, "noisy.csv")).to_have_attribute("aria-pressed", "true")
    expect(chip(page, "clean.csv")).to_have_attribute("aria-pressed", "false")


def html_in_a_file_name_is_text(page):
    asked = []

    def dismiss(box):
        asked.append(box.message)
        box.dismiss()

    page.on("dialog", dismiss)
    add_files(
        page,
        [text_file(NASTY, example("clean")), text_file("<b>" + NASTY, b"<script>1</script>")],
    )
    expect(page.get_by_role("heading", name="2 files: 1 normal, 1 refused")).to_be_visible()
    assert page.locator("img[src=x], #files-table b:has(img), #files-table script").count() == 0
    page.get_by_role("button", name=NASTY).click()
    result(page, NASTY)
    expect(chip(page, NASTY)).to_be_visible()
    expect(page.locator(".file.bad .name")).to_have_text("<b>" + NASTY)
    expect(page.locator("#files .refused")).to_contain_text(
        "is in the XML format, which can't be read here."
    )
    assert page.locator("img[src=x], #files b, #files script").count() == 0
    saved, data = download(page, "CSV")
    assert "<" not in saved and "/" not in saved
    assert len(sv.read_spectrum(data, "back.csv").wavenumber) > 1000
    saved, data = download(page, "JSON")
    assert json.loads(data)["file"] == NASTY
    page.get_by_role("button", name="Move the sliders here").click()
    expect(page.get_by_role("heading", name="Gypsum, virtual")).to_be_visible()
    page.remove_listener("dialog", dismiss)
    assert not asked


def a_change_of_language_asks_before_it_forgets_files(page):
    """Only what is too large for the tab to keep."""
    large = b"# said at length\n" * 120_000 + example("clean")
    add_files(page, text_file("mine.csv", large))
    result(page, "mine.csv")
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.get_by_role("button", name="IT").click()
    assert len(asked) == 1 and "forgotten" in asked[0]
    expect(page.locator("#file-title")).to_have_text("mine.csv")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="IT").click()
    expect(page.get_by_text("Aggiungi file")).to_be_visible()
