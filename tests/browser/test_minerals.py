"""The library in the page, and a mineral of one's own: dropped, corrected, on sliders."""

from __future__ import annotations

import io
import itertools
import re
import time
import zipfile

import numpy as np
import pytest
from playwright.sync_api import expect

from spectra_vae.jobs.backends import open_queue

from .hands import drawn, pure_spectrum

SOON = 6.0  # s from a press of the button to sliders


@pytest.fixture
def own(home):
    """What somebody keeps in a test goes again, and the training of its encoder with it."""
    before = set((home / "minerals").glob("[!.]*"))
    yield
    queue = open_queue()
    for job in (*queue.waiting(), *queue.running()):
        queue.cancel(job.id)
    for file in set((home / "minerals").glob("[!.]*")) - before:
        file.unlink()


def names(page):
    return page.locator("#minerals-rows .name")


def open_minerals(page, path="/minerals"):
    page.goto(path)
    expect(names(page).first).to_be_visible()


def test_a_band_finds_its_mineral_whose_card_opens_in_the_spectrometer(page):
    open_minerals(page)
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


def test_a_link_names_what_is_looked_for(page):
    page.goto("/minerals?at=2000&within=1&mineral=quartz")
    expect(page.locator("#minerals-head h2")).to_have_text("Quartz")
    expect(page.locator(".mineral-none")).to_contain_text("No mineral has a band at 2000 ± 1")


def test_any_minerals_link_opens_the_spectrometer(page):
    page.goto("/?model=epsomite")
    drawn(page, "epsomite")
    expect(page.locator("#status")).to_contain_text("readout solved")


def test_a_pure_spectrum_is_on_sliders_after_its_table_was_looked_at(page, own):
    page.goto("/new-mineral")
    page.locator("#draft-upload input[type=file]").set_input_files([pure_spectrum()])
    bands = page.locator("#draft-table tbody tr")
    expect(bands.first).to_be_visible()
    assert bands.count() >= 4
    width = page.get_by_role("textbox", name="FWHM, cm−1 of band 1", exact=True)
    before = width.input_value()
    save = page.locator("#draft-save")
    width.fill("-3")
    width.press("Tab")
    expect(page.locator("#draft-wrong")).to_contain_text("width of band 1 is -3.0")
    expect(save).to_be_disabled()
    width.fill(before)
    width.press("Tab")
    expect(save).to_be_enabled()
    name = page.get_by_role("textbox", name="Name")
    name.fill("two words")
    expect(page.locator("#draft-name-wrong")).to_contain_text("can't be a mineral's name")
    name.fill("of-mine")
    expect(page.locator("#draft-name-wrong")).to_be_empty()
    began = time.monotonic()
    save.click()
    drawn(page, "of-mine")
    assert time.monotonic() - began < SOON
    expect(page.locator("#spectrum-title")).to_have_text("Of-mine, virtual")


def test_ones_own_is_renamed_deleted_and_brought_back(page, own, home):
    page.goto("/new-mineral")
    page.locator("#draft-upload input[type=file]").set_input_files([pure_spectrum("kept.csv")])
    expect(page.locator("#draft-table tbody tr").first).to_be_visible()
    expect(page.locator("#draft-name")).to_have_value("kept")
    page.locator("#draft-save").click()
    drawn(page, "kept")
    open_minerals(page, "/minerals?mineral=kept")
    expect(page.locator("#minerals-head")).to_contain_text("yours")
    page.locator("#minerals-new-name").fill("called")
    page.get_by_role("button", name="Rename").click()
    expect(page.locator("#minerals-head h2")).to_have_text("Called")
    page.get_by_role("button", name="Delete").click()
    expect(page.locator("#minerals-head h2")).to_have_text("Gypsum")
    assert not (home / "minerals" / "called.toml").exists()
    page.get_by_role("button", name="Undo").and_(page.locator("[data-undo]")).click()
    expect(page.locator("#minerals-head h2")).to_have_text("Called")


def test_a_draft_and_what_was_typed_survive_a_reload(page, own):
    page.goto("/new-mineral")
    page.locator("#draft-upload input[type=file]").set_input_files([pure_spectrum("again.csv")])
    expect(page.locator("#draft-busy")).to_be_visible()
    expect(page.locator("#draft-progress")).not_to_be_empty()
    page.reload()  # the job goes on without the page
    bands = page.locator("#draft-table tbody tr")
    expect(bands.first).to_be_visible()
    count = bands.count()
    width = page.get_by_role("textbox", name="FWHM, cm−1 of band 1", exact=True)
    width.fill("11.5")
    width.press("Tab")
    page.locator("#draft-name").fill("typed")
    doubts = int(page.locator("#draft-doubts h2").inner_text().split(": ")[1])
    page.get_by_role("button", name="Understood").first.click()
    expect(page.locator("#draft-doubts h2")).to_have_text(f"Doubts: {doubts - 1}")
    page.reload()
    expect(width).to_have_value("11.5")
    expect(bands).to_have_count(count)
    expect(page.locator("#draft-name")).to_have_value("typed")
    expect(page.locator("#draft-doubts h2")).to_have_text(f"Doubts: {doubts - 1}")


