"""Records: claimed and ended, what a crash leaves, old ones; nothing is unpickled."""

from __future__ import annotations

import json
import multiprocessing
import os
import pickle
import sqlite3
import stat
import time

import pytest

from spectra_vae.jobs import records as module
from spectra_vae.jobs.local.queue import LocalQueue
from spectra_vae.jobs.local.store import StoreError, open_store
from spectra_vae.jobs.outcome import Outcome
from spectra_vae.jobs.queue import ATTEMPTS_LIMIT, QueueError
from spectra_vae.jobs.record import Job
from spectra_vae.text.message import Message, SpectraVaeError, say


def job(name, **values):
    return Job(id=name, name=name, kind="train", **{"arguments": {"n": 1}, **values})


@pytest.fixture
def queue(tmp_path):
    return LocalQueue(tmp_path / "jobs")


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


def test_cancel_and_pause(queue):
    queue.add([job("a")])
    queue.add([job("b")])
    queue.claim()
    queue.cancel("b")
    assert queue.get("b").state == "cancelled" and queue.claim() is None
    queue.pause("a")
    assert (queue.get("a").state, queue.get("a").ask) == ("running", "pause")
    queue.end("a", Outcome("paused"))
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
    queue.end("a", Outcome("finished", result={"run": "a"}))
    queue.end("a", Outcome("died", Message("job.died_early")))
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
    for _ in range(ATTEMPTS_LIMIT):
        assert queue.claim().id == "a"
        queue.take_over()
    assert queue.claim() is None
    assert queue.get("a").state == "died"
    assert "3 times" in str(queue.get("a").why)
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
        lambda: queue.end("a", Outcome("paused")),
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
    monkeypatch.setattr(module, "ENDED_LIMIT", 5)
    for k in range(12):
        queue.add([job(f"j{k}")])
        queue.claim()
        queue.end(f"j{k}", Outcome("finished"))
    assert names(queue.ended(100)) == [f"j{k}" for k in range(11, 6, -1)]
    assert queue.get("j0") is None and queue.get("j11") is not None
    monkeypatch.setattr(module, "ENDED_SECONDS_LIMIT", 0.0)
    queue.add([job("last")])
    queue.claim()
    queue.end("last", Outcome("finished"))
    assert names(queue.ended(100)) in ([], ["last"])


def test_a_thousand_old_records_cost_nothing(queue, monkeypatch):
    """The index is one entry, and a view asks for the newest few."""
    reads = []
    read = type(queue.store).get
    monkeypatch.setattr(type(queue.store), "get", lambda *a, **k: reads.append(a) or read(*a, **k))

    def look():
        reads.clear()
        queue.version(), queue.waiting(), queue.running(), queue.ended()
        return len(reads)

    for k in range(50):
        queue.add([job(f"j{k}")])
        queue.claim()
        queue.end(f"j{k}", Outcome("finished"))
    few = look()
    index = json.loads(queue.store.get(module.INDEX))
    index["ended"] = [[f"old{k}", time.time()] for k in range(1000)] + index["ended"]
    with queue.store.transact():
        for k in range(1000):
            queue.store.set(f"job:old{k}", job(f"old{k}", state="finished").to_json())
        queue.store.set(module.INDEX, json.dumps(index))
    assert look() == few


def test_what_an_older_version_wrote_is_read(queue):
    queue.add([job("a")])
    old = json.loads(queue.store.get("job:a"))
    del old["kind"]
    old |= {"task": "train", "arguments": {"run": "a", "name": "a", "config": {"steps": 5}}}
    old |= {"state": "died", "message": {"code": "job.died", "params": {"step": 7}}}
    queue.store.set("job:a", json.dumps(old))
    found = queue.get("a")
    assert (found.kind, found.arguments["config"]) == ("train", {"steps": 5})
    for language, said in (("en", "died at step 7."), ("it", "si è interrotto al passo 7.")):
        assert say(found.why, language).startswith(said)
    queue.rename("a", "b")
    assert json.loads(queue.store.get("job:a"))["kind"] == "train"


def test_a_record_that_is_gone_holds_nobody_up(queue):
    for name in "abc":
        queue.add([job(name)])
    queue.claim()
    queue.store.delete("job:a")
    queue.store.delete("job:b")
    assert names(queue.waiting()) == ["c"] and queue.running() == []
    queue.take_over()
    assert queue.claim().id == "c" and queue.index()["running"] == ["c"]


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
    queue = LocalQueue(folder)
    for k in range(count):
        queue.add([job(f"{start}{k}", group="all")])


def test_processes_share_it_without_losing_a_job(tmp_path):
    folder = tmp_path / "jobs"
    LocalQueue(folder)
    context = multiprocessing.get_context("spawn")
    others = [context.Process(target=_add_many, args=(folder, s, 20)) for s in "xyz"]
    for other in others:
        other.start()
    for other in others:
        other.join(60)
    queue = LocalQueue(folder)
    waiting = names(queue.waiting())
    assert len(waiting) == 60 == len(set(waiting))
    for s in "xyz":
        assert [w for w in waiting if w[0] == s] == [f"{s}{k}" for k in range(20)]


def test_a_damaged_database_is_one_sentence(tmp_path):
    (tmp_path / "cache.db").write_bytes(bytes(range(256)) * 20)
    with pytest.raises(SpectraVaeError, match="damaged"):
        LocalQueue(tmp_path)
