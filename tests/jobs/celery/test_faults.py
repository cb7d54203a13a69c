"""Redis killed in the middle, messages that are lost or come twice, workers that fall silent."""

from __future__ import annotations

import json
import os
from dataclasses import replace

import pytest
from trainings import gone, state, until

from spectra_vae.jobs.backends import open_queue
from spectra_vae.jobs.celery.app import QUEUE, celery_app
from spectra_vae.jobs.celery.beats import SILENT_SECONDS_LIMIT, Watch, dead_here, this_worker
from spectra_vae.jobs.outcome import Outcome
from spectra_vae.jobs.record import Job
from spectra_vae.text.message import SpectraVaeError

from ..small_jobs import ENDLESS, KINDS, counting, running
from .conftest import SERVER, Server


@pytest.fixture
def kinds(add_kind):
    for file in sorted(KINDS.glob("*.py")):
        add_kind(file.stem, file.read_text(encoding="utf-8"))


@pytest.fixture
def mortal(tmp_path, home, monkeypatch):
    """A Redis that a test may kill; the environment names it."""
    if SERVER is None:
        pytest.skip("redis-server is not installed")
    server = Server(tmp_path)
    monkeypatch.setenv("SPECTRA_VAE_REDIS", server.url)
    yield server
    server.kill()


def test_nothing_is_lost_with_redis(mortal, kinds, start_worker, tmp_path):
    queue, pipe = open_queue(), tmp_path / "pipe"
    os.mkfifo(pipe)
    queue.add([counting("a", total=ENDLESS)])
    queue.add([Job("b", "b", "listen", {"pipe": str(pipe)})])
    queue.add([counting("c")])
    worker = start_worker("--jobs", "2")
    first, _ = running(queue, "a"), running(queue, "b")
    mortal.kill()
    for ask in (queue.waiting, lambda: queue.add([counting("late")]), open_queue):
        with pytest.raises(SpectraVaeError, match="Redis is away"):
            ask()
    pipe.write_text("meanwhile")  # b ends, and nobody can be told
    mortal.start()
    done, _ = state(queue, "b", "finished")
    assert done.result == {"heard": "meanwhile"} and queue.get("late") is None
    state(queue, "c", "finished")
    again, before = queue.get("a"), queue.progress("a")["done"]
    assert (again.state, again.pid, again.attempts) == ("running", first.pid, 1)
    until(lambda: queue.progress("a")["done"] > before)
    queue.cancel("a")
    state(queue, "a", "cancelled")
    assert gone(first) and worker.poll() is None


def test_a_message_says_only_that_there_is_a_turn(queue, kinds):
    queue.add([counting("a"), counting("b")])
    assert queue.turns.offered() == 2
    message = json.loads(queue.shelf.redis.lindex(QUEUE, 0))
    assert message["content-type"] == "application/json"
    app = celery_app("redis://nowhere")
    assert app.conf.accept_content == ["json"] and app.conf.result_backend is None


def test_lost_messages_and_messages_that_come_twice(queue, kinds, start_worker):
    queue.add([counting("a")])
    queue.shelf.redis.delete(QUEUE)
    start_worker()
    state(queue, "a", "finished")
    queue.turns.offer(5)
    queue.add([counting("b")])
    state(queue, "b", "finished")
    until(lambda: not queue.turns.offered())
    assert [queue.get(name).attempts for name in "ab"] == [1, 1]


def test_a_silent_worker_is_noticed_and_no_clock_is_believed():
    watch, there = Watch("me"), replace(counting("a"), holder="elsewhere 1 2.0", state="running")

    def left(beat, now):
        return watch.left([there], {} if beat is None else {there.holder: beat}, (), now)

    late = SILENT_SECONDS_LIMIT + 1
    assert left(7.0, 0.0) == set() == left(6.0, late)  # another sign, whatever it says
    assert left(6.0, late + SILENT_SECONDS_LIMIT - 1) == set()
    assert left(6.0, 2 * late + 1) == {("a", there.holder)}
    watch.forget()  # Redis was away: it may be heard again
    assert left(6.0, 3 * late) == set() == left(None, 4 * late)


def test_a_worker_knows_its_own_and_those_of_this_machine():
    me = this_worker()
    assert not dead_here(me) and not dead_here("elsewhere 1 2.0") and not dead_here("")
    place, _, born = me.rsplit(" ", 2)
    assert dead_here(f"{place} {2**22 + 1} {born}")
    mine = replace(counting("a"), holder=me, state="running")
    watch = Watch(me)
    assert watch.left([mine], {me: 1.0}, {"a"}, 0.0) == set()
    assert watch.left([mine], {me: 1.0}, (), 0.0) == set()  # claimed, and the answer was lost
    assert watch.left([mine], {me: 2.0}, (), SILENT_SECONDS_LIMIT + 1) == {("a", me)}


def test_an_end_of_who_lost_its_job_does_not_count(queue, kinds):
    queue.add([counting("a")])
    queue.claim("first")
    queue.take_over(lambda job: job.holder == "first")
    queue.claim("second")
    queue.end("a", Outcome("failed"), "first")
    queue.started("a", 1, "first")
    assert (queue.get("a").state, queue.get("a").holder, queue.get("a").pid) == (
        "running",
        "second",
        0,
    )
    queue.end("a", Outcome("finished"), "second")
    assert queue.get("a").state == "finished"


def test_a_look_at_the_queue_is_one_question_however_many_wait(queue, kinds):
    def asked(look):
        before = queue.shelf.redis.info("stats")["total_commands_processed"]
        found = look()
        return found, queue.shelf.redis.info("stats")["total_commands_processed"] - before

    queue.add([counting(f"a{k}") for k in range(30)])
    for _ in range(10):
        queue.end(queue.claim().id, Outcome("finished"))
    for look, count in ((queue.waiting, 20), (queue.ended, 10), (queue.running, 0)):
        found, questions = asked(look)
        assert len(found) == count and questions <= 3  # the index, the records, and the counting
