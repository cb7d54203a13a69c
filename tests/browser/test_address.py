"""The address is a view's state: kept over a reload, and checked when it is wrong.

What can be wrong in it otherwise, tests/js/address.test.js knows; a code out of reach is
test_spectrometer_tools'.
"""

from __future__ import annotations

import re

import numpy as np
from playwright.sync_api import expect

from .hands import code, drawn, open_spectrometer, path, settled, slider


def asked_of(page, view, **asked):
    """A view that is opened by its link in the header, as if the page's address had asked so."""
    script = """async (asked) => {
        const { query } = await import('/assets/lib/address.js');
        for (const [key, value] of Object.entries(asked)) query.set(key, value); }"""
    page.evaluate(script, asked)
    page.get_by_role("link", name=view, exact=True).click()


def said(page, words):
    """A notice is gone after a while: it is looked at before all else."""
    notice = page.locator("#notice")
    expect(notice).to_contain_text(words)
    expect(notice.locator("b, img")).to_have_count(0)


def unknown(page, word):
    said(page, f"The link says {word}, which isn't known here")


def test_a_link_opens_another_model_at_its_code_and_a_reload_keeps_what_hands_did(page):
    z = [0.5, -0.25, 1, -1, 0, 0.125, 0, 1.5]
    query = f"/?model=gypsum-unsupervised&z={','.join(map(str, z))}"
    open_spectrometer(page, query)
    drawn(page, "gypsum-unsupervised")
    settled(page)
    model = page.get_by_role("combobox", name="Model")
    expect(model).to_have_value("gypsum-unsupervised")
    assert np.allclose(code(page), z)
    expect(page.locator("#notice")).to_be_empty()

    model.select_option("gypsum")
    drawn(page, "gypsum")
    slider(page, "crystallinity").focus()
    page.keyboard.press("Shift+ArrowLeft")
    slider(page, "shift").press("End")
    settled(page)
    before, curve = code(page), path(page)
    assert np.flatnonzero(before).tolist() == [5, 7]
    page.reload()
    drawn(page)
    settled(page)
    assert np.allclose(code(page), before, atol=1e-3)
    assert np.abs(path(page) - curve).max() < 0.1


def test_a_wrong_code_gives_the_default_and_a_note(page):
    page.goto("/?z=<img src=x onerror=alert(1)>")
    said(
        page,
        "The link gave 1 numbers that should be 8 finite ones, so the view opened at its default",
    )
    drawn(page)
    assert not code(page).any()


def test_a_missing_model_and_then_a_wrong_neuron(page):
    page.goto("/?model=<b>olivine&z=1,1,1,1,1,1,1,1")
    said(page, "asked for the model <b>olivine, which isn't here")
    drawn(page)
    expect(page.get_by_role("combobox", name="Model")).to_have_value("gypsum")
    assert not code(page).any()
    asked_of(page, "Neurons", neuron="80")
    said(page, "asked for neuron 80 and there are 8")
    expect(page.get_by_role("heading", name="Scan of hydration")).to_be_visible()


def test_an_unknown_path_and_then_unknown_examples(page):
    page.goto("/no/such/page")
    expect(page.locator("#notice")).to_have_text("There is no such page; this is the Spectrometer.")
    drawn(page)
    expect(page.get_by_role("heading", name="Gypsum, virtual")).to_be_visible()
    asked_of(page, "Restore", example="nope")
    unknown(page, "example=nope")
    expect(page.get_by_text("Drop measured spectra")).to_be_visible()
    for view in ("Compare", "β-lab"):
        asked_of(page, view, example=f"<b>{view}")
        unknown(page, f"example=<b>{view}")


def test_a_word_that_a_view_does_not_know_is_said(page):
    page.goto("/?axis=foo&band=99")
    unknown(page, "axis=foo")
    asked_of(page, "Neurons")
    unknown(page, "band=99")
    page.get_by_role("link", name="Spectrometer").click()
    asked_of(page, "Neurons", model="<b>nobody")
    unknown(page, "model=<b>nobody")


def test_the_neuron_and_its_model_are_in_the_address(page):
    page.goto("/neurons?neuron=5&lang=de")
    unknown(page, "lang=de")
    expect(page.get_by_role("heading", name="Scan of crystallinity")).to_be_visible()
    page.get_by_role("combobox", name="Model").select_option("gypsum-unsupervised")
    expect(page).to_have_url(re.compile(r"model=gypsum-unsupervised&neuron=5"))
    expect(page.get_by_text("#5, z", exact=False)).to_be_visible()
    page.reload()
    expect(page.get_by_text("#5, z", exact=False)).to_be_visible()
    expect(page.get_by_role("combobox", name="Model")).to_have_value("gypsum-unsupervised")
