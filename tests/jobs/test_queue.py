"""The queue: order, bound, what is asked of jobs, what a crash leaves; nothing is unpickled."""

from __future__ import annotations

import json
import multiprocessing
import os
import pickle
import sqlite3
import stat
import time

import pytest

from spectra_vae.jobs import queue as module
from spectra_vae.jobs.queue import ATTEMPTS, SWEEP_AT_MOST, WAITING_AT_MOST, Queue, QueueError
from spectra_vae.jobs.record import Job
from spectra_vae.jobs.store import StoreError, open_store
from spectra_vae.jobs.worker import run as run_worker
from spectra_vae.jobs.worker import slots_wanted
from spectra_vae.text.message import Message, SpectraVaeError


def job(name, **values):
    return Job(id=name, name=name, task="train", **{"arguments": {"run": name}, **values})


@pytest.fixture
def queue(tmp_path):
    return Queue(tmp_path / "jobs")


def names(jobs):
    return [one.id for one in jobs]


def test_first_in_first_out(queue):
    for name in "abc":
        queue.add([job(name)])
    assert [queue.position(name) for name in "abcd"] == [1, 2, 3, 0]
    assert queue.claim().id == "a"
    assert names(queue.running()) == ["a"]
    assert [queue.position(name) for name in "abc"] == [0, 1, 2]
    assert [queue.claim().id, queue.claim().id, queue.claim()] == ["b", "c", None]


def test_beyond_the_bound_a_sentence(queue):
    for k in range(WAITING_AT_MOST):
        queue.add([job(f"j{k}")])
    with pytest.raises(QueueError, match="8 jobs are waiting already. Cancel one"):
        queue.add([job("late")])
    assert queue.get("late") is None and len(queue.waiting()) == WAITING_AT_MOST
    queue.claim()
    queue.add([job("late")])
    assert queue.position("late") == WAITING_AT_MOST


def test_a_sweep_counts_once_and_has_its_own_bound(queue):
    queue.add([job(f"s{k}") for k in range(SWEEP_AT_MOST)])
    assert {one.group for one in queue.waiting()} == {"s0"}
    for k in range(WAITING_AT_MOST - 1):
        queue.add([job(f"j{k}")])
    with pytest.raises(QueueError):
        queue.add([job("late")])
    with pytest.raises(QueueError, match="61 runs is too large; 60"):
        queue.add([job(f"t{k}") for k in range(SWEEP_AT_MOST + 1)])


def test_cancel_and_pause(queue):
    queue.add([job("a")])
    queue.add([job("b")])
    queue.claim()
    queue.cancel("b")
    assert queue.get("b").state == "cancelled" and queue.claim() is None
    queue.pause("a")
    assert (queue.get("a").state, queue.get("a").ask) == ("running", "pause")
    queue.end("a", "paused")
    assert queue.get("a").ask == "" and queue.get("a").resumable
    queue.cancel("a")  # nothing runs any more: nothing happens
    assert queue.get("a").state == "paused"
    queue.resume("a")
    assert queue.position("a") == 1
    with pytest.raises(QueueError, match="not at rest"):
        queue.resume("a")
    with pytest.raises(QueueError, match="still at work"):
        queue.forget("a")
    with pytest.raises(QueueError, match="no job called"):
        queue.cancel("nobody")


def test_an_end_is_written_once(queue):
    queue.add([job("a")])
    queue.claim()
    queue.end("a", "finished", result={"run": "a"})
    queue.end("a", "died", Message("job.died", {"step": 3}))
    found = queue.get("a")
    assert (found.state, found.message, found.result) == ("finished", None, {"run": "a"})
    assert names(queue.ended()) == ["a"] and queue.running() == []


def test_what_a_dead_worker_left_waits_first_and_in_order(queue):
    for name in "abcd":
        queue.add([job(name)])
    queue.claim()
    queue.claim()
    queue.take_over()
    assert names(queue.waiting()) == ["a", "b", "c", "d"] and queue.running() == []


def test_a_job_that_takes_its_worker_down_is_given_up(queue):
    queue.add([job("a")])
    for _ in range(ATTEMPTS):
        assert queue.claim().id == "a"
        queue.take_over()
    assert queue.claim() is None
    assert queue.get("a").state == "died"
    assert "3 times" in str(Message(**queue.get("a").message))
    queue.resume("a")
    assert queue.claim().attempts == 1


def test_a_cancel_that_nobody_obeyed_counts(queue):
    queue.add([job("a")])
    queue.claim()
    queue.cancel("a")
    queue.take_over()
    assert queue.get("a").state == "cancelled" and queue.waiting() == []


def test_the_version_changes_with_every_change(queue):
    seen = [queue.version()]
    for change in (
        lambda: queue.add([job("a")]),
        queue.claim,
        lambda: queue.pause("a"),
        lambda: queue.end("a", "paused"),
        lambda: queue.resume("a"),
        lambda: queue.cancel("a"),
        lambda: queue.forget("a"),
    ):
        change()
        seen.append(queue.version())
    assert len(set(seen)) == len(seen)
    queue.claim()  # nothing waits: nothing changes
    assert queue.version() == seen[-1]


