"""What goes wrong at a detector and in a file: spikes, full wells, blocks of one value."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..minerals import Mineral

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

MOST_POINTS = 4  # a cosmic ray hits
FULL = (0.4, 0.95)  # of the way from the lowest to the highest reading
BLOCK = (0.02, 0.12)  # of the axis
KEPT = 60.0  # cm⁻¹ either side of the strongest band that no block takes


def add_spikes(y: Array, mean: float, apart: NDArray[np.intp], rng: np.random.Generator) -> Mask:
    """Cosmic rays into ``y`` (n, N) in place, anywhere; True where.

    One hits 1 to 4 neighbours among the pixels, which are every ``apart``-th (n,) point; its
    strongest takes .2 of the unit and more, the others 30 to 100 % of that.
    """
    n, points = y.shape
    hit = np.zeros(y.shape, dtype=bool)
    total = rng.poisson(mean * n)
    row = rng.integers(n, size=total)
    height = rng.exponential(1.0, total) + 0.2
    pixels = (points - 1) // apart[row] + 1
    first = (rng.random(total) * pixels).astype(int)
    size = rng.integers(1, MOST_POINTS + 1, total)
    strongest = rng.integers(MOST_POINTS, size=total) % size
    for k in range(MOST_POINTS):
        share = np.where(k == strongest, 1.0, rng.uniform(0.3, 1.0, total))
        some = (size > k) & (first + k < pixels)
        at = row[some], ((first + k) * apart[row])[some]
        np.add.at(y, at, (share * height)[some])
        hit[at] = True
    return hit


def clip(y: Array, highest: Array, probability: float, rng: np.random.Generator) -> Mask:
    """A full detector in some rows of ``y`` (n, N), in place; True where.

    ``highest`` (n,): the largest readings, cosmic rays apart.
    """
    low, high = y.min(axis=1), highest
    level = np.where(
        rng.random(len(y)) < probability, low + rng.uniform(*FULL, len(y)) * (high - low), np.inf
    )[:, None]
    full = y > level
    np.minimum(y, level, out=y)
    return full


def block(
    y: Array, x: Array, mineral: Mineral, probability: float, rng: np.random.Generator
) -> Mask:
    """One block of one repeated value in some rows of ``y`` (n, N), in place; True where."""
    n, points = y.shape
    size = np.maximum((rng.uniform(*BLOCK, n) * points).astype(int), 2)
    inside = rng.integers(1, np.maximum(points - size - 1, 2))
    first = np.choose(rng.integers(3, size=n), [np.zeros(n, int), points - size, inside])
    at = np.arange(points)
    taken = (at >= first[:, None]) & (at < (first + size)[:, None])
    near = np.abs(x - mineral.main.position) < KEPT
    chosen = (rng.random(n) < probability) & ~(taken & near).any(axis=1)
    taken &= chosen[:, None]
    before = y[np.arange(n), np.maximum(first - 1, 0)]
    value = np.where(rng.random(n) < 0.5, 0.0, before)
    np.copyto(y, value[:, None], where=taken)
    return np.asarray(taken)
