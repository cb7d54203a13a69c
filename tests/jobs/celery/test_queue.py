"""The queue on a real Redis keeps the contract, on real workers that are killed."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from trainings import gone, kill, state, until

from spectra_vae.jobs.backends import open_queue
from spectra_vae.jobs.celery.queue import CeleryQueue
from spectra_vae.text.message import SpectraVaeError

from ..contract import QueueContract
from ..small_jobs import ENDLESS, counting, ids, running


class TestCeleryQueue(QueueContract):
    def test_it_is_the_one_that_is_opened(self, queue):
        assert isinstance(queue, CeleryQueue)

    def test_two_workers_share_one_queue(self, queue, start_worker, listening):
        for name in "abc":
            queue.add([listening(name)])
        workers = {start_worker().pid, start_worker().pid}
        until(lambda: len(queue.running()) == 2)
        assert ids(queue.running()) == ["a", "b"] and queue.position("c") == 1
        until(lambda: queue.beats.count() == 2)
        assert {int(job.holder.split()[-2]) for job in queue.running()} == workers
        Path(running(queue, "b").arguments["pipe"]).write_text("")
        until(lambda: queue.position("c") == 0)
        state(queue, "b", "finished")

    def test_a_sweep_is_shared_by_all_workers(self, queue, start_worker, listening):
        queue.add([listening(name) for name in "abc"])
        start_worker(), start_worker()
        until(lambda: len(queue.running()) == 2)
        found = queue.running()
        assert {job.group for job in found} == {"a"} and len({job.holder for job in found}) == 2

    def test_a_worker_takes_over_from_a_killed_one(self, queue, start_worker):
        queue.add([counting("a", total=ENDLESS)])
        start_worker()
        first = running(queue, "a")
        start_worker()
        until(lambda: queue.beats.count() == 2)
        kill(int(first.holder.split()[-2]))
        until(lambda: queue.get("a").attempts == 2)
        assert running(queue, "a").holder != first.holder and gone(first)

    def test_a_worker_that_is_told_to_stop_hands_its_job_back(self, queue, start_worker):
        queue.add([counting("a", total=ENDLESS)])
        for _ in range(2):
            worker = start_worker()
            found = running(queue, "a")
            os.kill(worker.pid, signal.SIGTERM)
            assert worker.wait(30) == 0 and gone(found)
            back = queue.get("a")
            assert (back.state, back.attempts, queue.position("a")) == ("waiting", 0, 1)

    def test_a_folder_that_is_not_shared_is_refused(self, queue, tmp_path, monkeypatch):
        open_queue()
        monkeypatch.setenv("SPECTRA_VAE_HOME", str(tmp_path / "elsewhere"))
        with pytest.raises(SpectraVaeError, match="not the one that this queue's runs lie in"):
            open_queue()
