"""Tiny trainings for tests of jobs, and ways to wait for what must become of them."""

from __future__ import annotations

import os
import signal
import time

import spectra_vae as sv
from spectra_vae.jobs.record import Job
from spectra_vae.storage.process import alive
from spectra_vae.storage.runs import read_live, run_folder

TINY = {"spectra": 100, "batch": 16, "encoder": (8,), "decoder": (8,)}


def until(what, seconds=60.0):
    """The first true value of ``what()``, and how long it took [s]."""
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        if value := what():
            return value, time.monotonic() - start
        time.sleep(0.01)
    raise AssertionError(f"did not happen within {seconds:g} s")


def training(name, steps=20, **settings):
    """A job that trains a tiny model."""
    config = sv.TrainConfig(**{**TINY, "steps": steps, **settings}).to_dict()
    return Job(id=name, name=name, kind="train", arguments={"config": config})


LONG = 1_000_000  # steps: goes on until somebody ends it


def stepping(queue, job, at_least=1):
    """Until a job makes steps; its record then."""

    def look():
        found = queue.get(job)
        going = found.state == "running" and found.pid
        return found if going and read_live(run_folder(job)).get("step", 0) >= at_least else None

    return until(look)[0]


def state(queue, job, *states, seconds=60.0):
    """Until a job is in one of some states; its record, and how long it took [s]."""

    def look():
        found = queue.get(job)
        return found if found.state in states else None

    return until(look, seconds)


def kill(pid):
    os.kill(pid, signal.SIGKILL)


def hold(job):
    """From now on a running job computes nothing, and takes nobody's time; it can be cancelled."""
    os.kill(job.pid, signal.SIGSTOP)


def go_on(job):
    """What was held computes again."""
    os.kill(job.pid, signal.SIGCONT)


def gone(job):
    return not alive(job.pid, job.born)
