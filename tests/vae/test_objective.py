"""The objective against torch's own divergences, plain loops and closed forms."""

from __future__ import annotations

import itertools
import math

import pytest
import torch
from torch.distributions import Normal, kl_divergence

from spectra_vae.vae.objective import (
    FREE_REACH,
    kl_to_prior,
    mixed_code,
    negative_log_density,
    reconstruction,
    total_correlation,
    weigh_kl,
)

LATENTS = 8


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def posterior(rows=6, latents=LATENTS, std=None):
    spread = torch.rand(rows, latents).add(0.05) if std is None else torch.full((latents,), std)
    return Normal(torch.randn(rows, latents), spread.expand(rows, latents))


@pytest.mark.parametrize("shape", [(1, 1), (6, 8), (256, 3)])
def test_kl_is_the_divergence_from_a_standard_normal(shape):
    q = posterior(*shape)
    expected = kl_divergence(q, Normal(torch.zeros(shape), torch.ones(shape)))
    torch.testing.assert_close(kl_to_prior(q), expected)


def test_the_prior_itself_costs_nothing():
    assert (kl_to_prior(Normal(torch.zeros(3, 8), torch.ones(3, 8))) == 0).all()


def test_reconstruction_is_half_the_weighted_squares_summed_over_points():
    decoded, clean, weight = torch.randn(4, 9), torch.randn(4, 9), torch.rand(9)
    for row, value in enumerate(reconstruction(decoded, clean, weight)):
        plain = sum(
            0.5 * ((decoded[row, k] - clean[row, k]) * weight[k]).item() ** 2 for k in range(9)
        )
        assert value.item() == pytest.approx(plain, rel=1e-5)


def test_the_slope_of_the_reconstruction_is_that_of_differences():
    decoded = torch.randn(4, 9, dtype=torch.double, requires_grad=True)
    clean, weight = torch.randn(4, 9).double(), torch.rand(9).double()
    assert torch.autograd.gradcheck(lambda x: reconstruction(x, clean, weight), decoded)


def test_negative_log_density_misses_only_its_constant():
    q, code = posterior(), torch.randn(6, LATENTS)
    constant = 0.5 * math.log(2 * math.pi)
    torch.testing.assert_close(negative_log_density(q, code) + constant, -q.log_prob(code))


def test_guidance_is_least_at_the_mean_and_spread_of_the_codes():
    codes = 1.7 + 0.3 * torch.randn(5000, 1, dtype=torch.float64)
    mean, log_std = torch.zeros(1, dtype=torch.float64), torch.zeros(1, dtype=torch.float64)
    parameters = [mean.requires_grad_(), log_std.requires_grad_()]
    optimiser = torch.optim.LBFGS(parameters, max_iter=200, line_search_fn="strong_wolfe")

    def loss():
        optimiser.zero_grad()
        value = negative_log_density(Normal(mean, log_std.exp()), codes).mean()
        value.backward()
        return value

    optimiser.step(loss)
    assert mean.item() == pytest.approx(codes.mean().item(), abs=1e-5)
    assert log_std.exp().item() == pytest.approx(codes.std(correction=0).item(), rel=1e-5)


def test_kl_is_weighed_by_beta_or_by_its_distance_from_the_capacity():
    kl = torch.tensor([1.0, 2.0, 0.5])
    assert weigh_kl(kl, 4.0, 10.0, False).item() == pytest.approx(14)
    assert weigh_kl(kl, 4.0, 10.0, True).item() == pytest.approx(4 * 6.5)
    assert weigh_kl(kl, 4.0, 1.0, True).item() == pytest.approx(4 * 2.5)


# --- total correlation -------------------------------------------------------------------------


def mixture(q, z, rows, weights):
    """log of the mixture of the posteriors ``rows`` at each z: whole, and by neuron."""
    density = Normal(q.mean[rows], q.stddev[rows]).log_prob(z[:, None])
    weights = weights.log()
    whole = torch.logsumexp(density.sum(-1) + weights, dim=1)
    return whole, torch.logsumexp(density + weights[..., None], dim=1)


def full_total_correlation(q, z):
    """By the mixture of the whole set."""
    n = len(z)
    whole, parts = mixture(q, z, slice(None), torch.full((n, n), 1 / n))
    return (whole - parts.sum(-1)).mean().item()


@pytest.mark.parametrize(("rows", "latents"), [(2, 1), (50, 3), (300, 8)])
def test_a_batch_of_the_whole_set_is_the_full_mixture(rows, latents):
    q = posterior(rows, latents)
    z = q.rsample()
    found = total_correlation(q, z, rows).item()
    assert found == pytest.approx(full_total_correlation(q, z), abs=1e-4)


def test_one_neuron_has_no_total_correlation():
    q = posterior(64, 1)
    assert total_correlation(q, q.rsample(), 5000).item() == pytest.approx(0, abs=1e-5)


def test_the_total_correlation_of_two_correlated_neurons():
    n, variance, rho = 4000, 0.25, 0.8  # unit variance in total, ρ between the means
    spread = (1 - variance) * torch.tensor([[1.0, rho], [rho, 1.0]])
    mean = torch.randn(n, 2) @ torch.linalg.cholesky(spread).T
    q = Normal(mean, torch.full((n, 2), math.sqrt(variance)))
    assert total_correlation(q, q.rsample(), n).item() == pytest.approx(0.2231, abs=0.03)


