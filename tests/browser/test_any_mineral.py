"""The page with a mineral that somebody brings: one file, and every view knows it."""

import dataclasses
import os
import re
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from playwright.sync_api import expect
from serving import ROOT, free_port
from trainings import LONG, hold, stepping, training, until

import spectra_vae as sv
from spectra_vae.jobs.backends import open_queue, open_records
from spectra_vae.jobs.outcome import carry_out
from spectra_vae.recipes import recipe
from spectra_vae.ui.components.training_form import KINDS_OF_TRAINING

from .conftest import PATIENCE, VISITOR, Guard, start, stop, wait_for
from .hands import drawn, run_row, watched_run

TABLE = Path(__file__).parents[1] / "minerals" / "calcite.toml"
DATA = Path(os.environ.get("SPECTRA_VAE_DATA", ROOT / "../shared/data"))
MEASURED = DATA / "other" / "R040070.rruff.785.txt"
CARBONATE = re.compile("carbonat[eo]")
FOREIGN = re.compile(r"gypsum|gesso|sulfat|solfat|\bwater\b|\bacqua\b|\bOH\b", re.IGNORECASE)
TINY = {"spectra": 128, "steps": 40, "batch": 32, "encoder": (8,), "decoder": (8,)}
RUN = "calcite-guided-b60-s4"
# What the form offers for it; the original study needs a strength that this mineral lacks.
KINDS = [kind for kind in KINDS_OF_TRAINING if not kind.startswith("study")]
# The program, but its form takes trainings too short to be of use.
SHORT = """
import runpy
from spectra_vae.ui.components.training_form import NUMBERS, Field
NUMBERS.update(spectra=Field(64, 500, whole=True), steps=Field(2, 500, whole=True))
runpy.run_path({app!r}, run_name="__main__")
"""
# In sight or to a screen reader; lists of models name whatever else there is.
SAID = """() => {
  const view = [...document.querySelectorAll("main > section")].find((one) => !one.hidden);
  const lists = [...view.querySelectorAll("select")];
  for (const list of lists) list.style.visibility = "hidden";
  const read = view.innerText;
  for (const list of lists) list.style.visibility = "";
  const names = [...view.querySelectorAll("[aria-label], [title]")].flatMap(
    (one) => [one.getAttribute("aria-label"), one.getAttribute("title")]);
  return [read, ...names].filter(Boolean).join("\\n");
}"""

# Of a file behind the virtual curve, one a panel.
LINES = """() =>
  document.querySelector("#spectrum .plot").data.filter(({ uid }) => uid.startsWith("file-")).length
"""


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
    (home / "app.py").write_text(SHORT.format(app=str(ROOT / "app.py")), encoding="utf-8")
    process = start(home, home / "log.txt", home, PORT=str(port), PYTHONPATH=str(ROOT))
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
    page.set_default_timeout(PATIENCE)
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
    spectrometer_and_its_files_speak_of_it(page)
    for one in (MEASURED, file) if MEASURED.is_file() else (file,):
        restore_speaks_of_it(page, model, one)
    what_was_restored_lies_behind_the_virtual_curve(page, file)
    neurons_speak_of_it(page, model)


def spectrometer_and_its_files_speak_of_it(page):
    expect(page.locator("#spectrum-title")).to_contain_text("Calcite, virtu")
    expect(page.locator("#bands table")).to_be_visible()
    page.locator("#sliders input[type=range]").first.press("ArrowRight")
    assert CARBONATE.search(own(page))
    with page.expect_download() as saving:
        page.locator("#export-csv").click()
    exported = Path(saving.value.path()).read_text(encoding="utf-8")
    assert not FOREIGN.search(saving.value.suggested_filename + exported)


def restore_speaks_of_it(page, model, file):
    """With the model that is chosen there; of the last one, which is all that is left then."""
    page.locator("#nav-restore").click()
    page.locator("#restore-as").select_option(model)
    if page.locator("#clear-files").is_visible():
        page.locator("#clear-files").click()
        expect(page.locator("#restore-empty")).to_be_visible()
    page.locator("#upload input[type=file]").set_input_files(str(file))
    expect(page.locator("#file-title")).to_have_text(file.name)
    expect(page.locator("#restored .main-svg").first).to_be_visible()
    expect(page.locator("#estimates .estimate").first).to_be_visible()
    own(page)


