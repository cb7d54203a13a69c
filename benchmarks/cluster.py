"""A batch of spectra over one worker process, and over two, on a Redis of this machine.

    python -m benchmarks.cluster [SPECTRA]

Loopback only. Each worker has one job at a time and one thread; a batch is ``spectra-vae batch``
on files that differ by their noise. Prints seconds, spectra a second, and the ratio.
"""

from __future__ import annotations

import csv
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from spectra_vae.examples.__main__ import AXIS
from spectra_vae.simulation.instrument import Instrument
from spectra_vae.simulation.simulate import simulate

from .machine import machine

if TYPE_CHECKING:
    from collections.abc import Iterator

SPECTRA = 2000  # eight pieces
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


def seconds_with(workers: int, files: Path, table: Path) -> float:
    """A batch from its command to its table [s]."""
    from spectra_vae.jobs.backends import open_queue

    command = [sys.executable, "-m", "spectra_vae.cli.main"]
    started = [
        subprocess.Popen([*command, "worker"], stderr=subprocess.DEVNULL) for _ in range(workers)
    ]
    try:
        while open_queue().workers() < workers:
            time.sleep(0.05)
        start = time.monotonic()
        asked = ["batch", str(files), "--model", MODEL, "--table", str(table)]
        subprocess.run([*command, *asked], check=True, stderr=subprocess.DEVNULL)
        return time.monotonic() - start
    finally:
        for worker in started:
            worker.terminate()
        for worker in started:
            worker.wait()


def main(count: int) -> None:
    if shutil.which("redis-server") is None:
        sys.exit("redis-server is not installed here.")
    os.environ["OMP_NUM_THREADS"] = "1"
    print(machine())
    with tempfile.TemporaryDirectory() as name, redis_server(Path(name)) as address:
        os.environ["SPECTRA_VAE_REDIS"] = address
        os.environ["SPECTRA_VAE_HOME"] = str(Path(name) / "home")
        files, table = Path(name) / "files", Path(name) / "table.csv"
        write_spectra(files, count)
        took = {}
        for workers in (1, 2):
            took[workers] = seconds_with(workers, files, table)
            with table.open(encoding="utf-8") as text:
                rows = sum(row["verdict"] != "refused" for row in csv.DictReader(text))
            rate = count / took[workers]
            print(f"{workers} worker(s): {rows} spectra in {took[workers]:.1f} s, {rate:.1f}/s")
    print(f"two over one: {took[1] / took[2]:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SPECTRA)
