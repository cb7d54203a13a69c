"""Runs as the page lists them: called, deleted, brought back, compared."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from trainings import training

from spectra_vae.jobs.local.queue import LocalQueue
from spectra_vae.jobs.outcome import Outcome
from spectra_vae.jobs.queue import busy
from spectra_vae.jobs.record import Job
from spectra_vae.jobs.tasks import task, tasks
from spectra_vae.storage.models import cards
from spectra_vae.storage.process import identity
from spectra_vae.storage.runs import checked_name, note, read_run, run_folder, title_model
from spectra_vae.text.message import LANGUAGES, SpectraVaeError, say
from spectra_vae.ui.background import QueueManager
from spectra_vae.ui.run_rows import RunRow, all_runs, bring_back, remove, rename
from spectra_vae.ui.trainings import Trainings
from spectra_vae.ui.views.training.comparison_card import differences
from spectra_vae.ui.views.training.over_steps_figure import decades, step_ticks
from spectra_vae.ui.views.training.run_callbacks import undoable
from spectra_vae.ui.views.training.runs_cards import varies
from spectra_vae.vae.config import TrainConfig
from spectra_vae.vae.header import write_json


@pytest.fixture
def queue(tmp_path, monkeypatch):
    monkeypatch.setenv("SPECTRA_VAE_HOME", str(tmp_path))
    return LocalQueue(tmp_path / "jobs")


def row(queue, run):
    return next((r for r in all_runs(queue) if r.id == run), None)


def model(run, name):
    """A finished run's folder, as far as lists look into it."""
    folder = run_folder(run)
    folder.mkdir(parents=True)
    note(folder, name=name, state="finished")
    card = {"name": name, "mineral": "gypsum", "supervision": "none", "seed": 0, "steps": 1}
    write_json(folder / "model.json", {"format": 1, "card": card, "other": 5})
    return folder


def paused(queue, run):
    queue.add([training(run)])
    queue.claim()
    run_folder(run).mkdir(parents=True)
    note(run_folder(run), name=run, state="running", pid=0)
    queue.end(run, Outcome("paused"))


def cancelled(queue, run):
    queue.add([training(run)])
    queue.cancel(run)


def test_a_run_that_never_started_took_no_time_and_comes_back(queue):
    cancelled(queue, "a")
    assert row(queue, "a").seconds is None
    assert remove(queue, "a") == "a" and row(queue, "a") is None
    bring_back(queue, "a")
    back = row(queue, "a")
    assert (back.state, back.resumable) == ("cancelled", True)
    queue.resume("a")
    assert queue.claim().id == "a"


def test_a_job_of_another_kind_is_no_run(queue, monkeypatch):
    monkeypatch.setitem(tasks(), "other", task("train"))
    queue.add([Job("x", "x", "other", {})])
    queue.add([training("a")])
    assert row(queue, "x") is None and row(queue, "a").position == 2
    queue.claim()
    assert row(queue, "x") is None
    queue.end("x", Outcome("died"))
    assert row(queue, "x") is None and queue.ended()[0].id == "x"


@pytest.mark.parametrize(("stage", "later"), [("waiting", "running"), ("running", "died")])
def test_a_run_that_moves_on_while_the_list_is_read_is_in_it_once(queue, monkeypatch, stage, later):
    queue.add([training("a")])
    if stage == "running":
        queue.claim()
    read = getattr(queue, stage)

    def and_then_it_moves_on(*given):
        found = read(*given)
        queue.claim() if stage == "waiting" else queue.end("a", Outcome("died"))
        return found

    monkeypatch.setattr(queue, stage, and_then_it_moves_on)
    assert [r.state for r in all_runs(queue) if r.id == "a"] == [later]


def test_a_run_comes_back_with_its_folder_and_as_resumable_as_it_was(queue):
    paused(queue, "a")
    remove(queue, "a")
    assert not run_folder("a").exists()
    bring_back(queue, "a")
    assert run_folder("a").is_dir() and row(queue, "a").state == "paused"
    with pytest.raises(SpectraVaeError):
        bring_back(queue, "b")
    with pytest.raises(SpectraVaeError):
        remove(queue, "b")


def test_a_new_name_stands_wherever_the_run_is_named(queue):
    queue.add([training("a")])
    queue.claim()
    folder = model("a", "old")
    queue.end("a", Outcome("finished"))
    before = Trainings().version()
    rename(queue, "a", "  new   name ")
    assert row(queue, "a").name == queue.get("a").name == "new name"
    assert [c["name"] for c in cards() if c["id"] == "a"] == ["new name"]
    assert json.loads((folder / "model.json").read_text())["other"] == 5
    assert Trainings().version() != before
    assert remove(queue, "a") == "new name"


def test_a_run_renamed_while_it_trains_or_before(queue):
    cancelled(queue, "a")
    rename(queue, "a", "later")
    assert queue.get("a").name == row(queue, "a").name == "later"
    folder = model("b", "old")
    note(folder, name="meanwhile")  # the training wrote its model with the name it began with
    title_model(folder)
    assert json.loads((folder / "model.json").read_text())["card"]["name"] == "meanwhile"


@pytest.mark.parametrize("name", ["gypsum", "GYPSUM", "", "  ", "x" * 61, None])
def test_a_name_that_tells_nothing_is_refused(queue, name):
    cancelled(queue, "a")
    model("b", "b")
    for run in ("a", "b"):
        with pytest.raises(SpectraVaeError) as refused:
            rename(queue, run, name)
        for language in LANGUAGES:
            assert say(refused.value.message, language).endswith(".")
    assert queue.get("a").name == "a" and read_run(run_folder("b"))["name"] == "b"
    assert checked_name("gypsum") == "gypsum"  # the command line may


