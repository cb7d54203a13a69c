"""The queue as everybody sees it, whatever keeps it: bounded, owners in turns, each in order."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from ..storage.models import is_plain
from ..text.message import SpectraVaeError
from .record import Job
from .tasks import task

JOBS_AT_ONCE = "SPECTRA_VAE_JOBS"
NICENESS = "SPECTRA_VAE_NICE"
STEP_BACK = 10  # the page comes first, but a busy machine still works
NICEST = 19
WAITING_GROUPS_LIMIT = 8  # of one owner
ALL_WAITING_GROUPS_LIMIT = 120  # a class of thirty, four each
GROUP_JOBS_LIMIT = 60
AT_ONCE_LIMIT = 64
ATTEMPTS_LIMIT = 3


class QueueError(SpectraVaeError):
    """What the queue can't do; the text says why and what to do instead."""


class Queue(Protocol):
    """Jobs that wait, run and have ended, shared by servers and workers.

    Servers, the command line and tests ask for no more than this; a backend implements it.
    Whatever is asked of a job that doesn't exist is a :class:`QueueError`, if nothing else is said.
    """

    # ---- looking

    def version(self) -> int:
        """A number that changes with every record, but not with a progress."""

    def get(self, job: str) -> Job | None:
        """The record of a job's id."""

    def waiting(self) -> list[Job]:
        """In the order in which they will start: owners in turns (:func:`.turns.in_turns`)."""

    def running(self) -> list[Job]: ...

    def ended(self, most: int = 50, kind: str | None = None) -> list[Job]:
        """The last ones (of a kind), newest first."""

    def position(self, job: str) -> int:
        """1 for the next to start, 0 for a job that isn't waiting."""

    def progress(self, job: str) -> Mapping[str, Any]:
        """What the job's task told last, or nothing."""

    # ---- asking

    def check_room(self, count: int, owner: str = "") -> None:
        """Refuse a group of an owner's ``count`` jobs that :meth:`add` would refuse."""

    def add(self, jobs: Sequence[Job]) -> None:
        """Queue jobs as one group, all or none.

        Raises
        ------
        QueueError
            Too many wait already, the group is too large, or an id is a path.
        SpectraVaeError
            There is no such kind of job.
        """

    def cancel(self, job: str) -> None:
        """A waiting job never starts, a running one is ended by its worker."""

    def pause(self, job: str) -> None:
        """A running job saves its state and makes room; it goes on where it was when resumed.

        A :class:`QueueError` where its kind can't do so.
        """

    def resume(self, job: str) -> None:
        """An ended job waits again, last in the queue."""

    def forget(self, job: str) -> None:
        """Drop the record of a job that is over; :meth:`recall` brings it back within the hour.

        No error where there is none. What the job made is not the queue's.
        """

    def recall(self, job: str) -> bool:
        """Bring a forgotten record back where it was; False when there is none."""

    def rename(self, job: str, name: str) -> None:
        """Call a job otherwise."""

    # ---- working

    def has_worker(self) -> bool:
        """Whether somebody works on this queue."""

    def workers(self) -> int:
        """How many work on this queue."""

    def ensure_worker(self) -> None:
        """Start a worker here when there is none and this backend's workers start by themselves.

        It outlives this process while there is work.
        """

    def work(self, at_once: int) -> bool:
        """Be a worker until interrupted; False when there can't be one more."""

    # ---- sharing

    def secret(self) -> bytes:
        """32 random bytes that all servers of this queue share."""


def each_once(*stages: list[Job]) -> list[list[Job]]:
    """Jobs by the stages of their lives, as they were read one after another: who moved on
    meanwhile was read twice, and is where it came last.
    """
    kept, later = [], set[str]()
    for stage in reversed(stages):
        kept.append([job for job in stage if job.id not in later])
        later |= {job.id for job in stage}
    return kept[::-1]


def busy(queue: Queue) -> list[Job]:
    """What runs and then what waits; none is missed that starts meanwhile."""
    waiting, running = each_once(queue.waiting(), queue.running())
    return [*running, *waiting]


def jobs_at_once() -> int:
    """``SPECTRA_VAE_JOBS``: how many run at once; 1 unless told.

    Raises
    ------
    SpectraVaeError
        It is no number from 1 to 64.
    """
    given = os.environ.get(JOBS_AT_ONCE) or "1"
    if not (given.isascii() and given.isdigit() and 1 <= int(given) <= AT_ONCE_LIMIT):
        raise SpectraVaeError("error.slots", value=given[:20])
    return int(given)


def niceness() -> int:
    """``SPECTRA_VAE_NICE``: how far jobs step back behind all else on the machine; 10 unless told.

    Raises
    ------
    SpectraVaeError
        It is no number from 0 to 19.
    """
    given = os.environ.get(NICENESS) or str(STEP_BACK)
    if not (given.isascii() and given.isdigit() and int(given) <= NICEST):
        raise SpectraVaeError("error.niceness", value=given[:20])
    return int(given)


def check_group(jobs: Sequence[Job]) -> None:
    """Refuse jobs that no backend can run."""
    for job in jobs:
        if not is_plain(job.id):
            raise QueueError("error.unknown_job", name=str(job.id)[:80])
        task(job.kind)


def check_room(count: int, waiting: Iterable[Job], owner: str = "") -> None:
    """Refuse ``count`` more jobs of an owner where that is too large a group, or too many wait."""
    if count > GROUP_JOBS_LIMIT:
        raise QueueError("error.sweep_large", count=count, limit=GROUP_JOBS_LIMIT)
    groups = {(job.owner, job.group) for job in waiting}
    own = [group for group in groups if group[0] == owner]
    if len(own) >= WAITING_GROUPS_LIMIT:
        raise QueueError("error.queue_full", count=len(own))
    if len(groups) >= ALL_WAITING_GROUPS_LIMIT:
        raise QueueError("error.queue_crowded", count=len(groups))


def check_pausable(job: Job) -> None:
    """Refuse to pause what would have to start from the beginning."""
    if not task(job.kind).pausable:
        raise QueueError("error.not_pausable", name=job.name)
