"""Train the shipped guided recipe from scratch over seeds and print what each reaches.

python -m benchmarks.seeds [SEED…]            (default 0 1 2; about six minutes each on 2 cores)
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from spectra_vae import load
from spectra_vae.recipes import recipe
from spectra_vae.runs import train

from .knobs import exactness
from .machine import machine


def main(seeds: list[int]) -> None:
    print(machine())
    for seed in seeds or [0, 1, 2]:
        start = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            run = train(replace(recipe("gypsum"), seed=seed), folder=Path(folder) / f"seed-{seed}")
            seconds = time.monotonic() - start
            print(f"\nseed {seed}: {seconds:.0f} s", flush=True)
            for what, value in exactness(load(run.folder)).items():
                print(f"  {what:36} {value:.5f}", flush=True)


if __name__ == "__main__":
    main([int(v) for v in sys.argv[1:]])