def test_the_density_of_a_batch_expects_that_of_the_whole_set():
    n, size = 12, 4
    q = posterior(n, 2)
    z = q.rsample()
    exact, _ = mixture(q, z, slice(None), torch.full((n, n), 1 / n))
    total = torch.zeros(n)
    count = torch.zeros(n)
    own, others = 1 / n, (n - 1) / (n * (size - 1))
    for rows in itertools.combinations(range(n), size):  # every batch there is
        rows = torch.tensor(rows)
        weights = torch.full((size, size), others).fill_diagonal_(own)
        whole, _ = mixture(q, z[rows], rows, weights)
        total[rows] += whole.exp()
        count[rows] += 1
    torch.testing.assert_close(total / count, exact.exp(), rtol=1e-4, atol=1e-6)


def test_batches_estimate_the_total_correlation_of_the_whole_set():
    n, size = 400, 100
    mean = torch.randn(n, 1) + 0.4 * torch.randn(n, 3)
    q = Normal(mean, torch.full((n, 3), 0.6))
    z = q.rsample()
    estimates = []
    for _ in range(200):
        rows = torch.randperm(n)[:size]
        part = Normal(q.mean[rows], q.stddev[rows])
        estimates.append(total_correlation(part, z[rows], n).item())
    exact = full_total_correlation(q, z)
    assert exact > 0.5 and sum(estimates) / 200 == pytest.approx(exact, rel=0.1)


# --- what the decoder is given -----------------------------------------------------------------


def mask(*neurons):
    return torch.tensor([j in neurons for j in range(LATENTS)])


def test_guided_neurons_get_the_true_code():
    truth, guided = torch.randn(40, LATENTS), mask(3, 5)
    given = mixed_code(posterior(40), truth, guided, True)
    assert torch.equal(given[:, guided], truth[:, guided])
    assert not torch.isclose(given[:, ~guided], truth[:, ~guided]).any()


def test_free_neurons_get_samples_in_every_second_spectrum_and_wide_ones_in_the_others():
    q, guided = posterior(4000, std=1e-4), mask(3, 5)
    given = mixed_code(q, torch.zeros(4000, LATENTS), guided, True)
    torch.testing.assert_close(given[1::2, ~guided], q.mean[1::2, ~guided], atol=1e-3, rtol=0)
    wide = given[0::2, ~guided]
    assert wide.mean().abs() < 0.1 and wide.std().item() == pytest.approx(FREE_REACH, rel=0.05)


def test_without_guidance_every_code_is_a_sample():
    q = posterior(4000, std=0.3)
    given = mixed_code(q, torch.zeros(4000, LATENTS), mask(), True)
    spread = ((given - q.mean) / 0.3).std()
    assert spread.item() == pytest.approx(1, rel=0.02)


def test_a_plain_autoencoder_decodes_its_means():
    q = posterior()
    assert torch.equal(mixed_code(q, torch.zeros(6, LATENTS), mask(), False), q.mean)


def test_reconstruction_pulls_at_the_free_neurons_only():
    mean, log_std = torch.randn(6, LATENTS), torch.randn(6, LATENTS)
    q, guided = Normal(mean.requires_grad_(), log_std.requires_grad_().exp()), mask(3, 5)
    mixed_code(q, torch.randn(6, LATENTS), guided, True).square().sum().backward()
    for gradient in (mean.grad, log_std.grad):
        assert (gradient[:, guided] == 0).all()
        assert (gradient[1::2, ~guided] != 0).all() and (gradient[0::2] == 0).all()


# --- known answers of the linear case ----------------------------------------------------------

EIGENVALUES = (4.0, 2.0, 1.0, 0.5, 0.1)
KNOWN = [  # β at σ = 1, squared error, nats per neuron
    (0.3, 1.3, (1.29513, 0.94856, 0.60199, 0.25541)),
    (1.2, 4.0, (0.60199, 0.25541, 0.0, 0.0)),
    (3.0, 6.6, (0.14384, 0.0, 0.0, 0.0)),
]


@pytest.mark.parametrize(("beta", "squares", "nats"), KNOWN)
def test_a_linear_model_reaches_its_closed_form(beta, squares, nats):
    n, m, double = 400, len(nats), torch.float64
    x = torch.linalg.qr(torch.randn(n, 5, dtype=double)).Q * math.sqrt(n)
    x = x * torch.tensor(EIGENVALUES, dtype=double).sqrt()  # covariance exactly as wanted
    encoder = torch.randn(5, m, dtype=double).mul(0.3).requires_grad_()
    decoder = torch.randn(m, 5, dtype=double).mul(0.3).requires_grad_()
    log_std = torch.zeros(m, dtype=double, requires_grad=True)
    corners = math.sqrt(m) * torch.cat([torch.eye(m), -torch.eye(m)]).to(double)
    optimiser = torch.optim.LBFGS(
        [encoder, decoder, log_std], max_iter=2000, tolerance_change=1e-13, history_size=30
    )

    def terms():
        q = Normal(x @ encoder, log_std.exp().expand(n, m))
        z = q.mean[:, None] + corners * q.stddev[:, None]  # their mean square is E z²: exact
        ones = torch.ones(5, dtype=double)
        return reconstruction(z @ decoder, x[:, None], ones).mean(), kl_to_prior(q).mean(dim=0)

    def loss():
        optimiser.zero_grad()
        rec, kl = terms()
        total = rec + weigh_kl(kl, beta, 0.0, False)
        total.backward()
        return total

    optimiser.step(loss)
    rec, kl = terms()
    assert 2 * rec.item() == pytest.approx(squares, abs=0.01)
    assert sorted(kl.tolist(), reverse=True) == pytest.approx(nats, abs=0.01)
