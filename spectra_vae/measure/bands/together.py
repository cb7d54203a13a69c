"""What several bands say together, if each may differ from its table by itself.

Random effects: a band is off by what is common, by a scatter of its own and by noise (R.
DerSimonian and N. Laird 1986, Control. Clin. Trials 7:177). So few bands don't tell the scatter, so
it isn't estimated but averaged over, with the weight that each size of it has.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

Array = NDArray[np.float64]

ENDS = 0.05, 0.5, 0.95
HALVINGS = 12  # of what the quantiles of a mixture may be


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


def offsets(
    moved: Array, variance: Array, away: Array, spread: Array, tilt: float, reach: float
) -> tuple[Array, Array, Array]:
    """Means, variances and log evidences (..., S) of the bands' common offset, by scatter.

    ``moved``, ``variance`` (..., K) of single bands; ``spread`` (S,) the scatters; bands ``away``
    (K,) from where the offset is asked are off by a common slope, too, of a spread ``tilt``;
    ``reach``: the spread of offsets beforehand.
    """
    v = variance[..., None, :] + spread[:, None] ** 2
    w, moved = 1 / v, moved[..., None, :]
    aa = w.sum(axis=-1) + reach**-2
    ab, bb = w @ away, w @ away**2 + tilt**-2
    ra, rb = (w * moved).sum(axis=-1), (w * moved) @ away
    determinant = aa * bb - ab**2
    mean, slope = (bb * ra - ab * rb) / determinant, (aa * rb - ab * ra) / determinant
    square = (w * moved**2).sum(axis=-1) - mean * ra - slope * rb
    evidence = -0.5 * (np.log(v).sum(axis=-1) + np.log(determinant) + square)
    return mean, bb / determinant, evidence


def mixed(means: Array, deviations: Array, weights: Array) -> Array:
    """The 5 %, 50 % and 95 % quantiles (..., 3) of mixtures of normals, (..., M) each."""
    means, deviations, weights = (v[..., None, :] for v in (means, deviations, weights))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    each = means + deviations * ndtri(ENDS)[:, None]
    low, high = each.min(axis=-1), each.max(axis=-1)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        below = ndtr((middle[..., None] - means) / deviations)
        over = (below * weights).sum(axis=-1) > ENDS
        low, high = np.where(over, low, middle), np.where(over, middle, high)
    return np.asarray((low + high) / 2)


def shares(prior: Array, evidence: Array) -> Array:
    """(..., M) the probabilities that follow from those beforehand and log evidences."""
    weight = prior * np.exp(evidence - evidence.max(axis=-1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=-1, keepdims=True))
