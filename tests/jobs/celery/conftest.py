"""A real Redis for these tests: one server, emptied for each, and one of their own to be killed."""

from __future__ import annotations

import shutil
import socket
import subprocess

import pytest
import redis
from trainings import kill, until

from spectra_vae.jobs.backends import open_queue

SERVER = shutil.which("redis-server")


class Server:
    """A Redis on a free port here, which keeps every change in an append-only file."""

    def __init__(self, folder, address="127.0.0.1", password=""):
        with socket.socket() as free:
            free.bind((address, 0))
            self.port = free.getsockname()[1]
        self.folder, self.address, self.password = folder, address, password
        self.url = f"redis://:{password}@{address}:{self.port}/0"
        self.start()

    def start(self):
        kept = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
        where = ["--bind", self.address, "--port", str(self.port), "--dir", str(self.folder)]
        told = [SERVER, *kept, *where, "--requirepass", self.password]
        self.process = subprocess.Popen(told, stdout=subprocess.DEVNULL)
        until(self.answers)

    def answers(self):
        with redis.Redis.from_url(self.url) as client:
            try:
                return client.ping()
            except redis.ConnectionError:
                return False

    def empty(self):
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def kill(self):
        kill(self.process.pid)
        self.process.wait()


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory):
    if SERVER is None:
        pytest.skip("redis-server is not installed")
    server = Server(tmp_path_factory.mktemp("redis"))
    yield server
    server.kill()


@pytest.fixture
def server(shared_server):
    shared_server.empty()
    return shared_server


@pytest.fixture
def queue(home, server, monkeypatch):
    monkeypatch.setenv("SPECTRA_VAE_REDIS", server.url)
    return open_queue()
