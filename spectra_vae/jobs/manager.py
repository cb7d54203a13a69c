"""Dash's background callbacks over our queue: a call is a record, a worker runs it, nobody forks.

``DiskcacheManager`` forks a process a call. Here a call only writes a record; what the page asks
while it waits (is it running, how far is it, what came out) is read from the record.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any

import flask
from dash import DiskcacheManager

from ..storage.runs import new_id, own_name, read_live, run_folder
from ..text.message import Message, say
from ..vae.config import TrainConfig
from . import worker
from .queue import Queue
from .record import Job
from .tasks import TASKS

SECRET = "signing-secret"


class QueueManager(DiskcacheManager):
    """Background callbacks whose functions are tasks (:mod:`spectra_vae.jobs.tasks`).

    A callback's one argument is a ticket: ``{"jobs": [{"name", "config"}, …]}``. Its progress is
    ``[sentence]``, its result the last job's ``{"run": id}``.
    """

    def __init__(self, queue: Queue, language: Callable[[], str] = lambda: "en") -> None:
        super().__init__(queue.store)
        self.queue = queue
        self.language = language

    def make_job_fn(self, fn: Any, progress: Any, key: Any = None) -> str:
        del progress, key
        return next((name for name, task in TASKS.items() if task is fn), "")

    def build_cache_key(self, fn: Any, args: Any, *ignored: Any) -> str:
        """A new id: two tabs with equal settings have two jobs."""
        del fn, ignored
        return new_id(_jobs(args)[0]["name"])

    def call_job_fn(self, key: str, job_fn: str, args: Any, context: Any) -> str:
        del context  # a job knows nothing of the page that asked for it
        entries = _jobs(args)
        many = len(entries) > 1
        jobs = []
        for k, entry in enumerate(entries):  # a page sends them: what a form checked is checked
            identity = f"{key}-{k + 1}" if many else key
            name, config = own_name(entry["name"]), TrainConfig.from_dict(entry["config"])
            ticket = {"run": identity, "name": name, "config": config.to_dict()}
            jobs.append(Job(identity, name, job_fn, ticket, group=key))
        self.queue.add(jobs)
        worker.ensure()
        return jobs[-1].id

    def job_running(self, job: Any) -> bool:
        found = self.queue.get(str(job))
        return found is not None and found.state in ("waiting", "running")

    def get_progress(self, key: str) -> list[str] | None:
        found = self.queue.get(key)
        if found is None:
            return None
        return [say(standing(found, self.queue), self.language())]

    def result_ready(self, key: str) -> bool:
        return not self.job_running(key)

    def get_result(self, key: str, job: Any) -> Any:
        found = self.queue.get(str(job))
        if found is None or found.state in ("waiting", "running"):
            return self.UNDEFINED
        return {"run": found.id, "state": found.state}

    def terminate_job(self, job: Any) -> None:
        """Only somebody's wish ends a job: a second start in the same tab doesn't end the first."""
        if job and flask.has_request_context() and flask.request.args.get("cancelJob"):
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
        del generate
        self.queue.store.add(SECRET, json.dumps(secrets.token_hex(32)))
        return bytes.fromhex(json.loads(self.queue.store.get(SECRET)))


def standing(job: Job, queue: Queue) -> Message:
    """How a job stands, as a sentence."""
    if job.state == "waiting":
        return Message("job.waiting", {"name": job.name, "position": queue.position(job.id)})
    if job.state == "running":
        live = read_live(run_folder(job.id))
        if live:
            params = {"name": job.name, "step": live["step"], "steps": live["steps"]}
            return Message("job.running", params)
        return Message("job.preparing", {"name": job.name})
    return Message(f"job.is_{job.state}", {"name": job.name})


def _jobs(args: Any) -> list[Mapping[str, Any]]:
    ticket = next(iter(args.values())) if isinstance(args, Mapping) else args[0]
    return list(ticket["jobs"])
