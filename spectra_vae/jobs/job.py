"""One job in a fresh interpreter: ``python -m spectra_vae.jobs.job ID``, started by a worker.

Its standard input is a pipe from the worker. When that closes, the worker is gone and so is the
job; the word ``pause`` on it asks for a stop with the state saved.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import sys
import threading
import traceback
from pathlib import Path
from typing import Any

from ..storage.models import home
from ..text.message import Message, SpectraVaeError
from . import calibrate
from .queue import Queue
from .tasks import TASKS

NICE = 10  # the page comes first, but a busy machine still trains
DISK_FULL = 74  # exit codes for a worker that must write the end down itself
PAUSED = 75
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class PauseError(Exception):
    """The worker asked for a stop."""


def main(job_id: str) -> int:
    """Run a job and write its end into the queue; the exit code speaks where that can't be."""
    pause = threading.Event()
    threading.Thread(target=_listen, args=(pause,), daemon=True).start()
    _step_back()
    queue = Queue(home() / "jobs")
    job = queue.get(job_id)
    if job is None:
        return 1

    def tell(_: list[Any]) -> None:
        if pause.is_set():
            raise PauseError

    try:
        result = TASKS[job.task](tell, job.arguments)
        queue.end(job_id, "finished", result=result)
        calibrate.learn(queue, job.arguments["config"], result["step_seconds"])
    except PauseError:
        return PAUSED
    except SpectraVaeError as wrong:
        queue.end(job_id, "failed", wrong.message)
    except MemoryError:
        queue.end(job_id, "failed", Message("job.no_memory"))
    except (OSError, sqlite3.OperationalError) as wrong:
        traceback.print_exc()
        if getattr(wrong, "errno", None) in FULL or "disk is full" in str(wrong):
            return DISK_FULL
        queue.end(job_id, "failed", Message("job.broke", {"why": str(wrong)[:160]}))
    except Exception as wrong:
        traceback.print_exc()
        queue.end(job_id, "failed", Message("job.broke", {"why": str(wrong)[:160]}))
    return 0


def _step_back() -> None:
    """Let everything else on the machine go first.

    Linux weighs sessions before processes (its autogroups), and a job is a session of its own:
    there, the session's niceness counts and not the process's.
    """
    with contextlib.suppress(OSError):
        os.nice(NICE)
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(NICE), encoding="ascii")


def _listen(pause: threading.Event) -> None:
    for line in sys.stdin:
        if line.strip() == "pause":
            pause.set()
    os._exit(1)  # the worker is gone, and nobody would know of this job


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
