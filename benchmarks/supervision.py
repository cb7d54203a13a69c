"""What each kind of supervision reaches, over seeds: the README's table, wins and losses.

    python -m benchmarks.supervision [--steps N] [--spectra N] [--seeds S…] [--kinds K…]
                                     [--as-shipped]

Every kind starts from its shipped recipe, with the same encoder's floor and without a share of
bare spectra, which only the guided recipe has (--as-shipped: with them); --steps and --spectra
shorten it (then the line says so).
Scores are those of ``spectra-vae evaluate``: 2 000 fresh spectra at 10 000 counts, no background,
no orientation, posterior means, silent neurons pruned.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from spectra_vae.recipes import recipe
from spectra_vae.runs.report import conditions
from spectra_vae.runs.train import train
from spectra_vae.vae.config import TrainConfig

from .machine import machine

KINDS = {
    "guided": "gypsum",
    "pairs": "gypsum-pairs",
    "ada": "gypsum-ada",
    "tcvae": "gypsum-tcvae",
    "none": "gypsum-unsupervised",
    "plain": "gypsum-robust",
}
FLOOR = TrainConfig().roughness_floor
SCORES = ("mig", "disentanglement", "completeness", "informativeness", "mcc")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int)
    parser.add_argument("--spectra", type=int)
    parser.add_argument("--seeds", type=int, nargs="*", default=[0, 1, 2])
    parser.add_argument("--kinds", nargs="*", default=list(KINDS), choices=list(KINDS))
    parser.add_argument("--as-shipped", action="store_true")
    given = parser.parse_args()
    short = {k: v for k, v in vars(given).items() if k in ("steps", "spectra") and v}
    print(machine())
    print(f"{'kind':8}{'seed':>5}{'steps':>7}" + "".join(f"{s[:7]:>9}" for s in SCORES), end="")
    print(f"{'off-target %':>14}{'silent':>8}{'s':>7}")
    for kind in given.kinds:
        rows = []
        for seed in given.seeds:
            config = replace(recipe(KINDS[kind]), seed=seed, **short)
            if not given.as_shipped:
                device = replace(config.instrument, bare=0.0)
                config = replace(config, instrument=device, roughness_floor=FLOOR)
            start = time.monotonic()
            with tempfile.TemporaryDirectory() as folder:
                metrics = train(config, folder=Path(folder) / "run").metrics
            if not rows:
                print(conditions(metrics["scores"], metrics["supervision"]))
            scores = [metrics["scores"][s] for s in SCORES]
            off = float(np.median(list(metrics["off_target"].values()) or [np.nan]))
            rows.append([*scores, off])
            print(f"{kind:8}{seed:>5}{config.steps:>7}", end="")
            print("".join(f"{v:9.3f}" for v in scores), end="")
            print(
                f"{off:14.1f}{len(metrics['silent']):8d}{time.monotonic() - start:7.0f}", flush=True
            )
        if len(rows) > 1:
            mean = np.mean(rows, axis=0)
            print(f"{kind:8}{'mean':>5}{'':7}" + "".join(f"{v:9.3f}" for v in mean[:-1]), end="")
            print(f"{mean[-1]:14.1f}", flush=True)


if __name__ == "__main__":
    main()
