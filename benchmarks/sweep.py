"""A sweep of β over unsupervised models: the rate–distortion curve and its slope beside −1/β.

python -m benchmarks.sweep [--steps N] [--spectra N] [--betas B…] [--write | --out FILE]

--write replaces the sweep that ships with the package, --out writes it elsewhere. The trainings
are shortened (the shipped recipes take 5 000 to 12 000 steps), one seed.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from spectra_vae import load
from spectra_vae.analysis.shipped import SWEEP, place
from spectra_vae.analysis.sweep import Level, Linear, Sweep
from spectra_vae.analysis.tradeoff import denoising_eigenvalues, examples, through
from spectra_vae.recipes import recipe
from spectra_vae.runs.report import conditions
from spectra_vae.runs.train import train
from spectra_vae.vae.config import TrainConfig

from .machine import machine

BETAS = [0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0, 10_000.0]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=1_500)
    parser.add_argument("--spectra", type=int, default=10_000)
    parser.add_argument("--betas", type=float, nargs="*", default=BETAS)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    print(machine())
    base = replace(recipe("gypsum-unsupervised"), steps=given.steps, spectra=given.spectra)
    found = sweep(base, sorted(set(given.betas)))
    _print_slopes(found)
    path = place(SWEEP) if given.write else given.out
    if path:
        text = json.dumps(found.to_dict(), allow_nan=False, ensure_ascii=False)
        path.write_text(text.replace('"decoded"', '\n"decoded"') + "\n", encoding="utf-8")
        print(f"{path.name}: {path.stat().st_size / 1024:.0f} kB")


def sweep(base: TrainConfig, betas: list[float]) -> Sweep:
    """Train one model a β, print and keep what it came to."""
    values, rest = denoising_eigenvalues(base)
    kept = base.latents
    linear = Linear(tuple(values[:kept].tolist()), rest + float(values[kept:].sum()))
    shown = ", ".join(f"{v / base.sigma**2:.1f}" for v in values[:kept])
    print(f"linear form: λ/σ² {shown}; rest/2σ² {linear.rest / (2 * base.sigma**2):.1f}")
    print(
        f"{'β':>6}{'rate':>8}{'SSE/2σ²':>9}{'active':>7}{'info':>7}{'TC':>7}{'dim':>7}"
        f"{'MIG':>7}{'D':>6}{'C':>6}{'I':>6}{'off %':>7}{'s':>6}"
    )
    levels = []
    for beta in betas:
        with tempfile.TemporaryDirectory() as folder:
            run = train(replace(base, beta=beta), folder=Path(folder) / "run")
            vs = load(run.folder)
            watched = examples(vs.mineral, vs.wavenumber, vs.config.varying)
            level = Level.of_run(beta, run.metrics, through(vs, watched))
            if not levels:
                print(conditions(run.metrics["scores"], run.metrics["supervision"]))
            _print(level, base.sigma, float(vs.card["seconds"]))
        levels.append(level)
    return Sweep(base.to_dict(), vs.wavenumber, watched, tuple(levels), linear)


def _print(level: Level, sigma: float, seconds: float) -> None:
    parts, scores = level.parts, level.scores
    off = np.nan if level.off_target is None else level.off_target
    print(
        f"{level.beta:6g}{level.rate:8.3f}{level.distortion / (2 * sigma**2):9.1f}"
        f"{level.active:7d}{parts['information']:7.2f}{parts['total_correlation']:7.2f}"
        f"{parts['dimension_wise']:7.2f}{scores['mig']:7.3f}{scores['disentanglement']:6.2f}"
        f"{scores['completeness']:6.2f}{scores['informativeness']:6.2f}{off:7.1f}{seconds:6.0f}",
        flush=True,
    )


def _print_slopes(found: Sweep) -> None:
    measured, expected = found.slopes()
    for k, (slope, theory) in enumerate(zip(measured, expected, strict=True)):
        a, b = found.betas[k : k + 2]
        print(f"slope from β = {a:g} to {b:g}: {slope:.4g}; mean of −1/β there: {theory:.4g}")
    falls = ", ".join(f"{beta:.3g}" for beta in found.falls()) or "none"
    print(f"neurons fall silent at β = {falls}")


if __name__ == "__main__":
    main()
