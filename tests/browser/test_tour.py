"""The tour: live steps, by hand, by keyboard, by address; each on one screen."""

from __future__ import annotations

import re

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from spectra_vae import load
from spectra_vae.spectra.bands import area, peak
from spectra_vae.ui.views.tour.steps import STEPS

from .hands import APP, drag, frame

SIZES = ((390, 844), (1280, 720), (1920, 1080))
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


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("it", "dark")])
def test_every_step_fits_every_screen(page_for, language, theme):
    """Both languages, both themes, three sizes, by the arrow keys alone."""
    page = page_for(language, theme)
    open_tour(page)
    expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
    crowded = []
    for number in range(1, len(STEPS) + 1):
        at_step(page, number)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            frame(page)
            for side, name in (("scrollWidth", "Width"), ("scrollHeight", "Height")):
                if not page.evaluate(FITS.format(side, name)):
                    crowded.append((number, width, side))
            crowded += [(number, width, what) for what in page.evaluate(CROWDED)]
        page.keyboard.press("ArrowRight")
    assert not crowded


def test_projected_it_still_fits(page):
    open_tour(page)
    page.keyboard.press("f")
    for number in range(1, len(STEPS) + 1):
        at_step(page, number)
        assert not page.evaluate(CROWDED), number
        page.keyboard.press("PageDown")


