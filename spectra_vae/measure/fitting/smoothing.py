"""Which filter an instrument's software ran over a file, by how neighbours share their noise.

Differences of neighbours have no memory of anything slow. Those of raw noise share with the next
one alone; a mean of m points makes them share, negatively, with the m-th; a polynomial filter
(A. Savitzky, M. J. E. Golay 1964, Anal. Chem. 36:1627) and filled-in points have patterns of
their own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import make_interp_spline

from .fit_result import MODEL_ERROR, Fits

Array = NDArray[np.float64]

POLYNOMIALS = tuple(
    (points, degree)
    for degree, widths in ((0, (3, 5, 7, 9)), (2, (5, 7, 9, 11, 13, 15)), (4, (7, 9, 11, 13, 15)))
    for points in widths
)
FILLED = (2, 3, 4)  # every how many points one was measured
LAGS = 16
ENOUGH = 150  # differences; fewer tell no pattern
OUTLIER = 4.0  # σ: bands, not noise
BETTER, FITS = 25.0, 60.0  # χ² that a filter must gain on raw noise, and may leave over
NOISY = 1.5  # times the model's own error that the noise must be


@dataclass(frozen=True)
class Smoothing:
    """``kernel``: the weights of a filter that was recognised, raw data's being (1,); ``known``:
    is that what was done to the file? ``apart``: every how many points one was measured, the others
    being filled in between.
    """

    kernel: tuple[float, ...] = (1.0,)
    known: bool = True
    apart: int = 1

    @property
    def raw(self) -> bool:
        return self.known and len(self.kernel) == 1


def recognised(fits: Fits, rows: NDArray[np.intp]) -> list[Smoothing]:
    """What was done to the files ``rows`` (R,) of some fits."""
    noise = np.sqrt(fits.variance[rows])
    z = fits.left[rows] / noise
    some = fits.used[rows] & ~fits.on_bands[rows] & (np.abs(z) < OUTLIER)
    pairs = (some[:, 1:] & some[:, :-1]).astype(float)
    change = np.diff(z, axis=1) * pairs
    count = pairs.sum(axis=1)
    power = np.maximum(_products(change, change) / np.maximum(count, 1), 1e-300)
    found = np.stack([_shared(change, pairs, lag) for lag in range(1, LAGS + 1)], axis=1)
    patterns, spread = _patterns()
    away = found[:, None] / power[:, None, None] - patterns
    chi2 = count[:, None] * np.square(away).sum(axis=2) / spread
    best = chi2.argmin(axis=1)
    quiet = np.median(noise, axis=1) < NOISY * MODEL_ERROR * fits.gain[rows]
    least = chi2[np.arange(len(rows)), best]
    untold = (count < ENOUGH) | quiet
    best[untold | (chi2[:, 0] - least < BETTER)] = 0
    known = untold | (chi2[np.arange(len(rows)), best] < FITS)
    return [
        replace(_kinds()[which], known=bool(sure)) for which, sure in zip(best, known, strict=True)
    ]


def _shared(change: Array, pairs: Array, lag: int) -> Array:
    """(R,) mean products of ``change`` (R, N) with itself ``lag`` points on, where both are
    known.
    """
    known = _products(pairs[:, lag:], pairs[:, :-lag])
    return np.asarray(_products(change[:, lag:], change[:, :-lag]) / np.maximum(known, 1.0))


def _products(a: Array, b: Array) -> Array:
    """(R,) products of rows."""
    return np.asarray(np.einsum("rn,rn->r", a, b))


def simple() -> tuple[Smoothing, ...]:
    """Raw data, and what a single step of software may have done to them."""
    return _kinds()[: 1 + len(POLYNOMIALS) + 2 * len(FILLED)]


@cache
def _kinds() -> tuple[Smoothing, ...]:
    """Raw data first, then everything that software may have done: fill in, filter, or both."""
    filters = [_polynomial(points, degree) for points, degree in POLYNOMIALS]
    filled = [(apart, _filled(apart, degree)) for apart in FILLED for degree in (1, 3)]
    both = [(apart, np.convolve(one, other)) for apart, one in filled for other in filters]
    found = [*((1, one) for one in filters), *filled, *both]
    return Smoothing(), *(
        Smoothing(tuple(float(v) for v in kernel), apart=apart) for apart, kernel in found
    )


def _polynomial(points: int, degree: int) -> Array:
    """Weights of the value that a polynomial has in the middle of a window."""
    offsets = np.arange(points) - points // 2
    return np.asarray(np.linalg.pinv(np.vander(offsets, degree + 1))[-1])


def _filled(apart: int, degree: int) -> Array:
    """The mean weights with which measured points enter those filled in between them."""
    reach = 1 if degree == 1 else 3
    nodes = np.arange(-8, 9)
    spline = make_interp_spline(nodes, (nodes == 0).astype(float), degree)
    at = np.arange(-reach * apart, reach * apart + 1) / apart
    weights = np.asarray(spline(at))
    return np.asarray(weights / weights.sum())


@cache
def _patterns() -> tuple[Array, Array]:
    """(F, lags) how differences share their noise after each filter, and (F,) Bartlett's variance
    of what is found instead, times their number.
    """
    rows = []
    for kind in _kinds():
        change = np.convolve(kind.kernel, [1.0, -1.0])
        whole = np.correlate(change, change, "full")[len(change) - 1 :]
        rows.append(np.pad(whole / whole[0], (0, LAGS + 1))[1 : LAGS + 1])
    patterns = np.array(rows)
    return patterns, 1 + 2 * np.square(patterns).sum(axis=1)
