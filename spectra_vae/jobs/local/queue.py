"""The queue of one machine: its records in a folder, its worker a process beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..record import Job
from ..recorded import RecordedQueue
from . import worker
from .store import open_store


class LocalQueue(RecordedQueue):
    """:class:`~spectra_vae.jobs.queue.Queue` in a folder; its worker is a process beside it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(open_store(folder))
        self.folder = folder

    def add(self, jobs: Sequence[Job]) -> None:
        """As the queue's; an OSError, and nothing is changed, where the folder can't be written:
        the open store still could be, but no worker be started.
        """
        worker.is_running(self.folder)  # fails there
        super().add(jobs)

    def has_worker(self) -> bool:
        return worker.is_running(self.folder)

    def workers(self) -> int:
        return int(self.has_worker())

    def ensure_worker(self) -> None:
        worker.ensure(self.folder)

    def work(self, at_once: int) -> bool:
        return worker.run(self, self.folder, at_once)
