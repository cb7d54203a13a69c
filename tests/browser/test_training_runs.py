"""Training: what was trained is compared, searched, deleted and brought back."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace

import pytest
from playwright.sync_api import expect
from trainings import TINY

import spectra_vae as sv

from .hands import run_row
from .test_training import open_training

INSIDE = """(cell) => {
    const own = cell.getBoundingClientRect();
    const table = cell.closest("#runs-table").getBoundingClientRect();
    return own.left >= table.left && own.right <= table.right + 1; }"""


@pytest.fixture
def two(home, address, unexamined):
    """Two runs that differ in one setting, trained without the page."""
    settings = {"gypsum-guided-b2-one": 2.0, "gypsum-guided-b9-two": 9.0}
    config = sv.TrainConfig(**TINY, steps=20)
    with unexamined():
        runs = [sv.train(replace(config, beta=b), name=n) for n, b in settings.items()]
    yield runs
    for run in runs:
        shutil.rmtree(run.folder, ignore_errors=True)


def test_runs_are_compared_searched_deleted_and_brought_back(page, two):
    folder = two[1].folder
    assert (folder / "model.json").is_file()
    open_training(page)
    compare = page.get_by_role("button", name="Compare")
    expect(compare).to_be_disabled()
    expect(compare).to_have_attribute("title", re.compile("Tick two runs or more"))
    page.get_by_label("Choose gypsum-guided-b2-one for a comparison").check()
    page.get_by_label("Choose gypsum-guided-b9-two for a comparison").check()
    page.get_by_role("button", name="Compare 2").click()
    panel = page.locator("#comparison")
    expect(panel.locator(".js-line").nth(5)).to_be_visible()
    difference = panel.get_by_role("row").filter(has_text="beta")
    expect(difference.get_by_role("cell")).to_have_text(["9", "2"])  # newest first
    told = panel.locator("tbody").get_by_role("rowheader").all_inner_texts()
    assert [name for name in told if name not in ("active", "MIG")] == ["beta"]
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_be_hidden()
    page.get_by_label("Search").fill("b9-tw")
    expect(run_row(page, "one")).to_have_count(0)
    page.get_by_role("button", name="Delete gypsum-guided-b9-two").click()
    expect(run_row(page, "two")).to_have_count(0)
    assert not folder.exists()
    page.get_by_role("button", name="Undo").click()
    expect(run_row(page, "two")).to_have_count(1)
    assert (folder / "model.json").is_file()
    no_column_of_the_runs_lies_beyond_the_edge(page)


def no_column_of_the_runs_lies_beyond_the_edge(page):
    for width in (390, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        for name in (".took", ".mig", ".actions button >> nth=-1"):
            inside = run_row(page, "gypsum-guided-b9-two").locator(name).evaluate(INSIDE)
            assert inside, (width, name)
