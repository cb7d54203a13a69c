"""The queue: first in, first out, bounded; every change is one transaction."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from ..storage.process import identity
from ..text.message import Message, SpectraVaeError
from .record import Job, State
from .store import open_store

WAITING_AT_MOST = 8  # groups
SWEEP_AT_MOST = 60  # jobs of one group
KEPT_RECORDS = 500
KEPT_SECONDS = 90 * 86_400.0
FORGOTTEN_SECONDS = 3600.0  # as long as a deleted run's folder can be brought back
ATTEMPTS = 3
INDEX = "index"


class QueueError(SpectraVaeError):
    """What the queue can't do; the text says why and what to do instead."""


class Queue:
    """Records of jobs in one folder, shared by servers, workers and jobs.

    The index is one entry (ids waiting, running and ended), so that a look at the queue costs the
    same with ten records and with thousands.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = open_store(folder)

    # ---- looking

    def version(self) -> int:
        """A number that changes with every record."""
        return int(self._index()["version"])

    def get(self, job: str) -> Job | None:
        text = self.store.get(f"job:{job}")
        return None if text is None else Job.from_json(text)

    def waiting(self) -> list[Job]:
        """In the order in which they will start."""
        return self._jobs(self._index()["waiting"])

    def running(self) -> list[Job]:
        return self._jobs(self._index()["running"])

    def ended(self, most: int = 50) -> list[Job]:
        """The last ones, newest first."""
        return self._jobs([job for job, _ in self._index()["ended"][: -most - 1 : -1]])

    def position(self, job: str) -> int:
        """1 for the next to start, 0 for a job that isn't waiting."""
        waiting = self._index()["waiting"]
        return waiting.index(job) + 1 if job in waiting else 0

    # ---- asking

    def check_room(self, count: int) -> None:
        """Refuse a group of ``count`` jobs that :meth:`add` would refuse."""
        if count > SWEEP_AT_MOST:
            raise QueueError("error.sweep_large", count=count, limit=SWEEP_AT_MOST)
        groups = {job.group for job in self.waiting()}
        if len(groups) >= WAITING_AT_MOST:
            raise QueueError("error.queue_full", count=len(groups))

    def add(self, jobs: Sequence[Job]) -> None:
        """Queue jobs as one group, all or none.

        Raises
        ------
        QueueError
            Too many wait already, or the group is too large.
        """

        def change(index: dict[str, Any]) -> None:
            self.check_room(len(jobs))
            for job in jobs:
                self._write(replace(job, group=job.group or jobs[0].id))
                index["waiting"].append(job.id)

        self._change(change)

    def cancel(self, job: str) -> None:
        """A waiting job never starts, a running one is ended by its worker."""
        self._ask(job, "cancel", "cancelled")

    def pause(self, job: str) -> None:
        """A running job saves its state and makes room; it goes on where it was when resumed."""
        self._ask(job, "pause", "paused")

    def resume(self, job: str) -> None:
        """An ended job waits again, last in the queue."""

        def change(index: dict[str, Any]) -> None:
            found = self._known(job)
            if not found.resumable:
                raise QueueError("error.not_resumable", name=found.name)
            index["ended"] = [entry for entry in index["ended"] if entry[0] != job]
            index["waiting"].append(job)
            self._write(replace(found.again(), attempts=0))

        self._change(change)

    def forget(self, job: str) -> None:
        """Drop the record of a job that is over; :meth:`recall` brings it back within the hour.

        Its run's folder is not the queue's.
        """

        def change(index: dict[str, Any]) -> None:
            found = self.get(job)
            if found is not None and found.state in ("waiting", "running"):
                raise QueueError("error.still_busy", name=found.name)
            index["ended"] = [entry for entry in index["ended"] if entry[0] != job]
            if found is not None:
                self.store.set(f"gone:{job}", found.to_json(), expire=FORGOTTEN_SECONDS)
            self.store.delete(f"job:{job}")

        self._change(change)

    def recall(self, job: str) -> bool:
        """Bring a forgotten record back where it was; False when there is none."""
        recalled: list[Job] = []

        def change(index: dict[str, Any]) -> None:
            text = self.store.pop(f"gone:{job}")
            if text is None:
                return
            found = Job.from_json(text)
            self._write(found)
            index["ended"] = sorted([*index["ended"], [job, found.ended]], key=lambda e: e[1])
            recalled.append(found)

        self._change(change)
        return bool(recalled)

    def rename(self, job: str, name: str) -> None:
        """Call a job otherwise, and the run it will make if it hasn't started."""

        def change(index: dict[str, Any]) -> None:
            del index
            found = self._known(job)
            ticket = {**found.arguments, "name": name}
            self._write(replace(found, name=name, arguments=ticket))

        self._change(change)

    # ---- working

    def claim(self) -> Job | None:
        """The oldest waiting job, now running; None when none waits."""
        claimed: list[Job] = []

        def change(index: dict[str, Any]) -> None:
            while index["waiting"] and not claimed:
                job = self.get(index["waiting"].pop(0))
                if job is None:
                    continue
                job = replace(
                    job, state="running", attempts=job.attempts + 1, started=time.time(), ask=""
                )
                index["running"].append(job.id)
                self._write(job)
                claimed.append(job)

        if self._index()["waiting"]:
            self._change(change)
        return claimed[0] if claimed else None

    def started(self, job: str, pid: int) -> None:
        """Which process runs it."""
        pid, born = identity(pid)
        self._change(lambda _: self._write(replace(self._known(job), pid=pid, born=born)))

    def end(
        self,
        job: str,
        state: State,
        message: Message | None = None,
        result: dict[str, Any] | None = None,
    ) -> None:
        """A running job is over; old records are purged with it."""

        def change(index: dict[str, Any]) -> None:
            found = self.get(job)
            if found is None or job not in index["running"]:
                return
            index["running"].remove(job)
            index["ended"].append([job, time.time()])
            self._write(found.ends(state, message, result=result))
            self._purge(index)

        self._change(change)

    def take_over(self) -> None:
        """What a dead worker left running waits again, first in the queue."""

        def change(index: dict[str, Any]) -> None:
            for job in reversed(index["running"][:]):
                found = self.get(job)
                index["running"].remove(job)
                if found is None:
                    continue
                if found.ask or found.attempts >= ATTEMPTS:
                    state: State = "cancelled" if found.ask else "died"
                    why = None if found.ask else Message("job.gave_up", {"count": found.attempts})
                    self._write(found.ends(state, why))
                    index["ended"].append([job, time.time()])
                else:
                    self._write(found.again())
                    index["waiting"].insert(0, job)

        if self._index()["running"]:
            self._change(change)

    # ---- inside

    def _index(self) -> dict[str, Any]:
        text = self.store.get(INDEX)
        if text is None:
            return {"waiting": [], "running": [], "ended": [], "version": 0}
        return dict(json.loads(text))

    def _change(self, change: Callable[[dict[str, Any]], None]) -> None:
        with self.store.transact(retry=True):
            index = self._index()
            change(index)
            index["version"] += 1
            self.store.set(INDEX, json.dumps(index))

    def _write(self, job: Job) -> None:
        self.store.set(f"job:{job.id}", job.to_json())

    def _jobs(self, ids: Sequence[str]) -> list[Job]:
        return [job for job in map(self.get, ids) if job is not None]

    def _known(self, job: str) -> Job:
        found = self.get(job)
        if found is None:
            raise QueueError("error.unknown_job", name=job[:80])
        return found

    def _ask(self, job: str, ask: Literal["cancel", "pause"], state: State) -> None:
        def change(index: dict[str, Any]) -> None:
            found = self._known(job)
            if job in index["waiting"]:
                index["waiting"].remove(job)
                index["ended"].append([job, time.time()])
                self._write(found.ends(state))
            elif job in index["running"]:
                self._write(replace(found, ask=ask))

        self._change(change)

    def _purge(self, index: dict[str, Any]) -> None:
        oldest = time.time() - KEPT_SECONDS
        kept = [entry for entry in index["ended"] if entry[1] >= oldest][-KEPT_RECORDS:]
        remaining = {job for job, _ in kept}
        for job, _ in index["ended"]:
            if job not in remaining:
                self.store.delete(f"job:{job}")
        index["ended"] = kept
