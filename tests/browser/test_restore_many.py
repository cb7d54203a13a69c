"""Restore: several files at once, as a table; a column that has to be asked for; Overlay."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import spectra_vae as sv
from spectra_vae.examples import example

from .hands import add_files, result
from .test_access import FITS, HOLES, WORDS
from .test_restore import NASTY, chip, download, text_file

BROKEN = b"\x89PNG\r\n\x1a\n" + bytes(200)


def two_columns(first: str = "sample A", second: str = "sample B") -> bytes:
    """Two spectra on one axis, with names that settle nothing."""
    noisy, foreign = (sv.read_spectrum(example(n), n) for n in ("noisy", "foreign"))
    other = np.interp(noisy.wavenumber, foreign.wavenumber, foreign.intensity)
    rows = zip(noisy.wavenumber, noisy.intensity, other, strict=True)
    body = "\n".join(f"{x:.4f},{a:.6g},{b:.6g}" for x, a, b in rows)
    return f"Raman shift,{first},{second}\n{body}\n".encode()


def three(page) -> None:
    """A good file, a broken one and an ambiguous one, dropped together."""
    page.goto("/restore?as=gypsum")
    add_files(
        page,
        [
            text_file("good.csv", example("clean")),
            text_file("broken.txt", BROKEN),
            text_file("two.csv", two_columns()),
        ],
    )


def row(page, name):
    return page.locator("#files-table tbody tr").filter(has_text=name)


def saved_table(page) -> dict[str, dict[str, str]]:
    with page.expect_download() as saved:
        page.locator("#save-table").click()
    assert saved.value.suggested_filename == "restored.csv"
    text = Path(saved.value.path()).read_text("utf-8")
    return {one["file"]: one for one in csv.DictReader(io.StringIO(text))}


def test_three_files_one_broken_one_ambiguous(page, vs):
    three(page)
    expect(
        page.get_by_role("heading", name="3 files: 1 normal, 1 asking for a column, 1 refused")
    ).to_be_visible()
    expect(row(page, "broken.txt")).to_contain_text("broken.txt is a PNG picture.")
    expect(row(page, "two.csv")).to_contain_text("which column?")
    expect(row(page, "good.csv")).to_contain_text(" to ")
    question = page.locator("#column-question")
    expect(question).to_contain_text("Which column of two.csv is the intensity?")
    expect(question.locator(".candidate")).to_have_text(["sample A", "sample B"])
    expect(question.locator("img")).to_have_count(2)
    assert question.locator("img").first.evaluate("(i) => i.complete && i.naturalWidth > 0")
    question.get_by_role("button", name="sample B").click()
    expect(row(page, "two.csv")).to_contain_text("alien, 1 foreign band")
    expect(question).to_be_hidden()

    table = saved_table(page)
    assert set(table) == {"good.csv", "broken.txt", "two.csv"}
    assert table["broken.txt"]["verdict"] == "refused"
    assert table["two.csv"]["verdict"] == "alien" and table["two.csv"]["column"] == "sample B"
    for name, spectrum in (
        ("good.csv", sv.read_spectrum(example("clean"), "good.csv")),
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

    row(page, "two.csv").get_by_role("cell").nth(2).click()  # anywhere on the row
    result(page, "two.csv")
    expect(page.locator("#read-as")).to_contain_text("sample B")
    expect(page.locator("#files .refused")).to_contain_text("broken.txt is a PNG picture.")
    saved, data = download(page, "JSON")
    assert json.loads(data)["settings"]["column"] == "sample B"


def test_another_column_afterwards(page):
    page.goto("/restore?as=gypsum")
    add_files(page, [text_file("two.csv", two_columns())])
    page.locator(".candidate", has_text="sample A").click()
    result(page, "two.csv")
    expect(chip(page, "two.csv")).to_contain_text("normal")
    page.get_by_role("button", name="Other column").click()
    page.locator(".candidate", has_text="sample B").click()
    result(page, "two.csv")
    expect(chip(page, "two.csv")).to_contain_text("alien")
    add_files(page, [text_file("good.csv", example("clean"))])
    result(page, "good.csv")
    expect(page.get_by_role("button", name="Other column")).to_be_hidden()


def test_one_answer_for_all_files_of_a_kind(page):
    page.goto("/restore?as=gypsum")
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


def test_many_files_fill_the_table_with_progress_and_too_many_are_named(page):
    page.goto("/restore?as=gypsum")
    expect(page.get_by_text("Add files")).to_be_visible()
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
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_role("heading", name="Drop measured spectra here")).to_be_visible()


def test_clearing_ends_what_still_waits(page):
    page.goto("/restore?as=gypsum")
    add_files(page, [text_file(f"f{k}.csv", example("noisy")) for k in range(12)])
    expect(page.locator("#files-table tbody tr")).to_have_count(12)
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_role("heading", name="Drop measured spectra here")).to_be_visible()
    add_files(page, [text_file("after.csv", example("clean"))])
    result(page, "after.csv")
    expect(page.locator("#files .file")).to_have_count(1)


def test_a_server_that_breaks_off_leaves_a_sentence(page):
    """One answer lost: the page waits two minutes, says so and goes on."""
    page.goto("/restore?as=gypsum")
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
    files = [text_file("gone.csv", example("clean")), text_file("stays.csv", example("clean"))]
    add_files(page, files)
    expect(page.get_by_role("heading", name="2 files: 1 normal, 1 refused")).to_be_visible()
    expect(row(page, "gone.csv")).to_contain_text("gave no answer")


def test_html_in_names_of_files_and_columns_is_text(page):
    page.goto("/restore?as=gypsum")
    nasty = two_columns("<i>A</i>", "<b>B</b>")
    add_files(page, [text_file(NASTY, nasty), text_file("=cmd.csv", BROKEN)])
    expect(page.locator("#column-question h2")).to_contain_text(NASTY)
    expect(page.locator(".candidate .name")).to_have_text(["<i>A</i>", "<b>B</b>"])
    page.locator(".candidate").first.click()
    expect(row(page, NASTY)).to_contain_text("normal")
    assert page.locator("img[src=x], .candidate b, .candidate i").count() == 0
    assert set(saved_table(page)) == {NASTY, "'=cmd.csv"}


def test_by_keyboard_alone(page):
    three(page)
    page.locator(".candidate", has_text="sample A").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Table", exact=True)).to_be_focused()
    expect(row(page, "two.csv")).to_contain_text("normal")
    page.get_by_role("button", name="two.csv").focus()
    page.keyboard.press("Enter")
    result(page, "two.csv")
    page.get_by_role("button", name="Table", exact=True).focus()
    page.keyboard.press("Space")
    expect(page.locator("#files-table")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("size", [(390, 844), (1280, 720)])
def test_for_everyone(page_for, language, size):
    """Question and table: nothing serious for axe, no holes in the words, no sideways scrolling."""
    page = page_for(language, size=size)
    page.goto("/restore?as=gypsum")
    page.locator("#upload input[type=file]").set_input_files(
        [
            text_file("good.csv", example("clean")),
            text_file("broken.txt", BROKEN),
            text_file("two.csv", two_columns()),
            text_file(
                "a-name-without-any-spaces-that-goes-on-and-on-for-ever-and-ever.csv", BROKEN
            ),
        ]
    )
    expect(page.locator(".candidate img")).to_have_count(2)
    expect(page.locator("#files-table .why.refused")).to_have_count(2)
    for theme in ("light", "dark"):
        expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
        found = Axe().run(page).response["violations"]
        assert not [v["id"] for v in found if v["impact"] in {"serious", "critical"}], found
        page.locator("#theme-switch").click()
    page.wait_for_function(FITS, timeout=8_000)
    assert not HOLES.search(page.evaluate(WORDS))


def test_overlay_puts_the_rows_in_one_plot(page):
    page.goto("/restore?as=gypsum&example=foreign&restore-look=overlay")
    result(page, "foreign.csv")
    axes = (
        "Object.keys(document.querySelector('#restored .js-plotly-plot')._fullLayout)"
        ".filter((k) => /^yaxis/.test(k)).length"
    )
    page.wait_for_function(f"() => {axes} === 2")
    page.get_by_role("button", name="Parts").click()
    page.wait_for_function(f"() => {axes} === 10")
    assert "restore-look" not in page.url
    page.get_by_role("button", name="Overlay").click()
    page.wait_for_function(f"() => {axes} === 2")
    assert "restore-look=overlay" in page.url
    for name in ("ν1 position", "ν1 FWHM", "water / sulfate area"):
        assert " to " in estimate_of(page, name)
    expect(page.locator("#novelty")).to_contain_text("of simulated normal spectra")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Picture").click()
    assert saved.value.suggested_filename == "foreign.restored.png"


def estimate_of(page, name):
    """ν1 is markup, so the line is found by what it reads as."""
    lines = page.locator("#estimates .estimate .line").all_inner_texts()
    return next(line for line in lines if line.replace("\n", "").startswith(name))


def test_a_file_is_taken_away_and_brought_back(page):
    three(page)
    page.get_by_role("button", name="Spectrum", exact=True).click()
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
    result(page, "good.csv")
