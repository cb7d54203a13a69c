"""The shell: views, language, theme, links, and what a first visit costs."""

from __future__ import annotations

import re

import numpy as np
from playwright.sync_api import expect

from .hands import code, drawn, open_spectrometer, settled, slider

MOST_BYTES = 2_500_000  # Plotly, the model's weights, Dash and the font, compressed
MOST_REQUESTS = 30


def test_navigation(page):
    open_spectrometer(page)
    views = page.get_by_role("navigation", name="Views")
    for name, path, words in (
        ("Restore", "/restore", "Drop measured spectra"),
        ("Neurons", "/neurons", "Sensitivity"),
        ("Spectrometer", "/", "Gypsum, virtual"),
    ):
        views.get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", name=re.compile(words))).to_be_visible()
        expect(views.get_by_role("link", name=name)).to_have_attribute("aria-current", "page")
        expect(page).to_have_title(f"{name} · spectra-vae")
        assert page.evaluate("location.pathname") == path
    page.go_back()
    expect(page.get_by_role("heading", name="Sensitivity")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name=re.compile("Drop measured"))).to_be_visible()


def test_the_code_survives_a_walk_through_the_views(page):
    open_spectrometer(page)
    slider(page, "crystallinity").press("Home")
    settled(page)
    page.get_by_role("link", name="Restore").click()
    page.get_by_role("link", name="Spectrometer").click()
    settled(page)
    assert np.flatnonzero(code(page)).tolist() == [5]
    expect(page).to_have_url(re.compile(r"z=0,0,0,0,0,-3,0,0"))


def test_language_there_and_back(page):
    open_spectrometer(page)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    slider(page, "hydration").press("Home")
    settled(page)
    page.get_by_role("button", name="Italiano").click()
    expect(page.locator("html")).to_have_attribute("lang", "it")
    drawn(page)
    expect(page.get_by_role("heading", name="Gesso, virtuale")).to_be_visible()
    expect(slider(page, "idratazione")).to_be_visible()
    expect(page.get_by_role("button", name="Anidrite virtuale")).to_be_visible()
    expect(page.locator("#headline")).to_contain_text("acqua 0.00 ×")
    settled(page)
    assert code(page)[3] == -3
    expect(page.get_by_role("row", name="area, rispetto a gesso")).to_be_visible()
    page.get_by_role("link", name="Restauro").click()
    expect(page.get_by_role("heading", name=re.compile("Trascina"))).to_be_visible()
    page.get_by_role("link", name="Neuroni").click()
    expect(page.get_by_role("heading", name="Scansione di idratazione")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", name="Scan of hydration")).to_be_visible()


def test_an_italian_browser_gets_italian(new_page):
    page = new_page(locale="it-IT")
    open_spectrometer(page)
    expect(page.locator("html")).to_have_attribute("lang", "it")
    page.goto("/?z=1,2&lang=xx")
    expect(page.locator("#notice")).to_contain_text("Il link dava 2 numeri")


def test_theme_is_the_systems_until_chosen_and_then_stays(new_page):
    page = new_page(color_scheme="dark")
    open_spectrometer(page)
    root = page.locator("html")
    expect(root).to_have_attribute("data-bs-theme", "dark")
    ink = "getComputedStyle(document.querySelector('#spectrum .tracecurve-left .js-line')).stroke"
    assert page.evaluate(ink) == "rgb(237, 241, 245)"
    page.get_by_role("button", name="Light or dark").click()
    expect(root).to_have_attribute("data-bs-theme", "light")
    page.wait_for_function(f"() => {ink} === 'rgb(20, 24, 29)'")
    page.reload()
    drawn(page)
    expect(root).to_have_attribute("data-bs-theme", "light")
    assert page.evaluate(ink) == "rgb(20, 24, 29)"
    page.get_by_role("link", name="Neurons").click()
    expect(page.locator("#heatmap .heatmaplayer image").first).to_be_visible()
    colour = "document.querySelector('#heatmap .js-plotly-plot')._fullLayout.font.color"
    assert page.evaluate(colour) == "#47505B"
    page.get_by_role("button", name="Light or dark").click()
    page.wait_for_function(f"() => {colour} === '#B7C0CA'")


def test_copy_link(new_page, address):
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    open_spectrometer(page)
    slider(page, "shift").press("End")
    button = page.get_by_role("button", name="Copy link")
    button.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == f"{address}/?model=gypsum&z=0,0,0,0,0,0,0,3"
    expect(button).to_be_visible()
    other = new_page()
    open_spectrometer(other, link)
    settled(other)
    assert code(other)[7] == 3


def test_a_first_visit_is_light(new_page):
    page, sizes, asked = new_page(), [], []
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    wire.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]["url"]))
    open_spectrometer(page)
    expect(page.get_by_role("table")).to_be_visible()
    page.wait_for_load_state("networkidle")
    sent = [url for url in asked if not url.startswith("data:")]
    print(f"\nfirst visit: {len(sent)} requests, {sum(sizes) / 1e6:.2f} MB")
    assert 500_000 < sum(sizes) <= MOST_BYTES
    assert len(sent) <= MOST_REQUESTS, sent


def test_projection(page):
    """F makes everything larger, for a lecture hall."""
    open_spectrometer(page)
    size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
    assert page.evaluate(size) == 16
    page.keyboard.press("f")
    page.wait_for_function(f"() => {size} === 22")
    expect(page.locator("footer").first).to_be_hidden()
    page.keyboard.press("f")
    page.wait_for_function(f"() => {size} === 16")


def test_a_view_left_while_it_is_made_is_whole_when_it_is_seen(page):
    open_spectrometer(page)
    held = []

    def hold(route):
        """The first request for Neurons waits until the reader has gone on."""
        if not held and "build-neurons" in (route.request.post_data or ""):
            held.append(route)
        else:
            route.continue_()

    page.route(re.compile("_dash-update-component"), hold)
    with page.expect_request(lambda r: "build-neurons" in (r.post_data or "")):
        page.get_by_role("link", name="Neurons").click()
    page.get_by_role("link", name="Restore").click()
    page.locator("#theme-switch").click()
    expect(page.get_by_role("heading", name=re.compile("Drop measured"))).to_be_visible()
    held[0].continue_()
    expect(page.locator("#view-neurons #heatmap")).to_be_attached()
    expect(page.locator("#view-neurons")).to_be_hidden()
    page.get_by_role("link", name="Neurons").click()
    expect(page.locator("#heatmap .js-plotly-plot")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.wait_for_function(
        "() => document.querySelector('#heatmap .js-plotly-plot').layout.font?.color"
        " === getComputedStyle(document.body).getPropertyValue('--ink-2').trim()"
    )
