"""``/metrics``: what whoever watches a server asks for, in Prometheus' text form.

On the server's own machine anybody may ask; from elsewhere a token is needed.
"""

from __future__ import annotations

import hmac
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

import flask
import psutil

from ..jobs.queue import Queue, each_once
from ..jobs.record import Job
from ..storage.room import free_bytes
from ..text.message import Message, SpectraVaeError
from .guard.access import Access, is_loopback
from .guard.refusals import sentence

TYPE = "text/plain; version=0.0.4; charset=utf-8"
PASSED_ON = ("X-Forwarded-For", "Forwarded")  # a proxy says for whom it asks
ENDED_LIMIT = 500  # the queue's own bound on what it remembers

Samples = Mapping[tuple[tuple[str, str], ...], float]


def add_metrics(server: flask.Flask, queue: Callable[[], Queue], access: Access) -> None:
    """The route; numbers only, no names of jobs or persons."""

    @server.get("/metrics")
    def metrics() -> flask.Response:
        if not _may_watch(access):
            return sentence(Message("serve.not_watching"), 403)
        return flask.Response(exposition(queue), mimetype=TYPE)


def _may_watch(access: Access) -> bool:
    """Whether the request is from this machine, and not passed on by a proxy, or has the token."""
    asked = flask.request
    shown = asked.authorization
    token = (shown.token or "") if shown is not None and shown.type == "bearer" else ""
    if access.metrics and hmac.compare_digest(token.encode(), access.metrics.encode()):
        return True
    passed_on = any(name in asked.headers for name in PASSED_ON)
    return not passed_on and is_loopback(asked.remote_addr or "")


def exposition(queue: Callable[[], Queue]) -> str:
    """All gauges as text; a queue that doesn't answer is one of them."""
    parts = list(_of_this_process())
    try:
        parts += _of_the_queue(queue())
        up = 1.0
    except SpectraVaeError:
        up = 0.0
    parts.append(_gauge("queue_up", "Whether the queue answers.", {(): up}))
    return "".join(parts)


def _of_this_process() -> Iterator[str]:
    process = psutil.Process()
    memory = process.memory_info().rss
    yield _gauge("resident_memory_bytes", "Memory of this server process.", {(): float(memory)})
    yield _gauge("start_time_seconds", "When this process began.", {(): process.create_time()})
    free = float(free_bytes())
    yield _gauge("disk_free_bytes", "Room where runs and minerals lie.", {(): free})


def _of_the_queue(queue: Queue) -> list[str]:
    waiting, running, ended = each_once(queue.waiting(), queue.running(), queue.ended(ENDED_LIMIT))
    oldest = min((job.created for job in waiting), default=None)
    age = 0.0 if oldest is None else max(time.time() - oldest, 0.0)
    return [
        _gauge("workers", "Workers of the queue.", {(): float(queue.workers())}),
        _gauge("jobs", "Jobs by kind and state.", _counted([*waiting, *running, *ended])),
        _gauge("oldest_waiting_seconds", "Age of the oldest job that waits.", {(): age}),
    ]


def _counted(jobs: list[Job]) -> Samples:
    counts = Counter((("kind", job.kind), ("state", job.state)) for job in jobs)
    return {labels: float(count) for labels, count in counts.items()}


def _gauge(name: str, what: str, samples: Samples) -> str:
    full = f"spectra_vae_{name}"
    lines = [f"# HELP {full} {what}", f"# TYPE {full} gauge"]
    for labels, value in samples.items():
        told = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels)
        lines.append(f"{full}{{{told}}} {value:.15g}" if told else f"{full} {value:.15g}")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
