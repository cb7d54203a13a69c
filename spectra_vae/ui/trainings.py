"""Trainings for the views: their queue, the runs that came of them, how long they take."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from ..jobs import speed
from ..jobs.backends import open_queue
from ..jobs.queue import Queue
from ..storage.runs import runs_folder
from ..text.message import Message
from .run_rows import KIND, RunRow, all_runs

if TYPE_CHECKING:
    from ..vae.config import TrainConfig

LOOK_SECONDS = 1.0  # between two looks for a living worker


class Trainings:
    """Jobs and runs of this home; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._looked = 0.0
        self._measuring = False

    @cached_property
    def queue(self) -> Queue:
        """The queue of this home, shared with workers and other servers."""
        return open_queue()

    def keep_working(self) -> None:
        """Where work is left and no worker lives, start one."""
        now = time.monotonic()
        with self._lock:
            if now - self._looked < LOOK_SECONDS:
                return
            self._looked = now
        if self.queue.waiting() or self.queue.running():
            self.queue.ensure_worker()

    def running(self) -> int:
        """How many trainings run now; other jobs aren't counted."""
        return sum(job.kind == KIND for job in self.queue.running())

    def runs(self) -> list[RunRow]:
        """Busy ones first, then by age, shipped models last."""
        return all_runs(self.queue)

    def version(self) -> str:
        """Changes with every record and run folder that comes or goes, and once speed is known."""
        folder = runs_folder()
        stamp = folder.stat().st_mtime_ns if folder.is_dir() else 0
        measured = speed.known() is not None
        return f"{self.queue.version()}-{stamp}-{measured}"

    def watched(self, wanted: object) -> RunRow | None:
        """The run asked for, else the one that runs, the newest that ended, the next to start."""
        own = [row for row in self.runs() if row.state != "shipped"]
        found = next((row for row in own if row.id == wanted), None)
        return found or next((row for row in own if row.state != "waiting"), next(iter(own), None))

    def resume(self, run: str) -> None:
        """Let an ended job wait again."""
        self.queue.resume(run)
        self.queue.ensure_worker()

    def time_of(self, configs: Sequence[TrainConfig]) -> Message:
        """How long trainings would take here, as a sentence; measured when nobody knows yet."""
        known = speed.known()
        if known is None:
            with self._lock:
                first, self._measuring = not self._measuring, True
            if first:
                threading.Thread(target=self._measure, daemon=True).start()
            return Message("form.measuring")
        seconds = sum(known.seconds(c.to_dict()) for c in configs)
        return Message("form.takes", {"time": duration(seconds)})

    def _measure(self) -> None:
        try:
            speed.measure()
        finally:
            self._measuring = False


def duration(seconds: float) -> Message:
    """A time as people say it."""
    whole = max(0, round(seconds))
    hours, minutes = whole // 3600, whole % 3600 // 60
    if hours:
        return Message("time.hours", {"hours": hours, "minutes": minutes})
    if minutes:
        return Message("time.minutes", {"minutes": minutes, "seconds": whole % 60})
    return Message("time.seconds", {"seconds": whole})
