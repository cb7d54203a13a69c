"""The mineral's bands as they stand in a file, each measured by itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...minerals import Band, Mineral
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
    positions = local.bands[:, POSITION]
    right = np.clip(np.searchsorted(x, positions), 1, len(x) - 1)
    distance = np.minimum(np.abs(x[right - 1] - positions), np.abs(x[right] - positions))
    near = np.flatnonzero(distance < COVERED).tolist()
    return tuple(_told(k, mineral.bands[k], local[k], unit) for k in near)


def _told(index: int, band: Band, one: LocalBands, unit: float) -> FittedBand:
    found, covariance, seen = one.bands, one.covariance, bool(one.seen)
    position, fwhm = float(found[POSITION]), float(np.exp(found[WIDTH]))
    height, shape = float(found[HEIGHT] * unit), float(unit_area(found[MIXING]))
    area, half = height * fwhm * shape, Z90 * np.sqrt(np.maximum(np.diagonal(covariance), 0.0))
    wider = float(np.exp(min(half[WIDTH], MOST_WIDER)))
    of_mixing = height * fwhm * (LORENTZ_AREA - GAUSS_AREA)
    slope = np.array([0.0, area, of_mixing, fwhm * shape * unit])
    of_area = Z90 * float(np.sqrt(max(slope @ covariance @ slope, 0.0)))
    return FittedBand(
        index=index,
        name=band.name,
        position=position,
        height=height,
        fwhm=fwhm,
        area=area,
        group=band.group,
        assignment=band.assignment,
        position_interval=_around(position, float(half[POSITION])) if seen else None,
        height_interval=_around(height, float(half[HEIGHT]) * unit) if seen else None,
        fwhm_interval=(fwhm / wider, fwhm * wider) if seen else None,
        area_interval=_around(area, of_area) if seen else None,
        certain=bool(one.above(CERTAIN)),
    )


def _around(value: float, half: float) -> Interval:
    return max(value - half, 0.0), value + half
