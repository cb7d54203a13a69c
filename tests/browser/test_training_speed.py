"""A training must not be felt: sliders keep their speed, a restoration answers in time."""

from __future__ import annotations

import time

import pytest
from serving import free_port
from trainings import stepping, training, until

from spectra_vae.examples import example
from spectra_vae.jobs.backends import open_queue
from spectra_vae.jobs.queue import NICENESS

from .conftest import VISITOR, start, stop, wait_for
from .hands import APP, add_files, open_spectrometer, result, settled
from .test_speed import DRAG

pytestmark = pytest.mark.alone

TRIES = 4
KEPT = 0.9
SLOWER = 6.0  # of two cores a training takes one, and a restoration works on both
REAL = {"spectra": 2000, "batch": 256, "encoder": (256, 256), "decoder": (128, 384)}


@pytest.fixture
def served(tmp_path, monkeypatch):
    """A server whose jobs step back as they do for everybody: its address."""
    monkeypatch.delenv(NICENESS)
    monkeypatch.setenv("SPECTRA_VAE_HOME", str(tmp_path))
    port = free_port()
    process = start(tmp_path, tmp_path / "log.txt", PORT=str(port))
    try:
        wait_for(f"http://localhost:{port}/health", process)
        yield f"http://localhost:{port}"
    finally:
        stop(process)


@pytest.fixture
def queue(served):
    queue = open_queue()
    yield queue
    for job in queue.waiting() + queue.running():
        queue.cancel(job.id)
    until(lambda: not queue.running())


@pytest.fixture
def page(browser, served):
    context = browser.new_context(**{**VISITOR, "base_url": served})
    yield context.new_page()
    context.close()


def drawn_in(page, seconds=2.0):
    found = page.evaluate(DRAG, [True, seconds])["drawn"]
    settled(page)
    return found


def restore_time(page, name):
    """Seconds from choosing a file that nobody has restored yet to its result."""
    data = example("noisy") + f"# {name}\n".encode()
    page.goto("/restore?as=gypsum")
    start = time.monotonic()
    add_files(page, [{"name": f"{name}.csv", "mimeType": "text/plain", "buffer": data}])
    result(page, f"{name}.csv")
    return time.monotonic() - start


def test_a_training_slows_neither_sliders_nor_restorations(page, queue):
    idle = min(restore_time(page, f"idle-{k}") for k in range(3))
    open_spectrometer(page)
    settled(page)
    assert page.evaluate(f"{APP}.figure.fast")
    drawn_in(page, 0.5)  # warms the page's compiler up
    alone = [drawn_in(page)]
    queue.add([training("busy", 1_000_000, **REAL)])
    stepping(queue, "busy", at_least=5)
    beside: list[int] = []
    while len(beside) < TRIES and max([0, *beside]) < KEPT * max(alone):
        beside.append(drawn_in(page))
    busy: list[float] = []
    while len(busy) < TRIES and min([1e9, *busy]) > SLOWER * idle:
        busy.append(restore_time(page, f"busy-{len(busy)}"))
    print(f"\ndrawn alone {alone}, beside a training {beside}; restored {idle:.2f} s, {busy}")
    assert max(beside) >= KEPT * max(alone)
    assert min(busy) <= SLOWER * idle
