"""What lies under the bands: a spline too stiff to follow one, and where it starts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import BSpline
from scipy.linalg import solveh_banded

from .baseline import AUTOMATIC, NONE, STIFFER

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

KNOTS = 130.0  # cm⁻¹ between knots; a band of 120 isn't followed
KNOTS_FAR, FAR = 400.0, 2000.0  # cm⁻¹; from there on, where OH bands are 250 wide
STIFFNESS = 1e7  # of the start, for points 1 cm⁻¹ apart
ROUNDS = 30


def basis(x: Array, low: float, high: float, baseline: str = AUTOMATIC) -> Array:
    """(N, K) cubic B-splines over ``low`` to ``high`` at x (N,) within; (N, 0) for ``NONE``."""
    if baseline == NONE:
        return np.zeros((len(x), 0))
    stiffer = STIFFER[baseline]
    near, far = min(high, FAR), max(low, FAR)
    inner = [low]
    for a, b, distance in ((low, near, stiffer * KNOTS), (far, high, stiffer * KNOTS_FAR)):
        if b - a > 0.5 * distance:
            inner += list(np.linspace(a, b, max(2, round((b - a) / distance) + 1))[1:])
    inner = [*inner[:-1], high] if len(inner) > 1 else [low, high]
    ends = np.concatenate([[low] * 3, inner, [high] * 3])
    return np.asarray(BSpline.design_matrix(np.clip(x, low, high), ends, 3).toarray())


def start(x: Array, y: Array, usable: Mask, baseline: str = AUTOMATIC) -> Array:
    """(N,) a curve under the bands of y (N,): asymmetrically reweighted penalised least squares.

    S.-J. Baek et al. 2015, Analyst 140:250. Points that aren't ``usable`` have no weight.
    """
    if baseline == NONE:
        return np.zeros(len(x))
    step = float(np.median(np.diff(x)))
    bands = _second_differences(len(y)) * STIFFNESS * (STIFFER[baseline] / step) ** 4
    weight = usable.astype(float)
    z = y
    for _ in range(ROUNDS):
        whole = bands.copy()
        whole[-1] += weight + 1e-9
        z = solveh_banded(whole, weight * y)
        left = (y - z)[usable]
        below = left[left < 0]
        if len(below) < 2:
            break
        mean, deviation = float(below.mean()), max(float(below.std()), 1e-12)
        exponent = np.clip(2 * (y - z - (2 * deviation - mean)) / deviation, -60, 60)
        new = usable / (1 + np.exp(exponent))
        change = np.linalg.norm(new - weight) / np.linalg.norm(weight)
        weight = new
        if change < 1e-3:
            break
    return np.asarray(z)


def _second_differences(n: int) -> Array:
    """DᵀD of second differences in upper banded form (3, n)."""
    main = np.full(n, 6.0)
    main[[0, -1]], main[[1, -2]] = 1.0, 5.0
    first = np.full(n, -4.0)
    first[[1, -1]] = -2.0
    second = np.ones(n)
    return np.stack([second, first, main])
