"""How a job stands, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..storage.room import disk_is_full
from ..text.message import Message
from .queue import Queue
from .record import Job
from .tasks import task


def standing(job: Job, queue: Queue) -> Message:
    """Where it waits, how far it is, or how it ended."""
    if job.state == "waiting":
        return Message("job.waiting", {"name": job.name, "position": queue.position(job.id)})
    if job.state == "running":
        if full := stopped_short(job):
            return full
        progress = queue.progress(job.id)
        if progress:
            how_far = task(job.kind).how_far(progress)
            return Message("job.running", {"name": job.name, "progress": how_far})
        return Message("job.preparing", {"name": job.name})
    return Message(f"job.is_{job.state}", {"name": job.name})


def stopped_short(job: Job) -> Message | None:
    """That the disk is full under a running job, whose record may be of before; None: it isn't."""
    if job.state == "running" and disk_is_full():
        return Message("job.disk_is_full", {"name": job.name})
    return None


def death(job: Job, progress: Mapping[str, Any]) -> Message:
    """What is said of a job whose process was ended by nobody known."""
    if not progress:
        return Message("job.died_early")
    return Message("job.died_at", {"progress": task(job.kind).how_far(progress)})
