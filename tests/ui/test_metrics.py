"""What Prometheus is told."""

from __future__ import annotations

import re

import flask
import pytest

from spectra_vae.jobs.local.queue import LocalQueue
from spectra_vae.jobs.outcome import Outcome
from spectra_vae.jobs.record import Job
from spectra_vae.text.message import SpectraVaeError
from spectra_vae.ui.guard.access import Access
from spectra_vae.ui.metrics import add_metrics

SAMPLE = re.compile(r'(spectra_vae_\w+)(\{\w+="[^"\n]*"(?:,\w+="[^"\n]*")*\})? (-?[0-9.e+-]+)')


@pytest.fixture
def queue(tmp_path):
    return LocalQueue(tmp_path / "jobs")


def samples(queue):
    server = flask.Flask("test")
    add_metrics(server, queue, Access())
    answer = server.test_client().get("/metrics")
    assert answer.status_code == 200 and answer.content_type.startswith("text/plain; version=0.0.4")
    told = {}
    for line in answer.text.splitlines():
        if not line.startswith("#"):
            name, labels, value = SAMPLE.fullmatch(line).groups()
            told[name + (labels or "")] = float(value)
            assert f"# TYPE {name} gauge" in answer.text
    return told


def test_jobs_workers_and_room(queue):
    for name in "abc":
        queue.add([Job(name, "secret", "train", {})])
    for _ in range(2):
        queue.claim()
    queue.end("a", Outcome("finished"))
    told = samples(lambda: queue)
    for state in ("waiting", "running", "finished"):
        assert told[f'spectra_vae_jobs{{kind="train",state="{state}"}}'] == 1
    assert told["spectra_vae_queue_up"] == 1 and told["spectra_vae_workers"] == 0
    assert told["spectra_vae_disk_free_bytes"] > 0 < told["spectra_vae_resident_memory_bytes"]
    assert 0 <= told["spectra_vae_oldest_waiting_seconds"] < 600


def test_a_queue_that_is_away_is_a_number_and_no_error():
    def away():
        raise SpectraVaeError("error.redis_away")

    told = samples(away)
    assert told["spectra_vae_queue_up"] == 0 and not any("jobs" in name for name in told)


TOKEN = "a-long-enough-token"
ELSEWHERE = {"REMOTE_ADDR": "10.0.0.7"}


@pytest.mark.parametrize(
    ("environ", "headers", "told"),
    [
        ({}, {}, True),
        ({}, {"X-Forwarded-For": "127.0.0.1"}, False),  # a proxy on this machine asks for others
        ({}, {"Forwarded": "for=127.0.0.1"}, False),
        (ELSEWHERE, {}, False),
        (ELSEWHERE, {"Authorization": f"Bearer {TOKEN}"}, True),
        (ELSEWHERE, {"Authorization": "Bearer é"}, False),
        (ELSEWHERE, {"Authorization": f"Basic {TOKEN}"}, False),
        (ELSEWHERE, {"Authorization": "Bearer "}, False),
    ],
)
def test_numbers_are_told_on_this_machine_or_with_the_token(queue, environ, headers, told):
    for access in (Access(metrics=TOKEN), Access()):
        server = flask.Flask("test")
        add_metrics(server, lambda: queue, access)
        client = server.test_client()
        answer = client.get("/metrics", headers=headers, environ_overrides=environ)
        allowed = told and (access.metrics or not environ)
        assert answer.status_code == (200 if allowed else 403)
        assert allowed or ("spectra_vae_" not in answer.text and answer.text.endswith("."))
