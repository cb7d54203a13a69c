"""What showing a training live costs it: steps with and without the recorder, in one run.

python -m benchmarks.jobs [ROUNDS]            (default 3; about a minute each)
"""

from __future__ import annotations

import itertools
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from spectra_vae.progress import Recorder
from spectra_vae.recipes import recipe
from spectra_vae.vae.data import training_set
from spectra_vae.vae.train import steps

from .machine import machine

STEPS = 500
BLOCK = 50  # steps with, then as many without: what else the machine does falls on both


def main(rounds: int) -> None:
    print(machine())
    config = replace(recipe("gypsum"), spectra=4000, steps=rounds * STEPS + 1)
    data = training_set(config)
    costs: dict[bool, list[float]] = {True: [], False: []}
    with tempfile.TemporaryDirectory() as folder:
        recorder = Recorder(Path(folder))
        run = steps(config, data)
        for watched in itertools.islice(itertools.cycle((True, False)), rounds * STEPS // BLOCK):
            start = time.perf_counter()
            for step in itertools.islice(run, BLOCK):
                if watched:
                    recorder.see(step)
            costs[watched].append(time.perf_counter() - start)
        recorder.close()
    ms = {k: 1000 * statistics.median(v) / BLOCK for k, v in costs.items()}
    total = 1000 * (sum(costs[True]) - sum(costs[False])) / len(costs[True]) / BLOCK
    print(f"a step: {ms[False]:.1f} ms alone, {ms[True]:.1f} ms watched (medians of {BLOCK} steps)")
    print(f"cost: {100 * (ms[True] / ms[False] - 1):.1f} % by medians,", end=" ")
    print(f"{100 * total / (1000 * sum(costs[False]) / len(costs[False]) / BLOCK):.1f} % in all")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