def test_a_click_adds_a_band_and_a_background_is_chosen(page, own):
    page.goto("/new-mineral")
    page.locator("#draft-upload input[type=file]").set_input_files([pure_spectrum()])
    bands = page.locator("#draft-table tbody tr")
    expect(bands.first).to_be_visible()
    count = bands.count()
    band = page.get_by_role("button", name="Without band 4", exact=True)
    expect(band).to_be_visible()
    page.locator("#draft-add").click()
    figure = page.locator("#draft-figure .nsewdrag").first
    expect(figure).to_be_visible()
    figure.click(position={"x": 0.6 * figure.bounding_box()["width"], "y": 60})
    expect(bands).to_have_count(count + 1)
    page.locator("#draft-undo").click()
    expect(bands).to_have_count(count)
    expect(page.locator("#draft-undo")).to_be_disabled()
    page.get_by_role("button", name="none", exact=True).click()  # its background drowns the bands
    expect(page.locator("#notice")).to_contain_text("Nothing stands out of the noise")
    expect(bands).to_have_count(count)
    expect(page.locator("#draft-baseline-automatic")).to_have_attribute("aria-pressed", "true")


def test_a_fit_that_nobody_waits_for_any_more_is_cancelled(page, own):
    page.goto("/new-mineral")
    page.locator("#draft-upload input[type=file]").set_input_files([pure_spectrum("gone.csv")])
    page.locator("#draft-cancel").click()
    expect(page.locator("#draft-empty")).to_be_visible()
    expect(page.locator("#draft-busy")).to_be_hidden()


def test_an_import_goes_on_while_the_page_is_made_again(page, own):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in ("one.csv", "two.csv"):
            archive.writestr(name, pure_spectrum(name)["buffer"])
        archive.writestr("nothing.txt", "no spectrum")
    zipped = {"name": "some.zip", "mimeType": "application/zip", "buffer": content.getvalue()}
    open_minerals(page)
    page.locator("#minerals-import input[type=file]").set_input_files([zipped])
    state = page.locator("#minerals-import-state")
    expect(state).to_contain_text("some")
    page.reload()
    expect(state).to_contain_text("2 minerals added", timeout=90_000)
    page.get_by_text("Which, and why").click()
    expect(state).to_contain_text("nothing.txt")
    expect(names(page).filter(has_text="one").first).to_be_visible()
    state.get_by_role("button", name="Close").click()
    expect(state).to_be_empty()


HUNDRED = [f"stone-{a}{b}" for a, b in itertools.product("abcd", "abcdefghijklmnopqrstuvwxy")]


def small_spectrum(position: float) -> str:
    """One band on few points, which is fitted in a tenth of a second."""
    x = np.arange(300.0, 760.0, 2.0)
    y = 1000 * np.exp(-4 * np.log(2) * ((x - position) / 12) ** 2)
    y += np.random.default_rng(int(position)).normal(0, 2, len(x))
    return "\n".join(f"{a:.1f} {b:.3f}" for a, b in zip(x, y, strict=True))


def test_a_hundred_files_tell_how_far_they_are_whatever_is_reloaded(page, own):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for k, name in enumerate(HUNDRED):
            archive.writestr(f"{name}.txt", small_spectrum(400 + 2 * k))
    zipped = {"name": "stones.zip", "mimeType": "application/zip", "buffer": content.getvalue()}
    open_minerals(page)
    known = names(page).count()
    page.locator("#minerals-import input[type=file]").set_input_files([zipped])
    state = page.locator("#minerals-import-state")
    far = re.compile(r"stones: (\d+) of 100")
    expect(state).to_contain_text(far, timeout=240_000)
    before = int(far.search(state.inner_text())[1])
    page.reload()
    expect(state).to_contain_text(far, timeout=90_000)
    assert int(far.search(state.inner_text())[1]) >= before
    expect(state).to_contain_text("100 minerals added", timeout=240_000)
    expect(names(page)).to_have_count(known + 100)
    expect(page.locator("#minerals-count")).to_have_text(f"{known + 100}, 100 of them yours")
    of_kinds = page.locator("#view-minerals [data-hue] .caption").all_inner_texts()
    assert sum(map(int, of_kinds)) == known + 100
    training = [j.arguments for j in jobs() if j.kind == "encoder"]
    names_of = {name for one in training for name in (one["mineral"], *one["then"])}
    assert len(names_of & set(HUNDRED)) > 95  # the first of each piece may be trained by now


def jobs():
    queue = open_queue()
    return [*queue.waiting(), *queue.running()]


def test_a_shipped_minerals_encoder_is_trained_from_its_card(page, own):
    open_minerals(page, "/minerals?mineral=quartz")
    state = page.locator("#minerals-encoder")
    expect(state).to_contain_text("not trained yet")
    page.get_by_role("button", name="Train it").click()
    expect(state).to_contain_text("quartz")
    expect(page.get_by_role("button", name="Train it")).to_be_hidden()
    assert [j.arguments["mineral"] for j in jobs() if j.kind == "encoder"] == ["quartz"]
