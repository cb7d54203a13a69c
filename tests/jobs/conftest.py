"""A home of its own for every test, and real workers in it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from spectra_vae.jobs.queue import Queue


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("SPECTRA_VAE_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def queue(home):
    return Queue(home / "jobs")


@pytest.fixture
def start_worker(home):
    """``start_worker(*arguments)``: a worker process; all end with the test, jobs too."""
    started = []

    def start(*arguments):
        command = [sys.executable, "-m", "spectra_vae.cli.main", "worker", *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
