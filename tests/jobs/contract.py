"""What every backend of the queue keeps to, on real workers; a backend's tests inherit it.

They give ``queue`` (opened by ``open_queue``), ``start_worker`` (a process that is one worker) and
``add_kind``, as the local ones of ``conftest`` do.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from trainings import gone, kill, state, until

from spectra_vae.jobs.follow import follow
from spectra_vae.jobs.queue import (
    ATTEMPTS_LIMIT,
    GROUP_JOBS_LIMIT,
    WAITING_GROUPS_LIMIT,
    QueueError,
    open_queue,
)
from spectra_vae.jobs.record import Job
from spectra_vae.jobs.standing import standing
from spectra_vae.jobs.task import work_folder
from spectra_vae.text.message import SpectraVaeError, say

from .small_jobs import ENDLESS, KINDS, counting, ids, running


class QueueContract:
    @pytest.fixture(autouse=True)
    def kinds(self, add_kind):
        for file in sorted(KINDS.glob("*.py")):
            add_kind(file.stem, file.read_text(encoding="utf-8"))

    @pytest.fixture
    def listening(self, tmp_path):
        """``listening(name)``: a job that goes on until somebody says something to it."""

        def make(name):
            os.mkfifo(tmp_path / name)
            return Job(name, name, "listen", {"pipe": str(tmp_path / name)})

        return make

    # ---- waiting

    def test_first_in_first_out(self, queue, start_worker):
        for name in "abc":
            queue.add([counting(name)])
        assert [queue.position(name) for name in "abcd"] == [1, 2, 3, 0]
        start_worker()
        state(queue, "c", "finished")
        assert queue.get("a").ended <= queue.get("b").started
        assert queue.get("b").ended <= queue.get("c").started
        assert ids(queue.ended()) == ["c", "b", "a"] and ids(queue.ended(1)) == ["c"]
        assert queue.waiting() == queue.running() == []

    def test_everybody_sees_one_queue(self, queue):
        queue.add([counting("a")])
        other = open_queue()
        assert ids(other.waiting()) == ["a"] and other.version() == queue.version()
        other.cancel("a")
        assert queue.get("a").state == "cancelled" and queue.waiting() == []

    def test_beyond_the_bound_a_sentence(self, queue):
        for k in range(WAITING_GROUPS_LIMIT):
            queue.add([counting(f"j{k}")])
        with pytest.raises(QueueError, match="8 jobs are waiting already. Cancel one"):
            queue.add([counting("late")])
        with pytest.raises(QueueError):
            queue.check_room(1)
        assert queue.get("late") is None and len(queue.waiting()) == WAITING_GROUPS_LIMIT
        queue.cancel("j3")
        queue.add([counting("late")])
        assert queue.position("late") == WAITING_GROUPS_LIMIT

    def test_a_group_counts_once_and_has_its_own_bound(self, queue):
        queue.add([counting(f"s{k}") for k in range(GROUP_JOBS_LIMIT)])
        assert {job.group for job in queue.waiting()} == {"s0"}
        assert queue.position(f"s{GROUP_JOBS_LIMIT - 1}") == GROUP_JOBS_LIMIT
        for k in range(WAITING_GROUPS_LIMIT - 1):
            queue.add([counting(f"j{k}")])
        with pytest.raises(QueueError):
            queue.add([counting("late")])
        with pytest.raises(QueueError, match="61 runs is too large; 60"):
            queue.add([counting(f"t{k}") for k in range(GROUP_JOBS_LIMIT + 1)])

    def test_what_no_worker_could_run_is_refused(self, queue):
        for wrong in (
            Job("../../a", "a", "count", {}),
            Job("a", "a", "unheard", {}),
            counting("a", total=object()),
            counting("a", total=float("nan")),
        ):
            with pytest.raises((SpectraVaeError, TypeError, ValueError)):
                queue.add([counting("good"), wrong])
        assert queue.waiting() == [] and queue.get("good") is None

    def test_what_is_asked_of_nobody_is_a_sentence(self, queue):
        for ask in (queue.cancel, queue.pause, queue.resume):
            with pytest.raises(QueueError, match="no job called nobody"):
                ask("nobody")
        assert queue.get("nobody") is None and queue.progress("nobody") == {}
        assert queue.recall("nobody") is False
        queue.forget("nobody")

    def test_a_cancelled_job_never_starts(self, queue, start_worker):
        queue.add([counting("a")])
        queue.add([counting("b")])
        queue.cancel("a")
        start_worker()
        state(queue, "b", "finished")
        assert queue.get("a").state == "cancelled" and not work_folder("a").exists()

    def test_the_version_changes_with_every_record(self, queue):
        seen = [queue.version()]
        for change in (
            lambda: queue.add([counting("a")]),
            lambda: queue.rename("a", "b"),
            lambda: queue.cancel("a"),
            lambda: queue.resume("a"),
            lambda: queue.pause("a"),
            lambda: queue.forget("a"),
            lambda: queue.recall("a"),
        ):
            change()
            seen.append(queue.version())
        assert len(set(seen)) == len(seen)

    def test_forgotten_recalled_renamed(self, queue):
        for name in "ab":
            queue.add([counting(name)])
            queue.cancel(name)
        queue.rename("a", "better")
        assert queue.get("a").name == "better"
        queue.forget("a")
        assert queue.get("a") is None and ids(queue.ended()) == ["b"]
        assert queue.recall("a") is True and queue.recall("a") is False
        assert ids(queue.ended()) == ["b", "a"] and queue.get("a").name == "better"
        queue.resume("a")
        for ask, said in ((queue.resume, "not at rest"), (queue.forget, "still at work")):
            with pytest.raises(QueueError, match=said):
                ask("a")

    # ---- running

    def test_a_job_tells_how_far_it_is_and_what_came_out(self, queue, start_worker, listening):
        job = listening("a")
        queue.add([job])
        assert str(standing(queue.get("a"), queue)) == "a waits as number 1."
        start_worker()
        found, version = running(queue, "a"), queue.version()
        assert queue.progress("a") == {"done": 2, "total": 3}
        assert say(standing(found, queue), "it") == "a: 2 di 3."
        assert queue.position("a") == 0 and ids(queue.running()) == ["a"]
        assert queue.version() == version  # a progress is no change of a record
        Path(job.arguments["pipe"]).write_text("enough")
        done, _ = state(queue, "a", "finished")
        assert done.result == {"heard": "enough"} and done.why is None
        until(lambda: gone(found))
        assert str(standing(done, queue)) == "a is finished."

    def test_two_kinds_in_one_queue(self, queue, start_worker, listening):
        job = listening("a")
        queue.add([job])
        queue.add([counting("b")])
        start_worker()
        Path(job.arguments["pipe"]).write_text("")  # waits until somebody listens
        state(queue, "b", "finished")
        assert ids(queue.ended()) == ["b", "a"]
        assert ids(queue.ended(kind="listen")) == ["a"] and queue.ended(kind="train") == []

    def test_somebody_who_follows_sees_the_end(self, queue, start_worker):
        queue.add([counting("a", total=20)])
        start_worker()
        *before, (last, told) = follow(queue, "a")
        assert last.state == "finished" and last.result == {"first": 0, "done": 20}
        assert before and told["total"] == 20

    def test_a_task_that_breaks_says_why(self, queue, start_worker, tmp_path):
        queue.add([Job("a", "a", "listen", {"pipe": str(tmp_path / "missing")})])
        start_worker()
        failed, _ = state(queue, "a", "failed")
        assert "No such file" in str(failed.why) and failed.resumable

    def test_cancel_ends_what_runs(self, queue, start_worker, listening):
        queue.add([listening("a")])
        queue.add([counting("b")])
        start_worker()
        found = running(queue, "a")
        queue.cancel("a")
        state(queue, "a", "cancelled")
        assert gone(found)
        state(queue, "b", "finished")

    def test_a_paused_job_goes_on_where_it_was(self, queue, start_worker):
        queue.add([counting("a", total=ENDLESS)])
        start_worker()
        running(queue, "a")
        queue.pause("a")
        paused, _ = state(queue, "a", "paused")
        assert paused.resumable and paused.ask == "" and not queue.running()
        counted = int((work_folder("a") / "count.txt").read_text())
        queue.cancel("a")  # nothing runs any more: nothing happens
        assert queue.get("a").state == "paused"
        queue.resume("a")
        until(lambda: queue.progress("a")["done"] > counted > 0)

    def test_a_kind_that_cannot_pause_says_so(self, queue, start_worker, listening):
        queue.add([listening("a")])
        start_worker()
        running(queue, "a")
        with pytest.raises(QueueError, match="a can't be paused"):
            queue.pause("a")
        assert queue.get("a").ask == ""

    # ---- dying

    def test_a_killed_job_says_so_and_the_next_one_starts(self, queue, start_worker, listening):
        queue.add([listening("a")])
        queue.add([counting("b")])
        start_worker()
        kill(running(queue, "a").pid)
        died, _ = state(queue, "a", "died")
        assert str(died.why).startswith("died at 2 of 3. ") and died.resumable
        assert "(2 di 3)" in say(died.why, "it")
        state(queue, "b", "finished")

    def test_nothing_is_lost_with_a_worker(self, queue, start_worker, listening):
        queue.add([listening("a")])
        queue.add([counting("b")])
        worker = start_worker()
        first = running(queue, "a")
        kill(worker.pid)
        until(lambda: gone(first))
        start_worker()
        until(lambda: queue.get("a").attempts == 2)
        again = running(queue, "a")
        assert again.pid != first.pid and queue.position("b") == 1
        Path(again.arguments["pipe"]).write_text("")
        state(queue, "b", "finished")

    def test_a_cancel_that_nobody_obeyed_counts(self, queue, start_worker, listening):
        queue.add([listening("a")])
        worker = start_worker()
        job = running(queue, "a")
        os.kill(worker.pid, signal.SIGSTOP)  # it can't obey
        queue.cancel("a")
        kill(worker.pid)
        until(lambda: gone(job))
        start_worker()
        state(queue, "a", "cancelled")

    def test_a_job_that_takes_its_worker_down_is_given_up(self, queue, start_worker, listening):
        queue.add([listening("a")])
        for attempt in range(1, ATTEMPTS_LIMIT + 1):
            worker = start_worker()
            until(lambda n=attempt: queue.get("a").attempts == n)
            job = running(queue, "a")
            kill(worker.pid)
            until(lambda job=job: gone(job))
        start_worker()
        died, _ = state(queue, "a", "died")
        assert "3 times" in str(died.why)
        queue.resume("a")
        until(lambda: queue.get("a").attempts == 1)

    # ---- workers and servers

    def test_a_worker_is_there_when_it_is_wanted(self, queue, start_worker):
        assert queue.has_worker() is False
        start_worker()
        until(queue.has_worker)
        queue.ensure_worker()  # one is enough
        queue.add([counting("a")])
        state(queue, "a", "finished")

    def test_servers_share_a_secret(self, queue):
        secret = queue.secret()
        assert len(secret) == 32 and open_queue().secret() == queue.secret() == secret
