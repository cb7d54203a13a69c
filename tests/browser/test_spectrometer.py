"""Spectrometer: the sliders, as a hand moves them; one page, from a part to the next."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import expect

from .hands import (
    APP,
    areas,
    code,
    drag,
    frame,
    move_to,
    number,
    open_spectrometer,
    path,
    ranges,
    settled,
    shown_code,
    slider,
)

ORIGIN = np.zeros(8)


def test_presets_numbers_keys_and_the_mouse_move_the_spectrum(page, vs):
    open_spectrometer(page)
    first_spectrum_is_the_reference(page, vs)
    presets_undo_and_reset(page)
    virtual_anhydrite_takes_only_the_water(page)
    typing_a_number(page, vs)
    what_a_slider_does_not_take_is_said(page)
    keyboard(page)
    water_is_relative_to_the_sulfate_where_all_is_brighter(page)
    a_drag_moves_the_curve_and_no_axis(page)
    the_scale_waits_for_the_release(page)
    fast_drag_ends_on_the_exact_curve(page)


def first_spectrum_is_the_reference(page, vs):
    shown = page.evaluate(f"Array.from({APP}.model.decode({APP}.code))")
    assert np.allclose(shown, vs.decode(vs.origin), atol=1e-5)
    assert np.array_equal(code(page), vs.origin)
    # what is drawn is that spectrum, in the axes' pixels
    x0, x1, _, width = ranges(page)["xaxis"]
    y0, y1, _, height = ranges(page)["yaxis"]
    points = path(page)
    wavenumber = x0 + points[:, 0] / width * (x1 - x0)
    intensity = y1 - points[:, 1] / height * (y1 - y0)
    expected = np.interp(wavenumber, vs.wavenumber, vs.decode(vs.origin))
    straight = np.abs(wavenumber - 1008) > 24  # drawn finer at ν1
    assert np.allclose(intensity[straight], expected[straight], atol=0.01)
    assert 0.98 < intensity.max() < 1.03


def presets_undo_and_reset(page):
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_disabled()
    page.get_by_role("button", name="Amorphous").click()
    settled(page)
    amorphous = code(page)
    assert amorphous[5] < -2
    page.get_by_role("button", name="Crystalline").click()
    settled(page)
    assert code(page)[5] > 2
    undo.click()
    settled(page)
    assert np.allclose(code(page), amorphous)
    page.get_by_role("button", name="Random").click()
    settled(page)
    assert not np.allclose(code(page), amorphous)
    page.get_by_role("button", name="Reset all").click()
    settled(page)
    assert not code(page).any()
    for _ in range(3):
        undo.click()
        settled(page)
    expect(undo).to_be_disabled()
    assert not code(page).any()


def virtual_anhydrite_takes_only_the_water(page):
    page.get_by_role("button", name="Virtual anhydrite").click()
    expect(page.locator("#headline")).to_contain_text("water 0.00 ×")
    expect(page.get_by_text("Virtual: real gypsum that loses water")).to_be_visible()
    settled(page)
    found = areas(page)
    assert max(found["water"]) <= 0.01
    assert np.allclose(found["sulfate"] + found["lattice"], 1, atol=0.015)
    for row in ("position", "FWHM"):  # a band that isn't there has neither
        cells = page.get_by_role("table").get_by_role("row", name=row).get_by_role("cell")
        texts = cells.all_inner_texts()
        assert texts[-2:] == ["–", "–"] and "–" not in texts[:-2]


def typing_a_number(page, vs):
    number(page, "hydration").fill("0.5")
    number(page, "hydration").press("Enter")
    settled(page)
    assert abs(vs.factors(code(page))["hydration"] - 0.5) < 1e-3
    expect(page.locator("#headline")).to_contain_text("water 0.50 ×")
    for text, value in (("1,2", 1.2), ("0,5", 0.5)):
        number(page, "hydration").fill(text)
        number(page, "hydration").press("Tab")
        settled(page)
        assert abs(vs.factors(code(page))["hydration"] - value) < 1e-3
    number(page, "hydration").press("ArrowUp")
    settled(page)
    assert vs.factors(code(page))["hydration"] > 0.51
    number(page, "purity").fill("5000")
    number(page, "purity").press("Tab")
    settled(page)
    assert abs(vs.factors(code(page))["purity"] - np.log10(5000)) < 1e-3
    number(page, "shift").fill("400")
    number(page, "shift").press("Enter")
    settled(page)
    assert code(page)[7] == 3
    before = code(page)
    number(page, "shift").fill("")
    number(page, "shift").press("Enter")
    expect(number(page, "shift")).to_have_value("8.0")
    assert np.array_equal(code(page), before)


def what_a_slider_does_not_take_is_said(page):
    move_to(page, ORIGIN)
    notice = page.locator("#notice")
    for typed, value in (("abc", "1.00"), ("7", "1.50"), ("-1", "0.00")):
        number(page, "hydration").fill(typed)
        number(page, "hydration").press("Enter")
        expect(notice).to_contain_text("hydration takes numbers from 0 to 1.5.")
        expect(number(page, "hydration")).to_have_value(value)
        page.get_by_role("button", name="Close").click()
        expect(notice).to_be_empty()


def keyboard(page):
    move_to(page, ORIGIN)
    hydration = slider(page, "hydration")
    hydration.focus()
    for keys, expected in [
        (["ArrowRight"], 0.06),
        (["ArrowUp", "Shift+ArrowRight"], 0.72),
        (["Shift+ArrowDown", "ArrowLeft"], 0.06),
        (["Home"], -3),
        (["End"], 3),
        (["End", "ArrowRight"], 3),
        (["0"], 0),
    ]:
        for key in keys:
            hydration.press(key)
        assert abs(code(page)[3] - expected) < 1e-9, keys
    hydration.press("Home")
    settled(page)
    assert max(areas(page)["water"]) <= 0.01
    hydration.dblclick()
    settled(page)
    assert not code(page).any()
    assert areas(page)["water"] == [1, 1]


def water_is_relative_to_the_sulfate_where_all_is_brighter(page):
    move_to(page, [0, 0, 0, -1, 2, 0, 0, 0])
    expect(page.locator("#headline")).to_contain_text("gypsum's, relative to sulfate")
    page.get_by_role("button", name="Reset all").click()
    expect(page.locator("#headline")).to_contain_text("gypsum's, bands")


def a_drag_moves_the_curve_and_no_axis(page):
    move_to(page, ORIGIN)
    before, axes = path(page, "curve-right"), ranges(page)
    drag(page, slider(page, "hydration"), -90)
    page.wait_for_function(f"() => {APP}.code[3] < -1")
    frame(page)
    expect(slider(page, "hydration")).not_to_have_attribute("aria-valuetext", "1.00")
    during = path(page, "curve-right")
    assert np.abs(np.interp(before[:, 0], *during.T) - before[:, 1]).max() > 20
    assert ranges(page) == axes
    page.mouse.up()
    settled(page)
    assert ranges(page) == axes
    assert max(areas(page)["water"]) < 0.95
    assert np.allclose(shown_code(page), code(page), atol=1e-3)


def the_scale_waits_for_the_release(page):
    """Intensity 1.5 leaves the window at the top while dragging; the axis steps afterwards."""
    move_to(page, ORIGIN)
    axes = ranges(page)
    drag(page, slider(page, "intensity"), 400)
    page.wait_for_function(f"() => {APP}.code[4] === 3")
    frame(page)
    assert ranges(page) == axes
    page.mouse.up()
    settled(page)
    assert ranges(page)["yaxis"][:2] == [0, 1.6]


def fast_drag_ends_on_the_exact_curve(page):
    move_to(page, ORIGIN)
    drag(page, slider(page, "crystallinity"), -70, steps=40)
    frame(page)
    drag_end = code(page)
    fast = {t: path(page, t) for t in ("curve-left", "curve-right", "curve-lens")}
    page.mouse.up()
    settled(page)
    assert np.array_equal(code(page), drag_end)
    released = {t: path(page, t) for t in fast}
    page.evaluate("import('/assets/views/spectrometer.js').then((view) => view.redraw())")
    settled(page)
    for trace, points in fast.items():
        exact = path(page, trace)
        assert np.abs(exact - released[trace]).max() < 0.02
        moving = np.interp(exact[:, 0], *points.T)  # points on a straight are left out
        assert np.abs(exact[:, 1] - moving).max() < 0.1, trace
