"""The mineral's bands in a restored curve, as the fit found them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ...minerals.profile import unit_area
from ...spectra.bands import FittedBand
from .estimates import Estimate, Row

Array = NDArray[np.float64]

COVERED = 6.0  # cm⁻¹ to the nearest point


def bands(
    row: Row, unit: float, margin: Array, measured: Mapping[str, Estimate]
) -> tuple[FittedBand, ...]:
    """Each band that the file covers: the table's, shifted and widened as the strongest one is,
    as high as the explained curve has it.

    ``unit``: the file's per unit of the fit; ``margin`` (N,) half the curve's 90 % interval in it,
    on the fit's axis; ``measured``: the position's estimate.
    """
    fits, k, mineral = row.fits, row.k, row.mineral
    x, width = fits.grid.x, float(fits.main.width[k])
    where = measured["position"]
    half = None if where.value is None or where.high is None else where.high - where.value
    found = []
    positions = mineral.table["position"] + float(fits.main.shift[k])
    right = np.clip(np.searchsorted(x, positions), 1, len(x) - 1)
    nearest = right - (positions - x[right - 1] < x[right] - positions)
    areas = mineral.table["width"] * mineral.table["height"] * unit_area(mineral.table["mixing"])
    times = fits.heights[k] * unit
    heights, widths = times * mineral.table["height"] / width, mineral.table["width"] * width
    areas = times * areas if row.shown is None else row.shown.amplitudes.values * unit * areas
    widths = widths if row.shown is None else row.shown.widths
    numbers = np.stack([positions, nearest, heights, widths, areas]).T.tolist()
    for index, (position, point, height, fwhm, area) in enumerate(numbers):
        band, at = mineral.bands[index], int(point)
        if abs(x[at] - position) >= COVERED:
            continue
        found.append(
            FittedBand(
                index=index,
                name=band.name,
                position=position,
                height=height,
                fwhm=fwhm,
                area=area,
                group=band.group,
                assignment=band.assignment,
                position_interval=None if half is None else (position - half, position + half),
                height_interval=(height - float(margin[at]), height + float(margin[at])),
            )
        )
    return tuple(found)
