"""Rate and distortion: closed forms of linear models, and what a trained model spends.

Distortion is the mean squared error summed over the points (SSE), rate the mean Σ KL in nats.
A linear β-VAE on data of covariance Σ with eigenvalues λ is probabilistic PCA with a threshold
τ = βσ² (Lucas et al. 2019, arXiv:1911.02469): the latent i is active if λ_i > τ, and then
KL_i = ½ ln(λ_i/τ), s_i² = τ/λ_i, error τ; a silent one leaves the error λ_i. This is reverse
water-filling (Cover & Thomas, ch. 10), so that dR/d(D/2σ²) = −1/β.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..model.posterior import Posterior
from ..text.message import SpectraVaeError
from .diagnostics import kl_per_neuron

Array = NDArray[np.float64]
Loss = Literal["likelihood", "sse", "mse"]

SMALLEST = 1e-12  # of the largest eigenvalue: below is rounding


class RateDistortionError(SpectraVaeError):
    """No such curve."""


class Codec(Protocol):
    """What is measured of a model."""

    def encode(self, spectrum: Array) -> Posterior: ...
    def decode(self, z: Array) -> Array: ...


@dataclass(frozen=True, eq=False)
class LinearGaussian:
    """Optimum of a linear model: SSE, Σ KL, KL (latents,) from the largest λ down, how many > 0."""

    distortion: float
    rate: float
    kl: Array
    active: int


@dataclass(frozen=True)
class Point:
    """A model on a rate–distortion curve."""

    beta: float
    distortion: float
    rate: float


def variance_of(loss: Loss, sigma2: float = 1.0, points: int = 1) -> float:
    """The σ² that makes SSE/2σ² + β ΣKL of a loss written otherwise; then τ = βσ².

    ``likelihood`` SSE/2σ² + β ΣKL → σ² itself; ``sse`` SSE + β ΣKL → ½; ``mse``, the mean over
    N points + β ΣKL → N/2: its β is N times stronger, the usual unexplained collapse.
    """
    found = {"likelihood": _positive("sigma2", sigma2), "sse": 0.5, "mse": points / 2}
    if loss not in found:
        raise RateDistortionError("error.choice", name="loss", value=loss, known=", ".join(found))
    return found[loss]


def linear_gaussian(
    eigenvalues: ArrayLike, beta: float, sigma2: float, latents: int
) -> LinearGaussian:
    """The optimum of SSE/2σ² + β ΣKL over linear encoders and decoders.

    ``eigenvalues`` (p,) of the data's covariance; the ``latents`` largest can be used.
    """
    values = _eigenvalues(eigenvalues)
    tau = _positive("beta", beta) * _positive("sigma2", sigma2)
    used = np.zeros(_count(latents))
    used[: len(values)] = values[:latents]
    kl = 0.5 * np.log(np.maximum(used, tau) / tau)
    distortion = float(np.minimum(used, tau).sum() + values[latents:].sum())
    return LinearGaussian(distortion, float(kl.sum()), kl, int((used > tau).sum()))


def denoising(
    covariance_x: ArrayLike,
    covariance_y: ArrayLike,
    covariance_yx: ArrayLike,
    beta: float,
    sigma2: float,
    latents: int,
) -> LinearGaussian:
    """The same from dirty x (p,) to clean y (q,): encodes what x tells of y.

    λ are the eigenvalues of Σ_ŷ = Σ_yx Σ_xx⁻¹ Σ_xy, the covariance of E[y|x]; the rest
    tr(Σ_y − Σ_ŷ) adds to the distortion at any β.
    """
    xx, y, yx = (np.asarray(c, float) for c in (covariance_x, covariance_y, covariance_yx))
    if xx.ndim != 2 or y.ndim != 2 or yx.shape != (len(y), len(xx)):
        raise RateDistortionError("error.covariances")
    told = yx @ np.linalg.pinv(xx, hermitian=True) @ yx.T
    values = np.maximum(np.linalg.eigvalsh(told), 0.0)
    best = linear_gaussian(values, beta, sigma2, latents)
    rest = max(float(np.trace(y) - values.sum()), 0.0)
    return LinearGaussian(best.distortion + rest, best.rate, best.kl, best.active)


def learned_variance(eigenvalues: ArrayLike, beta: float, latents: int) -> float:
    """σ² where SSE/2σ² + ½ N ln σ² + β ΣKL is smallest over it too.

    With k active latents σ² = Σ_rest λ/(N − kβ); of the k that agree with their own threshold,
    the one with the smallest loss. Latents that can carry everything have none: σ² → 0.
    """
    values = _eigenvalues(eigenvalues)
    n, nothing = len(values), SMALLEST * values[0]
    usable = min(_count(latents), int((values > nothing).sum()))
    if _positive("beta", beta) * usable < n and values[usable:].sum() <= nothing:
        raise RateDistortionError("error.variance_vanishes", latents=latents)
    best = (np.inf, 0.0)
    for k in range(usable + 1):
        sigma2 = float(values[k:].sum()) / (n - k * beta) if n > k * beta else 0.0
        if sigma2 <= 0:
            continue
        found = linear_gaussian(values, beta, sigma2, latents)
        if found.active == k:
            best = min(best, (0.5 * n * (1 + np.log(sigma2)) + beta * found.rate, sigma2))
    return best[1]


def measure(
    model: Codec,
    dirty: ArrayLike,
    clean: ArrayLike,
    beta: float,
    weight: ArrayLike = 1.0,
    seed: int = 0,
) -> Point:
    """Rate and distortion of a model on ``dirty`` (n, N), decoded from one sample of each code.

    The distortion is Σ ((x̂ − ``clean``)·``weight``)² over the points, ``weight`` (N,) being
    the training's emphasis; β goes along.
    """
    q = model.encode(np.asarray(dirty, float))
    if q.std is None:
        raise RateDistortionError("error.no_rate")
    noise = np.random.default_rng(seed).standard_normal(q.mean.shape)
    error = (model.decode(q.mean + q.std * noise) - np.asarray(clean, float)) * weight
    rate = float(kl_per_neuron(q.mean, q.std).sum())
    return Point(_positive("beta", beta), float((error**2).sum(axis=-1).mean()), rate)


def slopes(curve: Sequence[Point], sigma2: float) -> tuple[Array, Array]:
    """ΔR / Δ(D/2σ²) between neighbours in β, (P − 1,), and what −1/β makes of it.

    Where D grows in proportion to β, as between two collapses of a linear model, the mean of
    −1/β over an interval is −Δ ln β / Δβ.
    """
    ordered = sorted(curve, key=lambda p: p.beta)
    beta, distortion, rate = (
        np.array([getattr(p, name) for p in ordered]) for name in ("beta", "distortion", "rate")
    )
    if len(ordered) < 2 or not (np.diff(beta) > 0).all() or not np.diff(distortion).all():
        raise RateDistortionError("error.curve")
    scaled = distortion / (2 * _positive("sigma2", sigma2))
    return np.diff(rate) / np.diff(scaled), -np.diff(np.log(beta)) / np.diff(beta)


def _eigenvalues(values: ArrayLike) -> Array:
    """Checked, from the largest down."""
    found = np.sort(np.asarray(values, float).ravel())[::-1]
    if not len(found) or not np.isfinite(found).all() or found[-1] < 0 or found[0] == 0:
        raise RateDistortionError("error.eigenvalues")
    return found


def _positive(name: str, value: float) -> float:
    if not (np.isfinite(value) and value > 0):
        raise RateDistortionError("error.positive", name=name, value=value)
    return value


def _count(latents: int) -> int:
    if not (isinstance(latents, int) and latents > 0):
        raise RateDistortionError("error.positive", name="latents", value=latents)
    return latents
