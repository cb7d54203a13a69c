"""A group at once: half let go of sliders, half restore files, beside a training, against gunicorn.

    python -m benchmarks.serving [SECONDS] [--users 20] [-w 1] [--alone] [--crowd]

Loopback only. Each user asks again as soon as the answer is there (a slider: half a second later);
every restore is a file of its own, so that no answer comes from a cache. ``--alone``: without the
training. ``--crowd``: 200 idle and 60 stalled connections are held open beside it.

Prints requests, errors, and the 50th and 95th percentile of each kind; what ``/health`` took, asked
once a second; and the server's memory over the run, without its first tenth.
"""

from __future__ import annotations

import argparse
import base64
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spectra_vae.examples.__main__ import AXIS
from spectra_vae.simulation.instrument import Instrument
from spectra_vae.simulation.simulate import simulate

from .machine import machine
from .server import Browser, Served, served

if TYPE_CHECKING:
    from collections.abc import Iterator

MODEL = "gypsum"
FILES = 4  # of a user, told apart by a comment
BETWEEN_SECONDS = 0.5  # a hand lets go about twice a second
IDLE, STALLED = 200, 60
STALLED_SECONDS = 10.0  # the server lets go after 15
HALF = b"POST /_dash-update-component HTTP/1.1\r\nHost: localhost\r\n"


@dataclass
class Taken:
    """What became of the requests of one kind."""

    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def ask(self, question: Callable[[], str]) -> None:
        """Count a question; it answers with what is wrong, if anything is."""
        begin = time.monotonic()
        try:
            wrong = question()
        except Exception as fault:  # a benchmark counts every failure
            wrong = f"{type(fault).__name__}: {fault}"
        self.seconds.append(time.monotonic() - begin)
        if wrong:
            self.wrong.append(wrong[:200])

    def row(self, kind: str) -> str:
        if not self.seconds:
            return f"{kind:8} nothing"
        p50, p95 = 1000 * np.percentile(self.seconds, (50, 95))
        count = f"{kind:8} {len(self.seconds):8} {len(self.wrong):6}"
        told = f"{count} {p50:8.0f} {p95:8.0f} {1000 * max(self.seconds):8.0f}"
        return f"{told}  {self.wrong[0]}" if self.wrong else told


def measurement(rng: np.random.Generator) -> bytes:
    device = Instrument(fluorescence=(0.0, 1.0)).at(1000)
    y = simulate(MODEL, 1, device, int(rng.integers(1 << 31)), wavenumber=AXIS).dirty[0]
    return "\n".join(f"{x:.1f},{v:.5f}" for x, v in zip(AXIS, y, strict=True)).encode()


def restore(browser: Browser, content: bytes, name: str) -> str:
    told = base64.b64encode(content).decode()
    asked = {"key": name, "name": "load.csv", "model": MODEL, "content": told}
    answer = browser.call("restore-answer.data", {"restore-ask.data": asked})
    state = answer.get("response", {}).get("restore-answer", {}).get("data", {})
    return "" if state.get("state") == "done" else str(answer)


def let_go(browser: Browser, code: list[float]) -> str:
    answer = browser.call("bands.children", {"code.data": code}, {"model.value": MODEL})
    return "" if "bands" in answer.get("response", {}) else str(answer)


def restoring(server: Served, seed: int, files: list[bytes], end: float, taken: Taken) -> None:
    browser, count = Browser(server), 0
    while time.monotonic() < end:
        content, name = files[count % len(files)], f"{seed} {count}"
        fresh = content + f"\n# {name}".encode()
        taken.ask(partial(restore, browser, fresh, name))
        count += 1


def dragging(server: Served, seed: int, end: float, taken: Taken) -> None:
    browser, rng = Browser(server), np.random.default_rng(seed)
    while time.monotonic() < end:
        code = rng.uniform(-3, 3, 8).tolist()
        taken.ask(partial(let_go, browser, code))
        time.sleep(BETWEEN_SECONDS)


