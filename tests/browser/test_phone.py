"""On a phone: a menu of views, and sheets for what stands beside the figure elsewhere."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from .everyone import FITS
from .hands import frame, open_spectrometer, settled, slider

PHONE = {"width": 390, "height": 844}
TOP = "(e) => e.getBoundingClientRect().top"
BESIDE = """(e) => {
    e.scrollIntoView({ block: 'center' });
    const own = e.getBoundingClientRect();
    const figure = document.getElementById('spectrum').getBoundingClientRect();
    return own.top >= 0 && own.bottom <= innerHeight
        && figure.top >= 0 && figure.top < innerHeight / 3 && figure.height <= innerHeight; }"""
IN_SIGHT = f"(e) => ({TOP})(e) >= 0 && e.getBoundingClientRect().bottom <= innerHeight"


def opener(page, name):
    return page.locator(".bottom-bar:visible").get_by_role("button", name=name)


def test_a_phone_has_a_menu_sheets_and_a_verdict_and_turned_or_widened_has_room(new_page):
    phone = new_page(viewport=PHONE, has_touch=True)
    open_spectrometer(phone)
    settled(phone)
    sliders_are_large_enough_for_a_thumb(phone, "#sliders", count=5)
    nothing_is_hidden_by_the_bottom_bar(phone)
    bands_and_tools_open_as_sheets(phone)
    an_open_sheet_follows_the_slider(phone)
    the_title_is_the_menu_of_views(phone)
    checks_are_a_sheet_and_the_verdict_stands_under_the_figure(phone)
    so_is_the_one_of_the_lab(phone)
    on_its_side_the_curve_stands_beside_its_sliders(phone)
    on_a_wide_screen_all_of_it_stands_in_the_page(phone)


def sliders_are_large_enough_for_a_thumb(phone, place, count):
    assert phone.evaluate(FITS)
    sliders = phone.locator(f"{place} input[type=range], input[type=range]{place}")
    heights = sliders.evaluate_all("(all) => all.map((e) => e.getBoundingClientRect().height)")
    assert len(heights) == count and min(heights) >= 44


def so_is_the_one_of_the_lab(phone):
    phone.get_by_role("button", name="Views").click()
    phone.get_by_role("link", name="β-lab").click()
    expect(phone.locator("#lab-read p").first).to_be_visible()
    sliders_are_large_enough_for_a_thumb(phone, "#lab-beta", count=1)


def nothing_is_hidden_by_the_bottom_bar(phone):
    phone.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    frame(phone)
    foot = phone.locator("footer.foot span.right").bounding_box()
    bar = phone.locator(".bottom-bar:visible").bounding_box()
    assert foot and bar and foot["y"] + foot["height"] <= bar["y"]
    phone.evaluate("window.scrollTo(0, 0)")


def bands_and_tools_open_as_sheets(phone):
    table = phone.locator("#bands")
    expect(table).to_be_hidden()
    opener(phone, "Bands").click()
    expect(table).to_be_visible()
    assert table.evaluate(IN_SIGHT)
    opener(phone, "Figure and export").click()
    expect(table).to_be_hidden()
    phone.get_by_role("button", name="Full axis").click()
    expect(phone.locator("#spectrum .tracecurve-full")).to_be_visible()
    with phone.expect_download() as saved:
        phone.get_by_role("button", name="Picture").click()
    assert saved.value.suggested_filename == "spectrum.png"
    phone.locator("#spectrum").click()  # anywhere beside it
    expect(phone.get_by_role("button", name="Full axis")).to_be_hidden()


def an_open_sheet_follows_the_slider(phone):
    slider(phone, "hydration").press("Home")
    settled(phone)
    opener(phone, "Bands").click()
    expect(phone.locator("#bands td.differs.hue-water").first).to_be_visible()
    opener(phone, "Bands").click()
    expect(phone.locator("#bands")).to_be_hidden()


def the_title_is_the_menu_of_views(phone):
    menu = phone.get_by_role("button", name="Views")
    expect(menu).to_have_text("Spectrometer")
    expect(phone.get_by_role("link", name="Tour")).to_be_hidden()
    menu.click()
    expect(menu).to_have_attribute("aria-expanded", "true")
    links = phone.locator("a.nav-view")
    assert min(links.evaluate_all("(all) => all.map((e) => e.clientHeight)")) >= 44
    phone.keyboard.press("Escape")
    expect(links.first).to_be_hidden()
    expect(menu).to_be_focused()
    menu.click()
    phone.get_by_role("link", name="Restore").click()
    expect(menu).to_have_text("Restore")
    expect(links.first).to_be_hidden()


def checks_are_a_sheet_and_the_verdict_stands_under_the_figure(phone):
    phone.locator("#restore-as").select_option("gypsum")
    phone.get_by_role("button", name="with a foreign band").click()
    novelty = phone.locator("#novelty")
    expect(novelty).to_contain_text("alien")
    expect(phone.locator("#checks")).to_be_hidden()
    assert novelty.evaluate(TOP) < phone.locator("#estimates").evaluate(TOP)
    opener(phone, "Checks").click()
    expect(phone.locator("#checks")).to_contain_text("Bands that the mineral doesn't have")
    assert phone.locator("#checks").evaluate(IN_SIGHT)


def on_its_side_the_curve_stands_beside_its_sliders(phone):
    phone.get_by_role("button", name="Views").click()
    phone.get_by_role("link", name="Spectrometer").click()
    phone.set_viewport_size({"width": 844, "height": 390})
    settled(phone)  # the table is there and pushes nothing any more
    for name in ("hydration", "purity"):
        phone.wait_for_function(BESIDE, arg=slider(phone, name).element_handle())


def on_a_wide_screen_all_of_it_stands_in_the_page(page):
    page.set_viewport_size({"width": 1280, "height": 720})
    settled(page)
    expect(page.locator("#bands")).to_be_visible()
    expect(page.get_by_role("button", name="Picture")).to_be_visible()
    expect(page.locator(".bottom-bar, .view-menu").first).to_be_hidden()
    expect(page.get_by_role("link", name=re.compile("^Training"))).to_be_visible()
