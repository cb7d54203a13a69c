"""Watching a job from where it was started, until it is over."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from ..storage.runs import read_live, run_folder
from . import worker
from .queue import Queue
from .record import Job

LOOK_SECONDS = 0.2


def follow(queue: Queue, job: str) -> Iterator[tuple[Job, dict[str, Any]]]:
    """The job's record and its live picture whenever they change; the last record is its end.

    A worker is started when the one that works on it dies.
    """
    seen: Any = None
    while True:
        worker.ensure()
        found = queue.get(job)
        if found is None:
            return
        live = read_live(run_folder(job))
        now = (found.state, found.ask, live.get("step"), queue.position(job))
        if now != seen:
            seen = now
            yield found, live
        if found.state not in ("waiting", "running"):
            return
        time.sleep(LOOK_SECONDS)
