"""Where a residual looks like a band: matched filters of all widths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from ..minerals.profile import FOUR_LN2
from .measurement import Measurement

Array = NDArray[np.float64]

STEP_OF_WIDTHS = 1.3
WIDEST_TRIED, WIDEST_TRIED_OH = 150.0, 200.0  # FWHM, cm⁻¹
OH = 2900.0
REFERENCE = 1.9  # the filter compares with a smooth curve so many times as wide
CUT = 2.2  # widths either side of a filter
NEAREST = 0.62  # widths between two bands, at the least
CROWDED = 0.9  # widths between two that are found in one look


@dataclass(frozen=True)
class Candidate:
    """A band that may be there: FWHM and position in cm⁻¹, height in the file's unit."""

    position: float
    width: float
    height: float
    significance: float


def candidates(
    file: Measurement,
    left: Array,
    sigma: Array,
    taken: tuple[Array, Array],
    narrowest: float,
    most: int,
    carried: Array | float = 0.0,
) -> list[Candidate]:
    """The most significant bands in the residual ``left`` (N,) with errors ``sigma`` (N,).

    They are ranked by the height that is certain: a filter's response is highest at a band's own
    width. None is nearer than ``NEAREST`` widths to one of those ``taken`` (positions, widths), nor
    as close to another that was found; at most ``most``. A band that is narrower than the share
    ``carried`` of a taken one's width may stand on it.
    """
    x, even = file.x, _even(file)
    y = np.interp(even, x[file.usable], left[file.usable])
    spread = np.interp(even, x, sigma)
    step = float(even[1] - even[0])
    found: list[Candidate] = []
    for width in _widths(narrowest, step, float(x[-1]) > OH):
        height, error = _filtered(y, spread, width / step)
        ratio = height / np.maximum(error, _below(height))
        if width > WIDEST_TRIED:
            ratio = np.where(even > OH, ratio, 0.0)
        peaks = np.flatnonzero((ratio[1:-1] >= ratio[:-2]) & (ratio[1:-1] > ratio[2:])) + 1
        for k in peaks[ratio[peaks] > 2]:
            found.append(Candidate(float(even[k]), width, float(height[k]), float(ratio[k])))
    found.sort(key=lambda c: 2 * c.height / c.significance - c.height)
    kept: list[Candidate] = []
    for one in found:
        if len(kept) == most:
            break
        if _free(one, *taken, taken[1] * carried, NEAREST) and _measured(one, file):
            places = np.array([c.position for c in kept]), np.array([c.width for c in kept])
            if _free(one, *places, np.zeros(len(kept)), CROWDED):
                kept.append(one)
    return kept


def _even(file: Measurement) -> Array:
    """The file's range in steps like its own."""
    count = max(int((file.x[-1] - file.x[0]) / file.step) + 1, 20)
    return np.linspace(file.x[0], file.x[-1], min(count, 20_000))


def _widths(narrowest: float, step: float, reaches_oh: bool) -> list[float]:
    first, last = max(narrowest, 2.5 * step), WIDEST_TRIED_OH if reaches_oh else WIDEST_TRIED
    count = int(np.log(last / first) / np.log(STEP_OF_WIDTHS)) + 1
    return [first * STEP_OF_WIDTHS**k for k in range(max(count, 1))]


def _filtered(y: Array, spread: Array, width: float) -> tuple[Array, Array]:
    """Height (N,) of a band of ``width`` points at every point of y (N,), and its error."""
    half = min(int(CUT * width) + 1, len(y) - 1)
    u = np.arange(-half, half + 1) / width
    band = np.exp(-FOUR_LN2 * u**2)
    smooth = np.exp(-FOUR_LN2 * (u / REFERENCE) ** 2)
    kernel = band / band.sum() - smooth / smooth.sum()
    kernel /= float(kernel @ band)
    padded = np.pad(y, half, mode="reflect")
    noise = np.pad(spread**2, half, mode="reflect")
    height = fftconvolve(padded, kernel, mode="valid")
    variance = fftconvolve(noise, kernel**2, mode="valid")
    return np.asarray(height), np.sqrt(np.maximum(variance, 1e-18 * float(variance.max())))


def _below(height: Array) -> float:
    """How far responses reach below zero: bands don't, noise and line shapes do as far as above."""
    negative = height[height < 0]
    # a third of a normal's size lies within 0.43 σ; the lobes beside bands are above
    return float(np.quantile(-negative, 1 / 3)) / 0.43 if len(negative) else 0.0


def _free(one: Candidate, position: Array, width: Array, carries: Array, least: float) -> bool:
    """Far from all bands, or narrower than what a band of that ``width`` ``carries``?"""
    reach = np.where(one.width < carries, one.width, np.maximum(width, one.width))
    return bool((np.abs(position - one.position) > least * reach).all())


def _measured(one: Candidate, file: Measurement) -> bool:
    """Do usable points stand on it, and not only on one flank?"""
    near = np.abs(file.x - one.position) < one.width / 2
    return bool(file.usable[near].sum() >= 2 and file.usable[near].mean() > 0.25)
