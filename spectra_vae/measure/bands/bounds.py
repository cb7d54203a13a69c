"""Where a band may be another than its table says, the curve is as sure as the band was measured.

If all bands are the table's, the fit that holds them together says how sure a curve is. If each
differs by itself, as in nature, that fit is surer than it may be, and the band's own tells. Which
of the two holds isn't known; both count, as far as they are likely.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .local_fit import LocalBands
from .shapes import ONE, POSITION, WIDTH, bands_and_slopes
from .together import ENDS, HUNDREDTH, mixed

Array = NDArray[np.float64]

NEAR = 8.0  # FWHM either side of a band where the curve is its own
SURE = 1e-9  # of a file's span: nothing is surer
STANDS_OUT = 5.0  # σ of a height: a lower band changes no bounds


def widened(
    x: Array, explained: Array, half: Array, local: LocalBands, exact: float, z: float
) -> tuple[Array, Array]:
    """How far the true curve may lie below and above ``explained`` (N,), both (N,) ≥ 0: ``half``,
    but at bands that were measured by themselves as far as a mixture's 90 % reach, of that, with
    the probability ``exact``, and of the measured bands. ``z``: how many σ ``half`` is. Where the
    measured bands lie well within ``half``, that stays.
    """
    below, above = half.copy(), half.copy()
    at = np.flatnonzero(_near(x, local.bands[local.above(STANDS_OUT)]))
    if not len(at):
        return below, above
    curve, spread = _measured(x[at], local)
    telling = np.abs(curve - explained[at]) + z * spread > half[at]
    at, curve, spread = at[telling], curve[telling], spread[telling]
    means = np.stack([explained[at], curve], axis=1)
    deviations = np.maximum(np.stack([half[at] / z, spread], axis=1), SURE)
    shares = np.array([exact, 1 - exact])
    low, high = mixed(means, deviations, shares, (ENDS[0], ENDS[-1]), HUNDREDTH).T
    below[at] = np.maximum(explained[at] - low, 0.0)
    above[at] = np.maximum(high - explained[at], 0.0)
    return below, above


def _near(x: Array, bands: Array) -> NDArray[np.bool_]:
    """(N,) where the curve is one of the ``bands`` (K, 4)'s own."""
    near = np.zeros(len(x), dtype=bool)
    reach = NEAR * np.exp(bands[:, WIDTH])
    start = np.searchsorted(x, bands[:, POSITION] - reach, side="right")
    stop = np.searchsorted(x, bands[:, POSITION] + reach)
    for first, last in zip(start, stop, strict=True):
        near[first:last] = True
    return near


def _measured(x: Array, local: LocalBands) -> tuple[Array, Array]:
    """The sum (N,) of the bands as measured, and one σ of it."""
    curve, slopes = bands_and_slopes(x[None], local.bands[None])
    each = slopes[0].reshape(len(local.bands), ONE, len(x))
    variance = ((local.covariance @ each) * each).sum(axis=(0, 1))
    return curve[0], np.sqrt(np.maximum(variance, 0.0))
