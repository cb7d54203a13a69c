"""One large input as a group of jobs: its pieces go to whoever has room, and are gathered."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from math import ceil
from typing import TypeVar

from .queue import GROUP_JOBS_LIMIT, Queue
from .record import Job

T = TypeVar("T")
PIECE_SIZE = 250  # an interpreter that starts costs as much as some dozens of files
LOOK_SECONDS = 0.3


def cut(items: Sequence[T], size: int = PIECE_SIZE) -> list[Sequence[T]]:
    """Pieces in order and of nearly one size: about ``size``, larger where they'd be too many."""
    count = min(ceil(len(items) / size), GROUP_JOBS_LIMIT)
    ends = [round(k * len(items) / count) for k in range(count + 1)] if count else []
    return [items[a:b] for a, b in zip(ends, ends[1:], strict=False)]


def watch(queue: Queue, jobs: Sequence[str]) -> Iterator[int]:
    """How many items of all pieces are done, whenever that changes, until every piece is over."""
    seen = -1
    while True:
        queue.ensure_worker()
        found = [job for job in map(queue.get, jobs) if job is not None]
        done = sum(_done(queue, job) for job in found)
        if done != seen:
            seen = done
            yield done
        if not any(job.busy for job in found):
            return
        time.sleep(LOOK_SECONDS)


def _done(queue: Queue, job: Job) -> int:
    """How many of a piece's items are done; all where it is finished, as not every one is told."""
    key = "total" if job.state == "finished" else "done"
    return int(queue.progress(job.id).get(key, 0))
