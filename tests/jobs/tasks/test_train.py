"""Trainings as jobs, for real: order, cancel, pause, and what is left after every kind of death."""

from __future__ import annotations

import sys
from collections import deque
from pathlib import Path

import pytest
import torch
from trainings import LONG, gone, kill, state, stepping, training, until

import spectra_vae as sv
from spectra_vae.jobs import speed
from spectra_vae.jobs.queue import NICENESS, STEP_BACK
from spectra_vae.jobs.record import Job
from spectra_vae.storage.runs import history_of, read_live, run_folder
from spectra_vae.vae import resume
from spectra_vae.vae.train import steps

from ..small_jobs import KINDS, counting


@pytest.fixture
def kinds(add_kind):
    """What waits behind a training needn't be one."""
    add_kind("count", (KINDS / "count.py").read_text(encoding="utf-8"))


def sentence(job):
    return str(job.why)


def test_eight_at_once_one_runs_seven_wait_in_order(queue, start_worker):
    names = [f"j{k}" for k in range(8)]
    speed.remember(speed.Speed(step=1e3, spectrum=2.0))
    queue.add([training("j0", LONG)])
    for name in names[1:]:
        queue.add([training(name)])
    start_worker()
    stepping(queue, "j0")
    assert [job.id for job in queue.running()] == ["j0"]
    assert [queue.position(name) for name in names] == [0, 1, 2, 3, 4, 5, 6, 7]
    for name in names[2:]:
        queue.cancel(name)
    queue.cancel("j0")
    state(queue, "j0", "cancelled")
    state(queue, "j1", "finished")
    there = sv.load("j1")
    here = deque(steps(there.config), maxlen=1)[0].model.state_dict()  # two processes, one result
    for name, kept in there.network.state_dict().items():
        assert torch.equal(kept, here[name].half().float())
    for name in names[2:]:
        assert queue.get(name).state == "cancelled" and not run_folder(name).exists()
    learnt = speed.known()  # the next estimate knows what these took
    (step,) = learnt.learnt.values()
    assert 0 < step < 1 and learnt.seconds(training("j9").arguments["config"]) < 1e4


@pytest.mark.alone
def test_a_killed_job_says_so_the_next_one_starts_and_a_cancel_ends_it_at_once(
    queue, start_worker, monkeypatch
):
    monkeypatch.delenv(NICENESS)
    queue.add([training("a", LONG)])
    queue.add([training("b", LONG)])
    start_worker()
    job = stepping(queue, "a", at_least=5)
    kill(job.pid)
    died, took = state(queue, "a", "died")
    assert took < 2 and "died at step" in sentence(died)
    assert until(lambda: queue.get("b").pid)[1] < 2
    job = stepping(queue, "b")
    weight = Path(f"/proc/{job.pid}/autogroup")  # what Linux weighs sessions by, where it does
    assert not weight.exists() or f"nice {STEP_BACK}" in weight.read_text()
    queue.cancel("b")
    _, took = state(queue, "b", "cancelled")
    assert took < 2 and gone(job)


@pytest.mark.alone
def test_after_a_pause_and_after_a_death_a_training_goes_on_from_its_state(queue, start_worker):
    queue.add([training("a", LONG)])
    first = start_worker()
    stepping(queue, "a", at_least=50)
    queue.pause("a")
    paused, _ = state(queue, "a", "paused")
    left = resume.load(run_folder("a"))
    assert paused.resumable and left.number >= 50
    queue.resume("a")
    for name in "bc":
        queue.add([training(name, LONG)])
    job = stepping(queue, "a", at_least=left.number + 1)
    numbers = [row["step"] for row in history_of(run_folder("a"))]
    assert numbers == sorted(set(numbers)) and numbers[0] < left.number < numbers[-1]
    assert read_live(run_folder("a"))["seconds"] > left.seconds
    kill(first.pid)
    # No orphan, and no lock: which of them goes first is the kernel's choice.
    _, took = until(lambda: gone(job) and not queue.has_worker())
    assert took < 5
    assert queue.has_worker() is False
    seen, before = read_live(run_folder("a")), resume.load(run_folder("a"))
    start_worker()
    until(lambda: queue.get("a").attempts == job.attempts + 1)
    again = stepping(queue, "a", at_least=seen["step"] + 1)
    assert again.pid != job.pid
    rows = history_of(run_folder("a"))
    later = next(row for row in rows if row["step"] > before.number)
    assert later["step"] <= before.number + 2000 and rows[0]["step"] < before.number
    assert [queue.position(name) for name in "abc"] == [0, 1, 2]


def test_a_loss_that_is_no_number_stops_with_a_sentence(queue, start_worker, kinds):
    queue.add([training("a", LONG, learning_rate=1.0, sigma=1e-4, clip=1e30, variational=False)])
    queue.add([counting("b")])
    start_worker()
    failed, _ = state(queue, "a", "failed", "finished")
    assert failed.state == "failed" and "no longer a number at step" in sentence(failed)
    kept = resume.load(run_folder("a"))
    assert all(t.isfinite().all() for k, t in kept.tensors.items() if "model" in k)
    assert not (run_folder("a") / "model.json").exists()
    state(queue, "b", "finished")


@pytest.mark.skipif(sys.platform != "linux", reason="a full disk is played by /dev/full")
def test_a_full_disk_stops_the_job_with_a_sentence_and_harms_nothing_else(
    queue, start_worker, kinds
):
    folder = run_folder("a")
    folder.mkdir(parents=True)
    (folder / "live.json.partial").symlink_to("/dev/full")
    queue.add([training("a", LONG)])
    queue.add([counting("b")])
    start_worker()
    failed, _ = state(queue, "a", "failed", "finished")
    assert "disk is full" in sentence(failed)
    state(queue, "b", "finished")
    (folder / "live.json.partial").unlink()
    queue.resume("a")
    stepping(queue, "a")


def test_a_configuration_that_cannot_be_read_fails_with_a_sentence(queue, start_worker):
    job = training("a")
    job.arguments["config"]["steps"] = -3
    forged = {"run": "../../x", "config": {"run": "../../x"}}  # what a page sends is checked again
    queue.add([job])
    queue.add([Job("x", "x", "train", forged)])
    start_worker()
    failed, _ = state(queue, "a", "failed")
    assert "steps is -3" in sentence(failed)
    failed, _ = state(queue, "x", "failed", "died")
    assert failed.message["code"] == "error.unknown_field"
