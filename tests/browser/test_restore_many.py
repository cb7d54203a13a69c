"""Restore: several files at once, as a table; a column that has to be asked for."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

import spectra_vae as sv
from spectra_vae.examples import example

from .everyone import FITS, HOLES, WORDS, serious
from .hands import add_files, result
from .restoring import BROKEN, NASTY, chip, cleared, download, row, text_file

LONG = "a-name-without-any-spaces-that-goes-on-and-on-for-ever-and-ever.csv"


def two_columns(first: str = "sample A", second: str = "sample B") -> bytes:
    """Two spectra on one axis, with names that settle nothing."""
    noisy, foreign = (sv.read_spectrum(example(n), n) for n in ("noisy", "foreign"))
    other = np.interp(noisy.wavenumber, foreign.wavenumber, foreign.intensity)
    rows = zip(noisy.wavenumber, noisy.intensity, other, strict=True)
    body = "\n".join(f"{x:.4f},{a:.6g},{b:.6g}" for x, a, b in rows)
    return f"Raman shift,{first},{second}\n{body}\n".encode()


def three() -> list[object]:
    """A good file, a broken one and an ambiguous one."""
    return [
        text_file("clean.csv", example("clean")),
        text_file("broken.txt", BROKEN),
        text_file("two.csv", two_columns()),
    ]


def saved_table(page) -> dict[str, dict[str, str]]:
    with page.expect_download() as saved:
        page.locator("#save-table").click()
    assert saved.value.suggested_filename == "restored.csv"
    text = Path(saved.value.path()).read_text("utf-8")
    return {one["file"]: one for one in csv.DictReader(io.StringIO(text))}


def test_three_files_one_broken_one_ambiguous(page, vs):
    page.goto("/restore?as=gypsum")
    add_files(page, three())
    a_column_is_asked_for_and_the_rest_is_told(page)
    by_keyboard_a_column_is_answered_and_a_row_opened(page)
    another_column_afterwards(page)
    the_table_is_told_and_saved(page, vs)
    a_click_on_a_row_opens_it_with_its_column(page)
    a_file_is_taken_away_and_brought_back(page)


def a_column_is_asked_for_and_the_rest_is_told(page):
    expect(
        page.get_by_role("heading", name="3 files: 1 normal, 1 asking for a column, 1 refused")
    ).to_be_visible()
    expect(row(page, "broken.txt")).to_contain_text("broken.txt is a PNG picture.")
    expect(row(page, "two.csv")).to_contain_text("which column?")
    expect(row(page, "clean.csv")).to_contain_text(" to ")
    question = page.locator("#column-question")
    expect(question).to_contain_text("Which column of two.csv is the intensity?")
    expect(question.locator(".candidate")).to_have_text(["sample A", "sample B"])
    expect(question.locator("img")).to_have_count(2)
    assert question.locator("img").first.evaluate("(i) => i.complete && i.naturalWidth > 0")


def by_keyboard_a_column_is_answered_and_a_row_opened(page):
    page.locator(".candidate", has_text="sample A").focus()
    page.keyboard.press("Enter")
    table = page.get_by_role("button", name="Table", exact=True)
    expect(table).to_be_focused()
    expect(row(page, "two.csv")).to_contain_text("normal")
    expect(page.locator("#column-question")).to_be_hidden()
    page.get_by_role("button", name="two.csv").focus()
    page.keyboard.press("Enter")
    result(page, "two.csv")
    table.focus()
    page.keyboard.press("Space")
    expect(page.locator("#files-table")).to_be_visible()


def another_column_afterwards(page):
    other = page.get_by_role("button", name="Other column")
    page.get_by_role("button", name="clean.csv", exact=True).click()
    result(page, "clean.csv")
    expect(other).to_be_hidden()
    chip(page, "two.csv").click()
    result(page, "two.csv")
    expect(chip(page, "two.csv")).to_contain_text("normal")
    other.click()
    page.locator(".candidate", has_text="sample B").click()
    expect(chip(page, "two.csv")).to_contain_text("alien")
    result(page, "two.csv")
    page.get_by_role("button", name="Table", exact=True).click()
    expect(row(page, "two.csv")).to_contain_text("alien, 1 foreign band")


def the_table_is_told_and_saved(page, vs):
    table = saved_table(page)
    assert set(table) == {"clean.csv", "broken.txt", "two.csv"}
    assert table["broken.txt"]["verdict"] == "refused"
    assert table["two.csv"]["verdict"] == "alien" and table["two.csv"]["column"] == "sample B"
    for name, spectrum in (
        ("clean.csv", sv.read_spectrum(example("clean"), "clean.csv")),
        ("two.csv", sv.read_spectrum(two_columns(), "two.csv", "sample B")),
    ):
        expected = vs.restore(spectrum)
        hydration = expected.estimates["hydration"]
        told = [float(table[name][f"hydration{end}"]) for end in ("", "_low", "_high")]
        assert np.allclose(told, [hydration.value, hydration.low, hydration.high], rtol=1e-4)
        ratio = expected.quantities["ratio"].value
        assert float(table[name]["area_ratio"]) == pytest.approx(ratio, rel=1e-4)
        settings = {k: table[name][k] for k in ("model", "resolution", "version")}
        assert settings == {
            "model": "gypsum",
            "resolution": "4 (assumed)",
            "version": sv.__version__,
        }


def a_click_on_a_row_opens_it_with_its_column(page):
    row(page, "two.csv").get_by_role("cell").nth(2).click()  # anywhere on the row
    result(page, "two.csv")
    expect(page.locator("#read-as")).to_contain_text("sample B")
    expect(page.locator("#files .refused")).to_contain_text("broken.txt is a PNG picture.")
    saved, data = download(page, "JSON")
    assert json.loads(data)["settings"]["column"] == "sample B"


def a_file_is_taken_away_and_brought_back(page):
    files = page.get_by_role("group", name="Files")
    expect(files.locator(".file")).to_have_count(3)
    page.get_by_role("button", name="Remove broken.txt").click()
    expect(files.locator(".file")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(files.locator(".file")).to_have_count(3)
    expect(files.locator(".refused")).to_contain_text("broken.txt is a PNG picture.")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#restore-empty")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(files.locator(".file")).to_have_count(3)
    result(page, "two.csv")


def test_many_files_fill_the_table_alike_ones_ask_once_and_nothing_is_lost(page):
    page.goto("/restore?as=gypsum")
    expect(page.get_by_text("Add files")).to_be_visible()
    many_files_fill_the_table_with_progress_and_too_many_are_named(page)
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_role("heading", name="Drop measured spectra here")).to_be_visible()
    one_answer_holds_for_all_files_of_a_kind(page)
    cleared(page)
    html_in_names_of_files_and_columns_is_text(page)
    cleared(page)
    clearing_ends_what_still_waits(page)
    cleared(page)
    a_server_that_breaks_off_leaves_a_sentence(page)


def many_files_fill_the_table_with_progress_and_too_many_are_named(page):
    page.evaluate(
        """() => { const words = document.getElementById('restore-words');
        window.steps = [];
        new MutationObserver(() => window.steps.push(words.textContent))
            .observe(words, { childList: true, subtree: true, characterData: true }); }"""
    )
    files = [text_file(f"f{k:02}.csv", BROKEN) for k in range(42)]  # a refusal is quick
    files[0], files[39] = (text_file(f["name"], example("noisy")) for f in (files[0], files[39]))
    add_files(page, files)
    expect(page.locator("#notice")).to_contain_text(
        "The page holds 40 files; left out: f40.csv, f41.csv."
    )
    expect(page.get_by_role("heading", name="40 files: 2 normal, 38 refused")).to_be_visible()
    expect(page.locator("#restore-progress")).to_be_hidden()
    steps = page.evaluate("window.steps")
    assert sum(s.startswith("Restoring ") for s in steps) >= 20
    assert any(re.match(r"Restoring 39 of 40: f38\.csv", s) for s in steps)
    assert len(saved_table(page)) == 40


def one_answer_holds_for_all_files_of_a_kind(page):
    add_files(page, [text_file(f"two-{k}.csv", two_columns()) for k in range(3)])
    expect(page.locator("#column-question")).to_contain_text("files with these columns (2)")
    page.locator(".candidate", has_text="sample A").click()
    expect(page.get_by_role("heading", name="3 files: 3 normal")).to_be_visible()
    add_files(page, [text_file("one-more.csv", two_columns())])
    result(page, "one-more.csv")
    add_files(page, [text_file("others.csv", two_columns("x", "y"))])
    expect(page.locator("#column-question")).to_contain_text("Which column of others.csv")
    page.get_by_role("button", name="Leave it out").click()
    expect(page.locator("#files-table .refused")).to_contain_text("nobody said which column")


def html_in_names_of_files_and_columns_is_text(page):
    nasty = two_columns("<i>A</i>", "<b>B</b>")
    add_files(page, [text_file(NASTY, nasty), text_file("=cmd.csv", BROKEN)])
    expect(page.locator("#column-question h2")).to_contain_text(NASTY)
    expect(page.locator(".candidate .name")).to_have_text(["<i>A</i>", "<b>B</b>"])
    page.locator(".candidate").first.click()
    expect(row(page, NASTY)).to_contain_text("normal")
    assert page.locator("img[src=x], .candidate b, .candidate i").count() == 0
    assert set(saved_table(page)) == {NASTY, "'=cmd.csv"}


def clearing_ends_what_still_waits(page):
    add_files(page, [text_file(f"f{k}.csv", example("noisy")) for k in range(12)])
    expect(page.locator("#files-table tbody tr")).to_have_count(12)
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_role("heading", name="Drop measured spectra here")).to_be_visible()
    add_files(page, [text_file("clean.csv", example("clean"))])
    result(page, "clean.csv")
    expect(page.locator("#files .file")).to_have_count(1)


def a_server_that_breaks_off_leaves_a_sentence(page):
    """One answer lost: the page waits two minutes, says so and goes on."""
    page.evaluate(
        """() => { const later = window.setTimeout;
        window.setTimeout = (what, ms) => later(what, ms === 120000 ? 3000 : ms); }"""
    )
    lost = []

    def lose(route):
        body = route.request.post_data or ""
        if '"restore-ask"' in body and "gone.csv" in body and not lost:
            lost.append(route.request.url)
            route.fulfill(status=204)
        else:
            route.continue_()

    page.route("**/_dash-update-component*", lose)
    files = [text_file(name, example("clean")) for name in ("clean.csv", "gone.csv")]
    add_files(page, files)
    expect(page.get_by_role("heading", name="2 files: 1 normal, 1 refused")).to_be_visible()
    expect(row(page, "gone.csv")).to_contain_text("gave no answer")


def test_question_and_table_are_for_everyone(page_for):
    """Nothing serious for axe, no holes in the words, no sideways scrolling."""
    page = page_for("en", size=(1280, 720))
    page.goto("/restore?as=gypsum")
    page.locator("#upload input[type=file]").set_input_files([*three(), text_file(LONG, BROKEN)])
    asked_and_refused(page)
    assert not serious(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("#theme-switch").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert not serious(page)
    words_are_whole_and_fit(page)
    page.locator("#language-switch").click()
    expect(page.locator("html")).to_have_attribute("lang", "it")
    asked_and_refused(page)
    words_are_whole_and_fit(page)


def asked_and_refused(page):
    expect(page.locator(".candidate img")).to_have_count(2)
    expect(page.locator("#files-table .why.refused")).to_have_count(2)


def words_are_whole_and_fit(page):
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        page.wait_for_function(FITS, timeout=8_000)
    assert not HOLES.search(page.evaluate(WORDS))
