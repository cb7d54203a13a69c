"""Dash's background callbacks over our queue: a call is a record, a worker runs it, nobody forks.

Dash's own ``DiskcacheManager`` forks the server for every call. Here a call only writes a record,
into diskcache or whatever keeps the queue; what the page asks while it waits (is it running, how
far is it, what came out) is read from the record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import flask
from dash.background_callback.managers import BaseBackgroundCallbackManager

from ..jobs.queue import Queue
from ..jobs.record import Job
from ..jobs.standing import standing
from ..jobs.tasks import task, tasks
from ..storage.runs import new_id
from ..text.message import SpectraVaeError, say
from .guard import allowance
from .guard.people import may_change, who
from .guard.shapes import ShapeError
from .run_rows import owner_of


class QueueManager(BaseBackgroundCallbackManager):
    """Background callbacks whose functions do a kind of job (:mod:`spectra_vae.jobs.tasks`).

    A callback's one argument is a ticket: ``{"jobs": [{"name", …arguments}, …]}``. Its progress is
    ``[sentence]``, its result the last job's ``{"run": id, "state"}``.
    """

    def __init__(self, queue: Queue, language: Callable[[], str] = lambda: "en") -> None:
        super().__init__(cache_by=None)
        self.queue = queue
        self.language = language

    def make_job_fn(self, fn: Any, progress: Any, key: Any = None) -> str:
        """The kind of job that a function does."""
        del progress, key
        return next((kind for kind, task in tasks().items() if task.run is fn), "")

    def build_cache_key(self, fn: Any, args: Any, *ignored: Any) -> str:
        """A new id: two tabs with equal settings have two jobs."""
        del fn, ignored
        return new_id(str(_jobs(args)[0]["name"]))

    def call_job_fn(self, key: str, job_fn: str, args: Any, context: Any) -> str:
        del context  # a job knows nothing of the page that asked for it
        entries, owner = _jobs(args), who().id
        allowance.check_room(owner)
        jobs = []
        for k, entry in enumerate(entries, 1):  # a page sends them: what a form checked is checked
            identity = f"{key}-{k}" if len(entries) > 1 else key
            arguments = {name: value for name, value in entry.items() if name != "name"}
            asked = Job(identity, entry["name"], job_fn, arguments, owner, group=key)
            jobs.append(task(job_fn).check(asked))
        self.queue.add(jobs)
        self.queue.ensure_worker()
        return jobs[-1].id

    def job_running(self, job: Any) -> bool:
        found = self.queue.get(str(job))
        return found is not None and found.busy

    def get_progress(self, key: str) -> list[str] | None:
        found = self.queue.get(key)
        return None if found is None else [say(standing(found, self.queue), self.language())]

    def result_ready(self, key: str) -> bool:
        return not self.job_running(key)

    def get_result(self, key: str, job: Any) -> Any:
        del key
        found = self.queue.get(str(job))
        if found is None or found.busy:
            return self.UNDEFINED
        return {"run": found.id, "state": found.state}

    def terminate_job(self, job: Any) -> None:
        """Only somebody's wish ends a job: a second start in the same tab doesn't end the first."""
        if job and flask.has_request_context() and flask.request.args.get("cancelJob"):
            if not may_change(owner_of(self.queue, str(job))):
                raise SpectraVaeError("error.not_yours", name=str(job)[:80])
            self.queue.cancel(str(job))

    def terminate_unhealthy_job(self, job: Any) -> bool:
        del job
        return False

    def get_updated_props(self, key: str) -> dict[str, Any]:
        del key
        return {}

    def clear_cache_entry(self, key: str) -> None:
        """Records are the queue's to purge."""

    def get_or_create_signing_secret(self, generate: Any) -> bytes:
        """The queue's own: whoever answers a page must know the jobs that another server signed."""
        del generate
        return self.queue.secret()


def _jobs(args: Any) -> list[Mapping[str, Any]]:
    ticket = next(iter(args.values())) if isinstance(args, Mapping) else args[0]
    entries = ticket.get("jobs") if isinstance(ticket, Mapping) else None
    if not (isinstance(entries, list) and entries):
        raise ShapeError("error.shape")
    if not all(isinstance(one, Mapping) and isinstance(one.get("name"), str) for one in entries):
        raise ShapeError("error.shape")
    return entries
