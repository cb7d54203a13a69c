"""Compare: two measurements side by side, as a person chooses them."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import expect

from spectra_vae.examples import example

from .hands import go
from .restoring import BROKEN, NASTY, text_file


def choose(page, words: str, file: dict[str, object]) -> None:
    with page.expect_file_chooser() as chooser:
        page.locator("button.add", has_text=words).click()
    chooser.value.set_files(file)


def compared(page) -> None:
    """Until the comparison stands on the screen with all its parts."""
    expect(page.locator("#compare-verdict .compared")).to_be_visible()
    expect(page.locator("#compared .js-line").first).to_be_visible()
    expect(page.locator("#compare-checks li").first).to_be_visible()
    expect(page.locator("#compare-busy")).to_be_hidden()


def row(page, factor: str) -> str:
    return page.get_by_role("row", name=factor).inner_text()


def test_the_examples_are_compared(page):
    page.goto("/restore")
    page.get_by_role("link", name="Compare", exact=True).click()
    page.get_by_role("button", name="two states").click()
    two_states_differ(page)
    the_other_theme_keeps_the_comparison(page)
    page.reload()
    compared(page)
    expect(page.locator("#compare-file-b")).to_contain_text("rasetti-drier.csv")
    page.get_by_role("link", name="Restore", exact=True).click()
    go(page, "/compare", example="same")
    one_state_through_two_instruments(page)


def two_states_differ(page):
    compared(page)
    expect(page.locator("#compare-verdict .tag")).to_have_text("differs")
    for factor in ("hydration", "crystallinity"):
        assert "σ" in row(page, factor) and " to " in row(page, factor)
    assert "example=other" in page.url


def the_other_theme_keeps_the_comparison(page):
    page.get_by_role("button", name="Light or dark").click()
    page.wait_for_function(
        "() => document.querySelector('#compared .js-plotly-plot')"
        "._fullLayout.font.color === '#B7C0CA'"
    )
    compared(page)


def one_state_through_two_instruments(page):
    model = page.get_by_role("combobox", name="Model")
    expect(page.locator("#compare-verdict .tag")).to_have_text("may be the same")
    compared(page)
    expect(model).to_have_value("gypsum-bridge")
    assert "example=same" in page.url
    model.select_option("gypsum")
    expect(page.locator("#compare-checks")).to_contain_text("learnt one kind of instrument")
    assert "model=gypsum" in page.url


def test_two_files_of_ones_own(page):
    page.goto("/compare?model=gypsum-bridge")
    a_file_with_several_columns_is_asked_for_its_own(page)
    what_is_wrong_with_a_file_is_said_and_html_in_its_name_is_text(page)
    what_one_file_lacks_is_told_and_saved_as_unknown(page)
    each_instrument_has_its_resolution_and_a_reload_keeps_the_files(page)


def a_file_with_several_columns_is_asked_for_its_own(page):
    rows = "\n".join(f"{k},{100 + k % 7},{90 + k % 5}" for k in range(200, 1300, 2))
    choose(page, "first", text_file("two.csv", f"Raman shift,A,B\n{rows}".encode()))
    asked = page.locator("#compare-file-a")
    expect(asked).to_contain_text("Which column is the signal?")
    asked.get_by_role("button", name="B", exact=True).click()
    expect(asked.locator("button")).to_have_count(0)
    expect(asked).to_have_text("two.csv")


def what_is_wrong_with_a_file_is_said_and_html_in_its_name_is_text(page):
    choose(page, "First measurement", text_file("scan.txt", BROKEN))
    expect(page.locator("#compare-file-a .refused")).to_contain_text("scan.txt is a PNG picture.")
    choose(page, "First measurement", text_file(NASTY, example("lab-532")))
    expect(page.locator("#compare-file-a .name")).to_have_text(NASTY)
    expect(page.locator("#compare-empty")).to_be_visible()
    assert page.locator("img[src=x]").count() == 0


def what_one_file_lacks_is_told_and_saved_as_unknown(page):
    water_less = b"\n".join(example("rasetti").splitlines()[:780])
    choose(page, "Second measurement", text_file("short.csv", water_less))
    compared(page)
    assert "unknown" in row(page, "hydration") and "σ" in row(page, "crystallinity")
    expect(page.locator("#compare-checks")).to_contain_text(
        "Hydration does not enter: in short.csv"
    )
    assert page.locator("img[src=x]").count() == 0
    for kind in ("CSV", "JSON"):
        with page.expect_download() as saved:
            page.locator("#compare-result").get_by_role("button", name=kind).click()
        text = Path(saved.value.path()).read_text(encoding="utf-8")
        assert saved.value.suggested_filename == f"comparison.{kind.lower()}"
        assert "NaN" not in text
    assert json.loads(text)["factors"]["hydration"]["sigmas"] is None


def each_instrument_has_its_resolution_and_a_reload_keeps_the_files(page):
    for side, name, content in (("First", "one.csv", "lab-532"), ("Second", "two.csv", "rasetti")):
        choose(page, f"{side} measurement", text_file(name, example(content)))
        expect(page.locator("#view-compare .zone").filter(has_text=side)).to_contain_text(name)
    expect(page.locator("#compare-checks")).not_to_contain_text("short.csv")
    compared(page)
    box = page.get_by_label("Resolution").last
    expect(box).to_be_hidden()  # a model that has learnt two instruments needs none
    page.get_by_role("combobox", name="Model").select_option("gypsum")
    expect(box).to_be_visible()
    expect(page.locator("#compare-checks")).to_contain_text("learnt one kind of instrument")
    table = page.locator("#compare-verdict .compared")
    before = table.inner_text()
    box.fill("wide")
    box.press("Enter")
    expect(page.locator("#notice")).to_contain_text("The resolution is wide; it must be")
    expect(box).to_have_value("")
    box.fill("3,5")
    box.press("Enter")
    expect(table).not_to_have_text(before, use_inner_text=True)
    after = table.inner_text()
    page.reload()
    compared(page)
    expect(box).to_have_value("3,5")
    expect(table).to_have_text(after, use_inner_text=True)
    expect(page.locator("#compare-file-a")).to_contain_text("one.csv")
    expect(page.locator("#compare-file-b")).to_contain_text("two.csv")