def what_was_restored_lies_behind_the_virtual_curve(page, file):
    page.locator("#nav-spectrometer").click()
    shown = page.locator("#show-file")
    expect(shown).to_contain_text(file.name[:12])
    expect(page.locator("#behind-words")).to_be_hidden()
    shown.click()
    expect(page.locator("#behind-words")).to_contain_text("RMS")
    assert page.evaluate(LINES)
    page.reload()  # the tab knows which one it was
    expect(page.locator("#spectrum-title")).to_contain_text("Calcite, virtu")
    shown.click()
    expect(page.locator("#behind-words")).to_contain_text("RMS")
    shown.click()
    expect(page.locator("#behind-words")).to_be_hidden()
    assert not page.evaluate(LINES)


def neurons_speak_of_it(page, model):
    page.locator("#nav-neurons").click()
    page.locator("#neurons-model").select_option(model)
    expect(page.locator("#command-map table")).to_contain_text(CARBONATE)
    expect(page.locator("#band option").filter(has_text="1086")).to_have_count(1)
    expect(page.locator("#heatmap .heatmaplayer image").first).to_be_visible()
    own(page)


@pytest.fixture
def queue(served, monkeypatch):
    """That server's queue."""
    monkeypatch.setenv("SPECTRA_VAE_HOME", str(served[2].parent))
    queue = open_queue()
    yield queue
    for job in queue.running():
        queue.cancel(job.id)


@pytest.mark.parametrize("page", ["en"], indirect=True)
def test_the_form_trains_every_kind_of_it(page, queue, unexamined):
    page.goto("/training")
    page.locator("#train-mineral").select_option("calcite")
    a_run_is_started_and_watched_to_its_end(page, queue)
    it_opens_in_the_spectrometer(page, queue)
    page.locator("#nav-training").click()
    queue.add([training("busy", LONG)])  # the one place is taken, by a run that computes nothing
    hold(stepping(queue, "busy"))
    every_kind_is_queued_and_trained(page, queue, unexamined)


def fill(page, **values):
    for field, value in values.items():
        page.locator(f"#train-{field}").fill(value)
    page.keyboard.press("Tab")


def a_run_is_started_and_watched_to_its_end(page, queue):
    fill(page, spectra="500", steps="60", seed="4")
    page.get_by_role("button", name="Start").click()
    expect(run_row(page, RUN)).to_contain_text("running")
    expect(page.locator("#running-now")).to_have_text("1 running")
    head = watched_run(page)
    expect(head).to_contain_text("of 60")
    expect(page.locator("#live-loss .js-line").first).to_be_visible()
    expect(page.locator("#live-heat .heatmaplayer image").first).to_be_visible()
    named = page.locator("#live-kl .annotation").filter(has_text="crystallinity")
    expect(named).to_be_visible()
    expect(run_row(page, RUN)).to_contain_text("finished")
    run = queue.ended(1)[0]
    assert run.result.pop("step_seconds") > 0
    assert run.result == {"run": run.id}
    expect(page.locator("#estimate-words")).to_contain_text("on this machine")  # measured meanwhile


def it_opens_in_the_spectrometer(page, queue):
    run = queue.ended(1)[0]
    page.get_by_role("button", name=f"Open {RUN} in the Spectrometer").click()
    drawn(page, run.id)
    expect(page.locator("#model")).to_have_value(run.id)


def every_kind_is_queued_and_trained(page, queue, unexamined):
    assert len(KINDS) == 7
    page.locator("#sweep-sweep").click()
    boxes = page.locator("#train-kinds input")
    for kind, box in zip(KINDS_OF_TRAINING, boxes.all(), strict=True):
        box.set_checked(kind in KINDS)
    fill(page, betas="60", seeds="0", spectra="64", steps="2")
    page.get_by_role("button", name="Queue 7 runs").click()
    until(lambda: len(queue.waiting()) == 7)
    with unexamined():
        carry_out_all_that_waits()
    for kind in KINDS:
        expect(run_row(page, f"calcite-{kind}-b60-s0")).to_contain_text("finished")


def carry_out_all_that_waits():
    """As a worker does, but here: a process of its own for each would load torch seven times."""
    records = open_records()
    while job := records.claim():
        records.started(job.id, os.getpid())
        records.end(job.id, carry_out(job, lambda progress: None), job.holder)
