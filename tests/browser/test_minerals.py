"""The library in the page, and a mineral of one's own: dropped, corrected, on sliders."""

from __future__ import annotations

import io
import re
import time
import zipfile

import numpy as np
import pytest
from playwright.sync_api import expect

from spectra_vae.jobs.backends import open_queue

from .hands import drawn, go, pure_spectrum

SOON = 6.0  # s from a press of the button to sliders


@pytest.fixture
def own(home):
    """What somebody keeps in a test goes again, and the training of its encoder with it."""
    before = set((home / "minerals").glob("[!.]*"))
    yield
    cancel_all()
    for file in set((home / "minerals").glob("[!.]*")) - before:
        file.unlink()


def names(page):
    return page.locator("#minerals-rows .name")


def open_minerals(page):
    page.goto("/minerals")
    expect(names(page).first).to_be_visible()


def test_the_library_is_searched_and_what_is_found_is_on_sliders(page, own):
    page.goto("/minerals?at=2000&within=1&mineral=quartz")
    a_link_names_what_is_looked_for(page)
    a_shipped_minerals_encoder_is_trained_from_its_card(page)
    a_band_finds_its_mineral_whose_card_opens_in_the_spectrometer(page)
    any_minerals_link_opens_the_spectrometer(page)


def a_link_names_what_is_looked_for(page):
    expect(page.locator("#minerals-head h2")).to_have_text("Quartz")
    expect(page.locator(".mineral-none")).to_contain_text("No mineral has a band at 2000 ± 1")


def a_shipped_minerals_encoder_is_trained_from_its_card(page):
    state = page.locator("#minerals-encoder")
    expect(state).to_contain_text("not trained yet")
    page.get_by_role("button", name="Train it").click()
    expect(state).to_contain_text("quartz")
    expect(page.get_by_role("button", name="Train it")).to_be_hidden()
    assert [j.arguments["mineral"] for j in jobs() if j.kind == "encoder"] == ["quartz"]
    cancel_all()


def a_band_finds_its_mineral_whose_card_opens_in_the_spectrometer(page):
    page.locator("#minerals-clear").click()
    expect(page.locator(".mineral-none")).to_have_count(0)
    assert names(page).count() > 80
    page.get_by_role("searchbox").fill("1086 ± 3")
    expect(names(page).first).to_have_text("calcite")
    names(page).first.click()
    expect(page.locator("#minerals-head h2")).to_have_text("Calcite")
    expect(page.locator("#minerals-members button")).not_to_have_count(0)
    page.get_by_text("The 6 bands as a table").click()
    expect(page.locator("#minerals-table tbody tr")).to_have_count(6)
    expect(page).to_have_url(re.compile("mineral=calcite"))
    page.get_by_role("button", name="Open in Spectrometer").click()
    drawn(page, "calcite")
    expect(page.locator("#spectrum-title")).to_have_text("Calcite, virtual")
    expect(page.get_by_role("combobox", name="Model")).to_have_value("calcite")
    expect(page).to_have_url(re.compile("model=calcite"))


def any_minerals_link_opens_the_spectrometer(page):
    page.goto("/?model=epsomite")
    drawn(page, "epsomite")
    expect(page.locator("#status")).to_contain_text("readout solved")


def test_a_pure_spectrum_becomes_a_mineral_on_sliders(page, own, home):
    """One draft, from the file to a mineral that is renamed, deleted and brought back."""
    page.goto("/new-mineral")
    page.locator("#draft-upload input[type=file]").set_input_files([pure_spectrum("again.csv")])
    a_fit_goes_on_without_the_page(page)
    what_was_typed_survives_a_reload(page)
    what_is_wrong_in_the_table_is_said(page)
    a_click_adds_a_band_and_a_background_is_chosen(page)
    kept_it_is_on_sliders_at_once(page)
    ones_own_is_renamed_deleted_and_brought_back(page, home)
    a_fit_that_nobody_waits_for_any_more_is_cancelled(page)


def bands(page):
    return page.locator("#draft-table tbody tr")


def width(page):
    return page.get_by_role("textbox", name="FWHM, cm−1 of band 1", exact=True)


def a_fit_goes_on_without_the_page(page):
    expect(page.locator("#draft-busy")).to_be_visible()
    expect(page.locator("#draft-progress")).not_to_be_empty()
    page.reload()
    expect(bands(page).first).to_be_visible()
    assert bands(page).count() >= 4
    expect(page.locator("#draft-name")).to_have_value("again")


def what_was_typed_survives_a_reload(page):
    count = bands(page).count()
    width(page).fill("11.5")
    width(page).press("Tab")
    page.locator("#draft-name").fill("typed")
    doubts = int(page.locator("#draft-doubts h2").inner_text().split(": ")[1])
    page.get_by_role("button", name="Understood").first.click()
    expect(page.locator("#draft-doubts h2")).to_have_text(f"Doubts: {doubts - 1}")
    page.reload()
    expect(width(page)).to_have_value("11.5")
    expect(bands(page)).to_have_count(count)
    expect(page.locator("#draft-name")).to_have_value("typed")
    expect(page.locator("#draft-doubts h2")).to_have_text(f"Doubts: {doubts - 1}")


def what_is_wrong_in_the_table_is_said(page):
    save, name = page.locator("#draft-save"), page.get_by_role("textbox", name="Name")
    width(page).fill("-3")
    width(page).press("Tab")
    expect(page.locator("#draft-wrong")).to_contain_text("width of band 1 is -3.0")
    expect(save).to_be_disabled()
    width(page).fill("11.5")
    width(page).press("Tab")
    expect(save).to_be_enabled()
    name.fill("two words")
    expect(page.locator("#draft-name-wrong")).to_contain_text("can't be a mineral's name")
    name.fill("of-mine")
    expect(page.locator("#draft-name-wrong")).to_be_empty()


