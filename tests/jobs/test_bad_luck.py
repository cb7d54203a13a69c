"""A torn queue and a clock that is set: each is survived, or said in a sentence."""

from __future__ import annotations

import os

import pytest
from trainings import gone, state, until

from .small_jobs import ENDLESS, KINDS, counting, running

DAY = 86_400


@pytest.fixture
def kinds(add_kind):
    for file in sorted(KINDS.glob("*.py")):
        add_kind(file.stem, file.read_text(encoding="utf-8"))


def test_a_torn_queue_is_one_sentence_of_the_worker_and_of_the_page(queue, kinds, start_worker):
    queue.add([counting("a")])
    whole = queue.store.get("index")
    queue.store.set("index", whole[: len(whole) // 2])
    worker = start_worker()
    told = worker.communicate(timeout=60)[0].decode()
    assert worker.returncode == 1 and "damaged" in told and "Traceback" not in told
    queue.store.set("index", whole)
    start_worker()
    state(queue, "a", "finished")


CLOCK = """
import time
real = time.time
time.time = lambda: real() + float(open({file!r}).read())
"""


@pytest.fixture
def clock(tmp_path, monkeypatch):
    """``clock(-3600)``: what workers and jobs believe of the time of day, from now on."""
    file, folder = tmp_path / "offset", tmp_path / "clock"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(CLOCK.format(file=str(file)), encoding="utf-8")
    path = [str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path))

    def put(seconds):
        draft = file.with_suffix(".new")
        draft.write_text(str(seconds), encoding="ascii")
        draft.replace(file)

    put(0)
    return put


def test_a_clock_that_is_set_ends_nothing(queue, kinds, clock, start_worker):
    queue.add([counting("a", total=ENDLESS), counting("b")])
    worker = start_worker()
    first = running(queue, "a")
    for jump in (-DAY, 100 * DAY, -100 * DAY, 0):
        clock(jump)
        before = queue.progress("a")["done"]
        until(lambda before=before: queue.progress("a")["done"] > before)
        assert worker.poll() is None and queue.get("a").pid == first.pid
    clock(-DAY)
    queue.cancel("a")
    ended, _ = state(queue, "a", "cancelled")
    assert ended.ended < ended.started and gone(first)
    state(queue, "b", "finished")
    assert {job.id for job in queue.ended()} == {"a", "b"}
