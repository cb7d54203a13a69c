"""Unsupervised disentanglement ranking: do models agree on their neurons, without any label?

Duan et al. 2020 (arXiv:1905.12614): a model whose neurons come back in other seeds, up to order,
sign and silent ones, is likely to have found the factors; one whose axes are turned is alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .metrics import FEWEST, MetricError, ranks

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Similarity = Literal["spearman", "lasso"]

LASSO_ALPHA = 0.1  # on codes of unit variance, as the authors'
TINY = 1e-12


@dataclass(frozen=True, eq=False)
class Udr:
    """``scores`` (models,): median agreement with the others; ``pairs`` (models, models), NaN on
    the diagonal. 1: the same neurons up to order and sign; near 0: nothing in common."""

    scores: Array
    pairs: Array

    @property
    def best(self) -> int:
        """The model that agrees most with the others."""
        return int(np.argmax(self.scores))


def udr(
    codes: Sequence[ArrayLike],
    informative: Sequence[ArrayLike] | None = None,
    similarity: Similarity = "spearman",
) -> Udr:
    """Agreement of models that differ in their seeds only.

    Parameters
    ----------
    codes
        Posterior means of the same spectra, (n, latents) for each of at least two models.
    informative
        For each model (latents,) True where a neuron's KL is over 0.01 nats; the others are masked.
        None: all that aren't constant.
    similarity
        ``spearman``: |rank correlation| of two neurons. ``lasso``: |weight| of a neuron in a sparse
        linear prediction of the other model's; see :func:`agreement`.

    Raises
    ------
    MetricError
        One model, tables of different length, values that are no numbers.
    """
    tables = [np.asarray(one, float) for one in codes]
    _check(tables)
    told = [None] * len(tables) if informative is None else informative
    masks = [_mask(z, known) for z, known in zip(tables, told, strict=True)]
    living = [z[:, mask] for z, mask in zip(tables, masks, strict=True)]
    pairs = np.full((len(living), len(living)), np.nan)
    for i, one in enumerate(living):
        for j in range(i):
            pairs[i, j] = pairs[j, i] = _mutual(one, living[j], similarity)
    return Udr(np.nanmedian(pairs, axis=1), pairs)


def agreement(strength: ArrayLike) -> float:
    """How far a similarity matrix (a, b) of informative neurons is one-to-one, 0 to 1.

    UDR_ij = 1/(a + b) [Σ_b r_b²/Σ_a R + Σ_a r_a²/Σ_b R] with r the largest of a column or row:
    1 for a permutation, ½·√½ = .354 where two neurons are turned by 45°; 0 without neurons.
    """
    r = np.abs(np.asarray(strength, float))
    if 0 in r.shape:
        return 0.0
    shares = [r.max(axis=axis) ** 2 / np.maximum(r.sum(axis=axis), TINY) for axis in (0, 1)]
    return float(sum(s.sum() for s in shares) / sum(r.shape))


def _mutual(a: Array, b: Array, similarity: Similarity) -> float:
    """Agreement of two models' informative codes; a sparse prediction is asked for both ways."""
    if not a.shape[1] or not b.shape[1]:
        return 0.0
    if similarity == "spearman":
        return agreement(_unit(ranks(a)).T @ _unit(ranks(b)))
    return (agreement(_weights(a, b)) + agreement(_weights(b, a))) / 2


def _weights(given: Array, wanted: Array) -> Array:
    """|Lasso weights| (given, wanted) by which standardised codes predict others."""
    from sklearn.linear_model import Lasso  # a second to import: only for who asks

    x, y = (_unit(z) * np.sqrt(len(z)) for z in (given, wanted))
    fitted = [np.atleast_1d(Lasso(alpha=LASSO_ALPHA).fit(x, column).coef_) for column in y.T]
    return np.asarray(np.abs(np.stack(fitted, axis=1)))


def _unit(values: Array) -> Array:
    """Columns (n, m) centred and of length 1."""
    centred = values - values.mean(axis=0)
    return np.asarray(centred / np.linalg.norm(centred, axis=0))


def _mask(codes: Array, informative: ArrayLike | None) -> Mask:
    """(latents,) True where a neuron counts: informative, and not constant."""
    varies = np.ptp(codes, axis=0) > 0
    if informative is None:
        return np.asarray(varies)
    told = np.asarray(informative, bool)
    if told.shape != varies.shape:
        raise MetricError("error.metric_shape")
    return np.asarray(told & varies)


def _check(tables: Sequence[Array]) -> None:
    if any(z.ndim != 2 or 0 in z.shape for z in tables):
        raise MetricError("error.metric_shape")
    if len(tables) < 2:
        raise MetricError("error.udr_alone")
    lengths = {len(z) for z in tables}
    if len(lengths) > 1:
        raise MetricError("error.udr_lengths")
    if min(lengths) < FEWEST:
        raise MetricError("error.metric_few", n=min(lengths), fewest=FEWEST)
    if not all(np.isfinite(z).all() for z in tables):
        raise MetricError("error.metric_finite")
