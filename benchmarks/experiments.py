"""Three experiments with a stated outcome, a command each.

    python -m benchmarks.experiments rotation      equal eigenvalues: same rate and distortion,
                                                   other axes; guidance fixes them
    python -m benchmarks.experiments correlation   two factors go together (ρ = 0.9) in training,
                                                   scored on a set where they don't
    python -m benchmarks.experiments extremes      β → 0 is the plain autoencoder, β → ∞ the average

The last two train short gypsum models (about a minute each).
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from spectra_vae import TrainConfig, load
from spectra_vae.analysis.linear import LinearVAE, train_linear
from spectra_vae.analysis.rate_distortion import linear_gaussian
from spectra_vae.recipes import recipe
from spectra_vae.runs import train
from spectra_vae.vae.data import training_set

from .machine import machine

SHORT = {"spectra": 6_000, "steps": 1_200}
EIGENVALUES = np.array([2.0, 2.0, 2.0, 0.1, 0.1, 0.1])
BETA, SIGMA2 = 1.0, 0.3


def rotation() -> None:
    """Three equal eigenvalues: any rotation of the three latents is as good."""
    exact = linear_gaussian(EIGENVALUES, BETA, SIGMA2, 3)
    print(f"closed form: rate {exact.rate:.4f} nats, SSE {exact.distortion:.4f}")
    axes = []
    for guided in (False, True):
        found: list[LinearVAE] = [
            train_linear(EIGENVALUES, BETA, SIGMA2, 3, seed, guided) for seed in (0, 1)
        ]
        for model in found:
            kind = "guided" if guided else "free"
            along = np.abs(model.axes()).max(axis=1)  # 1: along one direction of the data
            print(f"{kind:7} rate {model.rate:.4f}, SSE {model.distortion:.4f}", end="; ")
            print("largest component of each axis: " + ", ".join(f"{c:.3f}" for c in along))
        a, b = (model.axes() for model in found)
        axes.append(float(np.abs((a * b).sum(axis=1)).min()))
    print(f"smallest |cos| between the axes of two seeds: free {axes[0]:.3f}, guided {axes[1]:.3f}")


def _trained(config: TrainConfig) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        run = train(config, folder=Path(folder) / "run")
        scores = dict(run.metrics["scores"])
        vs = load(run.folder)
        data = training_set(replace(config, spectra=1000, seed=99))
        batch = data.batch(1000, np.random.default_rng(0))
        value = np.where(batch.mask.numpy() > 0, batch.value.numpy(), np.nan)
        decoded = vs.decode(vs.encode(value).mean)
    clean = batch.clean.numpy()
    average = data.clean.mean(axis=0)
    scores["rmse"] = float(np.sqrt(np.mean((decoded - clean) ** 2)))
    scores["from_average"] = float(np.sqrt(np.mean((decoded - average) ** 2)))
    scores["spread"] = float(np.sqrt(np.mean((clean - average) ** 2)))
    scores["active"] = len(run.metrics["active"])
    return scores


def correlation() -> None:
    for kind in ("gypsum", "gypsum-unsupervised"):
        for rho in (0.0, 0.9):
            pair = ("hydration", "crystallinity", rho) if rho else None
            found = _trained(replace(recipe(kind), **SHORT, correlation=pair))
            print(
                f"{kind:20} ρ = {rho:.1f}: MIG {found['mig']:.3f},"
                f" D {found['disentanglement']:.3f}, C {found['completeness']:.3f},"
                f" MCC {found['mcc']:.3f}",
                flush=True,
            )


def extremes() -> None:
    base = replace(recipe("gypsum-unsupervised"), **SHORT)
    for name, config in (
        ("plain autoencoder", replace(base, variational=False)),
        ("β = 1e-4", replace(base, beta=1e-4)),
        ("β = 10", base),
        ("β = 1e5", replace(base, beta=1e5)),
    ):
        found = _trained(config)
        print(
            f"{name:20} RMSE {found['rmse']:.4f}, from the average spectrum"
            f" {found['from_average']:.4f} (spread of the data {found['spread']:.4f}),"
            f" {found['active']} active",
            flush=True,
        )


if __name__ == "__main__":
    print(machine())
    {"rotation": rotation, "correlation": correlation, "extremes": extremes}[sys.argv[1]]()
