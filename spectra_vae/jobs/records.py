"""The records on their shelf: looked at by everybody, changed by workers and jobs.

Every change is one transaction.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ..storage.process import identity
from ..text.message import Message
from .outcome import Outcome
from .queue import ATTEMPTS_LIMIT, QueueError
from .record import Job, State
from .shelf import Shelf, T
from .task import work_folder
from .tasks import tasks
from .turns import in_turns

ENDED_LIMIT = 500  # records
ENDED_SECONDS_LIMIT = 90 * 86_400.0
INDEX = "index"
LISTS = ("waiting", "running", "ended", "prompt")

Index = dict[str, Any]


class Records:
    """Records of jobs on one shelf, shared by servers, workers and jobs.

    The index is one entry (ids waiting, running and ended), so that a look at the queue costs the
    same with ten records and with thousands.
    """

    def __init__(self, store: Shelf) -> None:
        self.store = store

    # ---- looking

    def version(self) -> int:
        return int(self.index()["version"])

    def get(self, job: str) -> Job | None:
        text = self.store.get(f"job:{job}")
        return None if text is None else Job.from_json(text)

    def waiting(self) -> list[Job]:
        return self._jobs(self.index()["waiting"])

    def running(self) -> list[Job]:
        return self._jobs(self.index()["running"])

    def ended(self, most: int = 50, kind: str | None = None) -> list[Job]:
        names = [name for name, _ in reversed(self.index()["ended"])]
        found: list[Job] = []
        while names and len(found) < most:
            asked, names = names[:most], names[most:]
            found += [job for job in self._jobs(asked) if kind in (None, job.kind)]
        return found[:most]

    def position(self, job: str) -> int:
        waiting = self.index()["waiting"]
        return waiting.index(job) + 1 if job in waiting else 0

    def progress(self, job: str) -> Mapping[str, Any]:
        text = self.store.get(f"progress:{job}")
        return {} if text is None else dict(json.loads(text))

    # ---- working

    def claim(self, holder: str = "", prompt: bool = False) -> Job | None:
        """The first waiting job, now running and held by ``holder``; None when none waits.

        ``prompt``: only one for which a person waits.
        """

        def change(index: Index) -> Job | None:
            while index["prompt"] if prompt else index["waiting"]:
                name = index["waiting"].pop(0)  # prompt ones stand first
                job = self.get(name)
                if job is None:
                    index["prompt"] = [one for one in index["prompt"] if one != name]
                    continue
                job = replace(
                    job,
                    state="running",
                    attempts=job.attempts + 1,
                    started=time.time(),
                    ask="",
                    holder=holder,
                )
                index["running"].append(job.id)
                _served(index, job)
                self.write(job)
                if job.kind not in tasks() or not tasks()[job.kind].pausable:
                    self.store.delete(f"progress:{job.id}")  # it starts from the beginning
                return job
            return None

        return self.change(change) if self.index()["prompt" if prompt else "waiting"] else None

    def started(self, job: str, pid: int, holder: str = "") -> None:
        """Which process of its holder runs it."""
        pid, born = identity(pid)

        def change(_: Index) -> None:
            found = self.get(job)
            if found is not None and found.holder == holder:
                self.write(replace(found, pid=pid, born=born))

        self.change(change)

    def tell(self, job: str, progress: Mapping[str, Any]) -> None:
        """How far a job is; it is no change of its record."""
        self.store.set(f"progress:{job}", json.dumps(progress, allow_nan=False))

    def end(self, job: str, outcome: Outcome, holder: str | None = None) -> None:
        """A running job is over, unless ``holder`` lost it; old records are purged with it."""

        def change(index: Index) -> None:
            found = self.get(job)
            if found is None or job not in index["running"]:
                return
            if holder not in (None, found.holder):
                return
            index["running"].remove(job)
            index["ended"].append([job, time.time()])
            self.write(found.ends(outcome.state, outcome.message, result=outcome.result))
            self._purge(index)

        self.change(change)
        self._clear_work()

    def hand_back(self, job: str, holder: str) -> None:
        """A job that its worker can't see to its end waits again, first; that start is no count."""

        def change(index: Index) -> None:
            found = self.get(job)
            if found is None or job not in index["running"] or found.holder != holder:
                return
            index["running"].remove(job)
            if found.ask:
                self.write(found.ends("cancelled" if found.ask == "cancel" else "paused"))
                index["ended"].append([job, time.time()])
            else:
                self.write(replace(found.again(), attempts=max(found.attempts - 1, 0)))
                index["waiting"].insert(0, job)

        self.change(change)

    def take_over(self, left: Callable[[Job], bool] = lambda _: True) -> None:
        """What dead workers left running waits again, first in the queue."""

        def change(index: Index) -> None:
            for job in reversed(index["running"][:]):
                found = self.get(job)
                if found is not None and not left(found):
                    continue
                index["running"].remove(job)
                if found is None:
                    continue
                if found.ask or found.attempts >= ATTEMPTS_LIMIT:
                    state: State = "cancelled" if found.ask else "died"
                    why = None if found.ask else Message("job.gave_up", {"count": found.attempts})
                    self.write(found.ends(state, why))
                    index["ended"].append([job, time.time()])
                else:
                    self.write(found.again())
                    index["waiting"].insert(0, job)

        if self.index()["running"]:
            self.change(change)

    # ---- inside

    def index(self) -> Index:
        """Ids, a version, whose the waiting jobs are, and who was served last.

        A :class:`~spectra_vae.jobs.queue.QueueError` where it can't be read.
        """
        text = self.store.get(INDEX)
        if text is None:
            return {"waiting": [], "running": [], "ended": [], "prompt": [], "version": 0}
        try:
            index = {"prompt": [], **json.loads(text)}
            if not all(isinstance(index[part], list) for part in LISTS):
                raise TypeError
            int(index["version"])
        except (ValueError, TypeError, KeyError, RecursionError):
            raise QueueError("error.index_broken") from None
        return index

    def queue_up(self, index: Index, job: Job) -> None:
        """Last in its owner's row; inside a change."""
        index["waiting"].append(job.id)
        index.setdefault("owners", {})[job.id] = job.owner
        if job.kind in tasks() and tasks()[job.kind].prompt:
            index["prompt"].append(job.id)

    def change(self, change: Callable[[Index], T]) -> T:
        """Change the index, and records with it: all or nothing.

        ``change`` may be called again, when others came first.
        """

        def whole() -> T:
            index = self.index()
            changed = change(index)
            _take_turns(index)
            index["version"] += 1
            self.store.set(INDEX, json.dumps(index))
            return changed

        return self.store.together(whole)

    def write(self, job: Job) -> None:
        """Put a record on the shelf; inside a change."""
        self.store.set(f"job:{job.id}", job.to_json())

    def drop(self, job: str) -> None:
        """Take a record away, and its progress; inside a change."""
        self.store.delete(f"job:{job}")
        self.store.delete(f"progress:{job}")

    def _jobs(self, names: list[str]) -> list[Job]:
        texts = self.store.several([f"job:{name}" for name in names])
        return [Job.from_json(text) for text in texts if text is not None]

    def _purge(self, index: Index) -> None:
        oldest = time.time() - ENDED_SECONDS_LIMIT
        kept = [entry for entry in index["ended"] if entry[1] >= oldest][-ENDED_LIMIT:]
        remaining = {job for job, _ in kept}
        for job, _ in index["ended"]:
            if job not in remaining:
                self.drop(job)
        index["ended"] = kept

    def _clear_work(self) -> None:
        """Remove the folders that no record tells of any more."""
        for folder in work_folder("").glob("*"):
            if self.get(folder.name) is None and f"gone:{folder.name}" not in self.store:
                shutil.rmtree(folder, ignore_errors=True)


def _served(index: Index, job: Job) -> None:
    """A job waits no more: its owner's turn is over, unless it was let through."""
    index.get("owners", {}).pop(job.id, None)
    if job.id in index["prompt"]:
        index["prompt"].remove(job.id)
    else:
        index["served"] = job.owner


def _take_turns(index: Index) -> None:
    """Let the waiting stand in the order in which they start, those first for which a person waits;
    owners that wait no more go.
    """
    index["prompt"] = [job for job in index["prompt"] if job in index["waiting"]]
    owners = {
        job: owner for job, owner in index.get("owners", {}).items() if job in index["waiting"]
    }
    index["owners"] = owners
    patient = [job for job in index["waiting"] if job not in index["prompt"]]
    index["waiting"] = index["prompt"] + in_turns(patient, owners, index.get("served", ""))
