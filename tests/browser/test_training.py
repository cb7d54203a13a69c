"""Training: the form, what is queued behind a run, and the life of one, stopped and found again.

A run from the form to the spectrometer is test_any_mineral's: its form takes shorter ones.
"""

from __future__ import annotations

import re
import shutil

import pytest
from playwright.sync_api import expect
from trainings import LONG, go_on, hold, kill, state, stepping, training, until

from spectra_vae.jobs.backends import open_queue
from spectra_vae.storage.process import alive
from spectra_vae.storage.runs import history_of, read_live, run_folder

from .hands import run_row, watched_run

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
        shutil.rmtree(run_folder(job.id), ignore_errors=True)


def open_training(page):
    page.goto("/training")
    expect(page.get_by_role("heading", name="New run")).to_be_visible()
    expect(page.get_by_role("table").first).to_be_visible()


def fill(page, **values):
    for label, value in values.items():
        page.get_by_label(label, exact=True).fill(str(value))
    page.keyboard.press("Tab")


def test_the_form_and_what_is_queued_behind_a_run(page, returning, guarded, queue):
    open_training(page)
    what_is_wrong_is_said_beside_the_field(page, queue)
    another_kind_of_supervision_leaves_what_was_typed(page)
    queue.add([training("busy", LONG)])
    hold(stepping(queue, "busy"))
    other = guarded(returning.new_page())
    open_training(other)
    two_tabs_with_equal_settings_keep_two_jobs(page, other, queue)
    other.close()
    runs_that_never_started_are_both_brought_back(page, queue)
    beyond_the_bound_a_sentence_and_the_settings_stay(page, queue)
    a_sweep_queues_a_grid(page, queue)


def what_is_wrong_is_said_beside_the_field(page, queue):
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


def another_kind_of_supervision_leaves_what_was_typed(page):
    kinds = page.get_by_role("combobox", name="Supervision")
    before = kinds.input_value()
    fill(page, β=7)
    kinds.select_option("none")
    expect(page.get_by_label("Schedule of β")).to_have_value("linear")  # this one nobody touched
    expect(page.get_by_label("β", exact=True)).to_have_value("7")
    expect(page.get_by_label("Steps", exact=True)).to_have_value("900")
    kinds.select_option(before)
    fill(page, β=60)


def two_tabs_with_equal_settings_keep_two_jobs(page, other, queue):
    for tab in (page, other):
        fill(tab, Spectra=500, Steps=600)
        tab.get_by_role("button", name=re.compile("^Queue as number")).click()
    until(lambda: len(queue.waiting()) == 2)
    for tab in (page, other):
        expect(run_row(tab, "waits, number 1")).to_have_count(1)
        expect(run_row(tab, "waits, number 2")).to_have_count(1)
    one, two = queue.waiting()
    assert one.id != two.id and one.arguments["config"] == two.arguments["config"]
    page.locator("#queue-card").get_by_role("button").first.click()
    expect(run_row(other, "cancelled")).to_have_count(1)
    assert [job.id for job in queue.waiting()] == [two.id] and not run_folder(one.id).exists()
    queue.cancel(two.id)


def runs_that_never_started_are_both_brought_back(page, queue):
    for name in ("one", "two"):
        queue.add([training(name, LONG)])
        queue.cancel(name)
    expect(run_row(page, "one").locator(".took")).to_have_text("–")
    for name in ("one", "two"):
        page.get_by_role("button", name=f"Delete {name}").click()
        expect(run_row(page, name)).to_have_count(0)
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_have_count(2)
    undo.first.click()
    expect(run_row(page, "one")).to_contain_text("cancelled")
    undo.click()
    expect(run_row(page, "two")).to_contain_text("cancelled")


def a_sweep_queues_a_grid(page, queue):
    page.get_by_role("button", name="Sweep", exact=True).click()
    fill(page, **{"β, several": "1, 30", "Seeds": "0, 1", "Spectra": 500, "Steps": 500})
    page.get_by_role("button", name="Queue 4 runs").click()
    until(lambda: len(queue.waiting()) == 4)
    jobs = queue.waiting()
    assert [job.name.split("-", 2)[2] for job in jobs] == ["b1-s0", "b1-s1", "b30-s0", "b30-s1"]
    assert len({job.group for job in jobs}) == 1
    expect(run_row(page, "waits, number 4")).to_have_count(1)


