"""The tour: each step on one screen; led through by hand, by keyboard, by address, by itself."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from spectra_vae.ui.views.tour.steps import STEPS

from .everyone import serious
from .hands import APP, frame

LAST = len(STEPS)
TOUR = "window.dash_clientside?.tour?.state"
STEP = ".tour-step:not([hidden])"
FITS = "document.scrollingElement.{0} <= window.inner{1}"
# What of the step is cut off by the window, or lies over the thing above it.
CROWDED = """() => {
    const step = document.querySelector('.tour-step:not([hidden])');
    const column = ['.tour-words', '.tour-hand', '.caveat', '.tour-try', '.tour-bar'];
    if (innerWidth < 992) column.splice(1, 0, '.tour-figure');
    const boxes = column.map((selector) =>
        (step.querySelector(selector) || document.querySelector(selector)).getBoundingClientRect());
    return column.filter((_, k) => boxes[k].height < 10 || boxes[k].bottom > innerHeight
        || (k && boxes[k].top < boxes[k - 1].bottom - 1)); }"""


def open_tour(page, path="/tour"):
    """As somebody who asked for less motion: no slider passes by itself."""
    page.emulate_media(reduced_motion="reduce")
    page.goto(path)
    settled(page)


def settled(page):
    """The step's figure is drawn, the page's or the server's, and its numbers are there."""
    page.wait_for_function(
        f"""() => {{
            const step = document.querySelector('{STEP}');
            const own = document.querySelector('#tour-live');
            const numbers = step ? [...step.querySelectorAll('.statistic b')] : [];
            const drawn = own && !own.hidden
                ? {TOUR}.model && step.querySelector('input') && {TOUR}.figure.drawn
                : document.querySelector('#tour-restored :is(.js-line, .heatmaplayer image)');
            return drawn && !numbers.some((b) => b.innerText === '–');
        }}"""
    )
    frame(page)


def at_step(page, number):
    expect(page.locator(".stop[aria-current=step]")).to_have_text(re.compile(rf"^{number}\D"))
    settled(page)


def to_step(page, number):
    page.locator(".stop").nth(number - 1).click()
    at_step(page, number)


def slider(page):
    return page.locator(f"{STEP} input[type=range]")


def set_to(page, value):
    """What the hand does, at once: an input event for the value, then letting go."""
    slider(page).evaluate(
        """(range, value) => { range.value = value;
        for (const kind of ['input', 'change'])
            range.dispatchEvent(new Event(kind, { bubbles: true })); }""",
        value,
    )
    frame(page)


def numbers(page):
    texts = page.locator(f"{STEP} .statistic b").all_inner_texts()
    return [
        float(re.findall(r"-?[\d.]+", t.replace("−", "-").replace("\u202f", ""))[0]) for t in texts
    ]


def crowded(page):
    """What of the step doesn't fit in the window."""
    sides = (("scrollWidth", "Width"), ("scrollHeight", "Height"))
    scrolls = [side for side, name in sides if not page.evaluate(FITS.format(side, name))]
    return scrolls + page.evaluate(CROWDED)


FORTH, BACK = range(1, LAST + 1), range(LAST, 0, -1)
WALKS = (
    ((390, 844), FORTH, "ArrowRight"),
    ((1920, 1080), BACK, "ArrowLeft"),
    ((1280, 720), FORTH, "PageDown"),
)


@pytest.mark.parametrize(("language", "theme"), [("en", "dark"), ("it", "light")])
def test_every_step_fits_every_screen_and_is_accessible(page_for, language, theme):
    """Both languages, both themes, three sizes, by keys alone; and once more, projected."""
    page = page_for(language, theme, WALKS[0][0])
    open_tour(page)
    expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
    too_much = {}
    for (width, height), steps, key in WALKS:
        page.set_viewport_size({"width": width, "height": height})
        frame(page)
        for number in steps:
            at_step(page, number)
            too_much[number, width] = crowded(page)
            if width == 1280 and number in {4, 5, 8, 9}:  # each has what no other view has
                assert not serious(page), number
            page.keyboard.press(key)
    assert not {where: what for where, what in too_much.items() if what}
    if language == "en":
        page.keyboard.press("f")
        for number in BACK:
            at_step(page, number)
            assert not page.evaluate(CROWDED), f"projected, {number}"
            page.keyboard.press("PageUp")


