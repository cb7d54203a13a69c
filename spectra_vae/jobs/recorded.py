"""What servers ask of a queue whose records lie on a shelf, whatever shelf that is."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from . import queue
from .queue import QueueError
from .record import Job, State
from .records import Index, Records

FORGOTTEN_SECONDS_LIMIT = 3600.0  # as long as a deleted run's folder can be brought back
SECRET = "signing-secret"
SECRET_BYTES = 32


class RecordedQueue(Records):
    """What every backend's :class:`~spectra_vae.jobs.queue.Queue` does alike."""

    def check_room(self, count: int, owner: str = "") -> None:
        queue.check_room(count, self.waiting(), owner)

    def add(self, jobs: Sequence[Job]) -> None:
        queue.check_group(jobs)

        def change(index: Index) -> None:
            self.check_room(len(jobs), jobs[0].owner if jobs else "")
            for job in jobs:
                self.write(replace(job, group=job.group or jobs[0].id))
                self.queue_up(index, job)

        self.change(change)

    def cancel(self, job: str) -> None:
        self._ask(job, "cancel", "cancelled")

    def pause(self, job: str) -> None:
        self._ask(job, "pause", "paused")

    def resume(self, job: str) -> None:
        def change(index: Index) -> None:
            found = self._known(job)
            if not found.resumable:
                raise QueueError("error.not_resumable", name=found.name)
            index["ended"] = [entry for entry in index["ended"] if entry[0] != job]
            self.queue_up(index, found)
            self.write(replace(found.again(), attempts=0))

        self.change(change)

    def forget(self, job: str) -> None:
        def change(index: Index) -> None:
            found = self.get(job)
            if found is None:
                return
            if found.busy:
                raise QueueError("error.still_busy", name=found.name)
            index["ended"] = [entry for entry in index["ended"] if entry[0] != job]
            self.store.set(f"gone:{job}", found.to_json(), expire=FORGOTTEN_SECONDS_LIMIT)
            self.drop(job)

        self.change(change)

    def recall(self, job: str) -> bool:
        def change(index: Index) -> bool:
            text = self.store.pop(f"gone:{job}")
            if text is None:
                return False
            found = Job.from_json(text)
            self.write(found)
            index["ended"] = sorted([*index["ended"], [job, found.ended]], key=lambda e: e[1])
            return True

        return self.change(change)

    def rename(self, job: str, name: str) -> None:
        self.change(lambda _: self.write(replace(self._known(job), name=name)))

    def secret(self) -> bytes:
        self.store.add(SECRET, json.dumps(secrets.token_hex(SECRET_BYTES)))
        return bytes.fromhex(json.loads(self.store.get(SECRET) or '""'))

    def _known(self, job: str) -> Job:
        found = self.get(job)
        if found is None:
            raise QueueError("error.unknown_job", name=job[:80])
        return found

    def _ask(self, job: str, ask: Literal["cancel", "pause"], state: State) -> None:
        def change(index: Index) -> None:
            found = self._known(job)
            if job in index["waiting"]:
                index["waiting"].remove(job)
                index["ended"].append([job, time.time()])
                self.write(found.ends(state))
            elif job in index["running"]:
                if ask == "pause":
                    queue.check_pausable(found)
                self.write(replace(found, ask=ask))

        self.change(change)