def test_old_records_are_purged_by_number_and_age(queue, monkeypatch):
    monkeypatch.setattr(module, "KEPT_RECORDS", 5)
    for k in range(12):
        queue.add([job(f"j{k}")])
        queue.claim()
        queue.end(f"j{k}", "finished")
    assert names(queue.ended(100)) == [f"j{k}" for k in range(11, 6, -1)]
    assert queue.get("j0") is None and queue.get("j11") is not None
    monkeypatch.setattr(module, "KEPT_SECONDS", 0.0)
    queue.add([job("last")])
    queue.claim()
    queue.end("last", "finished")
    assert names(queue.ended(100)) in ([], ["last"])


@pytest.mark.alone
def test_a_thousand_old_records_cost_nothing(queue):
    """The index is one entry, and a view asks for the newest few."""

    def look():
        start = time.perf_counter()
        for _ in range(20):
            queue.version(), queue.waiting(), queue.running(), queue.ended()
        return time.perf_counter() - start

    for k in range(50):
        queue.add([job(f"j{k}")])
        queue.claim()
        queue.end(f"j{k}", "finished")
    few = min(look() for _ in range(3))
    index = json.loads(queue.store.get(module.INDEX))
    index["ended"] = [[f"old{k}", time.time()] for k in range(1000)] + index["ended"]
    with queue.store.transact():
        for k in range(1000):
            queue.store.set(f"job:old{k}", job(f"old{k}", state="finished").to_json())
        queue.store.set(module.INDEX, json.dumps(index))
    many = min(look() for _ in range(3))
    assert many < 3 * few + 0.02, (few, many)


def test_records_are_json_and_the_folder_is_its_owners(queue):
    queue.add([job("a", arguments={"run": "ä", "n": [1, 2.5, None]})])
    mode = stat.S_IMODE(queue.folder.stat().st_mode)
    assert mode == 0o700
    with sqlite3.connect(queue.folder / "cache.db") as database:
        rows = database.execute("select mode, typeof(value), value from Cache").fetchall()
    database.close()
    assert rows
    for kind, stored, value in rows:
        assert (kind, stored) == (1, "text")
        json.loads(value)
    with pytest.raises((TypeError, ValueError)):
        queue.add([job("b", arguments={"run": object()})])
    with pytest.raises(ValueError):
        queue.add([job("b", arguments={"run": float("nan")})])
    assert queue.get("b") is None


class Trap:
    def __reduce__(self):
        return (os.mkdir, (os.environ["TRAP"],))


def test_nothing_is_pickled_or_unpickled(tmp_path, monkeypatch):
    trap = tmp_path / "sprung"
    monkeypatch.setenv("TRAP", str(trap))
    store = open_store(tmp_path / "store")
    for key, value in (("a", {"x": 1}), ("a", b"bytes"), (("a", 1), "text")):
        with pytest.raises(StoreError):
            store.set(key, value)
    store.set("job:bad", "text")
    with sqlite3.connect(tmp_path / "store" / "cache.db") as database:
        database.execute(
            "update Cache set mode = 4, value = ? where key = 'job:bad'", (pickle.dumps(Trap()),)
        )
    database.close()
    with pytest.raises(StoreError, match="refused"):
        store.get("job:bad")
    assert not trap.exists()


def _add_many(folder, start, count):
    queue = Queue(folder)
    for k in range(count):
        queue.add([job(f"{start}{k}", group="all")])


@pytest.mark.alone
def test_processes_share_it_without_losing_a_job(tmp_path):
    folder = tmp_path / "jobs"
    Queue(folder)
    context = multiprocessing.get_context("spawn")
    others = [context.Process(target=_add_many, args=(folder, s, 20)) for s in "xyz"]
    for other in others:
        other.start()
    for other in others:
        other.join(60)
    queue = Queue(folder)
    waiting = names(queue.waiting())
    assert len(waiting) == 60 == len(set(waiting))
    for s in "xyz":
        assert [w for w in waiting if w[0] == s] == [f"{s}{k}" for k in range(20)]


def test_a_damaged_database_is_one_sentence(tmp_path):
    (tmp_path / "cache.db").write_bytes(bytes(range(256)) * 20)
    with pytest.raises(SpectraVaeError, match="damaged"):
        Queue(tmp_path)


def test_redis_is_not_there_yet_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("SPECTRA_VAE_REDIS", "redis://somewhere")
    with pytest.raises(SpectraVaeError, match="stay on this machine"):
        Queue(tmp_path)


@pytest.mark.parametrize("slots", ["abc", "0", "65", "1.5"])
def test_a_number_of_jobs_that_is_none_is_one_sentence(tmp_path, monkeypatch, slots):
    monkeypatch.setenv("SPECTRA_VAE_JOBS", slots)
    with pytest.raises(SpectraVaeError, match="1 to 64"):
        slots_wanted()


def test_a_worker_without_a_home_is_one_sentence(monkeypatch):
    monkeypatch.setenv("SPECTRA_VAE_HOME", "/dev/null/home")
    with pytest.raises(SpectraVaeError, match="can't be written"):
        run_worker()
