"""Is what a restoration says true on files as dirty as nature? Each nuisance alone, and together.

    python -m benchmarks.nature [--n N] [--model MODEL] [--counts C …] [--only NAME …] [--seed S]
    python -m benchmarks.nature --write [--n N] [--model MODEL]

A Markdown table per number of counts at ν1: shares of 90 % intervals that hold the truth, of the
estimates that are known, and how many are unknown; share of points at which [lower, upper] holds
the true background-free curve, at the strongest band, at foreign bands (FWHM 6 to 18 cm⁻¹, height
.2 to 1, mixing 0 to 1) and elsewhere; how much of a foreign band's area is kept, the median and
what the worst 5 % keep less of; verdicts.
Alone, a nuisance that has a probability is certain. The truth of the shift is where the file shows
the strongest band without its own jitter: errors of the axis are part of it.

Constants of the detection were set with the seeds 3, 8 and 31; the default is none of these.
``--write`` keeps beside the model how novel normal files look, which percentiles are read off
(``N`` files for each half decade of counts, other seeds again).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

import spectra_vae as sv
from spectra_vae.measure.calibrate import novelty_quantiles
from spectra_vae.measure.report.restoration import Restoration
from spectra_vae.simulation.dirty import DirtyTrials, simulate_dirty
from spectra_vae.simulation.instrument import Instrument
from spectra_vae.simulation.nuisances import CLEAN, NATURE, SHARES, SWITCHES, Nuisances
from spectra_vae.spectrometer import VirtualSpectrometer
from spectra_vae.storage.models import folder_of

from .machine import machine

LEVELS = (100.0, 1_000.0, 10_000.0)
MIDDLE = 0.9  # of a factor's range: beyond, intervals are cut
SEED = 77
AGREE = 1.0  # FWHM: a band that was found as near is the foreign one
VERDICTS = ("normal", "alien", "undecided")
REACH = 1.0  # FWHM either side: the points of a band
QUANTILES = {"area kept": 0.5, "of the worst": 0.05}
PLACES = ("main band", "foreign", "elsewhere")
TOLD = ", resolution told"
SECOND = 0.3


@dataclass
class Tally:
    """Ones and zeros to be averaged, by what they are about."""

    held: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, value: float) -> None:
        self.held.setdefault(name, []).append(value)

    def share(self, name: str) -> str:
        values = self.held.get(name, [])
        if not values:
            return "–"
        if name in QUANTILES:
            return f"{np.quantile(values, QUANTILES[name]):.2f}"
        return f"{np.mean(values):.2f}"


def conditions(asked: Sequence[str], second: str | None) -> Iterator[tuple[str, Nuisances]]:
    """What to switch on, by the name of its row."""
    certain = replace(NATURE, foreign=1, second=SECOND, **_certain())
    rows = {"nothing": CLEAN}
    rows |= {name: certain.only(name) for name in SWITCHES if name not in ("triangle", "second")}
    rows["resolution, triangular slit" + TOLD] = certain.only("resolution", "triangle")
    rows["resolution" + TOLD] = certain.only("resolution")
    if second is not None:
        rows["second"] = certain.only("second")
    rows |= {"all": NATURE, "all" + TOLD: NATURE, "all and foreign": replace(NATURE, foreign=1)}
    return ((name, n) for name, n in rows.items() if not asked or name in asked)


def _certain() -> dict[str, Any]:
    return {name: 1.0 for name in SHARES if name != "second"}


def tally(vs: VirtualSpectrometer, data: DirtyTrials, told: bool) -> Tally:
    """Everything about the restorations of ``data``."""
    if told:
        found = [
            vs.restore(one, resolution=float(r))
            for one, r in zip(data.spectra, data.resolution, strict=True)
        ]
    else:
        found = vs.restore(data.spectra)
    counted = Tally()
    for k, r in enumerate(found):
        _estimates(counted, vs, data, k, r)
        _points(counted, vs, data, k, r)
        _kept(counted, data, k, r)
        for verdict in VERDICTS:
            counted.add(verdict, r.novelty.verdict == verdict)
    return counted


def names(vs: VirtualSpectrometer) -> list[str]:
    """Factors that are judged: the mineral's own, and its bands' shift."""
    return [f.name for f in vs.mineral.factors if f.effect in ("strength", "width", "position")]


def _estimates(
    counted: Tally, vs: VirtualSpectrometer, data: DirtyTrials, k: int, r: Restoration
) -> None:
    main = vs.mineral.bands.index(vs.mineral.main)
    truth = {name: float(data.factors[name][k]) for name in names(vs)}
    moved = vs.mineral.the("position")
    if moved is not None:
        truth[moved.name] = float(data.shift[k])
    truth["position"] = float(data.table.position[k, main])
    for name, true in truth.items():
        one = {**r.estimates, **r.quantities}[name]
        if name in r.estimates:
            counted.add("unknown", not one.known)
        if one.low is not None and one.high is not None:
            counted.add(name, one.low <= true <= one.high)


def _points(
    counted: Tally, vs: VirtualSpectrometer, data: DirtyTrials, k: int, r: Restoration
) -> None:
    truth = np.interp(r.wavenumber, data.wavenumber, data.bands[k])
    holds = (r.lower <= truth) & (truth <= r.upper)
    bands = data.table
    distance = np.abs(r.wavenumber[:, None] - bands.position[k]) / bands.fwhm[k]
    main = distance[:, vs.mineral.bands.index(vs.mineral.main)] < REACH
    foreign = (distance[:, bands.kind == "foreign"] < REACH).any(axis=1) & ~main
    for name, points in zip(PLACES, (main, foreign, ~(main | foreign)), strict=True):
        if points.any():
            counted.add(name, float(holds[points].mean()))


def _kept(counted: Tally, data: DirtyTrials, k: int, r: Restoration) -> None:
    """The areas of foreign bands, as far as the file reaches, over the true ones."""
    x = r.wavenumber
    for j in np.flatnonzero(data.table.kind == "foreign"):
        position, fwhm = data.table.position[k, j], data.table.fwhm[k, j]
        near = [p for p in r.unexplained if abs(p.position - position) < AGREE * fwhm]
        found = sum((p.curve(x) for p in near), np.zeros_like(x))
        truth = np.interp(x, data.wavenumber, data.extra[k])
        for name in QUANTILES:
            counted.add(name, float(found @ np.gradient(x) / (truth @ np.gradient(x))))


def simulated(
    vs: VirtualSpectrometer,
    n: int,
    counts: float,
    nuisances: Nuisances,
    x: np.ndarray,
    second: str | None,
    seed: int = SEED,
) -> DirtyTrials:
    rng = np.random.default_rng(seed)
    low, high = (1 - MIDDLE) / 2, (1 + MIDDLE) / 2
    factors = {
        f.name: np.full(n, np.log10(counts))
        if f.effect == "counts"
        else f.low + (f.high - f.low) * rng.uniform(low, high, n)
        for f in vs.mineral.factors
    }
    instrument = Instrument(spikes=0.0)
    return simulate_dirty(
        vs.mineral, n, instrument, nuisances, seed, factors=factors, wavenumber=x, second=second
    )


def options() -> argparse.ArgumentParser:
    """What benchmarks of dirty files can be told."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--n", type=int, default=100)
    parser.add_argument("--model", default="gypsum")
    parser.add_argument("--step", type=float, default=1.5, help="cm⁻¹; 0: the model's own axis")
    parser.add_argument("--only", nargs="*", default=[], help="rows by their names")
    parser.add_argument("--counts", type=float, nargs="*", default=LEVELS, help="at ν1")
    return parser


def main() -> None:
    parser = options()
    parser.add_argument("--second", help="mineral of a second phase")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    print(machine())
    vs = sv.load(given.model)
    if given.write:
        novelty = novelty_quantiles(vs, given.n)
        replace(vs.calibration, novelty=novelty).save(folder_of(given.model))
    else:
        tables(vs, given)


def tables(vs: VirtualSpectrometer, given: argparse.Namespace) -> None:
    x = vs.wavenumber
    x = np.arange(x[0], x[-1], given.step) if given.step else x
    columns = [*names(vs), "position", "unknown", *PLACES, *QUANTILES, *VERDICTS]
    for counts in given.counts:
        print(f"\n{counts:g} counts, {given.n} spectra a row\n")
        print("| on | " + " | ".join(columns) + " |")
        print("|---" * (len(columns) + 1) + "|")
        for name, nuisances in conditions(given.only, given.second):
            data = simulated(vs, given.n, counts, nuisances, x, given.second, given.seed)
            counted = tally(vs, data, name.endswith(TOLD))
            cells = " | ".join(counted.share(c) for c in columns)
            print(f"| {name} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
