"""The worker: claims jobs in order, runs each in a fresh interpreter, writes down how it ended.

One worker a folder, by a lock that ends with its process however it ends. Jobs live in their own
sessions and end with it too: they wait at the other end of a pipe.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

from filelock import FileLock, Timeout

from ...storage.models import home
from ...storage.process import alive, identity, kill_session
from ...text.message import SpectraVaeError
from ..attempt import Attempt
from ..queue import jobs_at_once
from ..record import Job
from ..records import Records
from .store import open_store

LOOK_SECONDS = 0.1
LOCK_SECONDS = 2.0  # a server may hold the lock for a moment, to see whether it is free
ORPHAN_SECONDS = 5.0
BESIDE = 1  # prompt jobs beside those that there is room for


class Worker:
    """Runs the jobs of a queue, ``at_once`` at a time."""

    def __init__(self, records: Records, at_once: int = 1) -> None:
        self.records = records
        self.at_once = at_once
        self.attempts: list[Attempt] = []

    def take_over(self) -> None:
        """End what an earlier worker left behind and let it wait again, first in the queue."""
        for job in self.records.running():
            end = time.monotonic() + ORPHAN_SECONDS
            while job.pid and alive(job.pid, job.born) and time.monotonic() < end:
                kill_session(job.pid, job.born)
                time.sleep(0.02)
        self.records.take_over()

    def look(self) -> None:
        """Settle what has ended, do what is asked, start what there is room for."""
        for attempt in self.attempts[:]:
            if not attempt.over:
                attempt.obey()
            if attempt.over and self._settle(attempt):
                self.attempts.remove(attempt)
        while (job := self._next()) is not None:
            self._start(job)

    def _next(self) -> Job | None:
        """A job that there is room for, now claimed."""
        if len(self.attempts) >= self.at_once + BESIDE:
            return None
        return self.records.claim(prompt=len(self.attempts) >= self.at_once)

    @property
    def idle(self) -> bool:
        return not self.attempts

    def stop(self) -> None:
        """End every job and hand it back: whoever works next starts it again, and nobody counts."""
        for attempt in self.attempts:
            attempt.kill()
            # A full disk, a broken list: then it counts.
            with contextlib.suppress(sqlite3.OperationalError, SpectraVaeError):
                self.records.hand_back(attempt.job.id, attempt.job.holder)

    def _start(self, job: Job) -> None:
        attempt = Attempt.start(self.records, job)
        if attempt is not None:
            self.attempts.append(attempt)
            self.records.started(job.id, attempt.process.pid)

    def _settle(self, attempt: Attempt) -> bool:
        """Write down how a job ended; False: it couldn't be written, try again later."""
        try:
            attempt.settle()
        except sqlite3.OperationalError:  # a full disk, perhaps: it may not stay full
            return False
        return True


def run(
    records: Records, folder: Path, at_once: int, until: tuple[int, float] | None = None
) -> bool:
    """Work until interrupted, or until nothing is left to do and the process ``until`` is gone.

    False when another worker holds the lock.
    """
    worker, lock = Worker(records, at_once), _lock(folder)
    try:
        lock.acquire(timeout=LOCK_SECONDS)
    except Timeout:
        return False
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    worker.take_over()
    try:
        while True:
            with contextlib.suppress(sqlite3.OperationalError):  # a full disk may not stay full
                worker.look()
            if worker.idle and until is not None and not alive(*until):
                return True
            time.sleep(LOOK_SECONDS)
    finally:
        worker.stop()
        lock.release()


def is_running(folder: Path) -> bool:
    """Whether some worker holds the lock of a queue's folder."""
    lock = _lock(folder)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    return False


def ensure(folder: Path) -> None:
    """Start a worker when none holds the lock; it outlives this process while there is work."""
    if is_running(folder):
        return
    pid, born = identity(os.getpid())
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "spectra_vae.jobs.local.worker", str(pid), repr(born)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "SPECTRA_VAE_HOME": str(home())},
            start_new_session=True,
        )
    threading.Thread(target=process.wait, daemon=True).start()  # leaves no zombie


def _lock(folder: Path) -> FileLock:
    return FileLock(folder / "worker.lock")


if __name__ == "__main__":
    jobs = home() / "jobs"
    records, server = Records(open_store(jobs)), (int(sys.argv[1]), float(sys.argv[2]))
    try:
        run(records, jobs, jobs_at_once(), until=server)
    except SpectraVaeError as wrong:  # what the queue says of itself
        sys.exit(str(wrong))