def a_click_adds_a_band_and_a_background_is_chosen(page):
    count = bands(page).count()
    band = page.get_by_role("button", name="Without band 4", exact=True)
    expect(band).to_be_visible()
    page.locator("#draft-add").click()
    figure = page.locator("#draft-figure .nsewdrag").first
    expect(figure).to_be_visible()
    figure.click(position={"x": 0.6 * figure.bounding_box()["width"], "y": 60})
    expect(bands(page)).to_have_count(count + 1)
    page.locator("#draft-undo").click()
    expect(bands(page)).to_have_count(count)
    expect(page.locator("#draft-undo")).to_be_disabled()
    page.get_by_role("button", name="none", exact=True).click()  # its background drowns the bands
    expect(page.locator("#notice")).to_contain_text("Nothing stands out of the noise")
    expect(bands(page)).to_have_count(count)
    expect(page.locator("#draft-baseline-automatic")).to_have_attribute("aria-pressed", "true")


def kept_it_is_on_sliders_at_once(page):
    began = time.monotonic()
    page.locator("#draft-save").click()
    drawn(page, "of-mine")
    assert time.monotonic() - began < SOON
    expect(page.locator("#spectrum-title")).to_have_text("Of-mine, virtual")


def ones_own_is_renamed_deleted_and_brought_back(page, home):
    cancel_all()  # the training of its encoder
    page.get_by_role("link", name="Minerals").click()
    names(page).filter(has_text="of-mine").click()
    expect(page.locator("#minerals-head")).to_contain_text("yours")
    page.locator("#minerals-new-name").fill("called")
    page.get_by_role("button", name="Rename").click()
    expect(page.locator("#minerals-head h2")).to_have_text("Called")
    page.get_by_role("button", name="Delete").click()
    expect(page.locator("#minerals-head h2")).to_have_text("Gypsum")
    assert not (home / "minerals" / "called.toml").exists()
    page.get_by_role("button", name="Undo").and_(page.locator("[data-undo]")).click()
    expect(page.locator("#minerals-head h2")).to_have_text("Called")


def a_fit_that_nobody_waits_for_any_more_is_cancelled(page):
    go(page, "/new-mineral")
    page.locator("#draft-files [data-remove]").click()
    expect(page.locator("#draft-empty")).to_be_visible()
    page.locator("#draft-upload input[type=file]").set_input_files([pure_spectrum("gone.csv")])
    expect(page.locator("#draft-busy")).to_be_visible()
    page.locator("#draft-cancel").click()
    expect(page.locator("#draft-empty")).to_be_visible()
    expect(page.locator("#draft-busy")).to_be_hidden()


STONES = [f"stone-{letter}{k}" for letter in "abc" for k in range(10)]  # more than one piece


def small_spectrum(position: float) -> str:
    """One band on few points, which is fitted in a tenth of a second."""
    x = np.arange(300.0, 760.0, 2.0)
    y = 1000 * np.exp(-4 * np.log(2) * ((x - position) / 12) ** 2)
    y += np.random.default_rng(int(position)).normal(0, 2, len(x))
    return "\n".join(f"{a:.1f} {b:.3f}" for a, b in zip(x, y, strict=True))


def test_an_archive_of_files_tells_how_far_it_is_whatever_is_reloaded(page, own):
    content, all_files = io.BytesIO(), len(STONES) + 1
    with zipfile.ZipFile(content, "w") as archive:
        for k, name in enumerate(STONES):
            archive.writestr(f"{name}.txt", small_spectrum(400 + 8 * k))
        archive.writestr("nothing.txt", "no spectrum")
    zipped = {"name": "stones.zip", "mimeType": "application/zip", "buffer": content.getvalue()}
    open_minerals(page)
    known = names(page).count()
    page.locator("#minerals-import input[type=file]").set_input_files([zipped])
    state = page.locator("#minerals-import-state")
    far = re.compile(rf"stones: (\d+) of {all_files}")
    expect(state).to_contain_text(far, timeout=240_000)
    before = int(far.search(state.inner_text())[1])
    page.reload()
    done = f"{len(STONES)} minerals added"
    expect(state).to_contain_text(re.compile(f"{far.pattern}|{done}"), timeout=90_000)
    if told := far.search(state.inner_text()):
        assert int(told[1]) >= before
    expect(state).to_contain_text(done, timeout=240_000)
    expect(names(page)).to_have_count(known + len(STONES))
    own_ones = f"{known + len(STONES)}, {len(STONES)} of them yours"
    expect(page.locator("#minerals-count")).to_have_text(own_ones)
    of_kinds = page.locator("#view-minerals [data-hue] .caption").all_inner_texts()
    assert sum(map(int, of_kinds)) == known + len(STONES)
    training = [j.arguments for j in jobs() if j.kind == "encoder"]
    names_of = {name for one in training for name in (one["mineral"], *one["then"])}
    assert len(names_of & set(STONES)) >= len(STONES) - 2  # the first of each piece may be trained
    page.get_by_text("Which, and why").click()
    expect(state).to_contain_text("nothing.txt")
    state.get_by_role("button", name="Close").click()
    expect(state).to_be_empty()


def jobs():
    queue = open_queue()
    return [*queue.waiting(), *queue.running()]


def cancel_all():
    queue = open_queue()
    for job in jobs():
        queue.cancel(job.id)
