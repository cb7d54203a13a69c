"""Neurons: the heatmap, the command map, the scan of a clicked row, selectivity."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
from playwright.sync_api import expect

import spectra_vae as sv
from spectra_vae.analysis.difference import difference, touching
from spectra_vae.analysis.knowledge import knowledge
from spectra_vae.analysis.selectivity import selectivity

from .hands import code, drawn, settled, slider


def open_neurons(page, path="/neurons"):
    page.goto(path)
    expect(page.locator("#heatmap .heatmaplayer image").first).to_be_visible()
    expect(page.locator("#scan .js-line").first).to_be_visible()


# The row that the address names has its frame: until then, Plotly draws again and hears no click.
FRAMED = """() => {
    const plot = document.querySelector('#heatmap .js-plotly-plot'), { meta, shapes } = plot.layout;
    const row = meta.rows[new URL(location).searchParams.get('neuron')];
    return !row || shapes.some(({ y0, y1 }) => y0 === row[0] && y1 === row[1]); }"""


# Nor while the page finds its height, after the scan, and is as wide as its scroll bar leaves it.
STILL = """() => new Promise((done) => {
    const plot = document.querySelector('#heatmap .js-plotly-plot');
    let timer = 0;
    const over = () => { plot.removeListener('plotly_afterplot', wait); done(); };
    const wait = () => { clearTimeout(timer); timer = setTimeout(over, 250); };
    plot.on('plotly_afterplot', wait);
    wait(); })"""


# Plotly hears a pointer every 50 ms, and a click is where it last heard it.
HOVERED = """(x) => {
    const [point] = document.querySelector('#heatmap .js-plotly-plot')._hoverdata ?? [];
    return point && Math.abs(point.x - x) < 4; }"""


def click_row(page, name, share=0.5):
    """A click in the left window beside the row's name, once the last click's redraw is over."""
    page.wait_for_function("() => !document.querySelector('[data-dash-is-loading=true]')")
    page.wait_for_function(FRAMED)
    page.evaluate("window.scrollTo(0, 0)")
    page.evaluate(STILL)
    label = page.locator("#heatmap .ytick text").filter(has_text=name).bounding_box()
    plot = page.locator("#heatmap .nsewdrag").first.bounding_box()
    page.mouse.move(plot["x"] + plot["width"] * share - 9, label["y"] + label["height"] / 2)
    page.mouse.move(plot["x"] + plot["width"] * share, label["y"] + label["height"] / 2, steps=3)
    page.wait_for_function(HOVERED, arg=100 + 1200 * share)
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


def test_what_is_drawn_told_and_saved_is_the_models(page, vs):
    open_neurons(page)
    expect(page.get_by_role("heading", name="Scan of hydration")).to_be_visible()
    the_heatmap_is_the_exact_jacobian(page, vs)
    the_command_map_tells_every_neuron_and_is_saved(page, vs)
    selectivity_stands_side_by_side_with_what_codes_know(page, vs)
    a_band_and_who_moves_it(page, vs)
    families_and_what_the_bands_do(page, vs)


def test_a_row_is_chosen_and_followed_into_the_spectrometer_and_back(page, vs):
    open_neurons(page)
    a_row_is_chosen_by_keyboard_alone(page)
    a_clicked_row_opens_its_scan(page, vs)
    one_scale_and_the_sliders_code(page, vs)


def test_other_models_beside_this_one_and_alone(page, vs):
    open_neurons(page, "/neurons?against=gypsum")
    the_difference_of_two_models(page, vs)
    other_models_are_told_honestly(page)


def the_heatmap_is_the_exact_jacobian(page, vs):
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
        expect(page.locator("#view-neurons .legends")).to_contain_text(words)


def the_command_map_tells_every_neuron_and_is_saved(page, vs):
    rows = page.locator("#command-map tbody tr")
    expect(rows).to_have_count(8)
    labels = page.locator("#heatmap .ytick text").all_text_contents()[::-1]
    assert [re.search(r"#\d", t)[0] for t in rows.locator("th").all_inner_texts()] == [
        re.search(r"#\d", t)[0] for t in labels
    ]
    for neuron in vs.neurons:
        row = rows.filter(has_text=f"#{neuron.index}")
        assert abs(float(row.locator(".kl .z").inner_text()) - neuron.kl) < 0.01
        told = row.locator("td").inner_text().replace("\n", "").replace("cm−1", "cm⁻¹")
        assert told and str(vs.command_map()[neuron.index].message).endswith(told)
    expect(page.locator("#command-map")).to_contain_text("4 of the 4 neurons")
    expect(page.locator("#command-map")).to_contain_text("Guided: the roles were asked for")
    found = vs.command_map()
    for kind, told in (("CSV", found.to_csv()), ("JSON", json.dumps(found.to_dict()))):
        with page.expect_download() as saved:
            page.get_by_role("button", name=f"Save the command map as {kind}").click()
        text = Path(saved.value.path()).read_text()
        assert text == told if kind == "CSV" else json.loads(text) == json.loads(told)


def selectivity_stands_side_by_side_with_what_codes_know(page, vs):
    for kind, name, rows in (
        ("plain", "-robust", 8),
        ("none", "-unsupervised", 6),
        ("guided", "", 4),
    ):
        table = page.locator(f"#selectivity-{kind}")
        expect(table.locator("tbody tr")).to_have_count(rows)
        model = sv.load(f"gypsum{name}")
        worst = table.locator(".total").all_inner_texts()
        assert worst == [f"{v:.1f}" for v in selectivity(model).off_target]
        expect(table).to_contain_text(f"{selectivity(model).off_target.max():.1f} %")
    expect(page.locator("#selectivity-guided .own")).to_have_count(6)
    expect(page.locator("#selectivity-guided .own.mixed")).to_have_count(0)
    rows = page.locator("#information tbody tr")
    hydration = rows.filter(has_text="hydration").locator("td").all_inner_texts()
    assert np.argmax([float(v) for v in hydration]) == 0
    assert [f"{v:.2f}" for v in knowledge(vs).nats[3]] == hydration


def a_band_and_who_moves_it(page, vs):
    page.get_by_role("combobox", name="Band").select_option(label="OH, 3493 cm⁻¹")
    movers = page.locator("#touching button")
    oh = next(b for b in vs.mineral.bands if round(b.position) == 3493)
    (strongest, slope), *_ = touching(vs.sensitivity(), vs.wavenumber, oh)
    assert strongest == 3 and 0.08 < abs(slope) < 0.1
    expect(movers.first).to_contain_text(f"hydration #3 {abs(slope):.3f}")
    slopes = [float(t.split()[-1]) for t in movers.all_inner_texts()]
    assert slopes == sorted(slopes, reverse=True)
    movers.filter(has_text="crystallinity").click()
    expect(page.get_by_role("heading", name="Scan of crystallinity")).to_be_visible()
    expect(page).to_have_url(re.compile("neuron=5&band=9"))
    click_row(page, "shift", (1008 - 100) / 1200)
    expect(page.locator("#touching")).to_contain_text("SO4 stretch")
    expect(page.get_by_role("combobox", name="Band")).to_have_value("5")
    expect(movers.first).to_contain_text("shift #7")


def families_and_what_the_bands_do(page, vs):
    page.locator("#command-map .pick").filter(has_text="hydration").click()
    expect(page.get_by_role("heading", name="Scan of hydration")).to_be_visible()
    inside = (vs.wavenumber >= 100) & (vs.wavenumber <= 1300)
    for name, values in (("Family", np.linspace(-3, 3, 13)), ("−5 to +5", np.linspace(-5, 5, 21))):
        page.get_by_role("button", name=name).click()
        page.wait_for_function(
            "(n) => document.querySelector('#scan .js-plotly-plot').calcdata.length === n",
            arg=2 * len(values),
        )
        exact = vs.scan(3, values)[:, inside]
        for shown, curve in zip(data(page, "scan"), exact, strict=False):
            assert np.allclose(shown, curve, atol=1e-4)
    areas = data(page, "along")[:3]
    assert np.ptp(areas[0]) < 0.02 and np.ptp(areas[1]) < 0.02 and np.ptp(areas[2]) > 1.4
    expect(page).to_have_url(re.compile("curves=wide"))
    page.locator("#command-map .pick").filter(has_text="purity").click()
    expect(page.locator("#along-still")).to_be_visible()


def a_row_is_chosen_by_keyboard_alone(page):
    button = page.locator("#command-map .pick").filter(has_text="intensity")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Scan of intensity")).to_be_visible()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#command-map tr.chosen")).to_have_count(1)
    frames = "document.querySelector('#heatmap .js-plotly-plot').layout.shapes.at(-1)"
    page.wait_for_function(f"() => {frames}.line.width === 2")
    row = page.evaluate(f"[{frames}.y0, {frames}.y1]")
    label = page.locator("#heatmap .ytick text").all_text_contents()
    k = next(k for k, text in enumerate(label) if "intensity" in text)
    middles = page.evaluate(
        "document.querySelector('#heatmap .js-plotly-plot').layout.yaxis.tickvals"
    )
    assert row[0] < middles[k] < row[1]


def a_clicked_row_opens_its_scan(page, vs):
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


def one_scale_and_the_sliders_code(page, vs):
    """From the Spectrometer, to which the row was followed."""
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


def the_difference_of_two_models(page, vs):
    page.wait_for_function(
        """() => { const p = document.querySelector('#heatmap .js-plotly-plot');
        return p && p.calcdata && p.calcdata[0][0].z.every((r) => r.every((v) => v === 0)); }"""
    )
    against = page.get_by_role("combobox", name="Compare with")
    expect(against).to_have_value("gypsum")
    against.select_option("gypsum-unsupervised")
    expect(page.locator("#ramp-words")).to_contain_text("Each model at its own origin")
    found = difference(vs, sv.load("gypsum-unsupervised"))
    sign = "−" if found.sign[3] > 0 else "+"
    label = f"hydration #3 {sign} #{found.partner[3]}"
    expect(page.locator("#heatmap .ytick text").filter(has_text=label)).to_be_visible()
    largest = f"{np.abs(found.values[3]).max():.3f}"
    expect(page.locator("#heatmap .annotation-text").filter(has_text=largest)).to_be_visible()


def other_models_are_told_honestly(page):
    page.locator("#neurons-against").select_option("-")
    model, told = page.get_by_role("combobox", name="Model"), page.locator("#command-map")
    model.select_option("gypsum-unsupervised")
    expect(told).to_contain_text("0 of the 6 neurons that move the spectrum do one thing.")
    expect(told).to_contain_text("Unsupervised: nobody told it anything")
    expect(told.locator("tbody tr").first).to_contain_text("moves water bands 39 %")
    expect(page.locator("#heatmap .ytick text").filter(has_text="mixed #").first).to_be_visible()
    expect(page.locator("#information")).to_contain_text("gypsum-unsupervised")

    model.select_option("gypsum-robust")
    expect(told).to_contain_text("Plain autoencoder: it cleans well and separates nothing")
    expect(told).to_contain_text("the variance of its codes")
    expect(page.locator("#scan .js-line").first).to_be_visible()
