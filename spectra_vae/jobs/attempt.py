"""One attempt at a job: a fresh interpreter in its own session that ends when its worker does."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys

from ..storage.models import home
from ..text.message import Message, SpectraVaeError
from .outcome import DISK_FULL, Outcome, why
from .record import Job
from .records import Records
from .standing import death
from .tasks import task

PATIENT = {"OMP_WAIT_POLICY": "PASSIVE"}  # threads that spin while others compute cost everybody
DISK_FULL_CODE = 74  # exit codes for a worker that must write the end down itself
PAUSED_CODE = 75
LATER_CODE = 76  # the queue couldn't be asked for the job


class Attempt:
    """A job's process, and the pipe at whose other end it waits for its worker's end."""

    def __init__(self, records: Records, job: Job, process: subprocess.Popen[bytes]) -> None:
        self.records = records
        self.job = job
        self.process = process

    @classmethod
    def start(cls, records: Records, job: Job) -> Attempt | None:
        """A claimed job's process; None when there can't be one, which is written down."""
        try:
            folder = task(job.kind).folder(job.id)
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / "log.txt").open("ab") as log:
                process = subprocess.Popen(
                    [sys.executable, "-m", "spectra_vae.jobs.child", job.id],
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env={**os.environ, "SPECTRA_VAE_HOME": str(home()), **PATIENT},
                    start_new_session=True,
                )
        except SpectraVaeError as wrong:
            records.end(job.id, Outcome("failed", wrong.message), job.holder)
            return None
        except OSError as wrong:
            records.end(job.id, Outcome("failed", why(wrong)), job.holder)
            return None
        return cls(records, job, process)

    @property
    def over(self) -> bool:
        """Whether the process has ended."""
        return self.process.poll() is not None

    def obey(self) -> None:
        """Do what is asked of the job; end it where it isn't this worker's any more."""
        job = self.records.get(self.job.id)
        if job is None or job.ask == "cancel" or job.holder != self.job.holder:
            self.kill()
        elif job.ask == "pause" and self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.write(b"pause\n")
                self.process.stdin.flush()

    def settle(self) -> None:
        """Write down how the process ended, unless it did so itself."""
        job = self.records.get(self.job.id)
        if self.process.returncode == LATER_CODE:
            self.records.hand_back(self.job.id, self.job.holder)
        elif job is not None and job.state == "running":
            outcome = self._outcome(job, self.process.returncode)
            self.records.end(job.id, outcome, self.job.holder)
        if self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.close()

    def kill(self) -> None:
        """End the process and all that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _outcome(self, job: Job, code: int) -> Outcome:
        """How a job ended that didn't write it down itself."""
        if code == PAUSED_CODE:
            return Outcome("paused")
        if code == DISK_FULL_CODE:
            return Outcome("failed", Message(DISK_FULL))
        if job.ask == "cancel":
            return Outcome("cancelled")
        return Outcome("died", death(job, self.records.progress(job.id)))
