"""Restore says first what a file is: a mineral, a mixture, or nothing that the library has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import expect

import spectra_vae as sv
from spectra_vae.minerals import mineral

from .hands import add_files, pure_spectrum

AXIS = np.arange(120.0, 1300.0, 1.5)
ORGANIC = (  # position, FWHM, height: no mineral has these together
    *((233.0, 14.0, 0.5), (341.0, 12.0, 0.8), (452.0, 16.0, 0.6), (566.0, 13.0, 1.0)),
    *((633.0, 15.0, 0.4), (758.0, 12.0, 0.9), (871.0, 18.0, 0.7), (942.0, 14.0, 0.5)),
    *((1123.0, 17.0, 0.6), (1215.0, 15.0, 0.8)),
)


def file(name: str, y: np.ndarray) -> Any:
    """A file as Playwright drops it: ``y`` over a background, with noise."""
    y = y + 0.3 + 1e-4 * AXIS + np.random.default_rng(3).normal(0, 0.004, len(AXIS))
    rows = "\n".join(f"{a:.1f},{1000 * b:.2f}" for a, b in zip(AXIS, y, strict=True))
    return {"name": name, "mimeType": "text/csv", "buffer": rows.encode()}


def mixture() -> Any:
    parts = (mineral("calcite"), mineral("anhydrite-iii"))
    return file("mixture.csv", sum(0.7 * m.spectrum(AXIS) for m in parts))


def organic() -> Any:
    y = sum(h / (1 + 4 * ((AXIS - p) / w) ** 2) for p, w, h in ORGANIC)
    return file("organic.csv", np.asarray(y))


def verdict(page: Any, words: str) -> None:
    """The title says so, and the figure is there."""
    expect(page.locator("#verdict")).to_contain_text(words, timeout=90_000)
    expect(page.locator("#identified .js-line").first).to_be_visible()
    expect(page.locator("#identify-result")).not_to_have_class("stale")


def open_file(page: Any, name: str) -> None:
    page.get_by_role("group", name="Files").get_by_role("button", name=name).first.click()


def drawn(page: Any) -> int:
    """How many curves the first row holds."""
    script = (
        "() => document.querySelector('#identified .js-plotly-plot').data"
        ".filter((one) => one.yaxis === 'y').length"
    )
    return int(page.evaluate(script))


def test_each_file_is_told_what_it_is_and_may_be_looked_at_compared_and_saved(page):
    """One page and three files: a pure mineral, a mixture, and what no mineral is."""
    page.goto("/restore")
    add_files(page, [pure_spectrum("calcite.csv"), mixture(), organic()])
    the_table_tells_each_in_a_row(page)
    a_pure_mineral_is_told_with_its_numbers(page)
    what_is_exported_is_what_is_shown(page)
    what_the_library_lacks_is_said(page)
    phases_of_a_mixture_are_added_left_out_and_kept(page)
    a_part_of_the_axis_is_looked_at(page)
    a_row_is_made_higher(page)
    a_row_of_the_table_marks_its_band(page)
    what_the_library_lacks_becomes_a_draft(page)
    compare_takes_what_restore_holds(page)
    an_export_is_read_back(page)


def the_table_tells_each_in_a_row(page):
    rows = page.locator("#files-table tbody tr")
    expect(rows.filter(has_text="calcite.csv")).to_contain_text("%")
    expect(rows.filter(has_text="calcite.csv")).to_contain_text("1086")
    expect(rows.filter(has_text="mixture.csv")).to_contain_text("calcite + ")
    expect(rows.filter(has_text="organic.csv")).to_contain_text("not in the library")
    expect(rows.filter(has_text="organic.csv").locator(".why")).to_contain_text("Nearest")
    page.get_by_role("button", name="Spectrum", exact=True).click()


def a_pure_mineral_is_told_with_its_numbers(page):
    open_file(page, "calcite.csv")
    verdict(page, "Calcite.")
    expect(page.locator("#why-not")).to_contain_text("Next best")
    expect(page.locator("#measured-table thead")).to_contain_text("calcite")
    expect(page.locator("#phase-estimates")).to_contain_text("crystallinity")
    assert drawn(page) == 3


def saved(page: Any, button: str) -> tuple[str, bytes]:
    with page.expect_download() as saving:
        page.locator("#identify-result").get_by_role("button", name=button).click()
    return saving.value.suggested_filename, Path(saving.value.path()).read_bytes()


def what_is_exported_is_what_is_shown(page):
    told = json.loads(saved(page, "JSON")[1], parse_constant=lambda c: 1 / 0)
    assert told["verdict"] == "identified" and told["phases"][0]["mineral"] == "calcite"
    assert saved(page, "PNG")[1].startswith(b"\x89PNG")
    name, drawing = saved(page, "SVG")
    assert name == "calcite.identified.svg" and b"Calcite." in drawing


def what_the_library_lacks_is_said(page):
    open_file(page, "organic.csv")
    verdict(page, "No mineral of the library.")
    assert drawn(page) == 2, "the measured line and its baseline: no restored curve"
    expect(page.locator("#phases-card .nearest").first).to_be_visible()
    expect(page.locator("#phase-estimates")).to_be_empty()
    expect(page.get_by_role("button", name="Make it a mineral of yours")).to_be_visible()


def phases_of_a_mixture_are_added_left_out_and_kept(page):
    open_file(page, "mixture.csv")
    verdict(page, "anhydrite III")
    phases = page.locator("#phases-card .phase")
    expect(phases).to_have_count(2)
    page.locator("#add-phase").select_option("quartz")
    verdict(page, "As you asked")
    expect(phases.filter(has_text="quartz").get_by_role("button", name="need not")).to_be_visible()
    phases.filter(has_text="quartz").get_by_role("button", name="Leave quartz out").click()
    verdict(page, "Calcite")
    expect(page.locator("#phases-card")).to_contain_text("Not looked for: quartz.")
    phases.filter(has_text="calcite").get_by_role("button", name="Keep calcite").click()
    expect(phases.locator("[data-lock=calcite][aria-pressed=true]")).to_be_visible()
    page.get_by_role("button", name="Back to automatic").click()
    expect(page.locator("#phases-card")).not_to_contain_text("Not looked for")
    expect(phases).to_have_count(2)
    expect(page.locator("#whole-novelty")).to_contain_text("0.00")
    expect(page.locator("#make-card")).to_be_hidden()


LAYOUT = "document.querySelector('#identified .js-plotly-plot')._fullLayout"


def a_part_of_the_axis_is_looked_at(page):
    page.wait_for_function(f"() => {LAYOUT}.xaxis.range[1] > 1290")
    page.locator("#crop-high").fill("800")
    page.wait_for_function(f"() => {LAYOUT}.xaxis.range[1] < 810")
    expect(page.locator("#identified-read")).to_contain_text("to 80")
    expect(page.locator("#identify-result")).not_to_have_class("stale")
    page.get_by_role("button", name="The whole file again").click()
    page.wait_for_function(f"() => {LAYOUT}.xaxis.range[1] > 1290")
    verdict(page, "anhydrite III")


def a_row_is_made_higher(page):
    before = page.evaluate(f"{LAYOUT}.yaxis.range[1]")
    row = page.locator("#identified .nsewdrag").first
    row.hover()
    page.mouse.wheel(0, -300)
    page.wait_for_function(f"(most) => {LAYOUT}.yaxis.range[1] < most", arg=before)
    row.dblclick()
    page.wait_for_function(f"(most) => {LAYOUT}.yaxis.range[1] === most", arg=before)
    page.get_by_role("button", name="Row measured: twice as high").click()
    page.wait_for_function(f"(most) => {LAYOUT}.yaxis.range[1] < most", arg=before)
    expect(page.locator("#identified")).to_contain_text("×2")
    page.get_by_role("button", name="Row measured: half as high").click()
    page.wait_for_function(f"(most) => {LAYOUT}.yaxis.range[1] === most", arg=before)


def a_row_of_the_table_marks_its_band(page):
    mark = page.locator("#identified-mark")
    expect(mark).to_be_hidden()
    page.locator("#measured-table tbody td").first.hover()
    expect(mark).to_be_visible()
    expect(page.locator("#measured-table .marked")).to_have_count(5)  # a head and four numbers
    assert page.locator(".plotly-notifier").count() == 0, "the hint is our own"


def what_the_library_lacks_becomes_a_draft(page):
    open_file(page, "organic.csv")
    verdict(page, "No mineral of the library.")
    expect(page.locator("#whole-novelty")).to_be_empty()
    page.get_by_role("button", name="Make it a mineral of yours").click()
    expect(page.locator("#draft-files")).to_have_text("organic.csv")
    page.get_by_role("button", name="Without organic.csv").click()  # nobody waits for that fit
    expect(page.locator("#draft-empty")).to_be_visible()
    page.get_by_role("link", name="Restore", exact=True).click()


def compare_takes_what_restore_holds(page):
    """The file that is looked at first."""
    page.get_by_role("button", name="Remove organic.csv").click()
    open_file(page, "calcite.csv")
    verdict(page, "Calcite.")
    page.get_by_role("link", name="Compare", exact=True).click()
    expect(page.locator("#compare-verdict")).to_contain_text("state of calcite")
    expect(page.get_by_role("heading", name="Both on one axis")).to_be_visible()
    expect(page.locator("#compared .js-line").first).to_be_visible()
    for name in ("calcite.csv", "mixture.csv"):
        expect(page.locator("#compare-verdict")).to_contain_text(name)
    contents = page.get_by_role("table").filter(has_text="anhydrite III")
    expect(contents.get_by_role("row", name="calcite alone")).to_contain_text("%")


def an_export_is_read_back(page):
    page.get_by_role("link", name="Restore", exact=True).click()
    verdict(page, "Calcite.")
    name, table = saved(page, "CSV")
    assert name == "calcite.identified.csv"
    asked = sv.read_spectrum(pure_spectrum()["buffer"], "calcite.csv")
    back = sv.read_spectrum(table, name)
    assert np.allclose(back.intensity, asked.intensity, rtol=1e-6)
    add_files(page, {"name": "back.csv", "mimeType": "text/csv", "buffer": table})
    expect(page.locator("#identified-file")).to_have_text("back.csv")
    verdict(page, "Calcite.")
    page.get_by_role("button", name="With its own model").click()
    expect(page.locator("#file-title")).to_have_text("back.csv")
    expect(page.locator("#novelty")).to_contain_text("novelty")
