"""Three experiments with a stated outcome, a command each.

    python -m benchmarks.experiments rotation      equal eigenvalues: same rate and distortion,
                                                   other axes; guidance fixes them
    python -m benchmarks.experiments correlation   two factors go together (ρ = 0.9) in training,
                                                   scored on a set where they don't
    python -m benchmarks.experiments extremes      β → 0 is the plain autoencoder, β → ∞ the average
    python -m benchmarks.experiments write         the first two, and into the package

The last three train short gypsum models (one to two minutes each).
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

from spectra_vae import TrainConfig, load
from spectra_vae.analysis.experiments import (
    SCORES,
    Correlated,
    Experiments,
    LinearRun,
    Rotation,
    matrix,
)
from spectra_vae.analysis.linear import train_linear
from spectra_vae.analysis.rate_distortion import linear_gaussian
from spectra_vae.analysis.shipped import EXPERIMENTS, place
from spectra_vae.minerals import mineral
from spectra_vae.recipes import recipe
from spectra_vae.runs.evaluate import evaluation_set
from spectra_vae.runs.report import conditions
from spectra_vae.runs.train import train
from spectra_vae.spectrometer import VirtualSpectrometer
from spectra_vae.vae.codes import correlated, training_codes
from spectra_vae.vae.data import training_set

from .machine import machine

SHORT = {"spectra": 6_000, "steps": 1_200}
EIGENVALUES = np.array([2.0, 2.0, 2.0, 0.1, 0.1, 0.1])
LATENTS = 3
BETA, SIGMA2 = 1.0, 0.3
FACTORS, RHO = ("hydration", "crystallinity"), 0.9
DRAWN = 240  # points of the picture


def rotation() -> Rotation:
    """Three equal eigenvalues: any rotation of the three latents is as good."""
    exact = linear_gaussian(EIGENVALUES, BETA, SIGMA2, LATENTS)
    runs = []
    for guided in (False, True):
        for seed in (0, 1):
            model = train_linear(EIGENVALUES, BETA, SIGMA2, LATENTS, seed, guided)
            axes = matrix(model.axes()[:, :LATENTS])
            rate, distortion = round(model.rate, 5), round(model.distortion, 5)
            runs.append(LinearRun(guided, seed, rate, distortion, axes))
    return Rotation(
        tuple(EIGENVALUES.tolist()), round(exact.rate, 5), round(exact.distortion, 5), tuple(runs)
    )


def print_rotation(found: Rotation) -> None:
    print(f"closed form: rate {found.rate:.4f} nats, SSE {found.distortion:.4f}")
    for run in found.runs:
        along = np.abs(run.axes).max(axis=1)  # 1: along one direction of the data
        kind = "guided" if run.guided else "free"
        print(f"{kind:7} rate {run.rate:.4f}, SSE {run.distortion:.4f}", end="; ")
        print("largest component of each axis: " + ", ".join(f"{c:.3f}" for c in along))
    free, guided = (found.agreement(kind) for kind in (False, True))
    print(f"smallest |cos| between the axes of two seeds: free {free:.3f}, guided {guided:.3f}")


def correlation() -> tuple[Correlated, ...]:
    """Guided and unsupervised, without and with ρ, each scored on an uncorrelated set."""
    found = []
    for guided, name in ((True, "gypsum"), (False, "gypsum-unsupervised")):
        for rho in (0.0, RHO):
            pair = (*FACTORS, rho) if rho else None
            with tempfile.TemporaryDirectory() as folder:
                config = replace(recipe(name), **SHORT, correlation=pair)
                run = train(config, folder=Path(folder) / "run")
                leak = leaked(load(run.folder))
            scores = {score: run.metrics["scores"][score] for score in SCORES}
            found.append(Correlated(guided, rho, scores, round(leak, 4)))
            print_correlated(found[-1])
            print("  " + conditions(run.metrics["scores"], run.metrics["supervision"]))
    return tuple(found)


def leaked(vs: VirtualSpectrometer) -> float:
    """|Spearman| of one factor and the neuron that knows the other best, the larger of the two."""
    data = evaluation_set(vs)
    codes = vs.encode(data.dirty).mean
    rank = np.abs([[spearmanr(z, data.factors[f]).statistic for f in FACTORS] for z in codes.T])
    rank = np.nan_to_num(rank)
    return float(max(rank[rank[:, k].argmax(), 1 - k] for k in (0, 1)))


def print_correlated(one: Correlated) -> None:
    scores = ", ".join(f"{name} {value:.3f}" for name, value in one.scores.items())
    kind = "guided" if one.guided else "unsupervised"
    print(f"{kind:13} ρ = {one.rho:.1f}: {scores}; leak {one.leak:.3f}", flush=True)


def drawn() -> np.ndarray:
    """The two factors of some training spectra at ρ, (DRAWN, 2), as shares of their ranges."""
    m = mineral(recipe("gypsum").mineral)
    place_of = [[f.name for f in m.factors].index(name) for name in FACTORS]
    codes = training_codes(DRAWN, len(m.factors), np.random.default_rng(0))
    codes = correlated(codes, np.zeros(codes.shape, bool), *place_of, RHO)
    factors = [m.factor(name) for name in FACTORS]
    return np.column_stack([f.value(codes[:, k]) for f, k in zip(factors, place_of, strict=True)])


def write() -> None:
    turned = rotation()
    print_rotation(turned)
    found = Experiments(turned, FACTORS, matrix(drawn(), 3), correlation())
    path = place(EXPERIMENTS)
    text = json.dumps(found.to_dict(), allow_nan=False, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    print(f"{path.name}: {path.stat().st_size / 1024:.0f} kB")


def extremes() -> None:
    base = replace(recipe("gypsum-unsupervised"), **SHORT)
    for name, config in (
        ("plain autoencoder", replace(base, variational=False)),
        ("β = 1e-4", replace(base, beta=1e-4)),
        ("β = 10", base),
        ("β = 1e5", replace(base, beta=1e5)),
    ):
        found = _errors(config)
        print(
            f"{name:20} RMSE {found['rmse']:.4f}, from the average spectrum"
            f" {found['from_average']:.4f} (spread of the data {found['spread']:.4f}),"
            f" {found['active']} active",
            flush=True,
        )


def _errors(config: TrainConfig) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        run = train(config, folder=Path(folder) / "run")
        vs = load(run.folder)
        data = training_set(replace(config, spectra=1000, seed=99))
        batch = data.batch(1000, np.random.default_rng(0))
        value = np.where(batch.mask.numpy() > 0, batch.value.numpy(), np.nan)
        decoded = vs.decode(vs.encode(value).mean)
    clean, average = batch.clean.numpy(), data.clean.mean(axis=0)
    return {
        "rmse": float(np.sqrt(np.mean((decoded - clean) ** 2))),
        "from_average": float(np.sqrt(np.mean((decoded - average) ** 2))),
        "spread": float(np.sqrt(np.mean((clean - average) ** 2))),
        "active": len(run.metrics["active"]),
    }


COMMANDS = {
    "rotation": lambda: print_rotation(rotation()),
    "correlation": correlation,
    "extremes": extremes,
    "write": write,
}

if __name__ == "__main__":
    print(machine())
    COMMANDS[sys.argv[1]]()
