"""Closed forms of linear models, a trained one beside them, and the slope of a curve."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
import torch

from spectra_vae.analysis.rate_distortion import (
    Point,
    RateDistortionError,
    denoising,
    learned_variance,
    linear_gaussian,
    measure,
    slopes,
    variance_of,
)
from spectra_vae.model.posterior import Posterior

VALUES = (4.0, 2.0, 1.0, 0.5, 0.1)


@pytest.mark.parametrize(
    ("tau", "distortion", "kl"),
    [
        (0.3, 1.3, (1.29513, 0.94856, 0.60199, 0.25541)),
        (1.2, 4.0, (0.60199, 0.25541, 0, 0)),
        (3.0, 6.6, (0.14384, 0, 0, 0)),
    ],
)
def test_known_answers(tau, distortion, kl):
    found = linear_gaussian(VALUES, beta=2 * tau, sigma2=0.5, latents=4)
    assert found.distortion == pytest.approx(distortion)
    np.testing.assert_allclose(found.kl, kl, atol=1e-5)
    assert found.rate == pytest.approx(sum(kl), abs=2e-5)
    assert found.active == sum(k > 0 for k in kl)


def test_the_order_of_eigenvalues_and_spare_latents_change_nothing():
    plain = linear_gaussian(VALUES, 0.3, 1.0, 5)
    other = linear_gaussian(VALUES[::-1], 0.3, 1.0, 8)
    assert other.distortion == pytest.approx(plain.distortion)
    assert other.rate == pytest.approx(plain.rate) and len(other.kl) == 8


def test_losses_written_otherwise():
    tau = 0.3
    assert 2 * tau * variance_of("sse") == pytest.approx(tau)
    assert 0.6 * tau * variance_of("mse", points=10) == pytest.approx(0.6 * tau * 5)
    assert variance_of("likelihood", 0.04) == 0.04


def trained(covariance, target, cross, tau, latents, seed=0, free_sigma=None):
    """SSE, ΣKL and σ² of a linear β-VAE, its expected loss minimised in closed covariance.

    x̂ = V z, z = W x + s ε: E SSE = tr Σ_y − 2 tr(V W Σ_xy) + tr(V (W Σ_x Wᵀ + S) Vᵀ).
    """
    generator = torch.Generator().manual_seed(seed)
    x, y, yx = (torch.tensor(c) for c in (covariance, target, cross))
    w = (0.3 * torch.randn(latents, len(x), generator=generator, dtype=x.dtype)).requires_grad_()
    v = (0.3 * torch.randn(len(y), latents, generator=generator, dtype=x.dtype)).requires_grad_()
    log_s = torch.zeros(latents, dtype=x.dtype, requires_grad=True)
    log_sigma2 = torch.zeros((), dtype=x.dtype, requires_grad=True)
    parameters = [w, v, log_s] + ([log_sigma2] if free_sigma else [])

    def parts():
        code = w @ x @ w.T
        total = code + torch.diag((2 * log_s).exp())
        sse = torch.trace(y) - 2 * torch.trace(v @ w @ yx.T) + torch.trace(v @ total @ v.T)
        return sse, 0.5 * (torch.diagonal(total) - 1).sum() - log_s.sum()

    optimiser = torch.optim.LBFGS(parameters, max_iter=300, line_search_fn="strong_wolfe")

    def loss():
        optimiser.zero_grad()
        sse, kl = parts()
        if free_sigma:
            scale = 2 * log_sigma2.exp()
            total = sse / scale + 0.5 * len(y) * log_sigma2 + free_sigma * kl
        else:
            total = sse / 2 + tau * kl
        total.backward()
        return total

    optimiser.step(loss)
    return (*(p.item() for p in parts()), log_sigma2.exp().item())


def turned(values, seed=3):
    """A covariance of these eigenvalues along no axis."""
    size = (len(values), len(values))
    q, _ = np.linalg.qr(np.random.default_rng(seed).standard_normal(size))
    return q @ np.diag(values) @ q.T


@pytest.mark.parametrize("tau", [0.3, 1.2])
def test_a_trained_linear_model_gets_there(tau):
    c = turned(VALUES)
    sse, kl, _ = trained(c, c, c, tau, 4)
    found = linear_gaussian(VALUES, beta=tau, sigma2=1.0, latents=4)
    assert sse == pytest.approx(found.distortion, rel=0.01)
    assert kl == pytest.approx(found.rate, rel=0.01)


def test_a_trained_denoiser_gets_there():
    clean = turned(VALUES)
    dirty = clean + 0.7 * np.eye(5)
    sse, kl, _ = trained(dirty, clean, clean, 0.3, 4)
    found = denoising(dirty, clean, clean, beta=0.3, sigma2=1.0, latents=4)
    assert sse == pytest.approx(found.distortion, rel=0.01)
    assert kl == pytest.approx(found.rate, rel=0.01)
    told = np.array(VALUES) ** 2 / (np.array(VALUES) + 0.7)
    lost = sum(VALUES) - told.sum()
    assert found.distortion == pytest.approx(linear_gaussian(told, 0.3, 1.0, 4).distortion + lost)


def test_denoising_what_is_clean_is_plain():
    c = turned(VALUES)
    same, plain = denoising(c, c, c, 0.3, 1.0, 4), linear_gaussian(VALUES, 0.3, 1.0, 4)
    assert same.distortion == pytest.approx(plain.distortion)
    np.testing.assert_allclose(same.kl, plain.kl, atol=1e-9)


@pytest.mark.parametrize("beta", [0.5, 1.0, 1.6])
def test_the_learned_variance_is_where_the_loss_is_smallest(beta):
    found = learned_variance(VALUES, beta, 2)
    grid = np.geomspace(0.05, 5, 4_001)
    best = [linear_gaussian(VALUES, beta, s, 2) for s in grid]
    loss = [
        b.distortion / (2 * s) + 2.5 * log(s) + beta * b.rate
        for b, s in zip(best, grid, strict=True)
    ]
    assert found == pytest.approx(grid[int(np.argmin(loss))], rel=2e-3)
    active = linear_gaussian(VALUES, beta, found, 2).active
    assert found == pytest.approx(sum(VALUES[active:]) / (5 - active * beta))


def test_a_trained_variance_gets_there():
    c = turned(VALUES)
    *_, sigma2 = trained(c, c, c, 0, 2, free_sigma=1.0)
    assert sigma2 == pytest.approx(learned_variance(VALUES, 1.0, 2), rel=0.01)


def test_a_variance_that_vanishes_is_said(refused):
    with refused(RateDistortionError):
        learned_variance(VALUES, 0.5, 5)
    assert learned_variance(VALUES, 1.5, 5) > 0


class Linear:
    """The optimum as a model: principal axes, KL and error of the closed form."""

    def __init__(self, values, tau):
        self.gain = np.sqrt(np.maximum(1 - tau / np.array(values), 0))
        self.root = np.sqrt(values)
        self.std = np.sqrt(np.minimum(tau / np.array(values), 1))

    def encode(self, spectrum):
        mean = spectrum / self.root * self.gain
        return Posterior(mean, np.broadcast_to(self.std, mean.shape))

    def decode(self, z):
        return z * self.root * self.gain


def test_what_is_measured_of_a_linear_model_is_its_closed_form():
    values = np.array(VALUES[:4])
    data = np.random.default_rng(0).standard_normal((100_000, 4)) * np.sqrt(values)
    found = measure(Linear(values, 0.6), data, data, beta=6.0, seed=1)
    exact = linear_gaussian(values, 6.0, 0.1, 4)
    assert found.distortion == pytest.approx(exact.distortion, rel=0.01)
    assert found.rate == pytest.approx(exact.rate, rel=0.01)
    twice = measure(Linear(values, 0.6), data, data, beta=6.0, weight=2.0, seed=1)
    assert twice.distortion == pytest.approx(4 * found.distortion)


def test_the_slope_of_a_curve_is_minus_one_over_beta():
    betas = np.geomspace(0.1, 30, 60)
    best = [linear_gaussian(VALUES, b, 0.05, 4) for b in betas]
    curve = [Point(float(b), f.distortion, f.rate) for b, f in zip(betas, best, strict=True)]
    found, expected = slopes(curve[::-1], sigma2=0.05)
    np.testing.assert_allclose(found, expected, rtol=0.06)  # a latent falls silent in between
    same = np.diff([f.active for f in best]) == 0
    np.testing.assert_allclose(found[same], expected[same], rtol=1e-9)


@pytest.mark.parametrize(
    "call",
    [
        lambda: linear_gaussian(VALUES, 0.0, 1.0, 4),
        lambda: linear_gaussian(VALUES, 1.0, -1.0, 4),
        lambda: linear_gaussian(VALUES, 1.0, 1.0, 0),
        lambda: linear_gaussian([1.0, -1.0], 1.0, 1.0, 1),
        lambda: linear_gaussian([], 1.0, 1.0, 1),
        lambda: linear_gaussian([np.nan], 1.0, 1.0, 1),
        lambda: denoising(np.eye(3), np.eye(2), np.eye(3), 1.0, 1.0, 1),
        lambda: variance_of("mean"),
        lambda: slopes([Point(1.0, 1.0, 1.0)], 1.0),
        lambda: slopes([Point(1.0, 1.0, 1.0), Point(1.0, 2.0, 0.5)], 1.0),
    ],
)
def test_bad_input_is_refused(call, refused):
    with refused(RateDistortionError):
        call()


def test_a_plain_autoencoder_has_no_rate(refused):
    model = Linear((1.0,), 0.5)
    model.encode = lambda spectrum: Posterior(spectrum, None)
    with refused(RateDistortionError):
        measure(model, np.ones((3, 1)), np.ones((3, 1)), 1.0)
