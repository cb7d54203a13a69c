"""Restoration beside what users would pick instead, on one test set: accuracy and what is kept.

    python -m benchmarks.restoration_table [--n N] [--counts C] [--model MODEL]

Files of even steps, as conventional chains want them. Every chain is tuned on a validation split
(smallest error of the curve) within its family, then all are tested on the same other spectra. The
oracle knows family and noise and starts at the truth. Needs the extra ``bench``.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import pywt
from pybaselines import Baseline
from pybaselines.utils import whittaker_smooth
from scipy.signal import medfilt, savgol_filter

import spectra_vae as sv
from spectra_vae.simulation.trials import Array, Trials, trials
from spectra_vae.spectra.bands import peak
from spectra_vae.spectrometer import VirtualSpectrometer

from .machine import machine
from .restoration_foreign import HEIGHT, foreign
from .restoration_rivals import WINDOWS, chains, oracle, ridge

STEP = 1.5  # cm⁻¹
VALIDATION = 24
Restorer = Callable[[Array], Array]  # (n, N) → (n, N)


@dataclass(frozen=True)
class Score:
    """Errors of n restored curves: medians, and ``rmse`` over all, × the reference ν1."""

    rmse: float
    p95: float
    height: float
    position: float
    width: float
    kept: float
    milliseconds: float

    def row(self, name: str) -> str:
        return (
            f"| {name} | {self.rmse:.4f} | {self.p95:.4f} | {100 * self.height:+.1f} | "
            f"{self.position:.2f} | {100 * self.width:.1f} | {self.kept:.2f} | "
            f"{self.milliseconds:.1f} |"
        )


def score(restore: Restorer, plain: Trials, other: Trials, where: Array) -> Score:
    """``plain``: without, ``other``: with a foreign band at ``where`` (n,)."""
    start = time.perf_counter()
    found = restore(plain.dirty)
    each = (time.perf_counter() - start) / len(found)
    errors = np.sqrt(np.mean((found - plain.clean) ** 2, axis=1))
    x, near = plain.wavenumber, (960.0, 1060.0)
    ours, true = (np.array([peak(x, y, *near) for y in some]) for some in (found, plain.clean))
    left = restore(other.dirty) - other.clean
    kept = [row[np.abs(x - at) < 3].max() for row, at in zip(left, where, strict=True)]
    return Score(
        rmse=float(np.sqrt(np.mean(errors**2))),
        p95=float(np.quantile(errors, 0.95)),
        height=float(np.median(ours[:, 1] / true[:, 1] - 1)),
        position=float(np.median(np.abs(ours[:, 0] - true[:, 0]))),
        width=float(np.median(np.abs(ours[:, 2] / true[:, 2] - 1))),
        kept=float(np.median(kept)) / HEIGHT,
        milliseconds=1e3 * each,
    )


def one_by_one(restore: Restorer) -> Restorer:
    return lambda rows: np.stack([restore(y) for y in rows])


def raman_spy(fitter: Baseline, lam: float, y: Array) -> Array:
    """RamanSPy's published protocol without its scaling: despiked, smoothed 9/3, asPLS off."""
    despiked = np.where(np.abs(y - medfilt(y, 5)) > 8 * np.std(np.diff(y)), medfilt(y, 5), y)
    smooth = savgol_filter(despiked, 9, 3)
    return np.asarray(smooth - fitter.aspls(smooth, lam=lam)[0])


def wavelets(fitter: Baseline, lam: float, y: Array) -> Array:
    """sym8, five levels, soft universal threshold; then arPLS off."""
    parts = pywt.wavedec(y, "sym8", level=5)
    sigma = np.median(np.abs(parts[-1])) / 0.6745
    limit = sigma * np.sqrt(2 * np.log(len(y)))
    parts[1:] = [pywt.threshold(p, limit, mode="soft") for p in parts[1:]]
    smooth = pywt.waverec(parts, "sym8")[: len(y)]
    return np.asarray(smooth - fitter.arpls(smooth, lam=lam)[0])


def families(x: Array) -> Iterator[tuple[str, list[Restorer]]]:
    """Name and settings to tune, of each conventional family."""
    fitter = Baseline(x)
    stiff = (1e4, 1e5, 1e6, 1e7, 1e8)
    yield "RamanSPy's protocol (SG 9/3, asPLS)", [partial(raman_spy, fitter, v) for v in stiff]
    yield "wavelets sym8, arPLS", [partial(wavelets, fitter, v) for v in stiff]
    by_name = dict(chains(x))
    for name, start, end in (
        ("arPLS, Savitzky–Golay", "arpls", "SG"),
        ("arPLS, Whittaker", "arpls", "Whittaker"),
        ("drPLS, Whittaker", "drpls", "Whittaker"),
        ("imodpoly 5, Whittaker", "imodpoly", "Whittaker"),
        ("SNIP 40, Whittaker", "snip", "Whittaker"),
    ):
        some = [c for k, c in by_name.items() if k.startswith(start) and f", {end}" in k]
        yield name, some
    smooth = [partial(savgol_filter, window_length=w, polyorder=3) for w in WINDOWS]
    smooth += [partial(whittaker_smooth, lam=v) for v in (1.0, 10.0)]
    yield "fabc, the better of both", [partial(_fabc, fitter, s) for s in smooth]


def _fabc(fitter: Baseline, smooth: Restorer, y: Array) -> Array:
    return np.asarray(smooth(y - fitter.fabc(y, lam=1e6)[0]))


def tuned(settings: list[Restorer], held: Trials) -> Restorer:
    """The setting with the smallest error of the curve on held-out spectra."""

    def error(restore: Restorer) -> float:
        found = np.stack([restore(y) for y in held.dirty])
        return float(np.mean((found - held.clean) ** 2))

    return one_by_one(min(settings, key=error))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--n", type=int, default=100)
    parser.add_argument("--counts", type=float, default=1000.0)
    parser.add_argument("--model", default="gypsum")
    given = parser.parse_args()
    vs: VirtualSpectrometer = sv.load(given.model)
    x = np.arange(110.0, 3990.0, STEP)
    plain = trials(vs.mineral, x, given.n, given.counts, 11)
    other, where, _ = foreign(vs, given.n, given.counts, HEIGHT, 3, x=x)
    held = trials(vs.mineral, x, VALIDATION, given.counts, 12)
    print(machine())
    print(
        f"{given.counts:g} counts, n = {given.n}, background a cubic up to 3 × ν1, no orientation"
    )
    print("| method | RMSE | p95 | ν1 height, % | position, cm⁻¹ | width, % | kept | ms |")
    print("|---|---|---|---|---|---|---|---|")

    def ours(rows: Array) -> Array:
        return np.stack([r.restored for r in vs.restore([sv.Spectrum(x, y) for y in rows])])

    def limit(rows: Array) -> Array:
        return oracle(vs, plain if rows is plain.dirty else other, len(rows))

    print(score(ours, plain, other, where).row("spectra-vae"), flush=True)
    print(score(limit, plain, other, where).row("generator by least squares (oracle)"), flush=True)
    print(score(ridge(vs, x), plain, other, where).row("rank-8 ridge"), flush=True)
    for name, settings in families(x):
        print(score(tuned(settings, held), plain, other, where).row(name), flush=True)


if __name__ == "__main__":
    main()
