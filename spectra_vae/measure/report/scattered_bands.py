"""What bands that are not the table's may make of a group's strength, beside what noise does."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ...minerals import Factor
from ..bands.leverage import moved_codes
from ..bands.local_fit import LocalBands
from ..fitting.fit_result import Z90
from .estimates import Estimate, Row, either

Array = NDArray[np.float64]

TINY = 1e-12


def with_scatter(
    row: Row, found: Mapping[str, Estimate], local: LocalBands, apart: Array, exact: float
) -> dict[str, Estimate]:
    """``found`` with the strengths' intervals as wide as a mixture of bands that are the table's,
    which is likely by ``exact``, and of others makes them, whose places, logs of widths and mixings
    scatter by ``apart`` (3,); ``local``: the file's bands.

    A band drawn too low and one that is weak multiply: a group that seems weak may be stronger.
    """
    kept = dict(found)
    strengths = [f for f in row.mineral.strengths if row.carried(f.name)]
    moved = moved_codes(row.fits, row.k, local.start, apart) if strengths else np.zeros(0)
    for factor in strengths:
        one = found[factor.name]
        if one.value is None or one.low is None or one.high is None:
            continue
        spread = _spread(row, factor, moved)
        size = max(one.value, spread)
        off = np.abs(np.expm1(Z90 * spread / size * np.array([-1, 1]))) * size / Z90
        half = np.array([one.value - one.low, one.high - one.value]) / Z90
        deviations = np.stack([half, np.hypot(half, off)], axis=1)
        kept[factor.name] = either(one, factor, deviations, exact)
    return kept


def _spread(row: Row, factor: Factor, moved: Array) -> float:
    """One σ of a strength where codes have the variances ``moved`` (free,) by their bands."""
    j = row.fits.grid.free.index(row.model.controls[factor.name])
    inner = factor.code(np.clip(row.fits.factors[factor.name][0][row.k], *factor.middle))
    return float(np.abs(factor.slope(inner)) * np.sqrt(moved[j])) + TINY
