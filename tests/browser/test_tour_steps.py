"""The tour's steps: their numbers are the models', a hand moves them, the server draws four."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from spectra_vae import load
from spectra_vae.spectra.bands import area, peak
from spectra_vae.ui.views.tour.steps import STEPS

from .hands import drag, frame
from .test_tour import STEP, TOUR, numbers, open_tour, set_to, slider, to_step

LINE = "#tour-spectrum .trace{0} path.js-line"


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
MEASURED = {k: step for k, step in enumerate(STEPS, 1) if set(step.numbers) <= set(READ)}


def choose(page, variant, which, low):
    """One of a step's models; its slider runs over the neuron from its own low end."""
    page.locator(f"{STEP} .segment").nth(which).click()
    told = f"#{variant.neuron}" if variant.found else re.compile(rf"^#{variant.neuron}\b")
    expect(page.locator(f"{STEP} .slider .index")).to_have_text(told)
    page.wait_for_function(
        f"""([id, low]) => {TOUR}.model.id === id
            && Math.abs(document.querySelector('{STEP} input').min - low) < 1e-3""",
        arg=[variant.model, low],
    )
    frame(page)


def test_what_a_hand_moves_in_each_step_is_the_models(page):
    open_tour(page)
    by_the_keyboard_a_band_is_added_and_the_reference_found_again(page)
    the_numbers_and_neurons_are_the_models(page)
    the_curve_the_map_and_the_numbers_follow_the_hand(page)
    the_server_draws_and_counts_seeds_factors_noise_and_a_foreign_band(page)


def the_numbers_and_neurons_are_the_models(page):
    for number, step in MEASURED.items():
        to_step(page, number)
        for which, variant in enumerate(step.variants):
            vs = load(variant.model)
            n = vs.neurons[variant.neuron]
            low = n.low if variant.low is None else variant.low
            high = n.high if variant.high is None else variant.high
            choose(page, variant, which, low)
            for value in (low, (low + high) / 2, high):
                set_to(page, value)
                curve = vs.scan(variant.neuron, [value])[0]
                wanted = [READ[name](vs, curve, variant.neuron) for name in step.numbers]
                shown = numbers(page)
                assert shown == pytest.approx(wanted, rel=0.02, abs=0.4), (step.name, which, value)
        if step.name == "beta":
            six_of_eight_are_silent(page)


def six_of_eight_are_silent(page):
    bars = page.locator("#tour-kl span")
    expect(bars).to_have_count(8)
    told = [float(t.splitlines()[0]) for t in bars.all_inner_texts()]
    assert sum(nats <= 0.01 for nats in told) == 6


def the_curve_the_map_and_the_numbers_follow_the_hand(page):
    to_step(page, 2)
    one_moves_and_the_other_stays(page, still="curve", moves="noise")
    to_step(page, 5)
    the_map_prints_the_slopes_that_the_neurons_view_prints(page)
    the_map_fades_with_the_water(page)
    to_step(page, 6)
    the_curve_follows(page)
    the_negative_band_can_be_seen(page)
    to_step(page, 7)
    one_moves_and_the_other_stays(page, still="noise", moves="curve")


def by_the_keyboard_a_band_is_added_and_the_reference_found_again(page):
    slider(page).focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(slider(page)).to_have_attribute("aria-valuetext", "3")
    page.keyboard.press("End")
    frame(page)
    assert numbers(page)[0] == 100 and numbers(page)[1] < 1.5
    page.keyboard.press("0")
    expect(slider(page)).to_have_attribute("aria-valuetext", "1")


def one_moves_and_the_other_stays(page, still, moves):
    """The grey original and the clean curve."""

    def drawn():
        lines = {k: page.locator(LINE.format(f"{k}-left")) for k in (still, moves)}
        return {k: line.get_attribute("d") for k, line in lines.items()}

    before = drawn()
    drag(page, slider(page), 60)
    frame(page)
    after = drawn()
    page.mouse.up()
    points = [np.array(re.findall(r"[-\d.]+", paths[still]), float) for paths in (before, after)]
    assert after[moves] != before[moves]
    assert len(points[0]) and abs(points[0].min() - points[1].min()) < 1.5


def the_map_prints_the_slopes_that_the_neurons_view_prints(page):
    vs = load(STEPS[4].variants[0].model)
    printed = page.locator("#tour-map .map-labels span.start").all_inner_texts()
    slopes = [float(t) for t in printed if re.fullmatch(r"[\d.]+", t)]
    exact = np.abs(vs.sensitivity()).max(axis=1)
    np.testing.assert_allclose(slopes, exact, atol=0.0006, rtol=0.001)


def the_map_fades_with_the_water(page):
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
    variant = STEPS[4].variants[1]
    choose(page, variant, 1, load(variant.model).neurons[variant.neuron].low)
    water, sulfate = numbers(page)
    assert sulfate > water


def the_curve_follows(page):
    curve = page.locator(LINE.format("curve-right"))
    before = curve.get_attribute("d")
    drag(page, slider(page), -150)
    frame(page)
    assert page.evaluate(f"{TOUR}.figure.fast")
    assert curve.get_attribute("d") != before
    assert numbers(page)[0] < 80 and numbers(page)[1] == pytest.approx(100, abs=1)
    page.mouse.up()
    slider(page).dblclick()
    assert numbers(page) == pytest.approx([100, 100], abs=0.1)


def the_negative_band_can_be_seen(page):
    """Where the study's own codes lead: the water below zero."""
    choose(page, STEPS[5].variants[1], 1, -5)
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


def the_server_draws_and_counts_seeds_factors_noise_and_a_foreign_band(page):
    to_step(page, 8)
    another_seed_turns_the_axes(page)
    to_step(page, 9)
    two_more_factors_wake_neurons(page)
    to_step(page, 12)
    a_band_that_gypsum_does_not_have_is_found(page)
    to_step(page, 11)
    noise_widens_the_interval(page)
    page.get_by_role("link", name="Open this in Restore").click()
    expect(page.get_by_role("heading", name="very-noisy.csv")).to_be_visible()


def another_seed_turns_the_axes(page):
    expect(page.locator("#tour-restored .heatmaplayer image").first).to_be_visible()
    own, other = numbers(page)
    assert own < 0.8 and other > 0.6
    set_to(page, 0)
    expect(page.locator("#tour-numbers-seeds b").first).to_have_text("1.00")
    link = page.get_by_role("link", name="Open this in β-lab")
    expect(link).to_have_attribute("href", "/beta-lab")


def two_more_factors_wake_neurons(page):
    before = page.locator("#tour-numbers-factors b").first
    expect(before).to_have_text("2 and 2")
    slider(page).focus()
    page.keyboard.press("End")
    expect(before).not_to_have_text("2 and 2")
    expect(slider(page)).to_have_attribute("aria-valuetext", "+ both")


def a_band_that_gypsum_does_not_have_is_found(page):
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


def noise_widens_the_interval(page):
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
