"""Watching a job from where it was started, until it is over."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from .queue import Queue
from .record import Job

LOOK_SECONDS = 0.2


def follow(queue: Queue, job: str) -> Iterator[tuple[Job, Mapping[str, Any]]]:
    """The job's record and its progress whenever they change; the last record is its end.

    A worker is started when the one that works on it dies.
    """
    seen: Any = None
    while True:
        queue.ensure_worker()
        found = queue.get(job)
        if found is None:
            return
        progress = queue.progress(job)
        now = (found.state, found.ask, progress, queue.position(job))
        if now != seen:
            seen = now
            yield found, progress
        if not found.busy:
            return
        time.sleep(LOOK_SECONDS)
