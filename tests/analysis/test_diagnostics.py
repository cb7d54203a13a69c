"""KL and its parts, collapse by its name, and the ceilings that noise sets."""

from __future__ import annotations

import tracemalloc
from math import log, sqrt

import numpy as np
import pytest
import torch
from torch.distributions import Normal

from spectra_vae.analysis.diagnostics import carried, collapse, decompose, kl_per_neuron, noisy
from spectra_vae.analysis.metrics import MetricError, mig
from spectra_vae.text.message import say
from spectra_vae.vae.objective import kl_to_prior

MEAN = np.random.default_rng(5).standard_normal((300, 3))
STD = np.random.default_rng(4).uniform(0.1, 1.5, (300, 3))


@pytest.fixture
def rng():
    return np.random.default_rng(8)


def correlated(n, rho=0.8, variance=0.25):
    """Means of two neurons such that the aggregate posterior has unit variances."""
    shared = (1 - variance) * np.array([[1, rho], [rho, 1]])
    mean = np.random.default_rng(1).multivariate_normal(np.zeros(2), shared, n)
    return mean, np.full_like(mean, sqrt(variance))


def plain_parts(mean, std, z):
    """Information, total correlation and dimension-wise KL by loops; outer ends in closed form."""
    joint, marginal = [], []
    for at in z:
        density = np.exp(-0.5 * ((at - mean) / std) ** 2) / (std * sqrt(2 * np.pi))
        joint.append(log(np.mean(density.prod(axis=1))))
        marginal.append(np.log(np.mean(density, axis=0)).sum())
    q = Normal(torch.tensor(mean), torch.tensor(std))
    own = -float(q.entropy().sum(dim=1).mean())
    prior = own - float(kl_to_prior(q).sum(dim=1).mean())
    joint, marginal = np.mean(joint), np.mean(marginal)
    return own - joint, joint - marginal, marginal - prior


def test_kl_is_the_objectives():
    expected = kl_to_prior(Normal(torch.tensor(MEAN), torch.tensor(STD))).mean(dim=0)
    np.testing.assert_allclose(kl_per_neuron(MEAN, STD), expected, rtol=1e-12)


def test_the_parts_are_those_of_the_slow_sum():
    z = MEAN + STD * np.random.default_rng(6).standard_normal(MEAN.shape)
    found = decompose(MEAN, STD, z)
    parts = (found.information, found.total_correlation, found.dimension_wise)
    assert parts == pytest.approx(plain_parts(MEAN, STD, z), abs=1e-10)


def test_the_parts_add_up_to_the_kl():
    found = decompose(MEAN, STD)
    parts = found.information + found.total_correlation + found.dimension_wise
    assert parts == pytest.approx(found.kl, abs=1e-9)
    assert found.kl == pytest.approx(kl_per_neuron(MEAN, STD).sum(), abs=1e-9)


def test_total_correlation_of_a_gaussian():
    found = decompose(*correlated(3_000))
    assert found.total_correlation == pytest.approx(0.2231, abs=0.02)
    assert found.dimension_wise == pytest.approx(0.0, abs=0.03)


def test_information_is_at_most_the_log_of_the_set(rng):
    mean = 100 * rng.standard_normal((200, 2))
    assert decompose(mean, np.full_like(mean, 1e-3)).information == pytest.approx(log(200))


def test_posteriors_at_the_prior_hold_nothing():
    found = decompose(np.zeros((500, 4)), np.ones((500, 4)))
    for part in (found.information, found.total_correlation, found.dimension_wise, found.kl):
        assert part == pytest.approx(0.0, abs=1e-9)


def test_a_large_set_takes_little_memory(rng):
    mean = rng.standard_normal((4_000, 2))
    tracemalloc.start()
    try:
        decompose(mean, np.full_like(mean, 0.3))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 100e6  # the whole n × n × latents would be 256 MB


@pytest.mark.parametrize(
    ("kl", "code", "inside"),
    [
        ([0.0, 0.009, np.nan], "check.collapsed", "collapse"),
        ([1.0, 0.0, 2.0, 0.01], "check.some_silent", "#1, #3"),
        ([1.0, 0.02], "check.all_active", "2"),
    ],
)
def test_collapse_is_named(kl, code, inside):
    message = collapse(kl)
    assert message.code == code
    assert inside in say(message, "en") and say(message, "it")


def test_noise_takes_mig_from_the_truth(rng):
    truth = rng.uniform(-sqrt(3), sqrt(3), (5_000, 5))
    assert mig(noisy(truth, np.full(5, 1e-6)), truth).score == pytest.approx(1.0, abs=0.01)
    assert mig(noisy(truth, np.full(5, sqrt(0.1))), truth).score == pytest.approx(0.371, abs=0.01)
    assert mig(noisy(truth, np.full(5, 100.0)), truth).score < 0.01
    wide = np.tile([1e-6, 1e-6, 1e-6, 1e-6, 100.0], (5_000, 1))
    assert mig(noisy(truth, wide), truth).score == pytest.approx(0.8, abs=0.01)


def test_samples_carry_less_than_their_ceiling(rng):
    truth = {"one": rng.standard_normal(5_000), "two": rng.standard_normal(5_000)}
    std = np.array([0.1, 0.5, 1.0])
    mean = np.column_stack([truth["two"], truth["one"], 0 * truth["one"]]) * np.sqrt(1 - std**2)
    found = carried(mean, np.broadcast_to(std, mean.shape), truth)
    assert [c.factor for c in found[:2]] == ["two", "one"]
    assert [c.neuron for c in found] == [0, 1, 2]
    for c in found:
        assert c.information <= c.ceiling + 0.01
    assert found[0].information > found[1].information > 0.4 and found[2].ceiling < 1e-9
    samples = mean + std * rng.standard_normal(mean.shape)
    kl = kl_per_neuron(mean, np.broadcast_to(std, mean.shape))[:2]
    assert mig(samples, truth).score <= np.minimum(1, kl / log(20)).mean() + 0.01


@pytest.mark.parametrize(
    ("mean", "std"),
    [
        (MEAN, STD[:-1]),
        (MEAN, np.zeros_like(STD)),
        (MEAN, np.where(STD > 1, np.nan, STD)),
        (MEAN * np.inf, STD),
        (MEAN[:, 0], STD[:, 0]),
        (MEAN[:0], STD[:0]),
    ],
)
def test_bad_posteriors_are_refused(mean, std, refused):
    with refused(MetricError):
        decompose(mean, std)


def test_samples_of_another_shape_are_refused(refused):
    with refused(MetricError):
        decompose(MEAN, STD, MEAN[:, :2])
