"""What a model's latent space holds: KL per neuron and its parts, collapse, noise ceilings.

Posteriors are given as ``mean`` and ``std`` (n, latents) over a fixed set; nats throughout.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..model.posterior import Posterior
from ..text.message import Message
from ..vae.activity import ACTIVE_NATS
from .metrics import BINS, Factors, MetricError, as_columns, information

Array = NDArray[np.float64]

LN_2PI = float(np.log(2 * np.pi))
BLOCK = 1 << 20  # densities held at once, 8 MB
STREAM = 7919  # the noise must not repeat the draws of whoever simulated with the same seed


@dataclass(frozen=True)
class Decomposition:
    """E KL(q(z|x) ‖ p(z)) = information + total correlation + dimension-wise KL, nats.

    ``information`` I(x; z) of the code about which spectrum it was; ``total_correlation``
    KL(q(z) ‖ Π q(z_j)); ``dimension_wise`` Σ KL(q(z_j) ‖ p(z_j)); ``kl`` in closed form.
    """

    information: float
    total_correlation: float
    dimension_wise: float
    kl: float


@dataclass(frozen=True)
class Carried:
    """What a neuron tells: ``information`` in nats of the ``factor`` it knows best.

    ``ceiling``: no more than min(KL, ln bins) can be read from a sample of it.
    """

    neuron: int
    factor: str
    information: float
    ceiling: float


def kl_per_neuron(mean: ArrayLike, std: ArrayLike) -> Array:
    """Mean KL(N(μ, s²) ‖ N(0, 1)) = ½(μ² + s² − 1 − ln s²) over the set, (latents,)."""
    kl = Posterior(*_posterior(mean, std)).kl
    assert kl is not None  # there is a std
    return np.asarray(kl.mean(axis=0))


def decompose(
    mean: ArrayLike, std: ArrayLike, samples: ArrayLike | None = None, seed: int = 0
) -> Decomposition:
    """The parts of the mean KL (Hoffman & Johnson 2016; Chen et al. 2018, arXiv:1802.04942).

    q(z) and q(z_j) are the full mixtures over all n posteriors; the outer means run over one
    sample of each (``samples`` (n, latents), or drawn with ``seed``, second moments matched).
    The parts add up to the closed-form KL exactly; only how they share it is sampled. Costs
    n² × latents exponentials in constant memory.
    """
    m, s = _posterior(mean, std)
    z = _samples(m, s, seed) if samples is None else np.asarray(samples, float)
    if z.shape != m.shape or not np.isfinite(z).all():
        raise MetricError("error.posterior")
    n, latents = m.shape
    joint, marginal = np.empty(n), np.empty(n)
    rows = max(1, BLOCK // n)
    for start in range(0, n, rows):
        some = slice(start, start + rows)
        joint[some], marginal[some] = _mixtures(z[some], m, s)
    own = -0.5 * latents * (LN_2PI + 1) - np.log(s).sum(axis=1).mean()
    prior = -0.5 * (latents * LN_2PI + (m**2 + s**2).sum(axis=1).mean())
    return Decomposition(
        information=float(own - joint.mean()),
        total_correlation=float((joint - marginal).mean()),
        dimension_wise=float(marginal.mean() - prior),
        kl=float(own - prior),
    )


def collapse(kl: ArrayLike) -> Message:
    """How many neurons carry something, which fell silent; posterior collapse by its name.

    ``kl`` (latents,) mean nats a neuron; it carries something above 0.01.
    """
    nats = np.asarray(kl, float)
    silent = np.flatnonzero(~(nats > ACTIVE_NATS))
    told = {"latents": len(nats), "nats": ACTIVE_NATS}
    if len(silent) == len(nats):
        return Message("check.collapsed", told)
    if not len(silent):
        return Message("check.all_active", told)
    names = ", ".join(f"#{j}" for j in silent)
    return Message("check.some_silent", {**told, "active": len(nats) - len(silent), "names": names})


def noisy(factors: Factors, std: ArrayLike, seed: int = 0) -> Array:
    """The truth plus N(0, std²) noise (n, k): the codes of an encoder at the noise limit.

    ``std`` (n, k) or (k,) in the factors' units, e.g. of :func:`~.bound.cramer_rao`.
    """
    _, truth = as_columns(factors)
    return np.asarray(truth + _normals(truth.shape, seed) * np.asarray(std, float))


def carried(
    mean: ArrayLike, std: ArrayLike, factors: Factors, seed: int = 0, bins: int = BINS
) -> tuple[Carried, ...]:
    """Each neuron's best factor and its information beside the ceiling, from samples of q."""
    m, s = _posterior(mean, std)
    names, _ = as_columns(factors)
    known = information(_samples(m, s, seed), factors, bins)
    top = np.minimum(kl_per_neuron(m, s), np.log(bins))
    return tuple(
        Carried(j, names[int(row.argmax())], float(row.max()), float(top[j]))
        for j, row in enumerate(known)
    )


def _posterior(mean: ArrayLike, std: ArrayLike) -> tuple[Array, Array]:
    m, s = np.asarray(mean, float), np.asarray(std, float)
    if m.ndim != 2 or 0 in m.shape or m.shape != s.shape:
        raise MetricError("error.posterior")
    if not (np.isfinite(m).all() and np.isfinite(s).all() and (s > 0).all()):
        raise MetricError("error.posterior")
    return m, s


def _samples(mean: Array, std: Array, seed: int) -> Array:
    """One sample of every posterior; their standardised mean square is 1 in every neuron."""
    noise = _normals(mean.shape, seed)
    return np.asarray(mean + std * noise / np.sqrt((noise**2).mean(axis=0)))


def _normals(shape: tuple[int, ...], seed: int) -> Array:
    return np.random.default_rng([seed, STREAM]).standard_normal(shape)


def _mixtures(z: Array, mean: Array, std: Array) -> tuple[Array, Array]:
    """ln q(z) and Σ_j ln q(z_j) (b,) of z (b, latents) under all n posteriors."""
    joint, marginal = np.zeros((len(z), len(mean))), np.zeros(len(z))
    for at, m, s in zip(z.T, mean.T, std.T, strict=True):
        density = -0.5 * np.square((at[:, None] - m) / s) - np.log(s) - 0.5 * LN_2PI
        joint += density
        marginal += _log_mean_exp(density)
    return _log_mean_exp(joint), marginal


def _log_mean_exp(values: Array) -> Array:
    """ln mean exp over the last axis of (b, n); ``values`` are used up."""
    largest = values.max(axis=1)
    values -= largest[:, None]
    return np.asarray(largest + np.log(np.exp(values, out=values).mean(axis=1)))
