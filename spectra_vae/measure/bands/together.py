"""What several bands say together, if each may differ from its table by itself.

Random effects: a band is off by what is common, by a scatter of its own and by noise (R.
DerSimonian and N. Laird 1986, Control. Clin. Trials 7:177). So few bands don't tell the scatter, so
it isn't estimated but averaged over, with the weight that each size of it has.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import expit, ndtri

Array = NDArray[np.float64]

ENDS = 0.05, 0.5, 0.95
# Halvings of what the quantiles of a mixture may be: far finer than what they hold; to a hundredth.
HALVINGS, HUNDREDTH = 12, 7
STRANGERS, FAR, ROUNDS = 0.1, 6.0, 5  # share of bands, cm⁻¹, steps


@dataclass(frozen=True)
class Together:
    """A common quantity of one file: its 90 % interval ``low`` to ``high`` with ``value`` in the
    middle.

    ``scatter``: what single bands differ by, one σ, on average over what is likely; ``exact``: the
    share of likelihood of bands that don't differ at all.
    """

    low: float
    value: float
    high: float
    scatter: float
    exact: float

    @classmethod
    def each(cls, ends: Array, scatter: Array, exact: Array) -> list[Together]:
        """Of R files: ``ends`` (R, 3), the others (R,)."""
        columns = np.column_stack([ends, scatter, exact])
        return [cls(*row) for row in columns.tolist()]


@dataclass(frozen=True, eq=False)
class Scatters:
    """Possible ``sizes`` (S,) of the scatter, and how likely each is beforehand, (S,)."""

    sizes: Array
    prior: Array

    @classmethod
    def of(cls, typical: float, exact: float) -> Scatters:
        """None at all with the probability ``exact``; else half a normal distribution."""
        sizes = typical * np.array([0.0, 0.15, 0.3, 0.5, 0.75, 1.0, 1.35, 1.8, 2.4, 3.2])
        weight = np.exp(-0.5 * (sizes / typical) ** 2) * np.gradient(sizes)
        weight[0] = 0.0
        weight *= (1 - exact) / weight.sum()
        weight[0] = exact
        return cls(sizes, weight)


@dataclass(frozen=True, eq=False)
class Offsets:
    """``means``, ``variances`` and log ``evidence`` (..., S) of the bands' common offset, by
    scatter.
    """

    means: Array
    variances: Array
    evidence: Array


def offsets(
    moved: Array, variance: Array, away: Array, spread: Array, tilt: float, reach: float
) -> Offsets:
    """The common offset if all bands are off by it and by their own scatter alone.

    ``moved``, ``variance`` (..., K) of single bands; ``spread`` (S,) the scatters; bands ``away``
    (K,) from where the offset is asked are off by a common slope, too, of a spread ``tilt``;
    ``reach``: the spread of offsets beforehand.
    """
    v = variance[..., None, :] + spread[:, None] ** 2
    moved = np.broadcast_to(moved[..., None, :], v.shape)
    mean, slope, spare, determinant = _line(moved, 1 / v, away, tilt, reach)
    left = moved - mean[..., None] - slope[..., None] * away
    square = (left**2 / v).sum(axis=-1) + (mean / reach) ** 2 + (slope / tilt) ** 2
    evidence = -0.5 * (np.log(v).sum(axis=-1) + np.log(determinant) + square)
    return Offsets(mean, spare, evidence)


def with_strangers(
    moved: Array, variance: Array, away: Array, spread: Array, tilt: float, reach: float
) -> Offsets:
    """The same where some bands, :data:`STRANGERS` of them, are :data:`FAR` off: something else
    stands beside them. By expectation and maximisation (M. Aitkin and G. T. Wilson 1980,
    Technometrics 22:325), the evidence around its maximum.
    """
    near = variance[..., None, :] + spread[:, None] ** 2
    far, moved = near + FAR**2, np.broadcast_to(moved[..., None, :], near.shape)
    prior = np.log(STRANGERS / (1 - STRANGERS)) + 0.5 * np.log(near / far)
    gain = 0.5 * (1 / near - 1 / far)
    odds = prior + gain * (moved - _median(moved, 1 / near)[..., None]) ** 2
    for _ in range(ROUNDS):
        weight = 1 / near - 2 * gain * expit(odds)
        mean, slope, spare, determinant = _line(moved, weight, away, tilt, reach)
        left = moved - mean[..., None] - slope[..., None] * away
        odds = prior + gain * left**2
    each = np.logaddexp(0.0, odds) + np.log(1 - STRANGERS) - 0.5 * (np.log(near) + left**2 / near)
    square = (mean / reach) ** 2 + (slope / tilt) ** 2
    return Offsets(mean, spare, each.sum(axis=-1) - 0.5 * (np.log(determinant) + square))


def _median(values: Array, weight: Array) -> Array:
    """(...,) weighted medians of the last axis."""
    order = np.argsort(values, axis=-1)
    values, weight = (np.take_along_axis(v, order, axis=-1) for v in (values, weight))
    half = np.cumsum(weight, axis=-1) >= 0.5 * weight.sum(axis=-1, keepdims=True)
    first = half.argmax(axis=-1)[..., None]
    return np.asarray(np.take_along_axis(values, first, axis=-1)[..., 0])


def _line(
    moved: Array, weight: Array, away: Array, tilt: float, reach: float
) -> tuple[Array, Array, Array, Array]:
    """The likeliest offset and slope of ``moved`` (..., S, K), the offset's variance, and the
    determinant of both's normal matrix, (..., S).
    """
    aa = weight.sum(axis=-1) + reach**-2
    ab, bb = weight @ away, weight @ away**2 + tilt**-2
    pulled = weight * moved
    ra, rb = pulled.sum(axis=-1), pulled @ away
    determinant = aa * bb - ab**2
    mean, slope = (bb * ra - ab * rb) / determinant, (aa * rb - ab * ra) / determinant
    return mean, slope, bb / determinant, determinant


def mixed(
    means: Array,
    deviations: Array,
    weights: Array,
    ends: tuple[float, ...] = ENDS,
    halvings: int = HALVINGS,
) -> Array:
    """The quantiles ``ends`` (..., E) of mixtures of normals, (..., M) each, found by as many
    ``halvings`` of what they may be.
    """
    shape = np.broadcast_shapes(means.shape, deviations.shape, weights.shape)
    weights = weights / weights.sum(axis=-1, keepdims=True)
    # the components in front, a sum over few neighbours in memory being slow: (M, 1, ...)
    mean, deviation, weight = (
        np.moveaxis(np.broadcast_to(v, shape), -1, 0)[:, None].copy()
        for v in (means, deviations, weights)
    )
    asked = np.reshape(ends, (-1, *(1 for _ in shape[:-1])))
    each = mean + deviation * ndtri(asked)
    low, high = each.min(axis=0), each.max(axis=0)
    half, middle, steep = (high - low) / 2, (low + high) / 2, np.sqrt(0.5) / deviation
    for _ in range(halvings):
        away = middle - mean
        away *= steep
        below = torch.from_numpy(away).erf_().numpy()  # four times scipy's speed
        below *= weight
        over = below.sum(axis=0) > 2 * asked - 1
        half /= 2
        middle += np.where(over, -half, half)
    return np.moveaxis(middle, 0, -1)


def shares(prior: Array, evidence: Array) -> Array:
    """(..., M) the probabilities that follow from those beforehand and log evidences."""
    weight = prior * np.exp(evidence - evidence.max(axis=-1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=-1, keepdims=True))
