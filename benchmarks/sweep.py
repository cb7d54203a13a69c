"""A sweep of β over unsupervised models: the rate–distortion curve and its slope beside −1/β.

python -m benchmarks.sweep [--steps N] [--spectra N] [--betas B…]
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from spectra_vae import load
from spectra_vae.analysis.rate_distortion import Point, measure, slopes
from spectra_vae.recipes import recipe
from spectra_vae.runs import train
from spectra_vae.vae.data import training_set

from .machine import machine

BETAS = [0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0]
MEASURED = 2_000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=2_000)
    parser.add_argument("--spectra", type=int, default=10_000)
    parser.add_argument("--betas", type=float, nargs="*", default=BETAS)
    given = parser.parse_args()
    print(machine())
    print(f"{'β':>7}{'rate':>9}{'SSE/2σ²':>11}{'active':>8}{'MIG':>7}{'D':>7}{'TC':>7}{'off %':>8}")
    base = replace(recipe("gypsum-unsupervised"), steps=given.steps, spectra=given.spectra)
    curve: list[Point] = []
    for beta in given.betas:
        config = replace(base, beta=beta)
        data = training_set(replace(config, spectra=MEASURED, seed=99))
        batch = data.batch(MEASURED, np.random.default_rng(0))
        dirty = np.where(batch.mask.numpy() > 0, batch.value.numpy(), np.nan)
        weight = np.ones(len(data.wavenumber))
        for low, high, factor in config.emphasis:
            weight[(data.wavenumber >= low) & (data.wavenumber < high)] = factor
        with tempfile.TemporaryDirectory() as folder:
            run = train(config, folder=Path(folder) / "run")
            point = measure(load(run.folder), dirty, batch.clean.numpy(), beta, weight)
        curve.append(point)
        scores, off = run.metrics["scores"], list(run.metrics["off_target"].values())
        print(
            f"{beta:7g}{point.rate:9.3f}{point.distortion / (2 * config.sigma**2):11.1f}"
            f"{len(run.metrics['active']):8d}{scores['mig']:7.3f}{scores['disentanglement']:7.3f}"
            f"{run.metrics['kl_parts']['total_correlation']:7.2f}"
            f"{np.median(off) if off else np.nan:8.1f}",
            flush=True,
        )
    found, expected = slopes(curve, base.sigma**2)
    for a, b, slope, theory in zip(curve[:-1], curve[1:], found, expected, strict=True):
        print(f"slope from β = {a.beta:g} to {b.beta:g}: {slope:.4g}; −1/β there: {theory:.4g}")


if __name__ == "__main__":
    main()
