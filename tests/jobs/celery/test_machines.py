"""A worker on another machine: a network namespace with a host name of its own, and one Redis."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest
from trainings import kill, until

from spectra_vae.jobs.backends import open_queue

from ..small_jobs import ENDLESS, KINDS, counting, running
from .conftest import SERVER, Server

HERE, THERE = "10.213.77.1", "10.213.77.2"
WORKER = [sys.executable, "-m", "spectra_vae.cli.main", "worker"]
IMPATIENT = """
from spectra_vae.cli.main import main
from spectra_vae.jobs.celery import beats
beats.SILENT_SECONDS_LIMIT = 3.0
main(["worker"])
"""


def ip(*words):
    subprocess.run(["ip", *words], check=True, capture_output=True)


@pytest.fixture
def third_machine():
    """The name of a network namespace, with a cable from here."""
    if os.geteuid() or not shutil.which("ip") or not shutil.which("unshare"):
        pytest.skip("network namespaces need root, iproute2 and util-linux")
    name, cable = f"spectra-{os.getpid()}", f"sv{os.getpid()}"
    try:
        ip("netns", "add", name)
    except subprocess.CalledProcessError as refused:
        pytest.skip(f"no network namespace can be made here: {refused.stderr.decode()[:80]}")
    try:
        ip("link", "add", f"{cable}a", "type", "veth", "peer", "name", f"{cable}b", "netns", name)
        ip("addr", "add", f"{HERE}/30", "dev", f"{cable}a")
        ip("link", "set", f"{cable}a", "up")
        ip("-n", name, "addr", "add", f"{THERE}/30", "dev", f"{cable}b")
        ip("-n", name, "link", "set", f"{cable}b", "up")
        yield name
    finally:
        ip("netns", "del", name)


@pytest.fixture
def server(tmp_path, home, third_machine, monkeypatch):
    """A Redis that both machines reach, with a password."""
    if SERVER is None:
        pytest.skip("redis-server is not installed")
    server = Server(tmp_path, HERE, "word")
    monkeypatch.setenv("SPECTRA_VAE_REDIS", server.url)
    yield server
    server.kill()


@pytest.fixture
def start():
    """``start(*command)``: a process that ends with the test."""
    started = []

    def begin(*command):
        started.append(subprocess.Popen(command, stderr=subprocess.DEVNULL))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.wait()


def test_a_third_machines_worker_works_and_is_missed(server, add_kind, third_machine, start):
    add_kind("count", (KINDS / "count.py").read_text(encoding="utf-8"))
    queue = open_queue()
    queue.add([counting("a", total=ENDLESS)])
    renamed = ["unshare", "--uts", "sh", "-c", 'hostname third && exec "$@"', "worker", *WORKER]
    start("ip", "netns", "exec", third_machine, *renamed)
    there = running(queue, "a")
    assert there.holder.startswith("third ")
    start(sys.executable, "-c", IMPATIENT)
    until(lambda: queue.workers() == 2)
    kill(int(there.holder.split()[-2]))
    again, _ = until(lambda: (job := queue.get("a")).attempts == 2 and job)
    assert running(queue, "a").holder != there.holder and not again.holder.startswith("third ")
