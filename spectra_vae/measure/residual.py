"""What a fit leaves over: spikes, and bands that the mineral doesn't have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

WIDTHS = (5.0, 8.0, 13.0, 21.0, 34.0)  # FWHM of the matched filters, cm⁻¹
SIGNIFICANT = 6.0
MAX_PEAKS = 20
SPIKE_SIGMA = 8.0
SPIKE_WIDTH = 3.0  # cm⁻¹: narrower than any band a spectrometer can record


@dataclass(frozen=True)
class Peak:
    """A band that nothing explains: position and FWHM in cm⁻¹, height in the file's unit."""

    position: float
    height: float
    fwhm: float
    significance: float

    def to_dict(self) -> dict[str, Any]:
        return {
            "position": self.position,
            "height": self.height,
            "fwhm": self.fwhm,
            "significance": self.significance,
        }

    def curve(self, x: Array) -> Array:
        return self.height * _gauss(x - self.position, self.fwhm)


def spikes(x: Array, y: Array, variance: Array) -> NDArray[np.bool_]:
    """(N,) True at cosmic spikes: far above both sides, within less than a band's width.

    On an axis so coarse that a band is three points, only a single point can be told from one.
    """
    found = np.zeros(len(x), dtype=bool)
    sigma = np.sqrt(variance)
    for width in (1, 2, 3):
        if width > 1 and width * float(np.median(np.diff(x))) > SPIKE_WIDTH:
            break
        left, right = y[: -width - 1], y[width + 1 :]
        ground = np.maximum(left, right)
        inner = np.lib.stride_tricks.sliding_window_view(y[1:-1], width)
        lowest = inner.min(axis=1)
        limit = SPIKE_SIGMA * sigma[1 : len(ground) + 1]
        slope = np.abs(left - right)
        hit = (lowest - ground > limit) & (lowest - ground > 3 * slope)
        for k in np.flatnonzero(hit):
            found[k + 1 : k + 1 + width] = True
    return found


def foreign_peaks(
    x: Array, residual: Array, variance: Array, usable: NDArray[np.bool_], own: NDArray[np.bool_]
) -> tuple[Peak, ...]:
    """Peaks in ``residual`` (N,) outside the mineral's ``own`` points, strongest first.

    A matched filter over several widths, each against a local constant; the noise is at least
    the residual's own robust spread, so that a rough background lists nothing.
    """
    keep = usable & ~own
    if keep.sum() < 20:
        return ()
    left = residual.copy()
    spread = 1.4826 * float(np.median(np.abs(left[keep] - np.median(left[keep]))))
    weight = np.where(keep, 1 / np.maximum(variance, spread**2), 0.0)
    peaks: list[Peak] = []
    while len(peaks) < MAX_PEAKS:
        peak = max((_strongest(x, left, weight, w) for w in WIDTHS), key=lambda p: p.significance)
        if peak.significance < SIGNIFICANT:
            break
        peaks.append(peak)
        left = left - peak.curve(x)
        weight = np.where(np.abs(x - peak.position) < peak.fwhm, 0.0, weight)
    return tuple(peaks)


def _strongest(x: Array, y: Array, weight: Array, width: float) -> Peak:
    """The most significant Gaussian of one width over a local constant."""
    centres = np.arange(x[0], x[-1], width / 4)
    best = Peak(float(x[0]), 0.0, width, 0.0)
    for chunk in np.array_split(centres, max(1, len(centres) // 256)):
        near_low = np.searchsorted(x, chunk[0] - 2 * width)
        near_high = np.searchsorted(x, chunk[-1] + 2 * width)
        some = slice(near_low, near_high)
        offset = x[some][None] - chunk[:, None]
        window = weight[some] * (np.abs(offset) < 2 * width)
        shape = _gauss(offset, width)
        total = window.sum(axis=1) + 1e-300
        mean_s = (window * shape).sum(axis=1) / total
        mean_y = (window * y[some]).sum(axis=1) / total
        contrast = shape - mean_s[:, None]
        power = (window * contrast**2).sum(axis=1)
        covered = (window * shape**2).sum(axis=1) > 0.6 * power
        # A peak needs points on it: a filter that only sees its own flank invents one.
        points = (window * (np.abs(offset) < width / 2) > 0).sum(axis=1)
        height = (window * contrast * (y[some] - mean_y[:, None])).sum(axis=1) / (power + 1e-300)
        significance = np.where(covered & (points >= 3), height * np.sqrt(power), 0.0)
        k = int(np.argmax(significance))
        if significance[k] > best.significance:
            best = Peak(float(chunk[k]), float(height[k]), width, float(significance[k]))
    return best


def _gauss(offset: Array, width: float) -> Array:
    return np.asarray(np.exp(-4 * np.log(2) * (offset / width) ** 2))
