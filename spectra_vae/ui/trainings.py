"""Trainings for the views: their queue, the runs that came of them, how long they take."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from ..jobs import speed
from ..jobs.backends import open_queue
from ..jobs.queue import Queue, busy
from ..storage.runs import runs_folder
from ..text.message import Message, SpectraVaeError
from .guard.people import may_change, who
from .run_rows import KIND, RunRow, all_runs, owner_of

if TYPE_CHECKING:
    from ..vae.config import TrainConfig

LOOK_SECONDS = 1.0  # between two looks for a living worker


class Trainings:
    """Jobs and runs of this home; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._looked = 0.0
        self._measuring = False
        self._measured: speed.Speed | None = None  # where the home can't be written

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
        """Busy ones first, then one's own, by age, shipped models last."""
        rows = all_runs(self.queue)
        return sorted(rows, key=lambda row: not row.busy and 1 + _theirs(row))  # a stable order

    def version(self) -> str:
        """Changes with every record and run folder that comes or goes, and once speed is known."""
        folder = runs_folder()
        stamp = folder.stat().st_mtime_ns if folder.is_dir() else 0
        measured = self._speed() is not None
        return f"{self.queue.version()}-{stamp}-{measured}"

    def watched(self, wanted: object) -> RunRow | None:
        """The run asked for, else the one that runs, the newest that ended, the next to start."""
        own = [row for row in self.runs() if row.state != "shipped"]
        found = next((row for row in own if row.id == wanted), None)
        return found or next((row for row in own if row.state != "waiting"), next(iter(own), None))

    def check_mine(self, run: str) -> None:
        """Refuse in words what would change somebody else's run."""
        if not may_change(owner_of(self.queue, run)):
            row = next((row for row in all_runs(self.queue) if row.id == run), None)
            raise SpectraVaeError("error.not_yours", name=(row.name if row else run)[:80])

    def cancel_group(self, group: str) -> None:
        """End all that was asked for together; what is somebody else's is refused in words."""
        jobs = [job for job in busy(self.queue) if job.group == group]
        if not all(may_change(job.owner) for job in jobs):
            raise SpectraVaeError("error.not_yours", name=jobs[0].name[:80])
        for job in jobs:
            self.queue.cancel(job.id)

    def resume(self, run: str) -> None:
        """Let an ended job wait again."""
        self.queue.resume(run)
        self.queue.ensure_worker()

    def time_of(self, configs: Sequence[TrainConfig]) -> Message:
        """How long trainings would take here, as a sentence; measured when nobody knows yet."""
        known = self._speed()
        if known is None:
            with self._lock:
                first, self._measuring = not self._measuring, True
            if first:
                threading.Thread(target=self._measure, daemon=True).start()
            return Message("form.measuring")
        seconds = sum(known.seconds(c.to_dict()) for c in configs)
        return Message("form.takes", {"time": duration(seconds)})

    def _speed(self) -> speed.Speed | None:
        return speed.known() or self._measured

    def _measure(self) -> None:
        try:
            self._measured = speed.measure()
        finally:
            self._measuring = False


def _theirs(row: RunRow) -> int:
    """0 for one's own, 1 for everybody else's, 2 for what is shipped."""
    return 2 if row.state == "shipped" else int(row.owner != who().id)


def duration(seconds: float) -> Message:
    """A time as people say it."""
    whole = max(0, round(seconds))
    hours, minutes = whole // 3600, whole % 3600 // 60
    if hours:
        return Message("time.hours", {"hours": hours, "minutes": minutes})
    if minutes:
        return Message("time.minutes", {"minutes": minutes, "seconds": whole % 60})
    return Message("time.seconds", {"seconds": whole})
