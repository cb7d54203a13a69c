"""What a file shows where the mineral isn't: a background, and the bands that stand on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..fitting.fit_result import Fits
from .band_fit import BandFit, fit_together
from .residual import SIGNIFICANT, Peak, filters, listed, scores

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

ROUNDS = 30
ABOVE = 2.0  # σ beyond which a point is a band's and not the background's
LOOKS = 3  # at what is left, for bands that others hid
MOST = 30
UNSEEN = 4e-4  # of the tallest band: one σ of what others, too low to be seen, add anywhere


@dataclass(frozen=True, eq=False)
class Alone:
    """A ``background`` (N,), in the fit's units, and the bands found on it; their spread holds how
    far the background may be off.
    """

    background: Array
    fit: BandFit


def alone(fits: Fits, k: int, points: Mask) -> Alone:
    """File k without the mineral, at its usable ``points`` (N,)."""
    points = points & fits.grid.inside
    y = fits.measured[k]
    variance, f = fits.quieter[k], filters(fits.grid.x)
    basis, noise = fits.grid.basis.numpy().astype(float), fits.quietest[k]
    background, unsure = _background(basis, y, noise, points)
    found: tuple[Peak, ...] = ()
    fit, curve = BandFit((), np.zeros_like(y)), np.zeros_like(y)
    nowhere = np.zeros_like(points)[None]
    for _ in range(LOOKS):
        left = y - background - curve
        _, seen = scores(f, left[None], variance[None], points[None], nowhere)
        if seen.max(initial=0.0) < SIGNIFICANT:
            break
        more = listed(f, seen[0], left, variance, points)
        if not more or len(found) >= MOST:
            break
        found = (*fit.bands, *more)[:MOST]
        fit = fit_together(fits, k, y - background, points, found)
        curve = _sum(fit, f.x)
        background, unsure = _background(basis, y - curve, noise, points)  # now without their wings
        fit = fit_together(fits, k, y - background, points, fit.bands)
        curve = _sum(fit, f.x)
    bands = tuple(sorted((p for p in fit.bands if p.height > 0), key=lambda p: -p.significance))
    tallest = max((p.height for p in bands), default=0.0)
    spread = np.hypot(np.hypot(fit.spread, unsure), UNSEEN * tallest)
    return Alone(background, BandFit(bands, spread))


def _sum(fit: BandFit, x: Array) -> Array:
    return sum((p.curve(x) for p in fit.bands), np.zeros_like(x))


def _background(basis: Array, y: Array, variance: Array, points: Mask) -> tuple[Array, Array]:
    """(N,) beneath the bands, and one σ of it: points that stand above it count the less the higher
    they stand.
    """
    weight = np.where(points, 1 / variance, 0.0)
    one, rows, noise = np.eye(basis.shape[1]), basis.T.copy(), np.sqrt(variance)
    pulls, fitted, normal = weight, np.zeros_like(y), one
    for _ in range(ROUNDS):
        normal = (rows * pulls) @ basis
        normal += 1e-9 * np.trace(normal) * one
        fitted = basis @ np.linalg.solve(normal, basis.T @ (pulls * y))
        size = (y - fitted) / noise
        pulls = weight / (1 + np.maximum(size - ABOVE, 0.0) ** 2)
    variance = (np.linalg.solve(normal, basis.T) * basis.T).sum(axis=0)
    return np.asarray(fitted), np.sqrt(np.maximum(variance, 0.0))
