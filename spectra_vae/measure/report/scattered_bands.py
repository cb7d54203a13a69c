"""What bands that are not the table's may make of a group's strength, beside what noise does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ...minerals import Factor
from ..bands.leverage import moved_codes
from ..bands.local_fit import LocalBands
from ..fitting.fit_result import Z90
from .estimates import SIDES, TINY, Estimate, Row, Told, with_ends

Array = NDArray[np.float64]


def with_scatter(
    rows: Sequence[Row],
    found: Sequence[Mapping[str, Estimate]],
    local: LocalBands,
    apart: Array,
    exact: Array,
) -> list[dict[str, Estimate]]:
    """What is ``found`` in R files of one mineral, with the strengths' intervals as wide as a
    mixture of bands that are the table's, which is likely by ``exact`` (R,), and of others makes
    them, whose places, logs of widths and mixings scatter by ``apart`` (R, 3); ``local``: the
    files' bands.

    A band drawn too low and one that is weak multiply: a group that seems weak may be stronger.
    """
    kept = [dict(one) for one in found]
    strengths = [f for f in rows[0].mineral.strengths if rows[0].carried(f.name)]
    if not strengths:
        return kept
    each = zip(rows, local.start, apart, strict=True)
    moved = np.stack([moved_codes(row.fits, row.k, own, by) for row, own, by in each])
    for factor in strengths:
        told = Told.of(found, factor)
        spread = _spread([rows[i] for i in told.rows], factor, moved[told.rows])
        size = np.maximum(told.value, spread)
        off = np.expm1(Z90 * (spread / size)[:, None] * SIDES) * (size / Z90)[:, None]
        half = np.stack([told.value - told.low, told.high - told.value], axis=1) / Z90
        deviations = np.stack([half, np.hypot(half, np.abs(off))], axis=2)
        kept = with_ends(kept, told, told.either(deviations, exact[told.rows]))
    return kept


def _spread(rows: Sequence[Row], factor: Factor, moved: Array) -> Array:
    """(T,) one σ of a strength where codes vary by ``moved`` (T, free), for their bands."""
    if not rows:
        return np.zeros(0)
    j = rows[0].fits.grid.free.index(rows[0].model.controls[factor.name])
    value = np.array([row.fitted(factor.name)[0] for row in rows])
    inner = factor.code(np.clip(value, *factor.middle))
    return np.asarray(np.abs(factor.slope(inner)) * np.sqrt(moved[:, j]) + TINY)
