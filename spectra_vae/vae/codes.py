"""The codes a training sees: half normal, half uniform beyond the sliders; correlated, in pairs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

# Half of the codes are normal, half uniform beyond the sliders' ends: a decoder that never saw
# the ends extrapolates there, and bands stay that should vanish.
UNIFORM_REACH = 5.0


def training_codes(n: int, factors: int, rng: np.random.Generator) -> Array:
    """Codes (n, factors): an even mixture of N(0, 1) and the uniform distribution on ±5."""
    wide = rng.random((n, factors)) < 0.5
    uniform = rng.uniform(-UNIFORM_REACH, UNIFORM_REACH, (n, factors))
    return np.where(wide, uniform, rng.standard_normal((n, factors)))


def correlated(codes: Array, kept: Mask, a: int, b: int, rank: float) -> Array:
    """Independent ``codes`` (n, factors) with a rank correlation between the columns a and b.

    A Gaussian copula with r = 2 sin(π·rank/6): the marginals stay. Where ``kept`` (n, factors), a
    code stays and only the other one of the two moves.
    """
    out, r = codes.copy(), 2 * np.sin(np.pi * rank / 6)
    for moved, given, rows in ((b, a, ~kept[:, b]), (a, b, kept[:, b] & ~kept[:, a])):
        innovation = _normal(codes[rows, moved])
        normal = r * _normal(out[rows, given]) + np.sqrt(1 - r**2) * innovation
        out[rows, moved] = np.interp(normal, _NORMAL, _GRID)
    return out


def in_pairs(
    codes: Array,
    paired: NDArray[np.intp],
    rng: np.random.Generator,
    correlation: tuple[int, int, float] | None = None,
) -> tuple[Array, NDArray[np.intp]]:
    """Codes (n, factors) whose second half is the first, except for one factor.

    ``paired``: the factors that a pair shares but for one, drawn among them and returned (n/2,).
    All others are nuisances, of which every member has its own.
    """
    first, own = np.split(codes, 2)
    changed = paired[rng.integers(len(paired), size=len(first))]
    kept = np.zeros(first.shape, bool)
    kept[:, paired] = True
    kept[np.arange(len(first)), changed] = False
    if correlation is not None:
        first = correlated(first, np.zeros_like(kept), *correlation)
    second = np.where(kept, first, own)
    if correlation is not None:
        second = correlated(second, kept, *correlation)
    return np.concatenate([first, second]), changed


def same_state(codes: Array, state: NDArray[np.intp]) -> Array:
    """Codes (n, factors) whose second half has the first one's ``state``, and all else its own."""
    first, second = np.split(codes, 2)
    second = second.copy()
    second[:, state] = first[:, state]
    return np.concatenate([first, second])


_GRID = np.linspace(-8.0, 8.0, 6401)


def _normal(codes: Array) -> Array:
    """Normal scores of codes: Φ⁻¹ of their distribution function."""
    uniform = np.clip(0.5 + 0.5 * codes / UNIFORM_REACH, 0.0, 1.0)
    return np.asarray(ndtri(0.5 * (ndtr(codes) + uniform)))


_NORMAL = _normal(_GRID)
