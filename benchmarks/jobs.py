"""What showing a training live costs it: the same steps with and without the recorder, in one run.

    python -m benchmarks.jobs [PAIRS]            (default 6; under half a minute each)

Stretches of one training, watched and unwatched in turn, which of them first changes from pair to
pair: what else the machine does, and its drift, fall on both. Each watched stretch has a recorder
of its own and is longer than the ten seconds between two saved states, so that it pays for rows,
live pictures and one state; the median of the pairs' ratios counts. On a busy machine these ratios
scatter by more than the cost itself, so what passes inside the recorder is given too, as a share
of the rest (without what its work throws out of the processor's cache).
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spectra_vae.recipes import recipe
from spectra_vae.runs.record import STATE_SECONDS, Recorder
from spectra_vae.vae.data import training_set
from spectra_vae.vae.train import Step, steps

from .machine import machine

Array = NDArray[np.float64]

STRETCH = STATE_SECONDS + 1.0  # seconds
ENOUGH = 1_000_000  # steps: the training never ends by itself
WANTED = 5.0  # per cent


def now() -> Array:
    """Seconds by the clock and of the processor."""
    return np.array([time.perf_counter(), time.process_time()])


def stretch(run: Iterator[Step], recorder: Recorder | None) -> tuple[Array, Array]:
    """Seconds a step over STRETCH seconds, and those of them inside the recorder; (2,) each."""
    start, inside, count = now(), np.zeros(2), 0
    while time.perf_counter() - start[0] < STRETCH:
        step = next(run)
        count += 1
        if recorder is not None:
            before = now()
            recorder.see(step)
            inside += now() - before
    return (now() - start) / count, inside / count


def main(pairs: int) -> None:
    print(machine())
    config = replace(recipe("gypsum"), spectra=4000, steps=ENOUGH)
    run = steps(config, training_set(config))
    for _ in range(20):
        next(run)
    taken = np.empty((pairs, 2, 2))  # pair, unwatched and watched, clock and processor
    inside = np.empty_like(taken)
    with tempfile.TemporaryDirectory() as folder:
        for pair in range(pairs):
            for watched in (False, True) if pair % 2 else (True, False):
                recorder = Recorder(Path(folder)) if watched else None
                taken[pair, int(watched)], inside[pair, int(watched)] = stretch(run, recorder)
                if recorder is not None:
                    recorder.close()
    costs = np.percentile(100 * (taken[:, 1] / taken[:, 0] - 1), (25, 50, 75), axis=0)
    alone, seen = 1000 * np.median(taken, axis=0)
    within = 100 * np.median(inside[:, 1] / (taken[:, 1] - inside[:, 1]), axis=0)
    print(f"wanted: at most {WANTED:g} %; milliseconds a step, and the cost with its quartiles")
    for k, clock in enumerate(("clock", "processor")):
        low, middle, high = costs[:, k]
        print(f"  {clock:9}  alone {alone[k]:.1f}, watched {seen[k]:.1f};", end=" ")
        print(f"{middle:.1f} % ({low:.1f} to {high:.1f}); inside the recorder {within[k]:.1f} %")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 6)
