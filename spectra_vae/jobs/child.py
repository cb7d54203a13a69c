"""One job in a fresh interpreter: ``python -m spectra_vae.jobs.child ID``.

A worker starts it. Its standard input is a pipe from there. When that closes, the worker is gone
and so is the job; the word ``pause`` on it asks for a stop with the state saved.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import threading
import time
import traceback
from pathlib import Path

from .attempt import DISK_FULL_CODE, LATER_CODE, PAUSED_CODE
from .backends import open_records
from .outcome import carry_out
from .queue import QueueError, niceness
from .records import Records
from .task import PauseError, Progress, Tell
from .tasks import tasks

TELL_SECONDS = 0.3


def main(job_id: str) -> int:
    """Run a job and write its end into the queue; the exit code speaks where that can't be."""
    pause = threading.Event()
    threading.Thread(target=_listen, args=(pause,), daemon=True).start()
    try:
        records = open_records()
        job = records.get(job_id)
    except QueueError as away:
        print(away)
        return LATER_CODE
    if job is None:
        return 1
    if job.kind not in tasks() or not tasks()[job.kind].prompt:
        _step_back()
    outcome = carry_out(job, _teller(records, job_id, pause))
    if outcome.state == "paused":
        return PAUSED_CODE
    if outcome.disk_full:
        return DISK_FULL_CODE
    try:
        records.end(job_id, outcome, job.holder)
    except sqlite3.OperationalError:
        with contextlib.suppress(OSError):  # the log is on the same full disk
            traceback.print_exc()
        return DISK_FULL_CODE
    return 0


def _teller(records: Records, job: str, pause: threading.Event) -> Tell:
    """Writes the progress down, seldom enough to cost the work next to nothing."""
    last = -TELL_SECONDS

    def tell(progress: Progress) -> None:
        nonlocal last
        if pause.is_set():
            raise PauseError
        now = time.monotonic()
        if now - last >= TELL_SECONDS:
            last = now
            records.tell(job, progress)

    return tell


def _step_back() -> None:
    """Let everything else on the machine go first, as far as ``SPECTRA_VAE_NICE`` says.

    A prompt job doesn't, as somebody waits for it.

    Linux weighs sessions before processes (its autogroups), and a job is a session of its own:
    there, the session's niceness counts and not the process's.
    """
    with contextlib.suppress(OSError):
        os.nice(niceness())
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(niceness()), encoding="ascii")


def _listen(pause: threading.Event) -> None:
    for line in sys.stdin:
        if line.strip() == "pause":
            pause.set()
    os._exit(1)  # the worker is gone, and nobody would know of this job


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
