"""A batch of spectra over one worker process and over two, on a Redis of this machine, in pairs.

    python -m benchmarks.cluster [SPECTRA] [PAIRS]      (default 10000, 3)

Loopback only. Each worker has one job at a time and one thread; a batch is ``spectra-vae batch``
on files that differ by their noise. One and two workers take turns, and which of them is first
changes from pair to pair, so that what else the machine does falls on both.

Prints seconds, spectra a second of the clock, and spectra a second of processor time that all the
processes of the batch and the workers took; then the ratios of two workers over one, pair by pair,
and their medians. On a machine at rest the clock's ratio is what counts; on a busy one the
processor's says what two at once cost each other: 1 means nothing, and two cores then give twice.
"""

from __future__ import annotations

import csv
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import psutil

from spectra_vae.examples.__main__ import AXIS
from spectra_vae.simulation.instrument import Instrument
from spectra_vae.simulation.simulate import simulate

from .machine import machine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SPECTRA, PAIRS = 10_000, 3
WANTED = 1.7
MODEL = "gypsum"


def write_spectra(folder: Path, count: int) -> None:
    measured = simulate(MODEL, count, Instrument(), seed=5, wavenumber=AXIS).dirty
    folder.mkdir()
    for k, intensity in enumerate(measured):
        np.savetxt(folder / f"{k:05d}.csv", np.column_stack([AXIS, intensity]), delimiter=",")


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """The address of a Redis that keeps an append-only file, while it is needed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
    where = ["--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder)]
    server = subprocess.Popen(["redis-server", *kept, *where], stdout=subprocess.DEVNULL)
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait()


class Took(NamedTuple):
    """Seconds of a batch by the clock, and of processors."""

    clock: float
    processor: float


def batch_with(workers: int, files: Path, table: Path) -> Took:
    """A batch from its command to its table; workers that are there already."""
    from spectra_vae.jobs.backends import open_queue

    command = [sys.executable, "-m", "spectra_vae.cli.main"]
    started = [
        subprocess.Popen([*command, "worker"], stderr=subprocess.DEVNULL) for _ in range(workers)
    ]
    try:
        while open_queue().workers() < workers:
            time.sleep(0.05)
        start, before = time.monotonic(), _children_seconds(started)
        asked = ["batch", str(files), "--model", MODEL, "--table", str(table)]
        subprocess.run([*command, *asked], check=True, stderr=subprocess.DEVNULL)
        took = time.monotonic() - start
        return Took(took, _children_seconds(started) - before)
    finally:
        for worker in started:
            worker.terminate()
        for worker in started:
            worker.wait()


def _children_seconds(workers: Sequence[subprocess.Popen[bytes]]) -> float:
    """Processor time of this process' ended children, and of workers with theirs."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    living = (psutil.Process(worker.pid).cpu_times() for worker in workers)
    own = sum(t.user + t.system + t.children_user + t.children_system for t in living)
    return ended.ru_utime + ended.ru_stime + own


def pair(first: int, files: Path, table: Path) -> dict[int, Took]:
    """A batch with one worker and one with two; ``first`` of them first."""
    count, took = len(list(files.iterdir())), {}
    for workers in (first, 3 - first):
        took[workers] = batch_with(workers, files, table)
        with table.open(encoding="utf-8") as text:
            rows = sum(row["verdict"] != "refused" for row in csv.DictReader(text))
        clock, processor = took[workers]
        rates = f"{count / clock:.1f}/s, {count / processor:.1f} a second of a processor"
        print(f"{workers} worker(s): {rows} of {count} in {clock:.0f} s, {rates}", flush=True)
    return took


def main(count: int, pairs: int) -> None:
    if shutil.which("redis-server") is None:
        sys.exit("redis-server is not installed here.")
    os.environ["OMP_NUM_THREADS"] = "1"
    print(machine())
    with tempfile.TemporaryDirectory() as name, redis_server(Path(name)) as address:
        os.environ["SPECTRA_VAE_REDIS"] = address
        os.environ["SPECTRA_VAE_HOME"] = str(Path(name) / "home")
        files, table = Path(name) / "files", Path(name) / "table.csv"
        write_spectra(files, count)
        found = [pair(1 + k % 2, files, table) for k in range(pairs)]
    clock = [took[1].clock / took[2].clock for took in found]
    processor = [took[1].processor / took[2].processor for took in found]
    print(f"two over one, by the clock: {_told(clock)}; at least {WANTED} wanted")
    print(f"work for the same processor time: {_told(processor)}")


def _told(ratios: Sequence[float]) -> str:
    each = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    return f"{np.median(ratios):.2f} ({each})"


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*(given + [SPECTRA, PAIRS][len(given) :]))
