"""The noise of a measurement, from the measurement itself: variance = floor + slope · signal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..spectrum import Spectrum

Array = NDArray[np.float64]

# Fourth differences leave smooth bands behind; the sum of their squared weights is 70.
KERNEL = np.array([1.0, -4.0, 6.0, -4.0, 1.0]) / np.sqrt(70.0)
MAD_TO_STD = 1.4826
BINS = 8
SMALLEST = 1e-4  # of the spectrum's span: rounding in the file, if nothing else


@dataclass(frozen=True)
class Noise:
    """Variance of a point: ``floor`` + ``slope`` · (its level − ``zero``), in the file's units.

    ``zero`` is the file's lowest value: an offset of the whole file changes nothing.
    """

    floor: float
    slope: float
    zero: float = 0.0

    def variance(self, level: Array) -> Array:
        """Variance (N,) at the noise-free ``level`` (N,)."""
        return np.asarray(self.floor + self.slope * np.maximum(level - self.zero, 0.0))


def estimate_noise(spectrum: Spectrum) -> Noise:
    """Fit floor and slope to the robust spread of fourth differences at several levels.

    Clipped points have no noise and are left out.
    """
    level, spread = [], []
    zero = float(spectrum.intensity.min())
    top = float(spectrum.meta.get("clipped", np.inf))
    for part in spectrum.segments:
        y = spectrum.intensity[part] - zero
        if len(y) > 12:
            windows = np.lib.stride_tricks.sliding_window_view(y, len(KERNEL))
            whole = windows.max(axis=1) < top - zero
            level.append(_median_filter(y, 7)[2:-2][whole])
            spread.append(np.convolve(y, KERNEL, mode="valid")[whole])
    smallest = (SMALLEST * float(np.ptp(spectrum.intensity))) ** 2
    if sum(map(len, level)) < 2 * BINS:
        return Noise(smallest, 0.0, zero)
    levels, spreads = np.concatenate(level), np.concatenate(spread)
    order = np.argsort(levels)
    centres, variances = [], []
    for some in np.array_split(order, BINS):
        centres.append(float(np.median(levels[some])))
        variances.append(float((MAD_TO_STD * np.median(np.abs(spreads[some]))) ** 2))
    floor, slope = _line(np.array(centres), np.array(variances))
    return Noise(max(floor, smallest), slope, zero)


def _line(level: Array, variance: Array) -> tuple[float, float]:
    """Non-negative floor and slope of variance against level, relative errors weighted alike."""
    if np.ptp(level) <= 0.2 * max(abs(float(level[-1])), 1e-300):
        return float(np.median(variance)), 0.0
    weight = 1.0 / np.maximum(variance, variance.max() * 1e-6)
    columns = np.stack([np.ones_like(level), np.maximum(level, 0.0)], axis=1)
    from scipy.optimize import nnls

    (floor, slope), _ = nnls(columns * weight[:, None], variance * weight)
    return float(floor), float(slope)


def _median_filter(y: Array, width: int) -> Array:
    """Running median of y (N,) over ``width`` points (odd); the ends are repeated."""
    padded = np.pad(y, width // 2, mode="edge")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, width), axis=-1))
