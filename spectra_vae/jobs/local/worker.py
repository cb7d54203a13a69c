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
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from ...storage.models import home
from ...storage.process import alive, identity, kill_session
from ...text.message import Message, SpectraVaeError
from ..outcome import DISK_FULL, Outcome, why
from ..queue import jobs_at_once
from ..record import Job
from ..standing import death
from ..tasks import task
from .child import DISK_FULL_CODE, PAUSED_CODE
from .records import Records

LOOK_SECONDS = 0.1
PATIENT = {"OMP_WAIT_POLICY": "PASSIVE"}  # threads that spin while others compute cost everybody
LOCK_SECONDS = 2.0  # a server may hold the lock for a moment, to see whether it is free
ORPHAN_SECONDS = 5.0


@dataclass(frozen=True)
class Child:
    job: Job
    process: subprocess.Popen[bytes]


class Worker:
    """Runs the jobs of a queue, ``at_once`` at a time."""

    def __init__(self, records: Records, at_once: int = 1) -> None:
        self.records = records
        self.at_once = at_once
        self.children: list[Child] = []

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
        for child in self.children[:]:
            if child.process.poll() is None:
                self._obey(child)
            if child.process.poll() is not None and self._settle(child):
                self.children.remove(child)
        while len(self.children) < self.at_once and (job := self.records.claim()) is not None:
            self._start(job)

    @property
    def idle(self) -> bool:
        return not self.children

    def stop(self) -> None:
        """End every job; the next worker starts them again."""
        for child in self.children:
            _kill(child)

    def _start(self, job: Job) -> None:
        try:
            folder = task(job.kind).folder(job.id)
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / "log.txt").open("ab") as log:
                process = subprocess.Popen(
                    [sys.executable, "-m", "spectra_vae.jobs.local.child", job.id],
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env={**os.environ, "SPECTRA_VAE_HOME": str(home()), **PATIENT},
                    start_new_session=True,
                )
        except SpectraVaeError as wrong:
            self.records.end(job.id, Outcome("failed", wrong.message))
            return
        except OSError as wrong:
            self.records.end(job.id, Outcome("failed", why(wrong)))
            return
        self.children.append(Child(job, process))
        self.records.started(job.id, process.pid)

    def _obey(self, child: Child) -> None:
        job = self.records.get(child.job.id)
        if job is None or job.ask == "cancel":
            _kill(child)
        elif job.ask == "pause" and child.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                child.process.stdin.write(b"pause\n")
                child.process.stdin.flush()

    def _settle(self, child: Child) -> bool:
        """Write down how a job ended; False: it couldn't be written, try again later."""
        job = self.records.get(child.job.id)
        try:
            if job is not None and job.state == "running":
                self.records.end(job.id, self._outcome(job, child.process.returncode))
        except sqlite3.OperationalError:  # a full disk, perhaps: it may not stay full
            return False
        if child.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                child.process.stdin.close()
        return True

    def _outcome(self, job: Job, code: int) -> Outcome:
        """How a job ended that didn't write it down itself."""
        if code == PAUSED_CODE:
            return Outcome("paused")
        if code == DISK_FULL_CODE:
            return Outcome("failed", Message(DISK_FULL))
        if job.ask == "cancel":
            return Outcome("cancelled")
        return Outcome("died", death(job, self.records.progress(job.id)))


def _kill(child: Child) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.process.pid, signal.SIGKILL)
    child.process.wait()


def run(records: Records, at_once: int, until: tuple[int, float] | None = None) -> bool:
    """Work until interrupted, or until nothing is left to do and the process ``until`` is gone.

    False when another worker holds the lock.
    """
    worker, lock = Worker(records, at_once), _lock(records.folder)
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
    run(Records(home() / "jobs"), jobs_at_once(), until=(int(sys.argv[1]), float(sys.argv[2])))
