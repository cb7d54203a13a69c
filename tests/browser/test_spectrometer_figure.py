"""Spectrometer: what of the curve the figure shows, and that no words overprint each other."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from .hands import (
    APP,
    colour,
    drag,
    frame,
    move_to,
    open_spectrometer,
    path,
    ranges,
    settled,
    slider,
)

ORIGIN = [0] * 8
NEGATIVE = [0, 0, 0, 0, 0, -2.37, 0, 0]  # of the robust model: goes to −0.25 beside ν1
WETTEST = [0, 0, 0, 3, 0, 3, 0, 0]  # hydration 1.5, crystallinity 1
SHARPEST = [0, 0, 0, 0, 0, 3, 0, 0]
SHIFTED = [0, 0, 0, 0, 0, 0, 0, 3]
LABELS = r"""() => [...document.querySelectorAll('#spectrum .annotation-text-g')].map((label) => {
    const { left, right, top, bottom } = label.getBoundingClientRect();
    const text = label.textContent.replace(/\u200b/g, '');  // Plotly's, around subscripts
    return { text, left, right, top, bottom }; })"""

# Where the fill's gradient has its middle [px], and its colours.
GRADIENT = """(path) => {
    const id = getComputedStyle(path).fill.match(/#([^"]+)/)[1];
    const gradient = document.getElementById(id), hex = (v) => (+v).toString(16).padStart(2, '0');
    const hue = (stop) => '#' + stop.getAttribute('stop-color').match(/\\d+/g).map(hex).join('');
    const share = parseFloat(gradient.children[1].getAttribute('offset')) / 100;  // from percent
    const { x1, x2 } = gradient;
    const from = x1.baseVal.value, at = from + share * (x2.baseVal.value - from);
    return [at, [...gradient.children].map((s) => hue(s).toUpperCase())];
}"""


def touching(labels):
    """Pairs of words that lie over each other by more than a pixel."""
    return [
        (a["text"], b["text"])
        for k, a in enumerate(labels)
        for b in labels[:k]
        if min(a["right"], b["right"]) - max(a["left"], b["left"]) > 1
        and min(a["bottom"], b["bottom"]) - max(a["top"], b["top"]) > 1
    ]


def inside(page, trace, axis):
    points, height = path(page, trace), ranges(page)[axis][3]
    return points[:, 1].min() >= 0 and points[:, 1].max() <= height


def test_windows_and_labels_follow_the_curve_on_the_full_axis_and_in_italian_too(page, page_for):
    open_spectrometer(page)
    no_words_overprint_each_other(page)
    labels_stand_and_say_where_the_curve_is(page)
    noise_is_two_sided_and_the_range_waits_for_the_release(page)
    the_highest_water_band_fits_and_its_label_too(page)
    window_and_lens_show_one_height(page)
    a_negative_band_is_shown_in_all_windows(page)
    page_for("it")
    a_link_brings_the_full_axis_where_the_water_has_its_hue(page)
    page.locator('[data-group="axis"][data-value="windows"]:visible').click()
    expect(page.locator("#spectrum .tracecurve-lens")).to_be_visible()
    no_words_overprint_each_other(page)


def no_words_overprint_each_other(page):
    for width in (390, 800, 1024, 1100, 1440, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function(
            f"() => {APP}.figure.element.clientWidth === {APP}.figure.element._fullLayout.width"
        )
        frame(page)
        labels = page.evaluate(LABELS)
        assert not touching(labels), width
        assert any(label["text"].endswith("×6") for label in labels), width


def labels_stand_and_say_where_the_curve_is(page):
    settled(page)
    before = {label["text"]: label for label in page.evaluate(LABELS)}["3493"]["left"]
    move_to(page, SHIFTED)
    labels = {label["text"]: label for label in page.evaluate(LABELS)}
    assert {"ν1 1016", "ν2422", "3501"} <= set(labels)
    assert labels["3501"]["left"] > before + 1
    slider(page, "hydration").press("Home")
    settled(page)
    said = [label["text"] for label in page.evaluate(LABELS)]
    assert "ν1 1016" in said and "3493" in said  # the dashed reference has water still
    page.get_by_role("button", name="Reference").click()
    expect(page.locator("#spectrum .tracereference-left")).to_have_count(0)
    said = " ".join(label["text"] for label in page.evaluate(LABELS))
    assert "ν1 1016" in said and "35" not in said and "34" not in said
    page.get_by_role("button", name="Reference").click()
    expect(page.locator("#spectrum .tracereference-left")).to_have_count(1)


def noise_is_two_sided_and_the_range_waits_for_the_release(page):
    move_to(page, ORIGIN)
    assert ranges(page)["yaxis"][:2] == [0, 1.2]
    expect(page.locator("#spectrum .zerolinelayer path")).to_have_count(0)
    page.get_by_role("button", name="As measured").click()
    expect(page.locator("#spectrum .tracenoise-right")).to_have_count(1)
    found = ranges(page)
    assert -0.1 < found["yaxis"][0] < 0 and inside(page, "noise-right", "yaxis2")
    drag(page, slider(page, "purity"), -60)
    frame(page)
    assert ranges(page) == found
    page.mouse.up()
    settled(page)
    assert ranges(page)["yaxis"][0] < found["yaxis"][0]
    page.get_by_role("button", name="As measured").click()
    expect(page.locator("#spectrum .tracenoise-right")).to_have_count(0)


def the_highest_water_band_fits_and_its_label_too(page):
    move_to(page, WETTEST)
    assert inside(page, "curve-right", "yaxis2")
    labels = page.evaluate(LABELS)
    head = next(label for label in labels if label["text"].startswith("water"))
    highest = next(label for label in labels if label["text"] == "3493")
    assert highest["top"] > head["bottom"]


def window_and_lens_show_one_height(page):
    """ν1's top, finer than the model's points, is the same in both; the width is read off it."""
    move_to(page, SHARPEST)
    tops = []
    for trace, name in (("curve-left", "yaxis"), ("curve-lens", "yaxis3")):
        low, high, _, length = ranges(page)[name]
        tops.append(high - path(page, trace)[:, 1].min() / length * (high - low))
    height = page.evaluate(f"{APP}.figure.mainBand({APP}.model.decode({APP}.code)).height")
    assert tops == pytest.approx([height, height], abs=0.003)


def a_negative_band_is_shown_in_all_windows(page):
    move_to(page, NEGATIVE, "gypsum-robust")
    found = ranges(page)
    assert found["yaxis"][0] < -0.2 and found["yaxis3"][:2] == found["yaxis"][:2]
    assert np.allclose(np.array(found["yaxis2"][:2]) * 6, found["yaxis"][:2])
    for trace, axis in (("left", "yaxis"), ("right", "yaxis2"), ("lens", "yaxis3")):
        assert inside(page, f"curve-{trace}", axis)
    expect(page.locator("#spectrum .zerolinelayer path")).to_have_count(3)
    page.get_by_role("button", name="Full axis").first.click()
    expect(page.locator("#spectrum .tracecurve-full")).to_be_visible()
    assert inside(page, "curve-full", "yaxis")


def a_link_brings_the_full_axis_where_the_water_has_its_hue(page):
    open_spectrometer(page, "/?axis=full")
    expect(page.locator("html")).to_have_attribute("lang", "it")
    fill = page.locator("#spectrum .tracecurve-full path.js-fill")
    expect(fill).to_have_count(1)
    middle, hues = fill.evaluate(GRADIENT)
    wanted = [colour(page, name) for name in ("sulfate", "water")]
    assert hues == [hue.upper() for hue in (wanted[0], wanted[0], wanted[1], wanted[1])]
    # the hue changes at 2150 cm⁻¹, between the bands
    low, high, _, width = ranges(page)["xaxis"]
    assert low + middle / width * (high - low) == pytest.approx(2150, abs=1)
    assert page.evaluate(f"{APP}.figure.fast")
