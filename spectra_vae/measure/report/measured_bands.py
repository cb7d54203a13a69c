"""The mineral's bands as they stand in a file, each measured by itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...minerals import Mineral
from ...minerals.profile import GAUSS_AREA, LORENTZ_AREA, unit_area
from ...spectra.bands import FittedBand
from ..bands.local_fit import LocalBands
from ..bands.shapes import HEIGHT, MIXING, POSITION, WIDTH
from ..fitting.fit_result import Z90

Array = NDArray[np.float64]
Interval = tuple[float, float]

CERTAIN = 3.0  # σ of its height
COVERED = 6.0  # cm⁻¹ to the nearest point
MOST_WIDER = 3.0  # log: a band of no height may have any width


def bands(mineral: Mineral, x: Array, local: LocalBands, unit: float) -> tuple[FittedBand, ...]:
    """Each band that a file of axis x (N,) covers, as ``local`` measured it; ``unit``: the file's
    per unit of the fit.
    """
    position, fwhm = local.bands[:, POSITION], np.exp(local.bands[:, WIDTH])
    height, shape = local.bands[:, HEIGHT] * unit, unit_area(local.bands[:, MIXING])
    area, half = height * fwhm * shape, Z90 * local.deviations
    wider = np.exp(np.minimum(half[:, WIDTH], MOST_WIDER))
    of_mixing = height * fwhm * (LORENTZ_AREA - GAUSS_AREA)
    slope = np.stack([np.zeros_like(area), area, of_mixing, fwhm * shape * unit], axis=1)
    variance = np.einsum("kp,kpq,kq->k", slope, local.covariance, slope)
    ends = {
        "position_interval": _around(position, half[:, POSITION]),
        "height_interval": _around(height, half[:, HEIGHT] * unit),
        "fwhm_interval": _ends(fwhm / wider, fwhm * wider),
        "area_interval": _around(area, Z90 * np.sqrt(np.maximum(variance, 0.0))),
    }
    values = np.stack([position, height, fwhm, area], axis=1).tolist()
    seen, certain = local.seen.tolist(), local.above(CERTAIN).tolist()
    return tuple(
        FittedBand(
            k,
            (band := mineral.bands[k]).name,
            *values[k],
            band.group,
            band.assignment,
            **{name: some[k] if seen[k] else None for name, some in ends.items()},
            certain=certain[k],
        )
        for k in _covered(x, position)
    )


def _covered(x: Array, positions: Array) -> list[int]:
    """Indices of the bands that stand beside a point of x (N,)."""
    right = np.clip(np.searchsorted(x, positions), 1, len(x) - 1)
    distance = np.minimum(np.abs(x[right - 1] - positions), np.abs(x[right] - positions))
    return [int(k) for k in np.flatnonzero(distance < COVERED)]


def _around(value: Array, half: Array) -> list[Interval]:
    return _ends(np.maximum(value - half, 0.0), value + half)


def _ends(low: Array, high: Array) -> list[Interval]:
    return list(zip(low.tolist(), high.tolist(), strict=True))
