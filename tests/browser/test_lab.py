"""β-lab: one slider moves all plots without a word to the server; links, languages, sweeps."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace

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
LAST = len(lab.sweep().levels) - 1
PLOTS = ("plane", "through", "kl", "parts", "scores", "rotation", "correlated")


def open_lab(page, path="/beta-lab", notice=""):
    """A notice is gone after a while: it is looked at before the plots."""
    page.goto(path)
    expect(page.locator("#notice")).to_contain_text(notice)
    settled(page)


def settled(page):
    for name in PLOTS:
        expect(page.locator(f"#lab-{name} .js-line").first).to_be_attached()
    expect(page.locator("#lab-read p").first).to_be_visible()
    frame(page)


def serious(page):
    found = Axe().run(page).response["violations"]
    return [(v["id"], v["nodes"]) for v in found if v["impact"] in {"serious", "critical"}]


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


def test_one_slider_moves_all_plots_and_words_in_either_theme(page):
    # what else is wrong, tests/js/address.test.js knows
    open_lab(page, "/beta-lab?level=<b>", notice="The link asked for value <b>")
    assert level(page) == LAST // 2
    expect(page.get_by_role("heading", name="What β does")).to_be_visible()
    dragging_moves_everything_and_asks_for_nothing(page)
    by_the_keyboard_words_follow(page)
    the_example_and_the_theme_redraw_at_the_same_beta(page)
    assert not serious(page), "in the dark"
    a_sweep_is_filled_in_where_it_is_checked_and_queued(page)


def dragging_moves_everything_and_asks_for_nothing(page):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    seen = {level(page): drawn(page)}
    width = slider(page).bounding_box()["width"]
    for by in (0.3, -0.7):
        drag(page, slider(page), by * width)  # the button stays down
        frame(page)
        here = drawn(page)
        for before in seen.values():
            assert all(a != b for a, b in zip(before, here, strict=True))
        assert len(set(here[1:4])) == 1, "one line is the same β in all plots"
        seen[level(page)] = here
        page.mouse.up()
    assert len(seen) == 3 and min(seen) >= 0 and max(seen) <= LAST
    assert not asked


def by_the_keyboard_words_follow(page):
    slider(page).focus()
    for key, k in (("Home", 0), ("End", LAST), ("ArrowLeft", -2)):
        page.keyboard.press(key)
        one = lab.sweep().levels[k]
        expect(page.locator("#lab-fact-0")).to_have_text(amount(one.beta))
        expect(page.locator("#lab-fact-1")).to_have_text(f"{one.active} / {len(one.kl)}")
        expect(slider(page)).to_have_attribute(
            "aria-valuetext", re.compile(f"^β {amount(one.beta)}, {one.active} / ")
        )
        expect(page.locator("#lab-read")).to_contain_text(str(one.collapse))
    expect(page.locator("#lab-marks i")).to_have_count(len(lab.sweep().falls()))


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
    expect(page.locator("#start")).to_have_text(f"Queue {LAST + 1} runs")
    expect(page.locator("#train-betas")).to_have_value(
        ", ".join(f"{b:g}" for b in lab.sweep().betas)
    )
    expect(page.locator("#train-steps")).to_have_value(str(lab.sweep().config["steps"]))


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


def test_a_sweep_that_is_gone_is_said_and_own_runs_are_shown_as_one(page, home):
    base = replace(recipe("gypsum-unsupervised"), **TINY, steps=10)
    runs = [sv.train(replace(base, beta=b), name="mine") for b in (1.0, 900.0)]
    try:
        open_lab(page, "/beta-lab?sweep=0000000000", notice="so the shipped one is shown")
        assert "sweep=" not in page.url
        page.get_by_role("combobox", name="Sweep").select_option("mine, seed 0: 2 values of β")
        expect(page.locator("#lab-about")).to_contain_text("2 models, 10 steps")
        page.wait_for_function(f"() => {LAB}.data.levels.length === 2 && {LAB}.level === 0")
        expect(page.locator("#lab-fact-0")).to_have_text("1")
        slider(page).press("End")
        expect(page.locator("#lab-fact-0")).to_have_text("900")
        link = page.url
        page.goto(link)
        page.wait_for_function(f"() => {LAB}?.data?.levels.length === 2 && {LAB}.level === 1")
        assert page.url == link
        settled(page)
    finally:
        for run in runs:
            shutil.rmtree(run.folder)


def test_it_is_accessible_in_italian_and_to_a_thumb(new_page):
    page = new_page(locale="it-IT", has_touch=True)
    open_lab(page)
    expect(page.get_by_role("heading", name="Che cosa fa β")).to_be_visible()
    assert not serious(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert slider(page).bounding_box()["height"] >= 44
