"""β-lab: one slider moves all plots without a word to the server; links, languages, sweeps.

That it is for everyone, test_access knows; that its slider is large enough for a thumb, test_phone.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import replace

import pytest
from playwright.sync_api import expect
from trainings import TINY

import spectra_vae as sv
from spectra_vae.analysis import shipped as lab
from spectra_vae.recipes import recipe
from spectra_vae.ui.palette import DARK
from spectra_vae.ui.views.beta_lab.figure import amount

from .hands import drag, frame

LAB = "window.dash_clientside?.['beta-lab']?.state"
CURVE = "#lab-through .scatterlayer .js-line"
PLOTS = ("plane", "through", "kl", "parts", "scores", "rotation", "correlated")


def settled(page):
    for name in PLOTS:
        expect(page.locator(f"#lab-{name} .js-line").first).to_be_attached()
    expect(page.locator("#lab-read p").first).to_be_visible()
    frame(page)


def slider(page):
    return page.get_by_role("slider", name=re.compile("^β, "))


def level(page):
    return page.evaluate(f"{LAB}.level")


def drawn(page):
    """The reconstruction's paths, where β stands in each plot, and the chosen point."""
    return page.evaluate(
        f"""() => [
            [...document.querySelectorAll('{CURVE}')].map((p) => p.getAttribute('d')).join(' '),
            ...['kl', 'parts', 'scores'].map((name) =>
                document.querySelector('#lab-' + name + ' .js-plotly-plot').layout.shapes[0].x0),
            document.querySelector('#lab-plane .js-plotly-plot').data.at(-1).x[0]]"""
    )


def test_one_slider_moves_everything(page):
    page.goto("/beta-lab?level=<b>")  # a level beyond the last: tests/js/address.test.js
    a_wrong_level_is_said(page)
    settled(page)
    dragging_moves_everything_and_asks_for_nothing(page)
    the_keyboard_moves_it_and_words_follow(page)
    the_example_and_the_theme_redraw_at_the_same_beta(page)
    a_sweep_is_filled_in_where_it_is_checked_and_queued(page)


def a_wrong_level_is_said(page):
    expect(page.locator("#notice")).to_contain_text("The link asked for value")
    expect(page.locator("#notice b")).to_have_count(0)
    assert level(page) == (len(lab.sweep().levels) - 1) // 2


def dragging_moves_everything_and_asks_for_nothing(page):
    page.wait_for_load_state("networkidle")  # what the view asked for as it opened is answered
    asked = []

    def ask(request):
        asked.append(request.url)

    page.on("request", ask)
    seen = {level(page): drawn(page)}
    width = slider(page).bounding_box()["width"]
    last = len(lab.sweep().levels) - 1
    for by in (0.3, -0.7):
        drag(page, slider(page), by * width)  # the button stays down
        frame(page)
        here = drawn(page)
        for before in seen.values():
            assert all(a != b for a, b in zip(before, here, strict=True))
        assert len(set(here[1:4])) == 1, "one line is the same β in all plots"
        seen[level(page)] = here
        page.mouse.up()
    assert len(seen) == 3 and min(seen) >= 0 and max(seen) <= last
    page.remove_listener("request", ask)
    assert not asked


def the_keyboard_moves_it_and_words_follow(page):
    slider(page).focus()
    for key, k in (("Home", 0), ("End", len(lab.sweep().levels) - 1), ("ArrowLeft", -2)):
        page.keyboard.press(key)
        one = lab.sweep().levels[k]
        expect(page.locator("#lab-fact-0")).to_have_text(amount(one.beta))
        expect(page.locator("#lab-fact-1")).to_have_text(f"{one.active} / {len(one.kl)}")
        expect(slider(page)).to_have_attribute(
            "aria-valuetext", re.compile(f"^β {amount(one.beta)}, {one.active} / ")
        )
        expect(page.locator("#lab-read")).to_contain_text(str(one.collapse))
    marks = page.locator("#lab-marks i")
    expect(marks).to_have_count(len(lab.sweep().falls()))


def the_example_and_the_theme_redraw_at_the_same_beta(page):
    here, before = level(page), drawn(page)
    page.get_by_role("button", name="Wide bands").click()
    expect(page.locator("#lab-factors")).to_contain_text("crystallinity 0.25")
    page.wait_for_function(
        f"(d) => [...document.querySelectorAll('{CURVE}')].map((p) => p.getAttribute('d'))"
        ".join(' ') !== d",
        arg=before[0],
    )
    assert level(page) == here
    page.get_by_role("button", name="Light or dark").click()
    page.wait_for_function(
        "() => document.querySelector('#lab-kl .js-plotly-plot').layout.shapes[0].line.color"
        f" === '{DARK['ink']}'"
    )
    assert level(page) == here and drawn(page)[1:4] == before[1:4]


def a_sweep_is_filled_in_where_it_is_checked_and_queued(page):
    page.get_by_role("button", name="Train a sweep").click()
    expect(page).to_have_url(re.compile("/training"))
    count = len(lab.sweep().levels)
    expect(page.locator("#start")).to_have_text(f"Queue {count} runs")
    expect(page.locator("#train-betas")).to_have_value(
        ", ".join(f"{b:g}" for b in lab.sweep().betas)
    )
    expect(page.locator("#train-steps")).to_have_value(str(lab.sweep().config["steps"]))


@pytest.fixture
def mine(home, address, unexamined):
    """Three runs of one's own that differ in β."""
    base = replace(recipe("gypsum-unsupervised"), **TINY, steps=10)
    with unexamined():
        runs = [sv.train(replace(base, beta=b), name="mine") for b in (1.0, 30.0, 900.0)]
    yield
    for run in runs:
        shutil.rmtree(run.folder)


def test_a_link_opens_where_it_was_also_in_a_sweep_of_ones_own(page, mine):
    page.goto("/beta-lab?sweep=0000000000&level=1&example=c")
    a_sweep_that_is_gone_is_said(page)
    the_rest_of_its_link_holds_and_survives_a_reload(page)
    own_runs_are_shown_as_a_sweep(page)


def a_sweep_that_is_gone_is_said(page):
    expect(page.locator("#notice")).to_contain_text("so the shipped one is shown")
    settled(page)
    assert "sweep=" not in page.url


def the_rest_of_its_link_holds_and_survives_a_reload(page):
    assert level(page) == 1
    narrow = page.get_by_role("button", name="Narrow bands")
    expect(narrow).to_have_attribute("aria-pressed", "true")
    slider(page).press("ArrowRight")
    expect(page.locator("#lab-fact-0")).to_have_text(amount(lab.sweep().levels[2].beta))
    assert "level=2" in page.url and "example=c" in page.url
    page.reload()
    settled(page)
    assert level(page) == 2
    expect(narrow).to_have_attribute("aria-pressed", "true")


def own_runs_are_shown_as_a_sweep(page):
    page.get_by_role("combobox", name="Sweep").select_option("mine, seed 0: 3 values of β")
    expect(page.locator("#lab-about")).to_contain_text("3 models, 10 steps")
    page.wait_for_function(f"() => {LAB}.data.levels.length === 3 && {LAB}.level === 1")
    expect(page.locator("#lab-fact-0")).to_have_text("30")
    slider(page).press("End")
    expect(page.locator("#lab-fact-0")).to_have_text("900")
    link = page.url
    page.goto(link)
    page.wait_for_function(f"() => {LAB}?.data?.levels.length === 3 && {LAB}.level === 2")
    assert page.url == link
    settled(page)
