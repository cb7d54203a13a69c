"""Measurements unlike those of the calibration, and foreign bands on the mineral's own.

    python -m benchmarks.unlike [--n N] [--model MODEL]

First: coverage of 90 % intervals, and how many normal spectra list a foreign band, after smoothing,
interpolation, and with less noise than any the model was trained with. Smoothing widens bands;
what that does to the width's factor is the sample's in the eyes of any tool.
Then: how much of a foreign band's height is kept, whether it is listed within 2 cm⁻¹ and alien,
where it stands on a band of the mineral (position and height as given, FWHM 8 cm⁻¹, 1 000 counts).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.signal import savgol_filter

import spectra_vae as sv
from spectra_vae.simulation.trials import trials
from spectra_vae.spectrometer import VirtualSpectrometer

from .machine import machine

Array = NDArray[np.float64]

X = np.concatenate([np.arange(100.0, 1300, 1.5), np.arange(3000.0, 3800, 1.5)])
LOW = X < 2000
HEIGHTS, FWHM, NEAR = (0.3, 1.0, 5.0), 8.0, 2.0


def by_window(f: Callable[[Array], Array]) -> Callable[[Array], sv.Spectrum]:
    """f of each window's points."""
    return lambda y: sv.Spectrum(X, np.concatenate([f(y[LOW]), f(y[~LOW])]))


def interpolated(y: Array) -> sv.Spectrum:
    parts = []
    for some in (LOW, ~LOW):
        x = np.arange(X[some][0], X[some][-1], 0.5)
        parts.append((x, np.interp(x, X[some], y[some])))
    x, values = (np.concatenate(p) for p in zip(*parts, strict=True))
    return sv.Spectrum(x, values)


KINDS: dict[str, tuple[float, Callable[[Array], sv.Spectrum]]] = {
    "as measured": (1e3, lambda y: sv.Spectrum(X, y)),
    "Savitzky-Golay 5/3": (1e3, by_window(lambda y: savgol_filter(y, 5, 3))),
    "Savitzky-Golay 9/3": (1e3, by_window(lambda y: savgol_filter(y, 9, 3))),
    "mean of 5 points": (1e3, by_window(lambda y: np.convolve(y, np.ones(5) / 5, "same"))),
    "interpolated, 3 x": (1e3, interpolated),
    "1e5 counts": (1e5, lambda y: sv.Spectrum(X, y)),
    "1e6 counts": (1e6, lambda y: sv.Spectrum(X, y)),
}


def treated(vs: VirtualSpectrometer, n: int) -> None:
    names = ("hydration", "crystallinity", "shift")
    print(f"coverage of 90 % intervals (known of n = {n}); share that lists something, alien")
    print(f"{'':20}" + "".join(f"{name:>22}" for name in names) + "     lists     alien")
    for kind, (counts, made) in KINDS.items():
        data = trials(vs.mineral, X, n, counts, 5)
        restored = vs.restore([made(y) for y in data.dirty])
        cells = ""
        for name in names:
            told = [
                (r.estimates[name], v) for r, v in zip(restored, data.factors[name], strict=True)
            ]
            known = [one.low <= v <= one.high for one, v in told if one.known]
            cells += f"{np.mean(known):12.3f} ({len(known) / n:7.0%})"
        lists = np.mean([bool(r.unexplained) for r in restored])
        alien = np.mean([r.novelty.alien for r in restored])
        print(f"{kind:20}{cells}{lists:10.3f}{alien:10.3f}", flush=True)


def on_bands(vs: VirtualSpectrometer, n: int) -> None:
    print(f"foreign band on the mineral's own: kept (median), listed, alien; n = {n}")
    for band in vs.mineral.bands:
        if band.height < 0.02 or not np.any(np.abs(X - band.position) < 2):
            continue
        cells = ""
        for height in HEIGHTS:
            shape = height * np.exp(-4 * np.log(2) * ((X - band.position) / FWHM) ** 2)
            data = trials(vs.mineral, X, n, 1e3, 6, extra=np.tile(shape, (n, 1)), top=1.0)
            restored = vs.restore(data.spectra)
            i = int(np.abs(X - band.position).argmin())
            own = data.bands[:, i] - height
            kept = (np.array([r.restored[i] for r in restored]) - own) / height
            near = [
                any(abs(p.position - band.position) < NEAR for p in r.unexplained) for r in restored
            ]
            alien = [r.novelty.alien for r in restored]
            cells += (
                f"   {height:g}: {np.median(kept):.2f} {np.mean(near):.2f} {np.mean(alien):.2f}"
            )
        print(f"{band.position:6.0f} cm-1 ({band.height:g}){cells}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--n", type=int, default=400)
    parser.add_argument("--model", default="gypsum")
    given = parser.parse_args()
    print(machine())
    vs = sv.load(given.model)
    treated(vs, given.n)
    on_bands(vs, max(given.n // 10, 20))


if __name__ == "__main__":
    main()
