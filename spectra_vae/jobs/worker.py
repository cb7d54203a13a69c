"""The worker: claims jobs in order, runs each in a fresh interpreter, writes down how it ended.

One worker a home, by a lock that ends with its process however it ends. Jobs live in their own
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

from ..storage.models import home
from ..storage.process import alive, identity, kill_session
from ..storage.runs import read_live, run_folder
from ..text.message import Message, SpectraVaeError
from .job import DISK_FULL, PAUSED
from .queue import Queue
from .record import Job, State

LOOK_SECONDS = 0.1
MOST_SLOTS = 64
PATIENT = {"OMP_WAIT_POLICY": "PASSIVE"}  # threads that spin while others compute cost everybody
LOCK_SECONDS = 2.0  # a server may hold the lock for a moment, to see whether it is free
ORPHAN_SECONDS = 5.0


def jobs_folder() -> Path:
    return home() / "jobs"


@dataclass(frozen=True)
class Child:
    job: Job
    process: subprocess.Popen[bytes]


class Worker:
    """Runs the jobs of a queue, ``slots`` at once."""

    def __init__(self, queue: Queue, slots: int = 1) -> None:
        self.queue = queue
        self.slots = slots
        self.children: list[Child] = []

    def take_over(self) -> None:
        """End what an earlier worker left behind and let it wait again, first in the queue."""
        for job in self.queue.running():
            end = time.monotonic() + ORPHAN_SECONDS
            while job.pid and alive(job.pid, job.born) and time.monotonic() < end:
                kill_session(job.pid, job.born)
                time.sleep(0.02)
        self.queue.take_over()

    def look(self) -> None:
        """Settle what has ended, do what is asked, start what there is room for."""
        for child in self.children[:]:
            if child.process.poll() is None:
                self._obey(child)
            if child.process.poll() is not None and self._settle(child):
                self.children.remove(child)
        while len(self.children) < self.slots and (job := self.queue.claim()) is not None:
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
            folder = run_folder(job.id)
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / "log.txt").open("ab") as log:
                process = subprocess.Popen(
                    [sys.executable, "-m", "spectra_vae.jobs.job", job.id],
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env={**os.environ, "SPECTRA_VAE_HOME": str(home()), **PATIENT},
                    start_new_session=True,
                )
        except OSError as wrong:
            self.queue.end(job.id, "failed", Message("job.broke", {"why": str(wrong)[:160]}))
            return
        self.children.append(Child(job, process))
        self.queue.started(job.id, process.pid)

    def _obey(self, child: Child) -> None:
        job = self.queue.get(child.job.id)
        if job is None or job.ask == "cancel":
            _kill(child)
        elif job.ask == "pause" and child.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                child.process.stdin.write(b"pause\n")
                child.process.stdin.flush()

    def _settle(self, child: Child) -> bool:
        """Write down how a job ended; False: it couldn't be written, try again later."""
        job = self.queue.get(child.job.id)
        try:
            if job is not None and job.state == "running":
                self.queue.end(job.id, *_how(job, child.process.returncode))
        except sqlite3.OperationalError:  # a full disk, perhaps: it may not stay full
            return False
        if child.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                child.process.stdin.close()
        return True


def _how(job: Job, code: int) -> tuple[State, Message | None]:
    if code == PAUSED:
        return "paused", None
    if code == DISK_FULL:
        return "failed", Message("job.disk_full")
    if job.ask == "cancel":
        return "cancelled", None
    step = read_live(run_folder(job.id)).get("step", 0)
    return "died", Message("job.died", {"step": step})


def _kill(child: Child) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.process.pid, signal.SIGKILL)
    child.process.wait()


def run(slots: int | None = None, until: tuple[int, float] | None = None) -> bool:
    """Work until interrupted, or until nothing is left to do and the process ``until`` is gone.

    False when another worker holds the lock.
    """
    folder = jobs_folder()
    worker = Worker(Queue(folder), slots or slots_wanted())  # says why, where it can't
    lock = FileLock(folder / "worker.lock")
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


def slots_wanted() -> int:
    """``SPECTRA_VAE_JOBS``: how many at once; 1 unless told.

    Raises
    ------
    SpectraVaeError
        It is no number from 1 to 64.
    """
    given = os.environ.get("SPECTRA_VAE_JOBS") or "1"
    if not (given.isascii() and given.isdigit() and 1 <= int(given) <= MOST_SLOTS):
        raise SpectraVaeError("error.slots", value=given[:20])
    return int(given)


def is_running() -> bool:
    """Whether some worker holds the lock."""
    folder = jobs_folder()
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "worker.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    return False


def ensure() -> None:
    """Start a worker when none holds the lock; it outlives this process while there is work."""
    if is_running():
        return
    pid, born = identity(os.getpid())
    with (jobs_folder() / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "spectra_vae.jobs.worker", str(pid), repr(born)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "SPECTRA_VAE_HOME": str(home())},
            start_new_session=True,
        )
    threading.Thread(target=process.wait, daemon=True).start()  # leaves no zombie


if __name__ == "__main__":
    run(until=(int(sys.argv[1]), float(sys.argv[2])))
