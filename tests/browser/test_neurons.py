"""Neurons: the heatmap, KL, and the scan of a clicked row."""

from __future__ import annotations

import re

import numpy as np
from playwright.sync_api import expect

import spectra_vae as sv

from .hands import code, drawn, open_spectrometer, settled, slider


def open_neurons(page, path="/neurons"):
    page.goto(path)
    expect(page.locator("#heatmap .heatmaplayer image").first).to_be_visible()
    expect(page.locator("#scan .js-line").first).to_be_visible()


def click_row(page, name):
    """A click in the heatmap beside the row's name, once the last click's redraw is over."""
    page.wait_for_function("!document.querySelector('[data-dash-is-loading=true]')")
    label = page.locator("#heatmap .ytick text").filter(has_text=name).bounding_box()
    plot = page.locator("#heatmap .nsewdrag").first.bounding_box()
    page.mouse.move(plot["x"] + plot["width"] / 2, label["y"] + label["height"] / 2)
    expect(page.locator("#heatmap .hovertext")).to_be_visible()
    page.mouse.down()
    page.mouse.up()


def data(page, figure):
    """What Plotly drew: z of the heatmap, or y of the lines, trace by trace."""
    return page.evaluate(
        """(id) => document.querySelector(`#${id} .js-plotly-plot`).calcdata.map(
            (c) => c[0].trace.type === 'heatmap' ? c[0].z.map((r) => Array.from(r))
                                                 : c.map((p) => p.y))""",
        figure,
    )


def test_heatmap_is_the_exact_jacobian(page, vs):
    open_neurons(page)
    rows = page.locator("#heatmap .ytick text").all_text_contents()
    assert [re.search(r"#(\d)", r)[1] for r in rows][::-1] == list("35746012")
    left, right = (np.array(z, float) for z in data(page, "heatmap"))
    jacobian = vs.sensitivity()
    for k, row in enumerate(rows):
        neuron = vs.neurons[int(re.search(r"#(\d)", row)[1])]
        if neuron.inert:
            assert np.abs(left[k]).max() < 0.1
            continue
        exact = jacobian[neuron.index]
        shown = np.concatenate([left[k], right[k]])
        scaled = np.sign(exact) * np.sqrt(np.abs(exact) / np.abs(exact).max())
        inside = (vs.wavenumber >= 100) & (vs.wavenumber <= 1300)
        inside |= (vs.wavenumber >= 3000) & (vs.wavenumber <= 3800)
        assert np.allclose(shown, scaled[inside], atol=2e-4)
    for words in ("one colour", "height", "width", "shift"):
        expect(page.locator(".legends")).to_contain_text(words)


def test_a_clicked_row_opens_its_scan(page, vs):
    open_neurons(page)
    expect(page.get_by_role("heading", name="Scan of hydration")).to_be_visible()
    for name in ("shift", "crystallinity"):
        click_row(page, name)
        expect(page.get_by_role("heading", name=f"Scan of {name}")).to_be_visible()
    expect(page).to_have_url(re.compile("neuron=5"))
    lines = data(page, "scan")
    low, middle, high = vs.scan(5, [vs.neurons[5].low, 0, vs.neurons[5].high])
    inside = (vs.wavenumber >= 100) & (vs.wavenumber <= 1300)
    for line, exact in zip(lines[:3], (low, middle, high), strict=True):
        assert np.allclose(line, exact[inside], atol=1e-4)
    page.get_by_role("button", name="Open in Spectrometer").click()
    drawn(page)
    expect(slider(page, "crystallinity")).to_have_attribute("aria-valuetext", "0.00")
    assert np.flatnonzero(code(page)).tolist() == [5]


def test_kl_and_the_other_models(page):
    open_neurons(page)
    kl = page.locator("#kl")
    expect(kl.get_by_role("heading", name="KL, nats")).to_be_visible()
    expect(kl.locator(".kl-row")).to_have_count(8)
    for neuron in sv.load("gypsum").neurons:
        row = kl.locator(".kl-row").filter(has_text=f"#{neuron.index}")
        assert abs(float(row.locator(".z").inner_text()) - neuron.kl) < 0.01
    expect(kl).to_contain_text("Guided: the roles were asked for, not discovered.")

    page.get_by_role("combobox", name="Model").select_option("gypsum-unsupervised")
    expect(kl).to_contain_text("Unsupervised: nobody told it anything")
    expect(kl.get_by_role("heading", name="KL, nats")).to_be_visible()
    expect(page.locator("#heatmap .ytick text").filter(has_text="mixed #").first).to_be_visible()

    page.get_by_role("combobox", name="Model").select_option("gypsum-robust")
    expect(kl).to_contain_text("A plain autoencoder has no KL")
    expect(kl.get_by_role("heading", name="Variance of the codes")).to_be_visible()
    expect(page.locator("#scan .js-line").first).to_be_visible()


def test_one_scale_and_the_sliders_code(page, vs):
    open_spectrometer(page)
    slider(page, "crystallinity").press("Home")
    settled(page)
    page.get_by_role("link", name="Neurons").click()
    expect(page.locator("#heatmap .heatmaplayer image").first).to_be_visible()
    page.get_by_role("button", name="One scale").click()
    page.wait_for_function(
        """() => { const [c] = document.querySelector('#heatmap .js-plotly-plot').calcdata;
        return c[0].z.filter((r) => Math.max(...r.map(Math.abs)) > 0.99).length === 1; }"""
    )
    page.get_by_role("button", name="Sliders").click()
    largest = np.abs(vs.sensitivity(np.array([0, 0, 0, 0, 0, -3, 0, 0]))[7]).max()
    printed = page.locator("#heatmap .annotation-text").filter(has_text=f"{largest:.3f}")
    expect(printed).to_be_visible()
    expect(page).to_have_url(re.compile("at=sliders&rows=one"))
    page.reload()
    expect(page.get_by_role("button", name="One scale")).to_have_attribute("aria-pressed", "true")
