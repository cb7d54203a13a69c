"""The shell: views, language, theme, links, and what a first visit costs."""

from __future__ import annotations

import re

import numpy as np
from playwright.sync_api import expect

from .hands import code, drawn, move_to, number, open_spectrometer, settled, slider

MOST_BYTES = 2_500_000  # Plotly, the model's weights, Dash and the font, compressed
MOST_REQUESTS = 30
LINK = "/?model=gypsum&z=0,0,0,0,0,0,0,3"


def test_views_links_and_languages_lead_there_and_back(page, address):
    open_spectrometer(page)
    projection(page)
    copied_link(page, address)
    a_view_left_while_it_is_made_is_whole_when_it_is_seen(page)
    navigation(page)
    the_code_survives_a_walk_through_the_views(page)
    language_there_and_back(page)


def projection(page):
    """F makes everything larger, for a lecture hall."""
    size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
    assert page.evaluate(size) == 16
    page.keyboard.press("f")
    page.wait_for_function(f"() => {size} === 22")
    expect(page.locator("footer").first).to_be_hidden()
    page.keyboard.press("f")
    page.wait_for_function(f"() => {size} === 16")


def copied_link(page, address):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    slider(page, "shift").press("End")
    button = page.get_by_role("button", name="Copy link")
    button.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address + LINK
    expect(button).to_be_visible()
    page.context.clear_permissions()


def a_view_left_while_it_is_made_is_whole_when_it_is_seen(page):
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
    page.get_by_role("button", name="Light or dark").click()
    expect(page.get_by_role("heading", name=re.compile("Drop measured"))).to_be_visible()
    held[0].continue_()
    page.unroute_all()
    expect(page.locator("#view-neurons #heatmap")).to_be_attached()
    expect(page.locator("#view-neurons")).to_be_hidden()
    page.get_by_role("link", name="Neurons").click()
    expect(page.locator("#heatmap .js-plotly-plot")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.wait_for_function(
        "() => document.querySelector('#heatmap .js-plotly-plot').layout.font?.color"
        " === getComputedStyle(document.body).getPropertyValue('--ink-2').trim()"
    )


def navigation(page):
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
    page.get_by_role("link", name="Spectrometer").click()


def the_code_survives_a_walk_through_the_views(page):
    move_to(page, np.zeros(8))
    slider(page, "crystallinity").press("Home")
    number(page, "hydration").fill("7")
    number(page, "hydration").press("Enter")
    expect(page.locator("#notice")).to_contain_text("hydration takes numbers")
    slider(page, "hydration").press("0")
    settled(page)
    page.get_by_role("link", name="Restore").click()
    expect(page.locator("#notice")).to_be_empty()  # it was about the view that was left
    page.get_by_role("link", name="Spectrometer").click()
    settled(page)
    assert np.flatnonzero(code(page)).tolist() == [5]
    expect(page).to_have_url(re.compile(r"z=0,0,0,0,0,-3,0,0"))


def language_there_and_back(page):
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


def test_a_first_visit_is_light_in_its_own_language_and_theme_until_another_is_chosen(new_page):
    page, sizes, asked = new_page(locale="it-IT", color_scheme="dark"), [], []
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    wire.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]["url"]))
    open_spectrometer(page, LINK)  # what somebody else copied
    expect(page.get_by_role("table")).to_be_visible()
    page.wait_for_load_state("networkidle")
    sent = [url for url in asked if not url.startswith("data:")]
    print(f"\nfirst visit: {len(sent)} requests, {sum(sizes) / 1e6:.2f} MB")
    assert 500_000 < sum(sizes) <= MOST_BYTES
    assert len(sent) <= MOST_REQUESTS, sent
    assert page.evaluate("'value' in Object.getOwnPropertyDescriptor(window, 'store')")  # quickened
    settled(page)
    assert code(page)[7] == 3
    root = page.locator("html")
    expect(root).to_have_attribute("lang", "it")
    expect(root).to_have_attribute("data-bs-theme", "dark")
    ink = "getComputedStyle(document.querySelector('#spectrum .tracecurve-left .js-line')).stroke"
    assert page.evaluate(ink) == "rgb(237, 241, 245)"
    page.locator("#theme-switch").click()
    expect(root).to_have_attribute("data-bs-theme", "light")
    page.wait_for_function(f"() => {ink} === 'rgb(20, 24, 29)'")
    open_spectrometer(page, "/?z=1,2&lang=xx")
    expect(page.locator("#notice")).to_contain_text("Il link dava 2 numeri")
    expect(root).to_have_attribute("data-bs-theme", "light")
    assert page.evaluate(ink) == "rgb(20, 24, 29)"
    page.get_by_role("link", name="Neuroni").click()
    expect(page.locator("#heatmap .heatmaplayer image").first).to_be_visible()
    colour = "document.querySelector('#heatmap .js-plotly-plot')._fullLayout.font.color"
    assert page.evaluate(colour) == "#47505B"
    page.locator("#theme-switch").click()
    page.wait_for_function(f"() => {colour} === '#B7C0CA'")