def watching(server: Served, end: float, taken: Taken, memory: list[tuple[float, float]]) -> None:
    """``/health``, and how much memory the server has, once a second."""
    browser, begin = Browser(server), time.monotonic()
    while time.monotonic() < end:
        taken.ask(lambda: "" if b"ok" in browser.get("/health") else "no health")
        memory.append((time.monotonic() - begin, server.memory()))
        time.sleep(1.0)


def crowding(server: Served, end: float) -> None:
    """Idle connections, and ones that send half a request and no more; both come again."""
    while time.monotonic() < end:
        with ExitStack() as held:
            for k in range(IDLE + STALLED):
                with suppress(OSError):
                    place = ("127.0.0.1", server.port)
                    line = held.enter_context(closing(socket.create_connection(place, 10)))
                    line.sendall(HALF if k < STALLED else b"")
            time.sleep(min(STALLED_SECONDS, max(end - time.monotonic(), 0)))


@contextmanager
def training(home: Path) -> Iterator[None]:
    """A worker that trains for as long as is needed."""
    from spectra_vae.jobs.local.queue import LocalQueue
    from spectra_vae.jobs.tasks.train import training as job
    from spectra_vae.recipes import recipe

    config = replace(recipe(MODEL), steps=1_000_000, spectra=4_000)
    LocalQueue(home / "jobs").add([job("beside", "beside", config)])
    environment = {**os.environ, "SPECTRA_VAE_HOME": str(home), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "spectra_vae.cli.main", "worker"]
    worker = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        worker.terminate()
        worker.wait()


def told(memory: list[tuple[float, float]]) -> str:
    """How the memory went, once what is loaded at first is there."""
    at, size = np.array(memory[len(memory) // 10 :] or memory).T
    slope = 60 * np.polyfit(at, size, 1)[0] if len(at) > 2 else 0.0
    ends = f"{size[0]:.0f} MB first, {size[-1]:.0f} last, {size.max():.0f} at most"
    return f"memory   {ends}; {slope:+.2f} MB a minute"


def run(server: Served, asked: argparse.Namespace) -> None:
    rng = np.random.default_rng(1)
    half = max(asked.users // 2, 1)
    files = [[measurement(rng) for _ in range(FILES)] for _ in range(half)]
    kinds = {kind: Taken() for kind in ("restore", "drag", "health")}
    memory: list[tuple[float, float]] = []
    first = Browser(server)
    let_go(first, [0.0] * 8)  # torch and the model are there
    restore(first, files[0][0], "first")
    end = time.monotonic() + asked.seconds
    work: list[tuple[Any, ...]] = [(watching, server, end, kinds["health"], memory)]
    work += [(restoring, server, k, files[k], end, kinds["restore"]) for k in range(half)]
    work += [(dragging, server, k, end, kinds["drag"]) for k in range(asked.users - half)]
    work += [(crowding, server, end)] if asked.crowd else []
    threads = [threading.Thread(target=what, args=given) for what, *given in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("kind     requests errors  p50, ms  p95, ms  max, ms")
    for kind, taken in kinds.items():
        print(taken.row(kind))
    print(told(memory))


def main(asked: argparse.Namespace) -> None:
    beside = "alone" if asked.alone else "beside a training"
    crowd = f", {IDLE} idle and {STALLED} stalled connections" if asked.crowd else ""
    users = f"{asked.users} users, -w {asked.workers}, {asked.seconds:g} s"
    print(f"{users}, {beside}{crowd} ({machine()})")
    with tempfile.TemporaryDirectory() as name, ExitStack() as held:
        home = Path(name)
        server = held.enter_context(served(home, asked.workers))
        if not asked.alone:
            held.enter_context(training(home))
        run(server, asked)


def parsed(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving")
    parser.add_argument("seconds", nargs="?", type=float, default=60.0)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("-w", dest="workers", type=int, default=1)
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--crowd", action="store_true")
    return parser.parse_args(words)


if __name__ == "__main__":
    main(parsed(sys.argv[1:]))
