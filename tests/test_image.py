"""The image, built and started, where there is an engine for it and its base can be had.

An engine that needs more to run here (a runtime, limits, folders of wheels) is told so in its own
settings; where packages come from, in ``PIP_EXTRA_INDEX_URL``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
import urllib.error
from collections.abc import Iterator

import pytest
from serving import ROOT, fetch, free_port

pytestmark = pytest.mark.timeout(1800)  # s: the first build fetches torch

TAG = "spectra-vae-under-test"
START = 60  # s


def told(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def bases() -> set[str]:
    return set(re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE))


def answers(command: str) -> bool:
    asked = [command, "info"]
    return bool(shutil.which(command)) and not subprocess.run(asked, capture_output=True).returncode


@pytest.fixture(scope="module")
def engine() -> str:
    """The command that builds and runs images."""
    found = next(filter(answers, ("docker", "podman")), None)
    if found is None:
        pytest.skip("no engine for images answers here")
    try:
        for base in bases():
            if not told(found, "images", "--quiet", base):
                told(found, "pull", "--quiet", base)
    except subprocess.CalledProcessError as wrong:
        pytest.skip(f"the image's base can't be had here: {wrong.stderr.strip()[-120:]}")
    return found


@pytest.fixture(scope="module")
def image(engine: str) -> str:
    index = f"PIP_EXTRA_INDEX_URL={os.environ.get('PIP_EXTRA_INDEX_URL', '')}"
    told(engine, "build", "--tag", TAG, "--build-arg", index, str(ROOT))
    return TAG


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def container(engine: str, image: str, port: int) -> Iterator[str]:
    """It runs, and listens at ``port`` of this machine."""
    asked = ("--detach", "--network=host", f"--env=PORT={port}", "--env=HOST=127.0.0.1")
    running = told(engine, "run", *asked, image)
    yield running
    subprocess.run([engine, "rm", "--force", running], capture_output=True, check=False)


def answered(port: int, address: str) -> str:
    """What the server says once it is up."""
    end = time.monotonic() + START
    while True:
        try:
            return fetch(port, address)
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > end:
                raise


def test_the_image_serves_the_page_beside_its_worker_and_not_as_root(engine, container, port):
    assert answered(port, "/health")
    page = fetch(port, "/")
    for address in re.findall(r'(?:src|href)="(/[^"]+)"', page):
        assert fetch(port, address)

    def inside(*command: str) -> str:
        return told(engine, "exec", container, *command)

    assert inside("id", "-u") == "1000"
    (check,) = re.findall(r'CMD (python -c ".*")$', (ROOT / "Dockerfile").read_text("utf-8"), re.M)
    inside("sh", "-c", check)
    assert "worker" in inside("sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '")
    assert "/data" in inside("sh", "-c", "touch /data/kept && ls /data/kept")
