"""Minerals that nobody trained a model of: what the job for their encoder gives, and costs.

    python -m benchmarks.any_mineral [MINERAL…] [--n N] [--home FOLDER]

In a fresh home: seconds that the job takes (and of the processor), the encoder's RMSE of codes,
then restoration: errors of the factors over each spectrum's own Cramér–Rao bound, and the share of
90 % intervals that hold the truth, before (the decoder alone) and after. Counts are those at the
strongest band; factors are uniform in the middle nine tenths of their ranges for errors, and in the
whole ranges for intervals. Half of those files are of powders, half of crystals that lie in their
own way, as intervals are calibrated: they allow for an orientation that no single file excludes.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Mapping, Sequence

import numpy as np

import spectra_vae as sv
from spectra_vae.analysis.bound import cramer_rao, shaping
from spectra_vae.measure.calibrate import truths
from spectra_vae.model.shared import readout_folder
from spectra_vae.runs.encoder import train_encoder
from spectra_vae.simulation.instrument import ORIENTATION
from spectra_vae.simulation.trials import Trials, trials
from spectra_vae.spectrometer import VirtualSpectrometer

from .machine import machine

LEVELS = (100.0, 1_000.0)
EFFICIENCY, COVERAGE = 1.2, (0.85, 0.95)
QUANTITIES = ("position", "fwhm", "curve")


def code_errors(vs: VirtualSpectrometer, data: Trials) -> dict[str, float]:
    """Factor → RMSE of the encoder's mean, in codes."""
    mean = vs.encode(data.dirty).mean
    return {
        name: rms(mean[:, j] - vs.mineral.factor(name).code(data.factors[name]))
        for name, j in vs.controls.items()
    }


def efficiency(vs: VirtualSpectrometer, data: Trials, counts: float) -> dict[str, float]:
    """Factor but the scale → root mean of squared error over Cramér–Rao variance."""
    m = vs.mineral
    codes = np.array([r.code.mean for r in vs.restore(data.spectra)])
    bound = cramer_rao(m, data.wavenumber, data.factors, data.device.at(counts), data.light)
    return {
        name: rms((vs.factors(codes)[name] - data.factors[name]) / bound[:, k])
        for k, name in enumerate(shaping(m))
        if name in vs.controls and m.factor(name).effect != "scale"  # that is the gain's
    }


def held(vs: VirtualSpectrometer, data: Trials) -> dict[str, list[float]]:
    """Factor or quantity → does each known interval hold the truth? Of curves: in which share."""
    cells: dict[str, list[float]] = {}
    for k, r in enumerate(vs.restore(data.spectra)):
        truth = truths(vs, data, k)
        for name, one in {**r.estimates, **r.quantities}.items():
            if one.known and name in {*shaping(vs.mineral), *QUANTITIES}:
                assert one.low is not None and one.high is not None
                cells.setdefault(name, []).append(float(one.low <= truth[name] <= one.high))
        seen = data.bands[k] > 0.01 * data.bands[k].max()
        inside = (r.lower <= data.bands[k]) & (data.bands[k] <= r.upper)
        cells.setdefault("curve", []).append(float(inside[seen].mean()))
    return cells


def shares(*some: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Name → mean over all of ``some`` together."""
    return {
        name: float(np.mean([v for one in some for v in one.get(name, ())])) for name in some[0]
    }


def rms(values: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(values))))


def told(label: str, found: dict[str, float], low: float = 0.0, high: float = np.inf) -> None:
    """A line of numbers; those that miss their limits are marked."""
    cells = [f"{k} {v:.3f}{'' if low <= v <= high else ' (!)'}" for k, v in found.items()]
    print(f"  {label:28}" + "  ".join(cells), flush=True)


def report(name: str, n: int) -> None:
    m = sv.mineral(name)
    before = sv.load(readout_folder(m))
    wall, processor = time.perf_counter(), time.process_time()
    train_encoder(m)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    vs = sv.load(name)
    points = len(vs.wavenumber)
    print(f"{name}: {points} points, {wall:.0f} s ({processor:.0f} s of the processor)")
    for counts in LEVELS:
        middle = trials(m, vs.wavenumber, n, counts, seed=11)
        powders, crystals = (
            trials(m, vs.wavenumber, n // 2, counts, seed=77, middle=1.0, orientation=turned)
            for turned in (None, ORIENTATION)
        )
        told(f"{counts:.0f} counts: codes", code_errors(vs, middle))
        told("  × Cramér–Rao, before", efficiency(before, middle, counts), high=EFFICIENCY)
        told("  × Cramér–Rao", efficiency(vs, middle, counts), high=EFFICIENCY)
        told("  coverage, before", shares(held(before, powders), held(before, crystals)), *COVERAGE)
        found = held(vs, powders), held(vs, crystals)
        told("  coverage", shares(*found), *COVERAGE)
        told("    of powders", shares(found[0]))
        told("    of crystals", shares(found[1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("minerals", nargs="+")
    parser.add_argument("--n", type=int, default=500)
    parser.add_argument("--home", help="instead of a fresh one")
    given = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as fresh:
        os.environ["SPECTRA_VAE_HOME"] = given.home or fresh
        for name in given.minerals:
            report(name, given.n)


if __name__ == "__main__":
    main()
