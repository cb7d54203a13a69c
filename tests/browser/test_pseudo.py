"""Pseudo-spectra on the page: simulated and uploaded spectra clustered, drawn, saved, scored."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

import spectra_vae as sv
from spectra_vae.examples import example

from .hands import code, drawn
from .test_neurons import open_neurons


def choose(page, button, files):
    """Choose files in the dialog that a button opens; the input behind it has its name too."""
    with page.expect_file_chooser() as chooser:
        page.locator("#pseudo-card button").filter(has_text=button).click()
    chooser.value.set_files(files)


def file(name, content=None):
    data = example(name) if content is None else content
    return {"name": f"{name}.csv", "mimeType": "text/csv", "buffer": data}


def saved(page, kind):
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Save the pseudo-spectra as {kind}").click()
    return Path(download.value.path()).read_text()


@pytest.fixture(scope="module")
def other_files():
    """Measured files of two kinds: gypsum and without water."""
    x = np.arange(100, 3800, 2.0)
    found = []
    for k, hydration in enumerate((1.5, 1.5, 1.5, 0.0, 0.0, 0.0)):
        y = sv.simulate(
            "gypsum",
            1,
            sv.Instrument(fluorescence=(0, 0), spikes=0).at(30_000),
            seed=k,
            factors={"hydration": hydration, "crystallinity": 0.755, "shift": 0, "intensity": 1},
            wavenumber=x,
        ).dirty[0]
        text = "\n".join(f"{a:.2f},{b:.6f}" for a, b in zip(x, y, strict=True))
        found.append(file(f"{'wet' if hydration else 'dry'}{k}", text.encode()))
    return found


def test_simulated_and_dropped_spectra_are_clustered_shown_saved_and_scored(page, other_files):
    open_neurons(page, "/neurons?model=gypsum-unsupervised")
    nothing_is_scored_before_there_are_clusters(page)
    page.get_by_role("button", name="Simulate").click()
    expect(page.locator("#pseudo-rows .js-line").first).to_be_visible()
    a_model_that_mixes_clusters_them_by_what_it_moves(page)
    another_model_clusters_the_same_spectra(page)
    simulated_presets_are_clustered_and_saved(page)
    fewer_on_other_axes_and_one_opened_in_the_spectrometer(page)
    page.get_by_role("link", name="Neurons").click()
    kinds = files_are_clustered(page, other_files)
    new_ones_are_scored(page, other_files, kinds)
    too_many_clusters_are_refused(page)


def clusters(page):
    return page.locator(".cluster-list li")


def nothing_is_scored_before_there_are_clusters(page):
    choose(page, "Score files", [file("clean")])
    expect(page.locator("#pseudo-words")).to_contain_text("Cluster some spectra first")


def simulated_presets_are_clustered_and_saved(page):
    expect(clusters(page)).to_have_count(4)
    expect(page.locator("#pseudo-bar")).to_be_hidden()
    counts = page.locator(".cluster-list").inner_text()
    assert counts.count("Amorphous") >= 1 and "hydration" in counts
    told = json.loads(saved(page, "JSON"))
    assert told["model"] == "gypsum" and len(told["names"]) == 48 == len(told["codes"])
    assert sum(c["size"] for c in told["clusters"]) == 48
    table = saved(page, "CSV")
    assert "# model: gypsum\n" in table and "wavenumber_cm-1,spectrum_1,p10_1" in table


def a_model_that_mixes_clusters_them_by_what_it_moves(page):
    expect(page.locator(".cluster-list")).to_contain_text("water bands")
    expect(clusters(page)).to_have_count(4)
    assert json.loads(saved(page, "JSON"))["model"] == "gypsum-unsupervised"


def another_model_clusters_the_same_spectra(page):
    page.get_by_role("combobox", name="Model").select_option("gypsum")
    expect(page.locator(".cluster-list")).to_contain_text("hydration")


def fewer_on_other_axes_and_one_opened_in_the_spectrometer(page):
    page.get_by_role("combobox", name="Clusters").select_option("2")
    expect(clusters(page)).to_have_count(2)
    page.get_by_role("combobox", name="Axes").select_option("3,5")
    expect(page.locator("#pseudo-plane .ytitle")).to_have_text("z of crystallinity #5")
    page.get_by_role("button", name="Open pseudo-spectrum 1 in the Spectrometer").click()
    drawn(page)
    assert np.abs(code(page)).max() > 0


def files_are_clustered(page, other_files):
    """Into two kinds; which of them are in which."""
    broken = file("broken", b"no numbers at all")
    choose(page, "Cluster files", [*other_files, broken])
    expect(page.locator("#pseudo-clusters")).to_contain_text("Left out: broken.csv.")
    rows = clusters(page).all_inner_texts()
    kinds = [{word[:3] for word in row.split() if word[:3] in ("wet", "dry")} for row in rows]
    assert sorted(map(sorted, kinds)) == [["dry"], ["wet"]]
    return kinds


def new_ones_are_scored(page, other_files, kinds):
    choose(page, "Score files", [other_files[0], file("foreign")])
    scores = page.locator("#pseudo-scores li")
    expect(scores).to_have_count(2)
    wet = next(k for k, kind in enumerate(kinds, 1) if kind == {"wet"})
    expect(scores.first).to_contain_text(f"wet0.csv: pseudo-spectrum {wet}")
    expect(scores.nth(1)).to_contain_text("foreign.csv")


def too_many_clusters_are_refused(page):
    page.get_by_role("combobox", name="Clusters").select_option("8")
    refusal = "8 clusters can't be made of 6 different codes"
    expect(page.locator("#pseudo-clusters")).to_contain_text(refusal)
