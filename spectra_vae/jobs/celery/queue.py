"""The queue of many machines."""

from __future__ import annotations

from .shared import SharedRecords


class CeleryQueue(SharedRecords):
    """:class:`~spectra_vae.jobs.queue.Queue` on a Redis; workers run wherever they are started."""

    def has_worker(self) -> bool:
        return self.workers() > 0

    def workers(self) -> int:
        return self.beats.count()

    def ensure_worker(self) -> None:
        """Workers of a cluster are started where they are to run, by whoever runs it."""

    def work(self, at_once: int) -> bool:
        from .worker import run  # and Celery with it, which servers and jobs don't need for this

        run(self, at_once)
        return True
