"""The page with a mineral that somebody brings: one file, and every view knows it."""

import dataclasses
import re
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from playwright.sync_api import expect

import spectra_vae as sv
from spectra_vae.recipes import recipe

from .conftest import VISITOR, Guard, free_port, start, stop, wait_for

TABLE = Path(__file__).parents[1] / "minerals" / "calcite.toml"
FOREIGN = re.compile(r"gypsum|gesso|sulfat|solfat|\bwater\b|\bacqua\b|\bOH\b", re.IGNORECASE)
TINY = {"spectra": 128, "steps": 40, "batch": 32, "encoder": (8,), "decoder": (8,)}
SAID = """() => {
  const view = [...document.querySelectorAll("[id^=view-]")].find((one) => !one.hidden);
  const copy = view.cloneNode(true);
  for (const choice of copy.querySelectorAll("select")) choice.remove();
  const texts = [view.innerText, ...[...copy.querySelectorAll("[aria-label], [title]")].flatMap(
    (one) => [one.getAttribute("aria-label"), one.getAttribute("title")])];
  return texts.filter(Boolean).join("\\n");
}"""


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A server of a home that holds the mineral's file and a short training of it."""
    home = tmp_path_factory.mktemp("calcite-home")
    (home / "minerals").mkdir()
    shutil.copy(TABLE, home / "minerals" / TABLE.name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPECTRA_VAE_HOME", str(home))
        short = dataclasses.replace(recipe("calcite"), **TINY)
        model = sv.train(short, name="calcite-short").folder.name
        m = sv.mineral("calcite")
    x = np.arange(120.0, 1850.0, 1.5)
    counts = np.random.default_rng(3).poisson(800 * m.spectrum(x) + 40)
    file = home / "measured.csv"
    rows = zip(x, counts, strict=True)
    file.write_text("\n".join(f"{a:.1f},{b}" for a, b in rows), encoding="utf-8")
    port = free_port()
    process = start(home, home / "log.txt", PORT=str(port))
    try:
        wait_for(f"http://localhost:{port}/health", process)
        yield f"http://localhost:{port}", model, file
    finally:
        stop(process)


@pytest.fixture(params=["en", "it"])
def page(browser, served, request):
    address = served[0]
    context = browser.new_context(**VISITOR, base_url=address)
    context.add_cookies([{"name": "language", "value": request.param, "url": address}])
    page = context.new_page()
    page.set_default_timeout(30_000)
    guard = Guard(page, urlsplit(address).netloc)
    yield page
    context.close()
    assert not guard.wrong


def own(page):
    """What the view says, in sight or to a screen reader, is no other mineral's."""
    told = page.evaluate(SAID)
    assert not FOREIGN.search(told), FOREIGN.findall(told)
    return told


def test_every_view_speaks_of_it(page, served):
    _, model, file = served
    page.goto(f"/?model={model}")
    expect(page.locator("#spectrum-title")).to_contain_text("Calcite, virtu")
    expect(page.locator("#bands table")).to_be_visible()
    page.locator("#sliders input[type=range]").first.press("ArrowRight")
    assert "1086" in own(page)
    with page.expect_download() as saving:
        page.locator("#export-csv").click()
    exported = Path(saving.value.path()).read_text(encoding="utf-8")
    assert not FOREIGN.search(saving.value.suggested_filename + exported)
    page.goto(f"/restore?model={model}")
    add_files_in(page, file)
    expect(page.locator("#restored .main-svg").first).to_be_visible()
    expect(page.locator("#estimates .estimate").first).to_be_visible()
    own(page)


def add_files_in(page, file):
    page.locator("#upload input[type=file]").set_input_files(str(file))


def test_neurons_and_training_know_it(page, served):
    _, model, _ = served
    page.goto(f"/neurons?neurons={model}")
    page.locator("#neurons-model").select_option(model)
    expect(page.locator("#heatmap .main-svg").first).to_be_visible()
    expect(page.locator("#command-map table")).to_be_visible()
    expect(page.locator("#command-map")).to_contain_text("1086")
    page.goto("/training")
    options = page.locator("#train-mineral option")
    expect(options.filter(has_text="calcite")).to_have_count(1)