def test_a_paused_run_can_be_resumed_however_many_came_after_it(queue):
    paused(queue, "a")
    for k in range(60):
        cancelled(queue, f"b{k}")
    assert (row(queue, "a").state, row(queue, "a").resumable) == ("paused", True)


def test_a_file_that_says_nonsense_spoils_no_list(queue):
    for k, pid in enumerate(["abc", -5, 1, 1e30, None, [], True]):
        run_folder(f"r{k}").mkdir(parents=True)
        note(run_folder(f"r{k}"), state="running", pid=pid, born=1.0, beta="x", seconds={}, mig=[])
    assert {r.state for r in all_runs(queue) if r.id[0] == "r"} == {"died"}
    note(run_folder("r0"), **dict(zip(("pid", "born"), identity(os.getpid()), strict=True)))
    assert row(queue, "r0").state == "running"


def test_page_and_training_write_at_once_and_nothing_is_lost(queue):
    folder = model("a", "old")

    def write(k):
        for n in range(50):
            note(folder, **{f"key{k}": n})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert [read_run(folder)[f"key{k}"] for k in range(4)] == [49] * 4


@pytest.mark.parametrize(
    ("name", "config"),
    [
        ("gypsum", {}),
        ("a\nb\x00", {}),
        ("deep", {"encoder": [8192] * 500}),
        ("long", {"steps": 10**9}),
        ("odd", {"nothing": 1}),
    ],
)
def test_a_forged_ticket_starts_nothing(queue, name, config):
    ticket = {"jobs": [{"name": name, "config": config}]}
    with pytest.raises(SpectraVaeError):
        QueueManager(queue).call_job_fn("key", "train", [ticket], None)
    assert queue.waiting() == queue.running() == []


def test_the_watched_run_is_the_one_asked_for_whatever_its_state(queue, monkeypatch):
    monkeypatch.setattr(Trainings, "queue", queue)
    trainings = Trainings()
    assert trainings.watched(None) is None
    queue.add([training("a")])
    assert trainings.watched(None).id == "a"  # nothing else to watch
    queue.add([training("b")])
    queue.claim()
    assert trainings.watched("b").id == "b" and trainings.watched(None).id == "a"
    queue.end("a", Outcome("cancelled"))
    assert trainings.watched("a").id == "a"


@pytest.mark.parametrize("given", [None, 5, "x", [5], [{}], [{"run": "a"}], {"run": "a"}])
def test_a_forged_undo_is_nothing(given):
    assert undoable(given) == []


def test_only_the_last_ten_seconds_can_be_undone(monkeypatch):
    monkeypatch.setattr("time.time", lambda: 100.0)
    entries = [{"run": str(k), "name": "n", "until": until} for k, until in enumerate((99, 101))]
    assert [entry["run"] for entry in undoable(entries)] == ["1"]


# --- comparisons -------------------------------------------------------------------------------


def test_what_an_older_version_left_out_is_no_difference():
    new = TrainConfig(emphasis=((1300.0, 4001.0, 3.0),)).to_dict()
    old = json.loads(json.dumps(new))
    old["emphasis"] = [[1300, 4001, 3]]
    for name in ("exposure", "fluorescence", "ranges"):
        del old["instrument"][name]
    old["beta"] = int(old["beta"])
    assert differences([new, old]) == []
    assert differences([new, {**old, "beta": 7, "emphasis": []}]) == [
        ("beta", ["1", "7"]),
        ("emphasis", ["[[1300, 4001, 3]]", "[]"]),
    ]


def test_a_configuration_that_cannot_be_read_says_what_it_says():
    whole = TrainConfig(steps=5).to_dict()
    found = dict(differences([whole, {**whole, "steps": 6, "unheard": 1}]))
    assert found["steps"] == ["5", "6"] and found["unheard"] == ["–", "1"]


def test_powers_of_ten_stand_in_the_size_of_other_numbers():
    ticks = decades(-1.2, 2.3)
    assert ticks["ticktext"] == ["10<sup>−1</sup>", "1", "10", "10<sup>2</sup>"]
    assert ticks["tickvals"] == pytest.approx([0.1, 1, 10, 100])
    assert "tickvals" not in decades(0.1, 0.9)


@pytest.mark.parametrize("steps", [1, 3, 9, 10, 500, 777, 9_999, 10_000, 123_456, 7_654_321])
def test_no_step_stands_beyond_the_last_one(steps):
    ticks = step_ticks(steps)
    assert ticks[0] == 0 and ticks[-1] <= steps < ticks[-1] + ticks[1]
    assert 2 <= len(ticks) <= 5 and set(str(ticks[1]).rstrip("0")) <= set("125")


def test_a_run_says_what_varied_where_it_was_not_everything():
    def row(vary):
        return RunRow("a", "a", "shipped", "none", beta=1, seed=0, config={"vary": vary})

    said = str(varies(row({"hydration": [0.0, 1.5], "shift": [-1, 1]}), "en"))
    assert "only hydration, shift" in said
    assert varies(row({}), "en") == [] == varies(row(None), "en")


def test_a_job_that_starts_while_the_queue_is_read_is_busy_once(queue, monkeypatch):
    queue.add([training("a"), training("b")])
    read = queue.waiting

    def and_then_one_starts():
        found = read()
        queue.claim()
        return found

    monkeypatch.setattr(queue, "waiting", and_then_one_starts)
    assert [(job.id, job.state) for job in busy(queue)] == [("a", "running"), ("b", "waiting")]
