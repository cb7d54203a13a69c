"""Where a file has its own maximum near the mineral's strongest band, whatever a fit made of it."""

from __future__ import annotations

import numpy as np

from ..fitting.fit_result import Fits

ITS_OWN = 0.35  # share of the strongest band that may stay unexplained: more, and none stands there
WIDEST = 4.0  # times as wide as tabulated
END = 0.02  # of the position's range: a fit as close to its end was stopped there
FAR, BESIDE = 5.0, 1.5  # cm⁻¹: a fit that went so far and misses the maximum by that was, too


def stopped(fits: Fits, k: int) -> bool:
    """Did fit k end where the model can't shift any farther? Then its shift is none."""
    factor = fits.grid.model.mineral.the("position")
    if factor is None:
        return False
    spare = END * (factor.high - factor.low) / 2
    shift = float(fits.main.shift[k])
    if not factor.low + spare < shift < factor.high - spare:
        return True
    there = apex(fits, k) if abs(shift) > FAR else None
    return there is not None and abs(there - fits.grid.model.mineral.main.position - shift) > BESIDE


def apex(fits: Fits, k: int) -> float | None:
    """Position, cm⁻¹, of file k's highest maximum above its background; None: none stands out."""
    found = float(fits.apexes[k])
    return found if np.isfinite(found) else None


def strongest_at(fits: Fits, k: int) -> float | None:
    """Where the band stands that fit k took for the strongest, cm⁻¹: the file's own maximum where
    the fit was stopped at the end of its range or stands beside; None: there is none.
    """
    if fits.misfit[k] > ITS_OWN or stopped(fits, k):
        return apex(fits, k)
    return fits.grid.model.mineral.main.position + float(fits.main.shift[k])


def width_at(fits: Fits, k: int, position: float) -> float:
    """How many times as wide as tabulated bands are in file k: as the fit has it, or where that was
    stopped, as the band at ``position`` [cm⁻¹] is at half its height.
    """
    if not (stopped(fits, k) or fits.misfit[k] > ITS_OWN):
        return max(float(fits.main.width[k]), 1.0)
    x, main = fits.grid.x, fits.grid.model.mineral.main
    y = fits.left[k] + fits.explained[k]
    top = int(np.abs(x - position).argmin())
    low = np.flatnonzero(y < y[max(top - 1, 0) : top + 2].max() / 2)
    left, right = low[low < top], low[low > top]
    if not len(left) or not len(right):
        return 1.0
    return float(np.clip((x[right[0]] - x[left[-1]]) / main.width, 1.0, WIDEST))
