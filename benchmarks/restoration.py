"""Restoration against the physical limit and against rivals, on simulated spectra.

    python -m benchmarks.restoration efficiency|curve|speed|real [--n N] [--model MODEL]

``efficiency``: errors of the refined code's factors over each spectrum's own Cramér–Rao bound.
``curve``: error of the restored curve over those of a rank-8 ridge, tuned conventional chains
(with the extra ``bench``) and a least-squares fit of the generator started at the truth.
``real``: verdicts on the measured spectra of ``SPECTRA_VAE_DATA``.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

import numpy as np

import spectra_vae as sv
from spectra_vae.analysis.bound import cramer_rao, shaping
from spectra_vae.simulation.instrument import Instrument
from spectra_vae.simulation.trials import trials
from spectra_vae.spectrometer import VirtualSpectrometer

from . import restoration_rivals as rivals
from .machine import machine

LEVELS = (100.0, 1_000.0, 10_000.0)
ROUNDS = 15  # batches
FACTORS = ("hydration", "crystallinity", "shift")
DATA = Path(os.environ.get("SPECTRA_VAE_DATA", Path(__file__).parents[2] / "shared/data"))


def efficiency(vs: VirtualSpectrometer, n: int) -> None:
    print("root mean of (squared error / Cramér–Rao variance)")
    print(f"{'counts':>7}" + "".join(f"{name:>15}" for name in FACTORS) + "   said unknown, fit B")
    for counts in LEVELS:
        data = trials(vs.mineral, vs.wavenumber, n, counts, seed=11)
        found = vs.restore(data.spectra)
        codes = np.array([r.code.mean for r in found])
        bound = cramer_rao(
            vs.mineral, data.wavenumber, data.factors, data.device.at(counts), data.light
        )
        row = []
        for name in FACTORS:
            error = vs.factors(codes)[name] - data.factors[name]
            row.append(np.sqrt(np.mean((error / bound[:, shaping(vs.mineral).index(name)]) ** 2)))
        unknown = sum(not r.estimates[name].known for r in found for name in FACTORS)
        oriented = sum(r.orientation is not None for r in found)
        ratios = "".join(f"{v:15.3f}" for v in row)
        print(f"{counts:7.0f}{ratios}{unknown:10d} {oriented:6d}")


def speed(vs: VirtualSpectrometer, n: int) -> None:
    data = sv.simulate(vs.mineral.name, n, Instrument(), 5, wavenumber=vs.wavenumber)
    spectra = [sv.Spectrum(data.wavenumber, y) for y in data.dirty]
    vs.restore(spectra[:20])
    start = time.perf_counter()
    for one in spectra[:40]:
        vs.restore(one)
    alone = (time.perf_counter() - start) / 40
    vs.restore(spectra)
    many = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        vs.restore(spectra)
        many.append(n / (time.perf_counter() - start))
    low, middle, high = np.percentile(many, [25, 50, 75])
    print(f"one spectrum {1e3 * alone:.1f} ms", end="; ")
    print(f"batches of {n}: {middle:.0f} spectra/s (quartiles {low:.0f} to {high:.0f} of {ROUNDS})")


def real(vs: VirtualSpectrometer) -> None:
    for file in sorted([*DATA.glob("gypsum/*"), *DATA.glob("other/*")]):
        r = vs.restore(sv.read_spectrum(file))
        shift = r.estimates["shift"]
        said = ", ".join(c.code for c in (*r.novelty.why, *r.checks))
        print(
            f"{file.name[:44]:44} {'alien' if r.novelty.alien else 'normal':6} "
            f"{r.novelty.score:.3f} shift {shift.value if shift.known else 'unknown'} {said}"
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["efficiency", "curve", "speed", "real"])
    parser.add_argument("--n", type=int, default=500)
    parser.add_argument("--model", default="gypsum")
    given = parser.parse_args()
    print(machine())
    vs = sv.load(given.model)
    if given.what == "efficiency":
        efficiency(vs, given.n)
    elif given.what == "curve":
        rivals.compare(vs, given.n, LEVELS)
    elif given.what == "speed":
        speed(vs, given.n)
    else:
        real(vs)


if __name__ == "__main__":
    main()
