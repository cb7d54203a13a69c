"""Restore: the examples, looked at from all sides, and measured gypsums there and back."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect
from serving import ROOT

import spectra_vae as sv
from spectra_vae.examples import example
from spectra_vae.ui.measurements import known_code

from .hands import add_files, code, drawn, estimate, result, settled
from .restoring import chip, cleared, download

DATA = Path(os.environ.get("SPECTRA_VAE_DATA", ROOT / "../shared/data"))
REAL = {  # file: does it hold the bands that tell the hydration?
    "CDPH_Gypsum.txt": False,
    "NASA_ramdb_CalciumSulfate_532_EXTRACT_201-1300_3032-3704.csv": True,
}
EXAMPLES = {
    "clean": "clean",
    "noisy": "noisy",
    "very noisy": "very-noisy",
    "with a foreign band": "foreign",
}


def test_the_examples_are_restored_each_as_it_is(page):
    """Four buttons, and what may be changed of a result while it is looked at."""
    page.goto("/restore?as=gypsum&example=foreign&restore-look=overlay")
    is_told(page, "with a foreign band")
    overlay_puts_the_rows_in_one_plot(page)
    for words in ("very noisy", "clean", "noisy"):
        cleared(page)
        page.get_by_role("button", name=words, exact=True).click()
        is_told(page, words)
    the_other_axis_and_theme_keep_the_result(page)


def is_told(page, words):
    name = EXAMPLES[words] + ".csv"
    result(page, name)
    foreign = words == "with a foreign band"
    expect(chip(page, name)).to_contain_text("alien" if foreign else "normal")
    expect(page.locator("#novelty")).to_contain_text("alien" if foreign else "normal")
    for factor in ("hydration", "crystallinity", "shift", "counts at ν1"):
        assert " to " in estimate(page, factor), (words, factor)
    read = sv.read_spectrum(example(EXAMPLES[words]), name)
    points = f"{len(read.wavenumber):,}".replace(",", "\u202f")
    expect(page.get_by_text("Read as columns of text")).to_contain_text(f"{points} points")
    if foreign:
        expect(page.locator("#novelty")).to_contain_text("A band that the mineral doesn't have")
        expect(page.locator("#novelty")).to_contain_text("% of ν1")
        expect(page.locator("#bands-card .unexplained")).to_contain_text("not the mineral's")


def overlay_puts_the_rows_in_one_plot(page):
    axes = (
        "Object.keys(document.querySelector('#restored .js-plotly-plot')._fullLayout)"
        ".filter((k) => /^yaxis/.test(k)).length"
    )
    page.wait_for_function(f"() => {axes} === 2")
    assert "restore-look=overlay" in page.url
    for name in ("ν1 position", "ν1 FWHM", "water / sulfate area"):
        assert " to " in estimate_of(page, name)
    expect(page.locator("#novelty")).to_contain_text("of simulated normal spectra")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Picture").click()
    assert saved.value.suggested_filename == "foreign.restored.png"
    page.get_by_role("button", name="Parts").click()
    page.wait_for_function(f"() => {axes} === 10")
    assert "restore-look" not in page.url
    page.get_by_role("button", name="Overlay").click()
    page.wait_for_function(f"() => {axes} === 2")
    assert "restore-look=overlay" in page.url
    page.get_by_role("button", name="Parts").click()
    page.wait_for_function(f"() => {axes} === 10")


def estimate_of(page, name):
    """ν1 is markup, so the line is found by what it reads as."""
    lines = page.locator("#estimates .estimate .line").all_inner_texts()
    return next(line for line in lines if line.replace("\n", "").startswith(name))


def the_other_axis_and_theme_keep_the_result(page):
    page.locator("#restore-result").get_by_role("button", name="Full axis").click()
    page.wait_for_function(
        "() => document.querySelector('#restored .js-plotly-plot')"
        "._fullLayout.xaxis.range[1] > 3000"
    )
    page.get_by_role("button", name="Light or dark").click()
    page.wait_for_function(
        "() => document.querySelector('#restored .js-plotly-plot')"
        "._fullLayout.font.color === '#B7C0CA'"
    )
    result(page, "noisy.csv")


@pytest.mark.skipif(
    not all((DATA / "gypsum" / name).is_file() for name in REAL),
    reason="the measured files aren't here: set SPECTRA_VAE_DATA to their folder",
)
def test_measured_gypsums_there_and_back(page, vs):
    """Upload, read the numbers, take the sliders there, export and read the export back."""
    page.goto("/restore?as=gypsum")
    for name, wet in REAL.items():
        page.get_by_role("link", name="Restore", exact=True).click()
        there_and_back(page, vs, DATA / "gypsum" / name, wet)
        cleared(page)


def there_and_back(page, vs, file, wet):
    add_files(page, file)
    result(page, file.name)
    assert (" to " if wet else "unknown") in estimate(page, "hydration")
    # The one with water bands was filled in and filtered: what that did to widths is taken out.
    assert " to " in estimate(page, "crystallinity")

    upload = sv.read_spectrum(file)
    saved, data = download(page, "CSV")
    assert saved == f"{file.stem}.restored.csv"
    back = sv.read_spectrum(data, saved)
    assert np.allclose(back.wavenumber, upload.wavenumber, atol=1e-4)
    assert np.allclose(back.intensity, upload.intensity, rtol=1e-4)

    saved, data = download(page, "JSON")
    assert saved == f"{file.stem}.restored.json"
    told = json.loads(data, parse_constant=pytest.fail)
    assert told["file"] == file.name
    assert told["estimates"]["hydration"]["known"] is wet

    page.get_by_role("button", name="Move the sliders here").click()
    expect(page.get_by_role("heading", name="Gypsum, virtual")).to_be_visible()
    drawn(page)
    settled(page)
    expected = np.clip(known_code(vs.restore(upload), vs), -5, 5)  # unknown ones stay
    assert np.allclose(code(page), expected, atol=1e-3)
    page.get_by_role("button", name="Undo").click()
    settled(page)
    assert not code(page).any()
