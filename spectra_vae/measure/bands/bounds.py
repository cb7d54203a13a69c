"""Where a band is another than its table says, the curve is as the band was measured."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .local_fit import LocalBands
from .shapes import ONE, POSITION, WIDTH, bands_and_slopes

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

NEAR = 1.5  # FWHM either side of a band where the curve is its own
STANDS_OUT = 5.0  # σ of a height: a lower band changes no bounds
DIFFERS = 2.0  # σ by which the common fit's curve must miss a band's own


def widened(
    x: Array, explained: Array, half: Array, local: LocalBands, z: float
) -> tuple[Array, Array]:
    """How far the true curve may lie below and above ``explained`` (N,), both (N,) ≥ 0: ``half``
    but at bands that were measured to be others than the fit that holds all together has them;
    there as far as the measured bands and ``z`` of their σ reach.
    """
    below, above = half.copy(), half.copy()
    sure = np.flatnonzero(local.above(STANDS_OUT))
    distance = np.abs(x[:, None] - local.bands[sure, POSITION]) / np.exp(local.bands[sure, WIDTH])
    near = distance < NEAR
    at = np.flatnonzero(near.any(axis=1))
    if not len(at):
        return below, above
    curve, spread = _measured(x[at], local)
    away = curve - explained[at]
    differs = np.abs(away) > DIFFERS * spread
    other = (near[at] & (near[at] & differs[:, None]).any(axis=0)).any(axis=1)
    some = at[other]
    below[some] = np.maximum(z * spread - away, 0.0)[other]
    above[some] = np.maximum(z * spread + away, 0.0)[other]
    return below, above


def _measured(x: Array, local: LocalBands) -> tuple[Array, Array]:
    """The sum (N,) of the bands as measured, and one σ of it."""
    curve, slopes = bands_and_slopes(x[None], local.bands[None])
    each = slopes[0].reshape(len(local.bands), ONE, len(x))
    variance = np.einsum("kpn,kpq,kqn->n", each, local.covariance, each)
    return curve[0], np.sqrt(np.maximum(variance, 0.0))
