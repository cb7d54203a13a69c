"""Jobs for which a person waits start before what waits, and beside what runs."""

from __future__ import annotations

import pytest

from spectra_vae.jobs.local.queue import LocalQueue
from spectra_vae.jobs.local.worker import Worker
from spectra_vae.jobs.record import Job


@pytest.fixture
def queue(tmp_path):
    return LocalQueue(tmp_path)


def job(name: str, kind: str = "train") -> Job:
    return Job(name, name, kind, {})


def test_they_stand_before_what_waits(queue):
    queue.add([job("patient")])
    queue.add([job("looked-at", "fit-mineral")])
    assert [one.id for one in queue.waiting()] == ["looked-at", "patient"]
    assert queue.claim().id == "looked-at" and queue.claim().id == "patient"


def test_nothing_else_is_let_through(queue):
    queue.add([job("patient")])
    assert queue.claim(prompt=True) is None
    queue.add([job("looked-at", "fit-mineral")])
    assert queue.claim(prompt=True).id == "looked-at"
    assert queue.claim(prompt=True) is None and queue.position("patient") == 1


def test_one_whose_record_is_gone_holds_nobody_up(queue):
    queue.add([job("looked-at", "fit-mineral"), job("patient")])
    queue.store.delete("job:looked-at")
    assert queue.claim(prompt=True) is None and queue.claim().id == "patient"


def test_a_cancelled_one_is_not_waited_for(queue):
    queue.add([job("looked-at", "fit-mineral")])
    queue.cancel("looked-at")
    assert queue.claim(prompt=True) is None and queue.index()["prompt"] == []


def test_a_worker_starts_one_beside_what_it_has_room_for(queue, monkeypatch):
    worker = Worker(queue, at_once=1)
    monkeypatch.setattr(worker, "_start", lambda one: worker.attempts.append(Attempted(one)))
    queue.add([job("first")])
    queue.add([job("second")])
    worker.look()
    assert names(worker) == ["first"]
    queue.add([job("one", "fit-mineral"), job("two", "fit-mineral")])
    worker.look()
    assert names(worker) == ["first", "one"]


def names(worker: Worker) -> list[str]:
    return [attempt.job.id for attempt in worker.attempts]


class Attempted:
    """An attempt that goes on for ever."""

    over = False

    def __init__(self, of: Job) -> None:
        self.job = of

    def obey(self) -> None:
        """Nobody asks anything of it."""
