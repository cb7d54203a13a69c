"""β-lab: one slider moves all plots without a word to the server; links, languages, sweeps."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
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


def open_lab(page, path="/beta-lab"):
    page.goto(path)
    settled(page)


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


def test_dragging_moves_everything_and_asks_for_nothing(page):
    open_lab(page)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
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
    assert not asked


def test_the_keyboard_moves_it_and_words_follow(page):
    open_lab(page)
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


def test_a_link_opens_where_it_was_and_survives_a_reload(page):
    open_lab(page, "/beta-lab?level=1&example=c")
    assert level(page) == 1
    expect(page.get_by_role("button", name="Narrow bands")).to_have_attribute(
        "aria-pressed", "true"
    )
    slider(page).press("ArrowRight")
    expect(page.locator("#lab-fact-0")).to_have_text(amount(lab.sweep().levels[2].beta))
    assert "level=2" in page.url and "example=c" in page.url
    page.reload()
    settled(page)
    assert level(page) == 2


@pytest.mark.parametrize("asked", ["80", "<b>"])  # the others: tests/js/address.test.js
def test_a_wrong_level_is_said(page, asked):
    open_lab(page, f"/beta-lab?level={asked}")
    expect(page.locator("#notice")).to_contain_text("The link asked for value")
    assert level(page) == (len(lab.sweep().levels) - 1) // 2


def test_a_sweep_that_is_gone_is_said(page):
    open_lab(page, "/beta-lab?sweep=0000000000")
    expect(page.locator("#notice")).to_contain_text("so the shipped one is shown")
    assert "sweep=" not in page.url


def test_the_example_and_the_theme_redraw_at_the_same_beta(page):
    open_lab(page, "/beta-lab?level=3")
    before = drawn(page)
    page.get_by_role("button", name="Wide bands").click()
    expect(page.locator("#lab-factors")).to_contain_text("crystallinity 0.25")
    page.wait_for_function(
        f"(d) => [...document.querySelectorAll('{CURVE}')].map((p) => p.getAttribute('d'))"
        ".join(' ') !== d",
        arg=before[0],
    )
    assert level(page) == 3
    page.get_by_role("button", name="Light or dark").click()
    page.wait_for_function(
        "() => document.querySelector('#lab-kl .js-plotly-plot').layout.shapes[0].line.color"
        f" === '{DARK['ink']}'"
    )
    assert level(page) == 3 and drawn(page)[1:4] == before[1:4]


def test_a_sweep_is_filled_in_where_it_is_checked_and_queued(page):
    open_lab(page)
    page.get_by_role("button", name="Train a sweep").click()
    expect(page).to_have_url(re.compile("/training"))
    count = len(lab.sweep().levels)
    expect(page.locator("#start")).to_have_text(f"Queue {count} runs")
    expect(page.locator("#train-betas")).to_have_value(
        ", ".join(f"{b:g}" for b in lab.sweep().betas)
    )
    expect(page.locator("#train-steps")).to_have_value(str(lab.sweep().config["steps"]))


def test_own_runs_are_shown_as_a_sweep(page, home):
    base = replace(recipe("gypsum-unsupervised"), **TINY, steps=10)
    runs = [sv.train(replace(base, beta=b), name="mine") for b in (1.0, 30.0, 900.0)]
    try:
        open_lab(page)
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
    finally:
        for run in runs:
            shutil.rmtree(run.folder)


@pytest.mark.parametrize(("language", "scheme"), [("en", "dark"), ("it", "light")])
def test_both_languages_and_themes(page_for, language, scheme):
    page = page_for(language, scheme)
    open_lab(page)
    expect(page.get_by_role("heading", level=1).last).to_be_attached()
    title = "What β does" if language == "en" else "Che cosa fa β"
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    found = Axe().run(page).response["violations"]
    assert not [(v["id"], v["nodes"]) for v in found if v["impact"] in {"serious", "critical"}]


def test_a_thumb_is_large_enough_on_a_phone(new_page):
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    open_lab(page)
    assert slider(page).bounding_box()["height"] >= 44
