"""Scores of disentanglement for continuous factors: MIG, DCI, MCC, SAP, active units.

Codes are (n, latents), factors (n, k) or a mapping name → (n,). A constant code is dead: it
carries nothing and changes no score. One that leaks a little is not: it can halve MIG, so leave
silent neurons out first, e.g. ``codes[:, list(active_units(codes))]``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linear_sum_assignment
from scipy.special import xlogy

from ..text.message import SpectraVaeError
from ..vae.activity import ACTIVE_VARIANCE

Array = NDArray[np.float64]
Factors = ArrayLike | Mapping[str, ArrayLike]

BINS = 20
FEWEST = 20  # samples; MIG wants ten a bin, DCI a hundred
TREES = 60
LEAF = 5  # samples, at least
HELD_OUT = 0.2


class MetricError(SpectraVaeError):
    """Codes and factors that cannot be scored."""


@dataclass(frozen=True, eq=False)
class Mig:
    """``score``, the mean of ``per_factor`` (k,); ``raw`` is the score without bias correction."""

    score: float
    per_factor: Array
    raw: float


@dataclass(frozen=True, eq=False)
class Dci:
    """Disentanglement, completeness and informativeness; ``importance`` (latents, k)."""

    disentanglement: float
    completeness: float
    informativeness: float
    importance: Array


def information(
    codes: ArrayLike, factors: Factors, bins: int = BINS, corrected: bool = True
) -> Array:
    """Mutual information (latents, k) in nats between quantile bins of codes and of factors.

    H(z) + H(v) − H(z, v), each with Miller & Madow's (1955) + (occupied bins − 1)/2n unless
    ``corrected`` is off; never below zero. Give ten samples a pair of bins: independent ones seem
    to share 0.002 nats at 4 000 samples and 20 bins, but 0.03 at 1 000.
    """
    z, v = _checked(codes, factors, 10 * _whole(bins))
    return _information(_binned(z, bins), _binned(v, bins), bins, corrected)


def mig(codes: ArrayLike, factors: Factors, bins: int = BINS) -> Mig:
    """Mutual information gap (Chen et al. 2018, arXiv:1802.04942).

    Mean over factors of (largest − second I(z_j; v_k)) / H(v_k), both from ``bins`` quantile
    bins; invariant to permutations, signs and monotone maps of codes and factors.
    """
    z, v = _checked(codes, factors, 10 * _whole(bins))
    z_bins, v_bins = _binned(z, bins), _binned(v, bins)
    gaps = []
    for corrected in (True, False):
        entropy = _entropy(v_bins, bins, corrected)
        gaps.append(_gap(_information(z_bins, v_bins, bins, corrected)) / entropy)
    return Mig(float(gaps[0].mean()), gaps[0], float(gaps[1].mean()))


def dci(codes: ArrayLike, factors: Factors, seed: int = 0) -> Dci:
    """Disentanglement, completeness, informativeness (Eastwood & Williams 2018).

    Importances R (latents, k) of one forest of extremely randomised trees per factor.
    D = Σ_j ρ_j (1 − H_k(R_j·)), ρ_j the share of neuron j in all importance; C = mean_k
    (1 − H_j(R_·k)), entropies in units of the largest possible over living codes; I = mean R²
    (1 − error / the factor's variance) on the held-out fifth of the samples. Invariant to
    permutations, signs and scales up to the trees' randomness (``seed``).
    """
    from sklearn.ensemble import ExtraTreesRegressor  # a second to import: only for who scores

    z, v = _checked(codes, factors, 100)
    alive = np.ptp(z, axis=0) > 0
    order = np.random.default_rng(seed).permutation(len(z))
    held, seen = np.split(order, [round(HELD_OUT * len(z))])
    importance, scores = np.zeros((z.shape[1], v.shape[1])), np.zeros(v.shape[1])
    for k, target in enumerate(v.T) if alive.any() else ():
        forest = ExtraTreesRegressor(TREES, min_samples_leaf=LEAF, random_state=seed)
        forest.fit(z[seen][:, alive], target[seen])
        importance[alive, k] = forest.feature_importances_
        error = target[held] - forest.predict(z[held][:, alive])
        scores[k] = 1 - np.mean(error**2) / np.var(target)
    own = importance[alive]
    total = max(float(own.sum()), 1e-300)
    disentanglement = (own.sum(axis=1) / total) @ _concentration(own)
    completeness = _concentration(own.T).mean()
    return Dci(float(disentanglement), float(completeness), float(scores.mean()), importance)


def mcc(codes: ArrayLike, factors: Factors) -> float:
    """Mean |Spearman| of each factor with its own neuron under the best one-to-one matching."""
    z, v = _checked(codes, factors, FEWEST)
    match = np.abs(_correlation(ranks(z), ranks(v)))
    return float(match[linear_sum_assignment(-match)].sum() / v.shape[1])


def sap(codes: ArrayLike, factors: Factors) -> float:
    """Separated attribute predictability (Kumar et al. 2018): mean gap of the linear 1-D R²."""
    z, v = _checked(codes, factors, FEWEST)
    return float(_gap(_correlation(z, v) ** 2).mean())


def active_units(means: ArrayLike) -> tuple[int, ...]:
    """Neurons whose posterior means (n, latents) vary by more than 0.01 (Burda et al. 2016)."""
    variance = np.var(np.asarray(means, float), axis=0)
    return tuple(int(j) for j in np.flatnonzero(variance > ACTIVE_VARIANCE))


def as_columns(factors: Factors) -> tuple[tuple[str, ...], Array]:
    """Names (numbers where there are none) and values (n, k)."""
    if isinstance(factors, Mapping):
        columns = [np.asarray(v, float) for v in factors.values()]
        if len({c.shape for c in columns}) != 1 or columns[0].ndim != 1:
            raise MetricError("error.metric_shape")
        return tuple(factors), np.column_stack(columns)
    values = np.asarray(factors, float)
    if values.ndim != 2 or 0 in values.shape:
        raise MetricError("error.metric_shape")
    return tuple(str(k) for k in range(values.shape[1])), values


def _checked(codes: ArrayLike, factors: Factors, fewest: int) -> tuple[Array, Array]:
    z, (names, v) = np.asarray(codes, float), as_columns(factors)
    if z.ndim != 2 or 0 in z.shape:
        raise MetricError("error.metric_shape")
    if len(z) != len(v):
        raise MetricError("error.metric_lengths", codes=len(z), factors=len(v))
    if not (np.isfinite(z).all() and np.isfinite(v).all()):
        raise MetricError("error.metric_finite")
    if len(z) < fewest:
        raise MetricError("error.metric_few", n=len(z), fewest=fewest)
    for name, still in zip(names, np.ptp(v, axis=0) == 0, strict=True):
        if still:
            raise MetricError("error.metric_constant", name=name)
    return z, v


def _whole(bins: int) -> int:
    if not (isinstance(bins, int) and 2 <= bins <= 1000):
        raise MetricError("error.metric_bins", value=bins)
    return bins


def ranks(values: Array) -> Array:
    """From 1 in each column of (n, m); equal values share their middle."""
    from scipy.stats import rankdata  # half a second that a start can do without

    return np.asarray(rankdata(values, axis=0))


def _binned(values: Array, bins: int) -> NDArray[np.intp]:
    """Quantile bin of every value (n, m); equal values share one, so a constant has one bin."""
    middle = (ranks(values) - 0.5) / len(values)
    return np.asarray((bins * middle).astype(np.intp))


def _entropy(binned: NDArray[np.intp], bins: int, corrected: bool) -> Array:
    """Entropy (m,) in nats of every column (n, m)."""
    n = len(binned)
    counts = np.stack([np.bincount(column, minlength=bins) for column in binned.T])
    entropy = np.log(n) - xlogy(counts, counts).sum(axis=1) / n
    bias = ((counts > 0).sum(axis=1) - 1) / (2 * n) if corrected else 0.0
    return np.asarray(entropy + bias)


def _information(z: NDArray[np.intp], v: NDArray[np.intp], bins: int, corrected: bool) -> Array:
    pairs = (z[:, :, None] * bins + v[:, None, :]).reshape(len(z), -1)
    joint = _entropy(pairs, bins**2, corrected).reshape(z.shape[1], v.shape[1])
    alone = _entropy(z, bins, corrected)[:, None] + _entropy(v, bins, corrected)
    return np.maximum(alone - joint, 0.0)


def _gap(values: Array) -> Array:
    """Largest minus second in every column (k,); the second of a single row is zero."""
    ordered = np.sort(np.vstack([np.zeros((1, values.shape[1])), values]), axis=0)
    return np.asarray(ordered[-1] - ordered[-2])


def _correlation(z: Array, v: Array) -> Array:
    """Pearson's (latents, k); zero where a code is constant."""
    a, b = z - z.mean(axis=0), v - v.mean(axis=0)
    size = np.outer(np.linalg.norm(a, axis=0), np.linalg.norm(b, axis=0))
    alive = (np.ptp(z, axis=0) > 0)[:, None]
    return np.asarray(np.where(alive, a.T @ b, 0.0) / np.where(alive, size, 1.0))


def _concentration(shares: Array) -> Array:
    """1 − entropy of every row (r, c) in units of ln c: 1 for a single entry, 0 for equal ones."""
    total = shares.sum(axis=1, keepdims=True)
    share = shares / np.where(total > 0, total, 1.0)
    entropy = -xlogy(share, share).sum(axis=1) / np.log(max(share.shape[1], 2))
    return np.asarray(np.where(total[:, 0] > 0, 1 - entropy, 0.0))
