"""Is the strongest band two? A mixture of two phases whose bands nearly coincide looks like one
phase with a shifted axis and wider bands.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from ...minerals.profile import pseudo_voigt
from ..fitting.fit_result import Fits

Array = NDArray[np.float64]

ASKED = 1.15  # times the noise that a fit misses by: less asks for no second band
WIDER = 1.15  # than the table's: two bands are
NEAR = 30.0  # cm⁻¹ either side
APART = (3.5, 20.0)  # cm⁻¹ between the two
RESOLVED = 0.5  # of a width between them at least: closer, a line shape does as well
LEAST = 0.15  # of the higher
BETTER = 0.5  # what two leave over, beyond the noise, of what one does
CERTAIN = 20.0  # of the Bayesian information criterion
STARTS = ((-4.0, 4.0), (-1.0, 7.0), (-7.0, 1.0))


@dataclass(frozen=True)
class Doubled:
    """Where the two stand, cm⁻¹, in order, and the lesser's height over the higher's."""

    low: float
    high: float
    ratio: float


def doubled(fits: Fits, k: int) -> Doubled | None:
    """The two bands that the strongest of fit k is; None: one explains it as well."""
    if fits.tension[k] < ASKED or fits.main.width[k] < WIDER or fits.on_main[k] < 3:
        return None
    main = fits.grid.model.mineral.main
    position = main.position + float(fits.main.shift[k])
    near = fits.used[k] & (np.abs(fits.grid.x - position) < NEAR)
    x, noise = fits.grid.x[near] - position, np.sqrt(fits.together[k, near])
    # a band that the table has beside the strongest is no second one
    own = fits.explained[k, near] * fits.share((np.array(k), np.flatnonzero(near)), main)
    y = (fits.left[k, near] + own) / noise
    if len(x) < 12:
        return None
    width = main.width * float(fits.main.width[k])
    one = _fitted(x, y, noise, np.array([0.0]), width)
    if one[0] < ASKED**2 * len(x):
        return None
    two = min((_fitted(x, y, noise, np.array(s), width) for s in STARTS), key=lambda f: f[0])
    (left_one, *_), (left_two, places, found, heights) = one, two
    far, ratio = float(np.ptp(places)), float(heights.min() / max(heights.max(), 1e-300))
    told = left_one - left_two - 2 * np.log(len(x)) > CERTAIN
    better = left_two - len(x) < BETTER * (left_one - len(x))
    real = APART[0] < far < APART[1] and far > RESOLVED * found and ratio > LEAST
    if not (told and better and real):
        return None
    low, high = np.sort(places + position)
    return Doubled(float(low), float(high), ratio)


def _fitted(
    x: Array, y: Array, noise: Array, start: Array, width: float
) -> tuple[float, Array, float, Array]:
    """χ², places, common width and heights (n,) of n bands over a line, fitted to y (N,) in σ."""
    n = len(start)

    def columns(p: Array) -> Array:
        shape = (n, len(x))
        wide, mixing = np.full(shape, np.exp(p[n])), np.full(shape, p[n + 1])
        bands = pseudo_voigt(x - p[:n, None], wide, mixing)
        return np.vstack([bands, np.ones_like(x), x / NEAR]) / noise

    def heights(p: Array) -> tuple[Array, Array]:
        a = columns(p)
        normal = a @ a.T
        normal += 1e-9 * np.trace(normal) * np.eye(len(normal))
        h = np.asarray(np.linalg.solve(normal, a @ y), dtype=np.float64)
        return h, np.asarray(y - h @ a)

    guess = np.array([*start, np.log(width / (1 if n == 1 else 1.5)), 0.5])
    ends = np.array([*([20.0] * n), np.log(4.0), 0.5])
    middle = np.array([*([0.0] * n), np.log(width / 1.5), 0.5])
    low, high = middle - ends - 1e-9, middle + ends + 1e-9

    def left(p: Array) -> Array:
        return heights(p)[1]

    found = least_squares(left, guess, bounds=(low, high), max_nfev=25)
    h = heights(found.x)[0]
    return float(2 * found.cost), found.x[:n], float(np.exp(found.x[n])), h[:n]
