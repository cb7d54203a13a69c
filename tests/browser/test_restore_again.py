"""Restore, once more: another resolution, a page made again."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import expect

import spectra_vae as sv
from spectra_vae.examples import example

from .hands import add_files, estimate, result
from .restoring import chip, cleared, text_file


def told(page):
    """The restoration that the JSON button saves."""
    with page.expect_download() as saved:
        page.locator("#restore-result").get_by_role("button", name="JSON").click()
    return json.loads(Path(saved.value.path()).read_text())


def number_of(page, factor: str) -> float:
    return float(estimate(page, factor).removeprefix(factor).split()[0])


def taken_as(page, resolution: str) -> None:
    expect(page.locator("#read-as")).to_contain_text(f"resolution taken as {resolution} cm")


def test_another_resolution_and_a_page_made_again(page, vs):
    page.goto("/restore?as=gypsum")
    the_resolution_holds_for_every_file(page, vs)
    cleared(page)
    a_reload_keeps_files_columns_and_the_resolution(page)
    another_language_keeps_them_too_and_cleared_is_cleared(page)


def the_resolution_holds_for_every_file(page, vs):
    expect(page.get_by_label("Resolution")).to_be_hidden()
    add_files(page, [text_file(name, example("noisy")) for name in ("one.csv", "two.csv")])
    expect(page.get_by_role("heading", name="2 files: 2 normal")).to_be_visible()
    page.get_by_role("button", name="one.csv", exact=True).click()
    result(page, "one.csv")
    taken_as(page, "4")
    assumed = number_of(page, "crystallinity")
    box = page.get_by_label("Resolution")
    for wrong in ("-1", "0", "1000", "wide", "4 cm"):
        box.fill(wrong)
        box.press("Enter")
        expect(page.locator("#notice")).to_contain_text("A resolution is a positive number")
        expect(box).to_have_value("")
    box.fill("2,5")
    box.press("Enter")
    taken_as(page, "2.5")
    for key in ("Tab", "Enter", "Tab"):
        box.fill("-3")
        box.press(key)
        expect(box).to_have_value("2.5")
    spectrum = sv.read_spectrum(example("noisy"), "one.csv")
    expected = vs.restore(spectrum, resolution=2.5).estimates["crystallinity"].value
    assert abs(number_of(page, "crystallinity") - expected) <= 0.0051
    assert expected < assumed - 0.03  # a finer instrument's bands are as wide by themselves
    assert told(page)["settings"]["resolution"] == 2.5
    page.locator("#files").get_by_role("button", name="two.csv normal").click()
    result(page, "two.csv")
    taken_as(page, "2.5")
    box.fill("")
    box.press("Enter")
    taken_as(page, "4")
    assert number_of(page, "crystallinity") == assumed


def a_reload_keeps_files_columns_and_the_resolution(page):
    page.get_by_role("button", name="clean", exact=True).click()
    result(page, "clean.csv")
    rows = b"\n".join(b"%d,%d,%d" % (x, 100 + x % 7, 90 + x % 5) for x in range(200, 1300, 2))
    columns = text_file("columns.csv", b"Raman shift,first,second\n" + rows)
    broken = text_file("broken.csv", b"nothing")
    add_files(page, [text_file("mine.csv", example("noisy")), broken, columns])
    page.locator(".candidate", has_text="first").click()
    page.get_by_role("button", name="mine.csv", exact=True).click()
    result(page, "mine.csv")
    page.get_by_label("Resolution").fill("3")
    page.get_by_label("Resolution").press("Enter")
    taken_as(page, "3")
    page.reload()
    result(page, "mine.csv")
    taken_as(page, "3")
    expect(page.get_by_label("Resolution")).to_have_value("3")
    expect(page.locator("#files .file")).to_have_count(4)
    expect(page.locator("#files .file").first).to_contain_text("clean.csv")
    chip(page, "columns.csv").click()
    result(page, "columns.csv")
    expect(page.locator("#read-as")).to_contain_text("first")
    page.get_by_role("button", name="Other column").click()
    page.locator(".candidate", has_text="second").click()
    expect(page.locator("#read-as")).to_contain_text("second")
    result(page, "columns.csv")
    chip(page, "mine.csv").click()
    result(page, "mine.csv")


def another_language_keeps_them_too_and_cleared_is_cleared(page):
    page.get_by_role("link", name="Spectrometer").click()
    page.reload()  # nobody has looked at the files since
    page.get_by_role("button", name="IT").click()
    page.get_by_role("link", name="Restauro").click()
    expect(page.locator("#file-title")).to_have_text("mine.csv")
    expect(page.locator("#files .file")).to_have_count(4)
    page.get_by_role("button", name="Svuota").click()
    page.reload()
    expect(page.get_by_role("heading", name="Trascina qui")).to_be_visible()
    expect(page.locator("#files .file")).to_have_count(0)
