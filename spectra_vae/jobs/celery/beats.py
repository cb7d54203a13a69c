"""Signs of life: every worker gives one a second; whoever gives none any more is gone."""

from __future__ import annotations

import os
import socket
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from ...storage.process import alive, identity
from ..record import Job
from .shelf import RedisShelf

BEATS = "beats"
BEAT_SECONDS = 1.0
SILENT_SECONDS_LIMIT = 15.0  # a worker on a busy machine may stammer, and Redis may restart


class Beats:
    """When each worker was last heard, by Redis' clock; workers compare, and never subtract."""

    def __init__(self, shelf: RedisShelf) -> None:
        self.shelf = shelf

    def give(self, worker: str) -> None:
        now = self.shelf.now()
        self.shelf.rank(BEATS, worker, now)
        self.shelf.drop_below(BEATS, now - 4 * SILENT_SECONDS_LIMIT)

    def end(self, worker: str) -> None:
        self.shelf.unrank(BEATS, worker)

    def heard(self) -> Mapping[str, float]:
        """Worker → its last sign."""
        return self.shelf.ranked(BEATS)

    def count(self) -> int:
        """How many workers there are."""
        oldest = self.shelf.now() - SILENT_SECONDS_LIMIT
        return sum(beat >= oldest for beat in self.heard().values())


class Watch:
    """Which jobs nobody works on any more, as one worker sees it on its own clock."""

    def __init__(self, worker: str) -> None:
        self.worker = worker
        self._seen: dict[tuple[str, str], tuple[float | None, float]] = {}

    def left(
        self,
        running: Iterable[Job],
        beats: Mapping[str, float],
        in_hand: Collection[str],
        now: float,
    ) -> set[tuple[str, str]]:
        """(job, holder) of those whose worker is dead or has long been silent.

        ``now`` [s] never goes back. What this worker claimed without learning so counts as well.
        """
        seen, left = {}, set()
        for job in running:
            if job.holder == self.worker and job.id in in_hand:
                continue
            key = (job.id, job.holder)
            beat = None if job.holder == self.worker else beats.get(job.holder)
            last, since = self._seen.get(key, (beat, now))
            seen[key] = (beat, since if beat == last else now)
            if dead_here(job.holder) or now - seen[key][1] > SILENT_SECONDS_LIMIT:
                left.add(key)
        self._seen = seen
        return left

    def forget(self) -> None:
        """Redis was away: everybody gets the time to be heard again."""
        self._seen = {}


def this_worker() -> str:
    """This process, among all of all machines: ``place pid born``."""
    pid, born = identity(os.getpid())
    return f"{place()} {pid} {born!r}"


def dead_here(worker: str) -> bool:
    """Whether a worker ran where this process could see it, and doesn't any more."""
    where, pid, born = worker.rsplit(" ", 2) if worker.count(" ") >= 2 else (worker, "0", "0")
    return where == place() and not alive(int(pid), float(born))


def place() -> str:
    """Where pids mean the same: this start of this machine, and the container on it."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{socket.gethostname()} {boot} {Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:
        return socket.gethostname()
