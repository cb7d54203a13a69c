"""Train the shipped guided recipe from scratch over seeds and print what each reaches.

    python -m benchmarks.seeds [SEED…] [--out DIR]

Default seeds 0 1 2; about six minutes each on 2 cores. ``--out`` keeps the models in
DIR/seed-<SEED>, where ``python -m benchmarks.roles DIR`` reads them.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from spectra_vae import load
from spectra_vae.recipes import recipe
from spectra_vae.runs.train import train

from .knobs import exactness
from .machine import machine


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("seeds", nargs="*", type=int, default=[0, 1, 2])
    parser.add_argument("--out", type=Path, metavar="DIR")
    given = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as nowhere:
        for seed in given.seeds:
            start = time.monotonic()
            place = (given.out or Path(nowhere)) / f"seed-{seed}"
            run = train(replace(recipe("gypsum"), seed=seed), folder=place)
            seconds = time.monotonic() - start
            print(f"\nseed {seed}: {seconds:.0f} s", flush=True)
            for what, value in exactness(load(run.folder)).items():
                print(f"  {what:36} {value:.5f}", flush=True)


if __name__ == "__main__":
    main()
