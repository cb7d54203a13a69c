"""The queue on one machine keeps the contract; its worker starts by itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from trainings import gone, kill, state, until

from spectra_vae.jobs.local.queue import LocalQueue
from spectra_vae.jobs.queue import ATTEMPTS_LIMIT

from ..contract import QueueContract
from ..small_jobs import counting, running

SERVER = """
from spectra_vae.jobs.backends import open_queue
open_queue().ensure_worker()
input()
"""


class TestLocalQueue(QueueContract):
    def test_it_is_the_one_that_is_opened(self, queue, home):
        assert isinstance(queue, LocalQueue) and queue.folder == home / "jobs"

    def test_a_second_worker_is_refused_with_a_sentence(self, queue, start_worker):
        start_worker()
        until(queue.has_worker)
        second = start_worker()
        said, _ = second.communicate(timeout=30)
        assert second.returncode == 1
        assert b"A worker runs already" in said and b"Traceback" not in said

    def test_as_many_at_once_as_configured(self, queue, start_worker, listening):
        for name in "abc":
            queue.add([listening(name)])
        start_worker("--jobs", "2")
        until(lambda: len(queue.running()) == 2)
        assert queue.position("c") == 1
        queue.cancel("a")
        until(lambda: queue.position("c") == 0)

    def test_a_worker_outlives_its_server_while_there_is_work(self, queue, listening):
        job = listening("a")
        queue.add([job])
        server = subprocess.Popen([sys.executable, "-c", SERVER], stdin=subprocess.PIPE)
        until(lambda: queue.running())
        kill(server.pid)
        server.communicate()
        assert queue.has_worker()
        with open(job.arguments["pipe"], "w") as pipe:  # noqa: PTH123 - waits for its reader
            pipe.write("go on")
        state(queue, "a", "finished")
        until(lambda: not queue.has_worker())

    def test_a_worker_that_is_told_to_go_hands_its_job_back(self, queue, start_worker, listening):
        """The system restarts workers: however often, a healthy job isn't given up."""
        job = listening("a")
        queue.add([job])
        queue.add([counting("b")])
        for _ in range(ATTEMPTS_LIMIT + 2):
            worker = start_worker()
            found = running(queue, "a")
            worker.terminate()
            assert worker.wait(30) == 0 and gone(found)
            assert (queue.get("a").state, queue.get("a").attempts) == ("waiting", 0)
            assert [queue.position(name) for name in "ab"] == [1, 2]
        start_worker()
        running(queue, "a")
        Path(job.arguments["pipe"]).write_text("enough")
        state(queue, "b", "finished")
        assert queue.get("a").state == "finished"

    def test_the_folder_of_a_job_goes_with_its_record(self, queue, start_worker, home):
        queue.add([counting("a")])
        start_worker()
        state(queue, "a", "finished")
        assert (home / "jobs" / "work" / "a" / "log.txt").exists()
        queue.forget("a")
        queue.add([counting("b")])
        state(queue, "b", "finished")
        assert (home / "jobs" / "work" / "a").exists()  # it may be recalled
        queue.store.delete("gone:a")
        queue.add([counting("c")])
        state(queue, "c", "finished")
        until(lambda: not (home / "jobs" / "work" / "a").exists())
