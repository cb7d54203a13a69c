"""What several bands say together, if each may differ from its table by itself.

Random effects: a band is off by what is common, by a scatter of its own and by noise (R.
DerSimonian and N. Laird 1986, Control. Clin. Trials 7:177). So few bands don't tell the scatter, so
it isn't estimated but averaged over, with the weight that each size of it has.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Array = NDArray[np.float64]

ENDS = 0.05, 0.5, 0.95
FINE, REACH = 161, 4.5  # points of a distribution, and its σ either side


@dataclass(frozen=True)
class Together:
    """A common quantity: its 90 % interval ``low`` to ``high`` with ``value`` in the middle.

    ``scatter``: what single bands differ by, one σ, on average over what is likely; ``exact``: the
    share of likelihood of bands that don't differ at all.
    """

    low: float
    value: float
    high: float
    scatter: float
    exact: float


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
    """Means, variances and log evidences (S,) of the bands' common offset, by scatter.

    ``moved``, ``variance`` (K,) of single bands; ``spread`` (S,) the scatters; bands ``away`` (K,)
    from where the offset is asked are off by a common slope, too, of a spread ``tilt``; ``reach``:
    the spread of offsets beforehand.
    """
    v = variance + spread[:, None] ** 2
    w = 1 / v
    aa = w.sum(axis=1) + reach**-2
    ab, bb = w @ away, w @ away**2 + tilt**-2
    ra, rb = w @ moved, w @ (away * moved)
    determinant = aa * bb - ab**2
    mean, slope = (bb * ra - ab * rb) / determinant, (aa * rb - ab * ra) / determinant
    square = w @ moved**2 - mean * ra - slope * rb
    evidence = -0.5 * (np.log(v).sum(axis=1) + np.log(determinant) + square)
    return mean, bb / determinant, evidence


def mixed(means: Array, deviations: Array, weights: Array) -> tuple[float, float, float]:
    """The 5 %, 50 % and 95 % quantiles of a mixture of normals, (M,) each."""
    some = weights > 1e-4 * weights.max()
    means, deviations, weights = means[some], deviations[some], weights[some]
    around = np.linspace(-REACH, REACH, FINE)
    at = np.sort((means[:, None] + deviations[:, None] * around).ravel())
    below = weights @ ndtr((at - means[:, None]) / deviations[:, None]) / weights.sum()
    low, middle, high = np.interp(ENDS, below, at)
    return float(low), float(middle), float(high)


def shares(prior: Array, evidence: Array) -> Array:
    """(M,) the probabilities that follow from those beforehand and log evidences."""
    weight = prior * np.exp(evidence - evidence.max())
    return np.asarray(weight / weight.sum())
