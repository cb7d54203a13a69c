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
SPIKE_POINTS = 3
NARROWEST = 4.0  # cm⁻¹, FWHM of the narrowest band worth restoring
STEEPEST = 0.75  # of a spike's height is gained in one step


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
    """(N,) True at cosmic spikes: nearly their whole height within one step, and soon over.

    The steepest a band can be is that of the narrowest one a spectrometer records: 1.43 heights
    in a width. On an axis so coarse that a band would rise in one step, nothing is called a spike.
    """
    found = np.zeros(len(x), dtype=bool)
    if len(x) < 12 or float(np.median(np.diff(x))) > STEEPEST * NARROWEST / 1.43:
        return found
    sigma = np.sqrt(variance)
    for way in (slice(None), slice(None, None, -1)):  # steep on its left, steep on its right
        found[way] |= _steep_and_short(y[way], sigma[way])
    return found


def _steep_and_short(y: Array, sigma: Array) -> NDArray[np.bool_]:
    """Events that rise from the points before in one step and are half gone in three."""
    found = np.zeros(len(y), dtype=bool)
    windows = np.lib.stride_tricks.sliding_window_view(y, 3 + SPIKE_POINTS + 1)
    before, event = windows[:, :3], windows[:, 3:]  # event[:, 0] is where it may start
    base = before.min(axis=1)
    rise = event[:, :SPIKE_POINTS].max(axis=1) - base
    jump = event[:, 0] - before[:, -1]
    start = np.arange(len(windows)) + 3
    over = event[:, -1] - base < 0.5 * rise
    for at in start[(jump > STEEPEST * rise) & (jump > SPIKE_SIGMA * sigma[start]) & over]:
        for k in range(at, min(at + SPIKE_POINTS, len(y))):
            if y[k] - base[at - 3] < 3 * sigma[k]:
                break
            found[k] = True
    return found


def foreign_peaks(
    x: Array,
    residual: Array,
    variance: Array,
    usable: NDArray[np.bool_],
    own: NDArray[np.bool_],
    core: NDArray[np.bool_] | None = None,
) -> tuple[Peak, ...]:
    """Peaks in ``residual`` (N,) outside the mineral's ``own`` points, strongest first.

    None is centred in the ``core`` (default: own) of a band: a wide filter there fits its flanks.

    A matched filter over several widths, each against a local constant; the noise is at least
    the residual's own robust spread, so that a rough background lists nothing.
    """
    keep = usable & ~own
    if keep.sum() < 20:
        return ()
    spread = 1.4826 * float(np.median(np.abs(residual[keep] - np.median(residual[keep]))))
    weight = np.where(keep, 1 / np.maximum(variance, spread**2), 0.0)
    found = [_filtered(x, residual, weight, width) for width in WIDTHS]
    centre, height, significance = (np.concatenate([f[k] for f in found]) for k in range(3))
    width = np.concatenate([np.full(len(f[0]), w) for f, w in zip(found, WIDTHS, strict=True)])
    nearest = np.clip(np.searchsorted(x, centre), 0, len(x) - 1)
    significance[(own if core is None else core)[nearest]] = 0.0
    peaks: list[Peak] = []
    while len(peaks) < MAX_PEAKS:
        k = int(np.argmax(significance))
        if significance[k] < SIGNIFICANT:
            break
        peaks.append(
            Peak(float(centre[k]), float(height[k]), float(width[k]), float(significance[k]))
        )
        significance[np.abs(centre - centre[k]) < width[k] + width] = 0.0
    return tuple(peaks)


def _filtered(x: Array, y: Array, weight: Array, width: float) -> tuple[Array, Array, Array]:
    """Centres, heights and significances of a Gaussian of one width over a local constant."""
    counted = x[weight > 0]
    centres = np.arange(counted[0], counted[-1], width / 4)
    heights, significances = np.zeros_like(centres), np.zeros_like(centres)
    for rows in np.array_split(np.arange(len(centres)), max(1, len(centres) // 32)):
        chunk = centres[rows]
        low = np.searchsorted(x, chunk[0] - 2 * width)
        high = np.searchsorted(x, chunk[-1] + 2 * width)
        some = slice(low, high)
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
        heights[rows] = height
        significances[rows] = np.where(covered & (points >= 3), height * np.sqrt(power), 0.0)
    return centres, heights, significances


def _gauss(offset: Array, width: float) -> Array:
    return np.asarray(np.exp(-4 * np.log(2) * (offset / width) ** 2))