def test_arrows_buttons_and_stops_lead_through(page):
    open_tour(page, "/tour?step=2")
    expect(page.get_by_role("heading", name="Dirty and clean")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    at_step(page, 1)
    expect(page.get_by_role("button", name="Back")).to_be_disabled()
    page.keyboard.press("ArrowLeft")
    at_step(page, 1)
    page.get_by_role("button", name="Next").click()
    at_step(page, 2)
    page.keyboard.press("PageDown")
    at_step(page, 3)
    page.locator(".stop").nth(len(STEPS) - 1).click()
    at_step(page, len(STEPS))
    expect(page).to_have_url(re.compile(rf"/tour\?step={len(STEPS)}$"))
    slider(page).focus()
    page.keyboard.press("ArrowRight")
    at_step(page, len(STEPS))
    page.get_by_role("button", name="From the start").click()
    at_step(page, 1)


@pytest.mark.parametrize("query", ["step=13", "step=x", "step=3&with=3"])
def test_a_bad_link_opens_at_its_default_and_says_so(page, query):
    open_tour(page, f"/tour?{query}")
    expect(page.locator("#notice")).to_contain_text("opened at its default")
    at_step(page, 3 if "step=3" in query else 1)


def test_the_address_brings_step_model_and_slider_back(page):
    open_tour(page, "/tour?step=10&with=2&at=-3")
    expect(page.locator(f"{STEP} .segment[aria-pressed=true]")).to_have_text("guided")
    assert numbers(page)[0] < 2
    page.reload()
    settled(page)
    expect(page).to_have_url(re.compile(r"step=10&with=2&at=-3$"))
    assert page.evaluate(f"[{TOUR}.model.id, {TOUR}.value]") == ["gypsum", -3]


def left(vs, curve, group):
    """A group's area beside the origin's, per cent."""
    window = vs.mineral.spans[group]
    own = area(vs.wavenumber, vs.decode(vs.origin), *window)
    return 100 * area(vs.wavenumber, curve, *window) / own


def fwhm(vs, curve):
    return peak(vs.wavenumber, curve, 968.0, 1048.0)[2]


READ = {  # what a number of the page is, from the model's curve
    "water": lambda vs, curve, neuron: left(vs, curve, "water"),
    "sulfate": lambda vs, curve, neuron: left(vs, curve, "sulfate"),
    "fwhm": lambda vs, curve, neuron: fwhm(vs, curve),
    "position": lambda vs, curve, neuron: peak(vs.wavenumber, curve, 968.0, 1048.0)[0],
    "kl": lambda vs, curve, neuron: vs.neurons[neuron].kl,
    "change": lambda vs, curve, neuron: 100 * np.abs(curve - vs.decode(vs.origin)).max(),
}
MEASURED = [
    pytest.param(k + 1, v, id=f"{step.name}-{v}")
    for k, step in enumerate(STEPS)
    for v in range(len(step.variants))
    if set(step.numbers) <= set(READ)
]


@pytest.mark.parametrize(("number", "which"), MEASURED)
def test_the_numbers_are_the_models(page, number, which):
    step = STEPS[number - 1]
    variant = step.variants[which]
    vs = load(variant.model)
    n = vs.neurons[variant.neuron]
    open_tour(page, f"/tour?step={number}&with={which + 1}")
    low = n.low if variant.low is None else variant.low
    for value in (low, (low + n.high) / 2, n.high):
        set_to(page, value)
        curve = vs.scan(variant.neuron, [value])[0]
        wanted = [READ[name](vs, curve, variant.neuron) for name in step.numbers]
        assert numbers(page) == pytest.approx(wanted, rel=0.02, abs=0.4)


def test_the_steps_of_the_study_name_their_neurons(page):
    for number in (4, 5, 6, 7):
        open_tour(page, f"/tour?step={number}")
        expect(page.locator(f"{STEP} .slider .index")).to_have_text(
            f"#{STEPS[number - 1].variants[0].neuron}"
        )
    open_tour(page, "/tour?step=4")
    bars = page.locator("#tour-kl span")
    expect(bars).to_have_count(8)
    told = [float(t.splitlines()[0]) for t in bars.all_inner_texts()]
    assert sum(nats <= 0.01 for nats in told) == 6


def test_seeds_and_factors_are_drawn_and_counted_by_the_server(page):
    open_tour(page, "/tour?step=8")
    expect(page.locator("#tour-restored .heatmaplayer image").first).to_be_visible()
    own, other = numbers(page)
    assert own < 0.8 and other > 0.6
    set_to(page, 0)
    expect(page.locator("#tour-numbers-seeds b").first).to_have_text("1.00")
    link = page.get_by_role("link", name="Open this in β-lab")
    expect(link).to_have_attribute("href", "/beta-lab")
    open_tour(page, "/tour?step=9")
    before = page.locator("#tour-numbers-factors b").first
    expect(before).to_have_text("2 and 2")
    slider(page).focus()
    page.keyboard.press("End")
    expect(before).not_to_have_text("2 and 2")
    expect(slider(page)).to_have_attribute("aria-valuetext", "+ both")


def test_a_step_moves_once_on_arrival_until_a_hand_comes(page):
    page.emulate_media(reduced_motion="no-preference")
    page.goto("/tour?step=6")
    page.wait_for_function(f"() => {TOUR}?.passing && {TOUR}.value < -0.5")
    page.keyboard.press("Shift")
    at = page.evaluate(f"{TOUR}.value")
    assert not page.evaluate(f"{TOUR}.passing")
    frame(page)
    assert page.evaluate(f"{TOUR}.value") == at
    page.keyboard.press("ArrowRight")
    at_step(page, 7)
    page.wait_for_function(f"() => {TOUR}.passing && {TOUR}.value !== {TOUR}.model.origin[2]")
    page.mouse.move(700, 400)
    page.mouse.down()
    assert not page.evaluate(f"{TOUR}.passing")
    page.mouse.up()
    page.emulate_media(reduced_motion="reduce")
    page.keyboard.press("ArrowLeft")
    at_step(page, 6)
    assert not page.evaluate(f"{TOUR}.passing")


def test_a_pass_ends_where_it_began(page):
    page.emulate_media(reduced_motion="no-preference")
    page.goto("/tour?step=6")
    page.wait_for_function(f"() => {TOUR}?.passing && {TOUR}.value < -1")
    page.wait_for_function(f"() => !{TOUR}.passing")
    expect(page).to_have_url(re.compile(r"/tour\?step=6$"))
    settled(page)
    assert numbers(page) == pytest.approx([100, 100], abs=0.1)


@pytest.mark.parametrize(("language", "scheme"), [("en", "dark"), ("it", "light")])
@pytest.mark.parametrize("number", [4, 5, 8, 9])
def test_what_is_new_is_accessible(page_for, language, scheme, number):
    page = page_for(language, scheme)
    open_tour(page, f"/tour?step={number}")
    found = Axe().run(page).response["violations"]
    assert not [(v["id"], v["nodes"]) for v in found if v["impact"] in {"serious", "critical"}]


def test_the_curve_follows_the_hand(page):
    open_tour(page, "/tour?step=6")
    before = page.locator("#tour-spectrum .tracecurve-right path.js-line").get_attribute("d")
    drag(page, slider(page), -150)
    frame(page)
    assert page.evaluate(f"{TOUR}.figure.fast")
    assert (
        page.locator("#tour-spectrum .tracecurve-right path.js-line").get_attribute("d") != before
    )
    assert numbers(page)[0] < 80 and numbers(page)[1] == pytest.approx(100, abs=1)
    page.mouse.up()
    slider(page).dblclick()
    assert numbers(page) == pytest.approx([100, 100], abs=0.1)


def test_by_the_keyboard_a_band_is_added_and_the_reference_found_again(page):
    open_tour(page)
    slider(page).focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(slider(page)).to_have_attribute("aria-valuetext", "3")
    page.keyboard.press("End")
    frame(page)
    assert numbers(page)[0] == 100 and numbers(page)[1] < 1.5
    page.keyboard.press("0")
    expect(slider(page)).to_have_attribute("aria-valuetext", "1")


def test_the_grey_original_stays_and_the_clean_curve_does(page):
    line = "#tour-spectrum .trace{0}-left path.js-line"
    for number, still, moves in ((2, "curve", "noise"), (7, "noise", "curve")):
        open_tour(page, f"/tour?step={number}")
        paths = {k: page.locator(line.format(k)).get_attribute("d") for k in (still, moves)}
        drag(page, slider(page), 60)
        frame(page)
        after = {k: page.locator(line.format(k)).get_attribute("d") for k in (still, moves)}
        page.mouse.up()
        points = [np.array(re.findall(r"[-\d.]+", p[still]), float) for p in (paths, after)]
        assert after[moves] != paths[moves]
        assert len(points[0]) and abs(points[0].min() - points[1].min()) < 1.5


def test_the_map_prints_the_slopes_that_the_neurons_view_prints(page):
    vs = load(STEPS[4].variants[0].model)
    open_tour(page, "/tour?step=5")
    printed = page.locator("#tour-map .map-labels span.start").all_inner_texts()
    numbers = [float(t) for t in printed if re.fullmatch(r"[\d.]+", t)]
    exact = np.abs(vs.sensitivity()).max(axis=1)
    np.testing.assert_allclose(numbers, exact, atol=0.0006, rtol=0.001)


def test_the_map_fades_with_the_water(page):
    open_tour(page, "/tour?step=5")
    expect(page.locator("#tour-colours")).to_be_visible()
    drawn = page.locator("#tour-map canvas")
    before = drawn.evaluate("(c) => c.toDataURL()")
    water, sulfate = numbers(page)
    assert sulfate < 0.1 * water
    low = page.evaluate(f"{TOUR}.model.neurons[7].low")
    set_to(page, low)
    page.wait_for_function(f"() => {TOUR}.value === {low}")
    frame(page)
    assert drawn.evaluate("(c) => c.toDataURL()") != before
    page.get_by_role("button", name="plain autoencoder").click()
    page.wait_for_function(f"() => {TOUR}.model.id === 'gypsum-study-robust'")
    settled(page)
    water, sulfate = numbers(page)
    assert sulfate > water


def test_each_step_opens_the_view_it_is_about(page):
    open_tour(page, "/tour?step=6&at=-1")
    page.wait_for_function(f"() => {APP}?.model")
    page.get_by_role("link", name="Open this in Spectrometer").click()
    expect(page).to_have_url(re.compile(r"/\?model=gypsum-study&z=[-\d.,]+,-1$"))
    page.go_back()
    expect(page.get_by_role("heading", name="The virtual anhydrite")).to_be_visible()
    page.locator(".stop").nth(3).click()
    page.get_by_role("link", name="Open this in Neurons").click()
    expect(page.locator("#heatmap .heatmaplayer image").first).to_be_visible()


def test_noise_widens_the_interval_and_restore_shows_the_same_file(page):
    open_tour(page, "/tour?step=11")
    between = page.locator("#tour-numbers-restoration .beside").first

    def width():
        low, high = (float(v) for v in re.findall(r"[\d.]+", between.inner_text()))
        return high - low

    noisy = width()
    slider(page).focus()
    before = between.inner_text()
    page.keyboard.press("Home")
    expect(between).not_to_have_text(before)
    assert width() > noisy
    page.get_by_role("link", name="Open this in Restore").click()
    expect(page.get_by_role("heading", name="very-noisy.csv")).to_be_visible()


def test_a_band_that_gypsum_does_not_have_is_found(page):
    open_tour(page, "/tour?step=12")
    verdict = page.locator("#tour-numbers-alien .beside").first
    expect(verdict).to_have_text("normal")
    expect(page.locator("#tour-numbers-alien")).to_contain_text("the truth is none")
    link = page.get_by_role("link", name="Open an example in Restore")
    expect(link).to_have_attribute("href", "/restore?example=noisy")
    slider(page).focus()
    page.keyboard.press("End")
    expect(verdict).to_have_text("alien")
    expect(page.locator("#tour-numbers-alien")).to_contain_text(re.compile(r"108[567] cm"))
    expect(page.locator("#tour-numbers-alien")).to_contain_text("the truth is 1086")
    expect(link).to_have_attribute("href", "/restore?example=foreign")


def test_the_dirty_one_opens_as_measured(page):
    open_tour(page, "/tour?step=2")
    page.wait_for_function(f"() => {APP}?.model")
    link = page.get_by_role("link", name="Open this in Spectrometer")
    expect(link).to_have_attribute("href", re.compile("&measured=1$"))
    link.click()
    measured = page.get_by_role("button", name="As measured")
    expect(measured).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#spectrum .tracenoise-left")).to_have_count(1)
    expect(page).to_have_url(re.compile("measured=1"))


def test_the_negative_band_can_be_seen(page):
    """Where the study's own codes lead: the water below zero."""
    open_tour(page, "/tour?step=6&with=2")
    set_to(page, -5)
    page.wait_for_function(f"() => {TOUR}.figure.element._fullLayout.yaxis2.range[0] < 0")
    lowest, bottom = page.evaluate(
        f"""() => {{ const {{ figure, model }} = {TOUR}, z = Array.from(model.origin);
        z[7] = -5;
        return [Math.min(...figure.panels.windows[1].part.y(model.decode(z))),
            figure.element._fullLayout.yaxis2.range[0]]; }}"""
    )
    assert bottom < lowest < -0.01
    assert numbers(page)[0] < -100


def test_back_leads_to_the_step_before(page):
    open_tour(page)
    title = page.locator(f"{STEP} h1")
    first = title.inner_text()
    page.get_by_role("button", name="Next").click()
    settled(page)
    page.keyboard.press("PageDown")
    settled(page)
    page.go_back()
    expect(page).to_have_url(re.compile("step=2"))
    page.go_back()
    expect(title).to_have_text(first)
    page.go_forward()
    expect(title).not_to_have_text(first)
    expect(page).to_have_url(re.compile("step=2"))