def beyond_the_bound_a_sentence_and_the_settings_stay(page, queue):
    for k in range(8):
        queue.add([training(f"w{k}", LONG)])
    fill(page, Steps=777)
    page.get_by_role("button", name=re.compile("^Queue as number")).click()
    expect(page.locator("#notice")).to_contain_text("8 jobs are waiting already")
    expect(page.get_by_label("Steps", exact=True)).to_have_value("777")
    assert len(queue.waiting()) == 8
    for job in queue.waiting():
        queue.cancel(job.id)


def test_the_life_of_a_run(page, new_page, queue):
    """Found, paused, resumed, renamed, killed, resumed, cancelled; as often as it may go on."""
    queue.add([training("long", LONG)])
    first = stepping(queue, "long")
    until(lambda: len(history_of(run_folder("long"))) > 2)  # a line has two ends
    hold(first)
    open_training(page)
    found_again_by_a_reload_and_by_somebody_else(page, new_page())
    go_on(first)
    pause_resume(page, queue)
    rename_while_live_numbers_come_in(page, queue)
    killed_it_says_so_and_can_be_resumed(page, queue)
    cancelled_it_is_gone_and_the_next_one_begins(page, queue)


def found_again_by_a_reload_and_by_somebody_else(page, other):
    expect(run_row(page, "long")).to_contain_text("running")
    page.locator("#runs-table").get_by_role("button", name="long", exact=True).click()
    expect(page.locator(LINES).first).to_be_visible()
    page.reload()
    open_training(other)
    for tab in (page, other):
        expect(watched_run(tab).get_by_role("textbox")).to_have_value("long")
        expect(tab.locator(LINES).first).to_be_visible()
        first = tab.evaluate(
            "document.querySelector('#live-loss .js-plotly-plot')._fullData[0].x[0]"
        )
        assert first < 2000  # drawn from the start
    other.close()
    page.goto("/training?run=nobody")
    expect(page.locator("#notice")).to_contain_text("no run called nobody")  # gone after a while
    expect(watched_run(page).get_by_role("textbox")).to_have_value("long")


def pause_resume(page, queue):
    watched_run(page).get_by_role("button", name="Pause").click()
    expect(watched_run(page).get_by_role("button", name="Pausing…")).to_be_disabled()
    expect(run_row(page, "long")).to_contain_text("paused")
    watched_run(page).get_by_role("button", name="Resume").click()
    expect(run_row(page, "long")).to_contain_text("running")
    expect(watched_run(page).get_by_role("button", name="Pause")).to_be_enabled()


def rename_while_live_numbers_come_in(page, queue):
    title = watched_run(page).get_by_role("textbox")
    title.fill("a better <b>name</b>")
    made = read_live(run_folder("long"))["step"]
    hold(stepping(queue, "long", at_least=made + 1))
    expect(watched_run(page)).not_to_contain_text(f"{made:,} of".replace(",", "\u202f"))
    title.press("Enter")
    expect(run_row(page, "a better <b>name</b>")).to_have_count(1)
    for refused, said in (("", ""), ("gypsum", "comes with the program")):
        title.fill(refused)
        title.press("Enter")
        expect(page.locator("#notice")).to_contain_text(said)
        expect(title).to_have_value("a better <b>name</b>")


def killed_it_says_so_and_can_be_resumed(page, queue):
    kill(queue.get("long").pid)
    expect(run_row(page, "a better")).to_contain_text("died")
    expect(page.locator("#queue-card .alarm")).to_contain_text("died at step")
    page.locator("#queue-card").get_by_role("button", name="Resume").click()
    expect(run_row(page, "a better")).to_contain_text("running")


def cancelled_it_is_gone_and_the_next_one_begins(page, queue):
    queue.add([training("next", LONG)])
    watched_run(page).get_by_role("button", name="Cancel").click()
    expect(run_row(page, "a better")).to_contain_text("cancelled")
    expect(run_row(page, "next")).to_contain_text("running")
    title = watched_run(page).get_by_role("textbox")
    expect(title).to_have_value("a better <b>name</b>")  # not the next one's Cancel underneath
    job, _ = state(queue, "long", "cancelled")
    assert not alive(job.pid, job.born)