def test_a_bad_link_arrows_buttons_stops_and_back_lead_through(page):
    page.emulate_media(reduced_motion="reduce")
    page.goto("/tour?step=13")  # what else is wrong, tests/js/tour-link.test.js knows
    expect(page.locator("#notice")).to_contain_text("opened at its default")  # gone after a while
    at_step(page, 1)
    title = page.locator(f"{STEP} h1")
    first = title.inner_text()
    expect(page.get_by_role("button", name="Back")).to_be_disabled()
    page.keyboard.press("ArrowLeft")
    at_step(page, 1)
    page.get_by_role("button", name="Next").click()
    at_step(page, 2)
    expect(page.get_by_role("heading", name="Dirty and clean")).to_be_visible()
    page.keyboard.press("PageDown")
    at_step(page, 3)

    page.go_back()
    expect(page).to_have_url(re.compile("step=2"))
    page.go_back()
    expect(title).to_have_text(first)
    page.go_forward()
    expect(title).not_to_have_text(first)
    expect(page).to_have_url(re.compile("step=2"))
    page.keyboard.press("ArrowLeft")
    at_step(page, 1)

    to_step(page, LAST)
    expect(page).to_have_url(re.compile(rf"/tour\?step={LAST}$"))
    slider(page).focus()
    page.keyboard.press("ArrowRight")
    at_step(page, LAST)
    page.get_by_role("button", name="From the start").click()
    at_step(page, 1)


def test_the_address_brings_a_step_back_and_each_opens_the_view_it_is_about(page):
    open_tour(page, "/tour?step=10&with=2&at=-3")
    expect(page.locator(f"{STEP} .segment[aria-pressed=true]")).to_have_text("guided")
    assert numbers(page)[0] < 2
    page.reload()
    settled(page)
    expect(page).to_have_url(re.compile(r"step=10&with=2&at=-3$"))
    assert page.evaluate(f"[{TOUR}.model.id, {TOUR}.value]") == ["gypsum", -3]

    page.wait_for_function(f"() => {APP}?.model")
    to_step(page, 6)
    set_to(page, -1)
    in_spectrometer = page.get_by_role("link", name="Open this in Spectrometer")
    in_spectrometer.click()
    expect(page).to_have_url(re.compile(r"/\?model=gypsum-study&z=[-\d.,]+,-1$"))
    page.go_back()
    expect(page.get_by_role("heading", name="The virtual anhydrite")).to_be_visible()

    to_step(page, 2)  # the dirty one opens as measured
    expect(in_spectrometer).to_have_attribute("href", re.compile("&measured=1$"))
    in_spectrometer.click()
    measured = page.get_by_role("button", name="As measured")
    expect(measured).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#spectrum .tracenoise-left")).to_have_count(1)
    expect(page).to_have_url(re.compile("measured=1"))
    page.go_back()

    to_step(page, 4)
    page.get_by_role("link", name="Open this in Neurons").click()
    expect(page.locator("#heatmap .heatmaplayer image").first).to_be_visible()


def test_a_step_moves_once_on_arrival_and_ends_where_it_began_unless_a_hand_comes(page):
    page.emulate_media(reduced_motion="no-preference")
    page.goto("/tour?step=6")
    page.wait_for_function(f"() => {TOUR}?.passing && {TOUR}.value < -1")
    page.wait_for_function(f"() => !{TOUR}.passing")
    expect(page).to_have_url(re.compile(r"/tour\?step=6$"))
    settled(page)
    assert numbers(page) == pytest.approx([100, 100], abs=0.1)

    page.keyboard.press("ArrowRight")
    at_step(page, 7)
    page.wait_for_function(f"() => {TOUR}.passing && {TOUR}.value !== {TOUR}.model.origin[2]")
    page.keyboard.press("Shift")
    at = page.evaluate(f"{TOUR}.value")
    assert not page.evaluate(f"{TOUR}.passing")
    frame(page)
    assert page.evaluate(f"{TOUR}.value") == at

    page.keyboard.press("ArrowLeft")
    at_step(page, 6)
    page.wait_for_function(f"() => {TOUR}.passing && {TOUR}.value < -0.5")
    page.mouse.move(700, 400)
    page.mouse.down()
    assert not page.evaluate(f"{TOUR}.passing")
    page.mouse.up()
    page.emulate_media(reduced_motion="reduce")
    page.keyboard.press("ArrowRight")
    at_step(page, 7)
    assert not page.evaluate(f"{TOUR}.passing")
