"""Training: a run from the form to the spectrometer; jobs seen, stopped, compared, found again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from trainings import LONG, hold, kill, state, stepping, training, until

from spectra_vae.jobs.backends import open_queue
from spectra_vae.jobs.queue import QueueError
from spectra_vae.jobs.record import Job
from spectra_vae.storage.process import alive
from spectra_vae.storage.runs import read_live, run_folder

from .hands import drawn

LINES = "#live-loss .js-line"


@pytest.fixture
def queue(home, address):
    """The served queue; nothing is left in it, and no run."""
    queue = open_queue()
    yield queue
    for job in queue.waiting() + queue.running():
        queue.cancel(job.id)
    until(lambda: not queue.running())
    for job in queue.ended(200):
        queue.forget(job.id)
        folder = run_folder(job.id)
        for file in folder.glob("*") if folder.is_dir() else ():
            file.unlink()
        if folder.is_dir():
            folder.rmdir()


def open_training(page, path="/training"):
    page.goto(path)
    expect(page.get_by_role("heading", name="New run")).to_be_visible()
    expect(page.get_by_role("table").first).to_be_visible()


def fill(page, **values):
    for label, value in values.items():
        page.get_by_label(label, exact=True).fill(str(value))
    page.keyboard.press("Tab")


def row(page, name):
    return page.locator("#runs-table tbody tr").filter(has_text=name)


def head(page):
    return page.get_by_role("region", name="The run that is watched")


def test_a_run_from_the_form_to_the_spectrometer(page, queue):
    open_training(page)
    fill(page, Spectra=500, Steps=500, Seed=4)
    expect(page.locator("#estimate-words")).to_contain_text("on this machine")
    page.get_by_role("button", name="Start").click()
    expect(row(page, "gypsum-guided-b60-s4")).to_contain_text("running")
    expect(page.locator("#running-now")).to_have_text("1 running")
    expect(head(page)).to_contain_text("of 500")
    expect(page.locator(LINES).first).to_be_visible()
    expect(page.locator("#live-heat .heatmaplayer image").first).to_be_visible()
    expect(page.locator("#live-kl .annotation").filter(has_text="hydration")).to_be_visible()
    expect(row(page, "gypsum-guided-b60-s4")).to_contain_text("finished", timeout=120_000)
    run = queue.ended(1)[0]
    assert run.result.pop("step_seconds") > 0
    assert run.result == {"run": run.id}
    page.get_by_role("button", name="Open gypsum-guided-b60-s4 in the Spectrometer").click()
    drawn(page, run.id)
    expect(page.locator("#model")).to_have_value(run.id)


def test_what_is_wrong_is_said_beside_the_field(page, queue):
    open_training(page)
    fill(page, Steps=20, Spectra="")
    expect(page.locator("#wrong-steps")).to_contain_text("at least 500")
    expect(page.locator("#wrong-spectra")).to_contain_text("a whole number")
    start = page.get_by_role("button", name="Start")
    expect(start).to_be_disabled()
    expect(page.locator("#wrong-form")).to_have_text("Mend first: Spectra, Steps.")
    start.click(force=True)
    fill(page, Steps=900, Spectra=700)
    expect(page.locator("#wrong-steps")).to_be_empty()
    expect(start).to_be_enabled()
    assert queue.waiting() == queue.running() == []


def test_another_kind_of_supervision_leaves_what_was_typed(page, queue):
    open_training(page)
    fill(page, β=7, Steps=600)
    page.get_by_role("combobox", name="Supervision").select_option("none")
    expect(page.get_by_label("Schedule of β")).to_have_value("linear")  # this one nobody touched
    expect(page.get_by_label("β", exact=True)).to_have_value("7")
    expect(page.get_by_label("Steps", exact=True)).to_have_value("600")


def test_two_tabs_with_equal_settings_keep_two_jobs(page, new_page, queue):
    queue.add([training("first", LONG)])
    hold(stepping(queue, "first"))
    other = new_page()
    for tab in (page, other):
        open_training(tab)
        fill(tab, Spectra=500, Steps=600)
        tab.get_by_role("button", name=re.compile("^Queue as number")).click()
    until(lambda: len(queue.waiting()) == 2)
    for tab in (page, other):
        expect(row(tab, "waits, number 1")).to_have_count(1)
        expect(row(tab, "waits, number 2")).to_have_count(1)
    one, two = queue.waiting()
    assert one.id != two.id and one.arguments["config"] == two.arguments["config"]
    page.locator("#queue-card").get_by_role("button").first.click()
    expect(row(other, "cancelled")).to_have_count(1)
    assert [job.id for job in queue.waiting()] == [two.id] and not run_folder(one.id).exists()


def test_beyond_the_bound_a_sentence_and_the_settings_stay(page, queue):
    queue.add([training("busy", LONG)])
    hold(stepping(queue, "busy"))
    for k in range(8):
        queue.add([training(f"w{k}", LONG)])
    open_training(page)
    fill(page, Spectra=500, Steps=777)
    page.get_by_role("button", name=re.compile("^Queue as number")).click()
    expect(page.locator("#notice")).to_contain_text("8 jobs are waiting already")
    expect(page.get_by_label("Steps", exact=True)).to_have_value("777")
    assert len(queue.waiting()) == 8


def test_found_again_by_a_reload_and_by_somebody_else(page, new_page, queue):
    queue.add([training("long", LONG)])
    stepping(queue, "long", at_least=20)
    open_training(page)
    expect(row(page, "long")).to_contain_text("running")
    expect(page.locator(LINES).first).to_be_visible()
    page.reload()
    other = new_page()
    open_training(other)
    for tab in (page, other):
        expect(head(tab).get_by_role("textbox")).to_have_value("long")
        expect(tab.locator(LINES).first).to_be_visible()
        first = tab.evaluate(
            "document.querySelector('#live-loss .js-plotly-plot')._fullData[0].x[0]"
        )
        assert first < 2000  # drawn from the start
    open_training(page, "/training?run=nobody")
    expect(page.locator("#notice")).to_contain_text("no run called nobody")


def test_pause_resume_rename_cancel(page, queue):
    queue.add([training("walk", LONG)])
    stepping(queue, "walk")
    open_training(page)
    head(page).get_by_role("button", name="Pause").click()
    expect(head(page).get_by_role("button", name="Pausing…")).to_be_disabled()
    expect(row(page, "walk")).to_contain_text("paused")
    head(page).get_by_role("button", name="Resume").click()
    expect(row(page, "walk")).to_contain_text("running")
    title = head(page).get_by_role("textbox")
    expect(head(page).get_by_role("button", name="Pause")).to_be_enabled()
    title.fill("a better <b>name</b>")
    made = read_live(run_folder("walk"))["step"]
    stepping(queue, "walk", at_least=made + 1)  # live numbers come in while somebody types
    expect(head(page)).not_to_contain_text(f"{made:,} of".replace(",", "\u202f"))
    title.press("Enter")
    expect(row(page, "a better <b>name</b>")).to_have_count(1)
    for refused, said in (("", ""), ("gypsum", "comes with the program")):
        title.fill(refused)
        title.press("Enter")
        expect(page.locator("#notice")).to_contain_text(said)
        expect(title).to_have_value("a better <b>name</b>")
    queue.add([training("next", LONG)])
    head(page).get_by_role("button", name="Cancel").click()
    expect(row(page, "a better")).to_contain_text("cancelled")
    expect(row(page, "next")).to_contain_text("running")
    expect(title).to_have_value("a better <b>name</b>")  # not the next one's Cancel underneath
    job, _ = state(queue, "walk", "cancelled")
    assert not alive(job.pid, job.born)


def test_a_killed_job_says_so_and_can_be_resumed(page, queue):
    queue.add([training("victim", LONG)])
    job = stepping(queue, "victim")
    open_training(page)
    expect(row(page, "victim")).to_contain_text("running")
    kill(job.pid)
    expect(row(page, "victim")).to_contain_text("died")
    expect(page.locator("#queue-card .alarm")).to_contain_text("victim died at step")
    page.locator("#queue-card").get_by_role("button", name="Resume").click()
    expect(row(page, "victim")).to_contain_text("running")


def test_a_sweep_queues_a_grid(page, queue):
    queue.add([training("busy", LONG)])
    hold(stepping(queue, "busy"))
    open_training(page)
    page.get_by_role("button", name="Sweep", exact=True).click()
    fill(page, **{"β, several": "1, 30", "Seeds": "0, 1", "Spectra": 500, "Steps": 500})
    page.get_by_role("button", name="Queue 4 runs").click()
    until(lambda: len(queue.waiting()) == 4)
    jobs = queue.waiting()
    assert [job.name.split("-", 2)[2] for job in jobs] == ["b1-s0", "b1-s1", "b30-s0", "b30-s1"]
    assert len({job.group for job in jobs}) == 1
    expect(row(page, "waits, number 4")).to_have_count(1)


def test_runs_are_compared_searched_deleted_and_brought_back(page, queue):
    queue.add([training("one", beta=2.0)])
    queue.add([training("two", beta=9.0)])
    state(queue, "two", "finished")
    open_training(page)
    compare = page.get_by_role("button", name="Compare")
    expect(compare).to_be_disabled()
    expect(compare).to_have_attribute("title", re.compile("Tick two runs or more"))
    page.get_by_label("Choose one for a comparison").check()
    page.get_by_label("Choose two for a comparison").check()
    page.get_by_role("button", name="Compare 2").click()
    panel = page.locator("#comparison")
    expect(panel.locator(".js-line").nth(5)).to_be_visible()
    difference = panel.get_by_role("row").filter(has_text="beta")
    expect(difference.get_by_role("cell")).to_have_text(["9", "2"])  # newest first
    told = panel.locator("tbody").get_by_role("rowheader").all_inner_texts()
    assert [name for name in told if name not in ("active", "MIG")] == ["beta"]
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_be_hidden()
    page.get_by_label("Search").fill("tw")
    expect(row(page, "one")).to_have_count(0)
    page.get_by_role("button", name="Delete two").click()
    expect(row(page, "two")).to_have_count(0)
    assert not run_folder("two").exists()
    page.get_by_role("button", name="Undo").click()
    expect(row(page, "two")).to_have_count(1)
    assert (run_folder("two") / "model.json").exists()


def test_a_forged_ticket_is_refused(page, queue, address):
    """What a page sends is checked again where it is used."""
    with pytest.raises(QueueError):
        queue.add([Job("../../x", "x", "train", {"config": {}})])
    queue.add([Job("x", "x", "train", {"run": "../../x", "config": {"run": "../../x"}})])
    failed, _ = state(queue, "x", "failed", "died")
    assert failed.message["code"] == "error.unknown_field"


def test_runs_that_never_started_are_both_brought_back(page, queue):
    queue.add([training("busy", LONG)])
    hold(stepping(queue, "busy"))
    for name in ("one", "two"):
        queue.add([training(name, LONG)])
        queue.cancel(name)
    open_training(page)
    expect(row(page, "one").locator(".took")).to_have_text("–")
    for name in ("one", "two"):
        page.get_by_role("button", name=f"Delete {name}").click()
        expect(row(page, name)).to_have_count(0)
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_have_count(2)
    undo.first.click()
    expect(row(page, "one")).to_contain_text("cancelled")
    undo.click()
    expect(row(page, "two")).to_contain_text("cancelled")


def test_no_column_of_the_runs_lies_beyond_the_edge(page, queue):
    queue.add([training("gypsum-guided-b60-s0")])
    state(queue, "gypsum-guided-b60-s0", "finished")
    open_training(page)
    for width in (390, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        for name in (".took", ".mig", ".actions button >> nth=-1"):
            cell = row(page, "gypsum-guided-b60-s0").locator(name)
            inside = cell.evaluate(
                """(cell) => { const own = cell.getBoundingClientRect(),
                table = cell.closest("#runs-table").getBoundingClientRect();
                return own.left >= table.left && own.right <= table.right + 1; }"""
            )
            assert inside, (width, name)
