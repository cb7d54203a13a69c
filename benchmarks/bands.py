"""Do the intervals of bands and estimates hold the truth on files as dirty as nature?

    python -m benchmarks.bands [--n N] [--model MODEL] [--only NAME …] [--counts C …] [--foreign]

Each nuisance alone and together, per noise decade: shares of 90 % intervals that hold the truth of
every band's position, height, FWHM and area, pooled over the bands that stand out by themselves
and then the worst single band; which share of the mineral's bands does so; the factors' estimates,
with the share that is unknown; points at which [lower, upper] holds the true curve.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

import spectra_vae as sv
from spectra_vae.measure.report.restoration import Restoration
from spectra_vae.simulation.dirty import DirtyTrials
from spectra_vae.spectrometer import VirtualSpectrometer

from .machine import machine
from .nature import PLACES, REACH, TOLD, conditions, names, options, simulated

OF_BANDS = ("position", "height", "fwhm", "area")
FEWEST = 20  # of a band's intervals: fewer say nothing of it alone


@dataclass
class Held:
    """Whether intervals held the truth, by what they are of and by band (−1: not a band's)."""

    held: dict[str, dict[int, list[float]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )

    def add(self, name: str, band: int, value: float) -> None:
        self.held[name][band].append(value)

    def share(self, name: str) -> str:
        """Over all bands, and in brackets the worst one's."""
        by_band = self.held.get(name, {})
        whole = [v for values in by_band.values() for v in values]
        if not whole:
            return "–"
        each = {b: np.mean(v) for b, v in by_band.items() if len(v) >= FEWEST and b >= 0}
        if not each:
            return f"{np.mean(whole):.2f}"
        worst = min(each, key=lambda b: each[b])
        return f"{np.mean(whole):.2f} ({each[worst]:.2f} #{worst})"


def tally(vs: VirtualSpectrometer, data: DirtyTrials, told: bool) -> Held:
    """All intervals of the restorations of ``data``."""
    if told:
        pairs = zip(data.spectra, data.resolution, strict=True)
        found = [vs.restore(one, resolution=float(r)) for one, r in pairs]
    else:
        found = vs.restore(data.spectra)
    counted = Held()
    for k, r in enumerate(found):
        _bands(counted, data, k, r)
        _foreign(counted, data, k, r)
        _estimates(counted, vs, data, k, r)
        _bounds(counted, data, k, r)
    return counted


def _bands(counted: Held, data: DirtyTrials, k: int, r: Restoration) -> None:
    true = {name: getattr(data.table, name)[k] for name in OF_BANDS}
    certain = {b.index: b for b in r.bands if b.certain}
    for j in range(len(data.mineral.bands)):
        counted.add("bands seen", -1, j in certain)
    for j, band in certain.items():
        for name in OF_BANDS:
            low, high = getattr(band, f"{name}_interval")
            counted.add(name, j, bool(low <= true[name][j] <= high))


def _foreign(counted: Held, data: DirtyTrials, k: int, r: Restoration) -> None:
    some = np.flatnonzero(data.table.kind == "foreign")
    for p in (p for p in r.unexplained if not p.group and len(some)):
        j = some[np.argmin(np.abs(data.table.position[k, some] - p.position))]
        if abs(data.table.position[k, j] - p.position) > data.table.fwhm[k, j] / 2:
            continue
        for name in OF_BANDS:
            ends = getattr(p, f"{name}_interval")
            if ends is not None:
                true = getattr(data.table, name)[k, j]
                counted.add(f"foreign {name}", -1, bool(ends[0] <= true <= ends[1]))


def _estimates(
    counted: Held, vs: VirtualSpectrometer, data: DirtyTrials, k: int, r: Restoration
) -> None:
    moved = vs.mineral.the("position")
    for name in names(vs):
        is_shift = moved is not None and name == moved.name
        true = float(data.shift[k] if is_shift else data.factors[name][k])
        one = r.estimates[name]
        counted.add(f"{name} unknown", -1, not one.known)
        if one.low is not None and one.high is not None:
            counted.add(name, -1, bool(one.low <= true <= one.high))


def _bounds(counted: Held, data: DirtyTrials, k: int, r: Restoration) -> None:
    """At each point, does [lower, upper] hold the true curve?"""
    truth = np.interp(r.wavenumber, data.wavenumber, data.bands[k])
    holds = (r.lower <= truth) & (truth <= r.upper)
    distance = np.abs(r.wavenumber[:, None] - data.table.position[k]) / data.table.fwhm[k]
    main = distance[:, data.mineral.bands.index(data.mineral.main)] < REACH
    foreign = (distance[:, data.table.kind == "foreign"] < REACH).any(axis=1) & ~main
    for name, points in zip(PLACES, (main, foreign, ~(main | foreign)), strict=True):
        if points.any():
            counted.add(name, -1, float(holds[points].mean()))


def coverage(vs: VirtualSpectrometer, given: argparse.Namespace) -> None:
    x = vs.wavenumber
    x = np.arange(x[0], x[-1], given.step) if given.step else x
    factors = [part for name in names(vs) for part in (name, f"{name} unknown")]
    foreign = [f"foreign {name}" for name in OF_BANDS]
    columns = ["bands seen", *OF_BANDS, *factors, *PLACES, *(foreign if given.foreign else ())]
    for counts in given.counts:
        print(f"\n{counts:g} counts, {given.n} spectra a row\n")
        print("| on | " + " | ".join(columns) + " |")
        print("|---" * (len(columns) + 1) + "|")
        for name, nuisances in conditions(given.only, None):
            data = simulated(vs, given.n, counts, nuisances, x, None)
            counted = tally(vs, data, name.endswith(TOLD))
            cells = " | ".join(counted.share(c) for c in columns)
            print(f"| {name} | {cells} |", flush=True)


def main() -> None:
    parser = options()
    parser.add_argument("--foreign", action="store_true", help="columns of foreign bands")
    given = parser.parse_args()
    print(machine())
    coverage(sv.load(given.model), given)


if __name__ == "__main__":
    main()
