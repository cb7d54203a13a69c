"""The mineral's bands as they stand in a file, each measured by itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...minerals import Mineral
from ...minerals.profile import GAUSS_AREA, LORENTZ_AREA, unit_area
from ...spectra.bands import FittedBand
from ..bands.local_fit import LocalBands
from ..bands.shapes import HEIGHT, MIXING, WIDTH
from ..fitting.fit_result import Z90

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Interval = tuple[float, float]

CERTAIN = 3.0  # σ of its height
COVERED = 6.0  # cm⁻¹ to the nearest point
MOST_WIDER = 3.0  # log: a band of no height may have any width


def bands(mineral: Mineral, x: Array, local: LocalBands, unit: float) -> tuple[FittedBand, ...]:
    """Each band that a file of axis x (N,) covers, as ``local`` measured it; ``unit``: the file's
    per unit of the fit.
    """
    position, fwhm = local.top, np.exp(local.bands[:, WIDTH])
    height, shape = local.bands[:, HEIGHT] * unit, unit_area(local.bands[:, MIXING])
    area, half = height * fwhm * shape, Z90 * local.deviations
    wider = np.exp(np.minimum(half[:, WIDTH], MOST_WIDER))
    of_mixing = height * fwhm * (LORENTZ_AREA - GAUSS_AREA)
    slope = np.stack([np.zeros_like(area), area, of_mixing, fwhm * shape * unit], axis=1)
    variance = (slope[:, None] @ local.covariance @ slope[..., None])[:, 0, 0]
    of_area = Z90 * np.sqrt(np.maximum(variance, 0.0))
    of_position = _around(position, Z90 * local.top_deviation, local.seen)
    of_height = _around(height, half[:, HEIGHT] * unit, local.seen)
    of_fwhm = _ends(fwhm / wider, fwhm * wider, local.seen)
    areas, certain = _around(area, of_area, local.seen), local.above(CERTAIN)
    return tuple(
        FittedBand(
            index=k,
            name=mineral.bands[k].name,
            position=float(position[k]),
            height=float(height[k]),
            fwhm=float(fwhm[k]),
            area=float(area[k]),
            group=mineral.bands[k].group,
            assignment=mineral.bands[k].assignment,
            position_interval=of_position[k],
            height_interval=of_height[k],
            fwhm_interval=of_fwhm[k],
            area_interval=areas[k],
            certain=bool(certain[k]),
        )
        for k in _covered(x, position)
    )


def _covered(x: Array, positions: Array) -> list[int]:
    """Indices of the bands that stand beside a point of x (N,)."""
    right = np.clip(np.searchsorted(x, positions), 1, len(x) - 1)
    distance = np.minimum(np.abs(x[right - 1] - positions), np.abs(x[right] - positions))
    return [int(k) for k in np.flatnonzero(distance < COVERED)]


def _around(value: Array, half: Array, seen: Mask) -> list[Interval | None]:
    return _ends(np.maximum(value - half, 0.0), value + half, seen)


def _ends(low: Array, high: Array, seen: Mask) -> list[Interval | None]:
    """The intervals of those that were measured at all."""
    each = zip(low.tolist(), high.tolist(), seen.tolist(), strict=True)
    return [(a, b) if there else None for a, b, there in each]
