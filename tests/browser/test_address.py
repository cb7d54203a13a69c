"""The address is a view's state: kept over a reload, and checked when it is wrong."""

from __future__ import annotations

import re

import numpy as np
from playwright.sync_api import expect

from .hands import code, drawn, open_spectrometer, path, settled, slider

WRONG_CODES = [  # what else is wrong, tests/js/address.test.js knows
    ("1,2,3", "The link gave 3 numbers that should be 8 finite ones"),
    ("<img src=x onerror=alert(1)>", "The link gave 1 numbers"),
    ("NaN,0,0,0,0,0,0,0", "The link gave 8 numbers"),
]


def test_reload_keeps_the_code(page):
    open_spectrometer(page)
    slider(page, "crystallinity").focus()
    page.keyboard.press("Shift+ArrowLeft")
    slider(page, "shift").press("End")
    settled(page)
    before, curve = code(page), path(page)
    page.reload()
    drawn(page)
    settled(page)
    assert np.allclose(code(page), before, atol=1e-3)
    assert np.abs(path(page) - curve).max() < 0.1


def test_a_link_opens_another_model_at_its_code(page):
    z = [0.5, -0.25, 1, -1, 0, 0.125, 0, 1.5]
    query = f"/?model=gypsum-unsupervised&z={','.join(map(str, z))}"
    open_spectrometer(page, query)
    drawn(page, "gypsum-unsupervised")
    settled(page)
    expect(page.get_by_role("combobox", name="Model")).to_have_value("gypsum-unsupervised")
    assert np.allclose(code(page), z)
    expect(page.locator("#notice")).to_be_empty()


def test_a_wrong_code_gives_the_default_and_a_note(page):
    for given, note in WRONG_CODES:
        open_spectrometer(page, f"/?z={given}")
        expect(page.locator("#notice")).to_contain_text(note)
        expect(page.locator("#notice")).to_contain_text("opened at its default")
        assert not code(page).any()


def test_a_code_out_of_reach_stops_at_the_end(page):
    open_spectrometer(page, "/?z=1e308,0,0,-1e308,0,0,0,0")
    expect(page.locator("#notice")).to_contain_text("beyond the sliders' reach")
    settled(page)
    z = code(page)
    assert np.isfinite(z).all() and np.abs(z).max() <= 5
    expect(slider(page, "hydration")).to_have_attribute("aria-valuetext", "0.00")


def test_a_missing_model(page):
    open_spectrometer(page, "/?model=<b>olivine&z=1,1,1,1,1,1,1,1")
    note = page.locator("#notice")
    expect(note).to_contain_text("asked for the model <b>olivine, which isn't here")
    expect(note.locator("b")).to_have_count(0)
    expect(page.get_by_role("combobox", name="Model")).to_have_value("gypsum")
    assert not code(page).any()


def test_an_unknown_path(page):
    open_spectrometer(page, "/no/such/page")
    expect(page.locator("#notice")).to_have_text("There is no such page; this is the Spectrometer.")
    expect(page.get_by_role("heading", name="Gypsum, virtual")).to_be_visible()
    page.get_by_role("link", name="Restore").click()
    expect(page.get_by_text("Drop measured spectra")).to_be_visible()


def test_a_wrong_neuron_gives_the_default_and_a_note(page):
    for given in ("80", ""):  # what else is wrong, tests/js/address.test.js knows
        page.goto(f"/neurons?neuron={given}")
        note = f"asked for neuron {given} and there are 8"
        expect(page.locator("#notice")).to_contain_text(note)
        expect(page.get_by_role("heading", name="Scan of hydration")).to_be_visible()


def test_the_neuron_and_its_model_are_in_the_address(page):
    page.goto("/neurons?neuron=5")
    expect(page.get_by_role("heading", name="Scan of crystallinity")).to_be_visible()
    page.get_by_role("combobox", name="Model").select_option("gypsum-unsupervised")
    expect(page).to_have_url(re.compile(r"model=gypsum-unsupervised&neuron=5"))
    expect(page.get_by_text("#5, z", exact=False)).to_be_visible()
    page.reload()
    expect(page.get_by_text("#5, z", exact=False)).to_be_visible()
    expect(page.get_by_role("combobox", name="Model")).to_have_value("gypsum-unsupervised")


UNKNOWN = {
    "/?axis=foo": "axis=foo",
    "/?lang=de": "lang=de",
    "/neurons?band=99": "band=99",
    "/neurons?model=<b>nobody": "model=<b>nobody",
    "/restore?example=nope": "example=nope",
    "/compare?example=nope": "example=nope",
    "/beta-lab?example=nope": "example=nope",
}


def test_a_word_that_a_view_does_not_know_is_said(page):
    for link, said in UNKNOWN.items():
        page.goto(link)
        notice = page.locator("#notice")
        expect(notice).to_contain_text(f"The link says {said}, which isn't known here")
        expect(notice.locator("b")).to_have_count(0)
