"""Spectrometer: models, axes, the simulated measurement, exports and the way round Plotly."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

import spectra_vae as sv

from .everyone import every_slider_has_a_label
from .exports import (
    ORIGIN,
    a_picture_has_the_pages_ground_and_says_what_made_it,
    csv_export_holds_the_simulated_measurement_that_is_shown,
    csv_export_reads_back,
)
from .hands import (
    APP,
    code,
    colour,
    drag,
    drawn,
    frame,
    move_to,
    number,
    open_spectrometer,
    path,
    ranges,
    settled,
    slider,
)


def test_marks_notices_and_exports_of_the_shipped_model(page, vs):
    open_spectrometer(page)
    the_fast_way_is_taken(page)
    ticks_are_whole_numbers(page)
    a_band_under_the_pointer_is_marked_in_table_and_figure(page)
    a_notice_moves_nothing_and_can_be_closed(page)
    silent_neurons_are_folded_and_move_nothing(page)
    csv_export_reads_back(page, vs)
    full_axis_and_reference(page)
    as_measured(page, vs)
    csv_export_holds_the_simulated_measurement_that_is_shown(page)
    a_picture_has_the_pages_ground_and_says_what_made_it(page)
    models_that_mix(page)


def the_fast_way_is_taken(page):
    page.wait_for_function(f"() => {APP}.figure.fast === true")
    number(page, "intensity").fill("1.1")
    number(page, "intensity").press("Enter")
    settled(page)
    assert page.evaluate(f"{APP}.figure.fast") is True


def ticks_are_whole_numbers(page):
    ticks = page.locator("#spectrum .xtick text, #spectrum .x2tick text, #spectrum .x3tick text")
    assert set(ticks.all_text_contents()) >= {"100", "1100", "3400", "1010"}
    assert not [t for t in ticks.all_text_contents() if "." in t]


# The pointer moves while the view is out of the page, as where axe looks at another view alone.
OVER_NOTHING = """() => {
    const view = document.querySelector('#view-spectrometer'), place = document.createComment('');
    view.replaceWith(place);
    document.body.dispatchEvent(new PointerEvent('pointerover', { bubbles: true }));
    place.replaceWith(view); }"""


def a_band_under_the_pointer_is_marked_in_table_and_figure(page):
    move_to(page, ORIGIN)
    stripe, column = page.locator(".band-mark"), page.locator('#bands [data-band="3493.0"]')
    expect(stripe).to_be_hidden()
    column.first.hover()
    expect(stripe).to_be_visible()
    assert column.count() == 6
    for cell in column.all():
        expect(cell).to_have_class(re.compile("marked"))
    middle = page.evaluate(
        f"""() => {{
            const axis = {APP}.figure.element._fullLayout.xaxis2;
            const left = document.querySelector('#spectrum').getBoundingClientRect().x;
            return left + axis._offset + axis.l2p(3493);
        }}"""
    )
    box = stripe.bounding_box()
    assert box["x"] + box["width"] / 2 == pytest.approx(middle, abs=1)
    page.get_by_role("heading", name="Gypsum, virtual").hover()
    expect(stripe).to_be_hidden()
    page.mouse.move(middle, page.locator("#spectrum").bounding_box()["y"] + 200)
    expect(column.first).to_have_class(re.compile("marked"))
    page.evaluate(OVER_NOTHING)
    expect(stripe).to_be_hidden()


def a_notice_moves_nothing_and_can_be_closed(page):
    before = page.locator("#spectrum").bounding_box()
    page.evaluate("import('/assets/lib/page.js').then((own) => own.notice('One sentence.'))")
    expect(page.locator("#notice")).to_have_text("One sentence.")
    assert page.locator("#spectrum").bounding_box() == before
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#notice")).to_be_empty()


def silent_neurons_are_folded_and_move_nothing(page):
    move_to(page, ORIGIN)
    silent = page.locator("#silent-sliders").get_by_role("slider")
    expect(silent).to_have_count(0)
    page.locator("#silent-summary").click()
    expect(silent.first).to_be_visible()
    settled(page)
    before = path(page)
    silent.first.press("End")
    settled(page)
    assert np.abs(code(page)).max() == 3
    assert np.abs(path(page) - before).max() < 0.7


def full_axis_and_reference(page):
    move_to(page, ORIGIN)
    page.get_by_role("button", name="Full axis").first.click()
    expect(page.locator("#spectrum .tracecurve-full")).to_be_visible()
    assert ranges(page)["xaxis"][:2] == [100, 4000]
    expect(page.locator("#spectrum .tracecurve-lens")).to_have_count(0)
    before = path(page, "curve-full")
    drag(page, slider(page, "hydration"), -120)
    frame(page)
    during = np.interp(before[:, 0], *path(page, "curve-full").T)
    assert np.abs(during - before[:, 1]).max() > 10
    page.mouse.up()
    settled(page)
    reference = page.get_by_role("button", name="Reference")
    expect(page.locator("#spectrum .tracereference-full")).to_have_count(1)
    reference.click()
    expect(reference).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#spectrum .tracereference-full")).to_have_count(0)
    reference.click()
    expect(page.locator("#spectrum .tracereference-full")).to_have_count(1)
    page.get_by_role("button", name="Two windows").first.click()
    expect(page.locator("#spectrum .tracecurve-lens")).to_be_visible()


def as_measured(page, vs):
    """Grey noise behind the curve; laser power × time moves purity, and purity the noise."""
    move_to(page, ORIGIN)
    expect(page.get_by_label("laser power")).to_be_hidden()
    expect(page.locator("#spectrum .tracenoise-left")).to_have_count(0)
    page.get_by_role("button", name="As measured").click()
    noise = page.locator("#spectrum .tracenoise-left path.js-line")
    expect(noise).to_be_visible()
    grey = colour(page, "raw")
    rgb = ", ".join(str(int(grey[i : i + 2], 16)) for i in (1, 3, 5))
    assert noise.evaluate("(p) => getComputedStyle(p).stroke") == f"rgb({rgb})"

    def roughness():
        clean, noisy = path(page), path(page, "noise-left")
        return np.std(noisy[:, 1] - np.interp(noisy[:, 0], *clean.T))

    def heights():
        low, high, _, length = ranges(page)["yaxis"]
        return high - path(page)[:, 1] / length * (high - low)

    usual, curve = roughness(), heights()
    page.get_by_label("laser power").fill("2,5")
    page.get_by_label("laser power").press("Enter")
    settled(page)
    assert abs(vs.factors(code(page))["purity"] - np.log10(250)) < 0.01
    page.get_by_label("laser power").fill("100")
    page.get_by_label("laser power").press("Enter")
    settled(page)
    assert abs(vs.factors(code(page))["purity"] - 4) < 0.01
    assert roughness() < usual / 2
    assert np.abs(heights() - curve).max() < 0.002
    time = page.get_by_role("spinbutton", name=re.compile("^time"))
    time.fill("0.01")
    time.press("Tab")
    settled(page)
    assert abs(vs.factors(code(page))["purity"] - 2) < 0.01
    assert roughness() > usual * 1.5
    drag(page, slider(page, "purity"), 40)
    frame(page)
    assert roughness() < usual * 3
    page.mouse.up()
    settled(page)
    assert float(time.input_value()) > 0.01


def models_that_mix(page):
    for name in ("gypsum-unsupervised", "gypsum-robust"):
        page.get_by_role("combobox", name="Model").select_option(name)
        drawn(page, name)
        movers = page.locator("#sliders").get_by_role("slider")
        expect(movers.first).to_be_visible()
        tags = page.locator("#sliders .tag:visible")
        assert tags.count() == movers.count() > 3
        assert set(tags.all_inner_texts()) == {"entangled"}
        helps = page.locator("#sliders .help")
        expect(helps.first).to_have_text(re.compile(r"^moves .*\d+\s%, .*\d+\s%, .*\d+\s%$"))
        page_and_torch_agree(page, name)
        every_slider_has_a_label(page)
        settled(page)
        before = path(page)
        movers.first.press("End")
        settled(page)
        assert np.abs(path(page) - before).max() > 5
    page.get_by_role("combobox", name="Model").select_option("gypsum")
    drawn(page, "gypsum")
    expect(slider(page, "hydration")).to_be_visible()
    assert not code(page).any()
    page_and_torch_agree(page, "gypsum")
    every_slider_has_a_label(page)


def page_and_torch_agree(page, name):
    codes = np.random.default_rng(5).uniform(-3, 3, (5, 8))
    page_says = page.evaluate(
        f"(codes) => codes.map((z) => Array.from({APP}.model.decode(z)))", codes.tolist()
    )
    assert np.abs(np.array(page_says) - sv.load(name).decode(codes)).max() < 1e-5


def test_without_plotlys_internals_it_still_draws_a_link_beyond_the_training_too(page):
    unknown = "export const prepare = () => null;"
    page.route(
        "**/lib/figure/fast.js",
        lambda route: route.fulfill(body=unknown, content_type="text/javascript"),
    )
    open_spectrometer(page, "/?model=gypsum&z=1e308,0,0,-1e308,0,0,0,0")
    expect(page.locator("#notice")).to_contain_text("beyond the sliders' reach")
    expect(page.locator("#notice")).to_contain_text("moved to ±5")  # as far as it was trained
    assert page.evaluate(f"{APP}.figure.fast") is False
    settled(page)
    assert code(page).tolist() == [5, 0, 0, -5, 0, 0, 0, 0]
    expect(slider(page, "hydration")).to_have_attribute("aria-valuetext", "0.00")
    move_to(page, ORIGIN)
    before, count = path(page, "curve-right"), page.evaluate(f"{APP}.figure.drawn")
    drag(page, slider(page, "hydration"), -80)
    page.wait_for_function(f"(n) => {APP}.figure.drawn > n + 2", arg=count)
    frame(page)
    assert np.abs(path(page, "curve-right") - before).max() > 10
    page.mouse.up()
    settled(page)
    assert page.evaluate(f"{APP}.figure.fast") is False
