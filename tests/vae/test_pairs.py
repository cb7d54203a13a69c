"""Pairs, two instruments and correlated factors: what the data hold and what posteriors share."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.stats import kstest, spearmanr
from torch.distributions import Normal, kl_divergence

from spectra_vae.minerals import default_axis, mineral
from spectra_vae.simulation.instrument import PRESETS
from spectra_vae.vae.codes import correlated, in_pairs, same_state, training_codes
from spectra_vae.vae.data import training_set
from spectra_vae.vae.objective import loss_of
from spectra_vae.vae.pairs import average, disagreement, similar
from spectra_vae.vae.train import steps

GYPSUM = mineral("gypsum")
NAMES = [f.name for f in GYPSUM.factors]
PURITY = NAMES.index("purity")


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def codes(n=4000, factors=5, seed=0):
    return training_codes(n, factors, np.random.default_rng(seed))


# --- correlated codes --------------------------------------------------------------------------


@pytest.mark.parametrize("rank", [-0.99, -0.5, 0.0, 0.3, 0.9])
def test_two_factors_get_the_rank_correlation_asked_for_and_keep_their_marginals(rank):
    free = codes(20_000)
    out = correlated(free, np.zeros(free.shape, bool), 1, 3, rank)
    assert spearmanr(out[:, 1], out[:, 3]).statistic == pytest.approx(rank, abs=0.02)
    assert np.array_equal(np.delete(out, 3, axis=1), np.delete(free, 3, axis=1))
    assert kstest(out[:, 3], codes(20_000, seed=1)[:, 3]).pvalue > 1e-3


def test_what_is_kept_stays_and_the_other_one_moves():
    free = codes(300)
    kept = np.zeros(free.shape, bool)
    kept[:100, 1], kept[100:200, 3], kept[200:, [1, 3]] = True, True, True
    moved = correlated(free, kept, 1, 3, 0.8) != free
    assert moved[:100, 3].all() and moved[100:200, 1].all() and moved.sum() == 200


def test_no_correlation_leaves_codes_where_they_are():
    free = codes(500)
    out = correlated(free, np.zeros(free.shape, bool), 0, 1, 0.0)
    np.testing.assert_allclose(out, free, atol=1e-3)


# --- codes in pairs ----------------------------------------------------------------------------


def test_pairs_share_all_paired_factors_but_one():
    paired = np.array([0, 1, 3])
    both, changed = in_pairs(codes(), paired, np.random.default_rng(0))
    same = both[:2000] == both[2000:]
    assert not same[:, [2, 4]].any()  # nuisances: each member has its own
    assert (same[:, paired].sum(axis=1) == 2).all()
    assert not same[np.arange(2000), changed].any()
    np.testing.assert_allclose(np.bincount(changed)[paired], 2000 / 3, rtol=0.1)


@pytest.mark.parametrize("paired", [[0, 1, 2, 3, 4], [0, 2], [1, 2], [2, 4]])
def test_both_members_of_pairs_have_the_correlation(paired):
    free = codes(40_000)
    both, changed = in_pairs(free, np.array(paired), np.random.default_rng(0), (0, 1, 0.7))
    same = both[:20_000] == both[20_000:]
    assert (same[:, paired].sum(axis=1) == len(paired) - 1).all()
    for half in np.split(both, 2):
        assert spearmanr(half[:, 0], half[:, 1]).statistic == pytest.approx(0.7, abs=0.02)
        for k in np.unique(changed):
            rows = half[changed == k]
            assert spearmanr(rows[:, 0], rows[:, 1]).statistic == pytest.approx(0.7, abs=0.04)


# --- the training set --------------------------------------------------------------------------


def test_a_set_in_pairs_says_what_each_pair_shares(couples, small):
    config, half = small("pairs"), len(couples.clean) // 2
    neurons = [*config.guided.values()]
    assert couples.shared.shape == (half, 8)
    assert (couples.shared[:, neurons].sum(axis=1) == len(neurons) - 1).all()
    assert not np.delete(couples.shared, neurons, axis=1).any()
    same = couples.codes[:half] == couples.codes[half:]
    assert np.array_equal(same[:, neurons], couples.shared[:, neurons])


def test_a_batch_in_pairs_holds_partners_half_a_batch_apart(couples):
    batch = couples.batch(64, np.random.default_rng(0))
    shared = batch.shared.numpy()
    one, two = batch.code[:32].numpy(), batch.code[32:].numpy()
    assert shared.shape == (32, 8) and (one[shared] == two[shared]).all()
    told = shared.any(axis=0)
    assert (one[:, told][~shared[:, told]] != two[:, told][~shared[:, told]]).all()


def test_members_of_a_pair_are_one_crystal_measured_twice(small):
    device = PRESETS["lab-532"]  # crystals oriented as they like, on an axis of their own
    data = training_set(small("pairs", spectra=64, instrument=device))
    brighter = np.flatnonzero(~data.shared[:, small("pairs").guided["intensity"]])
    ratio = data.light[brighter + 32] / data.light[brighter]
    assert len(brighter) > 3 and np.ptp(ratio, axis=1).max() < 1e-4
    batch = data.batch(32, np.random.default_rng(0))
    noise = batch.value - torch.from_numpy(data.light[:1])
    assert not torch.equal(noise[:16], noise[16:])


def test_ada_knows_no_neurons_and_pairs_need_no_values(couples, small):
    batch = couples.batch(32, np.random.default_rng(0))
    silly = replace(batch, code=torch.full_like(batch.code, torch.nan))  # never looked at
    model = next(steps(small("pairs"), couples)).model
    named = torch.tensor([j in small("pairs").named_neurons for j in range(8)])
    weight = torch.ones(len(couples.wavenumber))
    for config in (small("pairs"), small("ada")):
        loss = loss_of(model, silly, config, 1, weight, named & (config.supervision == "pairs"))
        assert torch.isfinite(loss.total) and torch.isfinite(loss.kl).all()
    assert small("ada").named_neurons == ()


# --- two instruments ---------------------------------------------------------------------------

COARSE = replace(PRESETS["portable-785"], orientation=None)


@pytest.mark.parametrize("kind", ["guided", "unsupervised", "plain", "pairs", "ada"])
def test_half_of_the_inputs_come_through_the_partner(kind, small):
    data = training_set(small(kind, spectra=128, partner=COARSE))
    batch = data.batch(64, np.random.default_rng(0))
    end = torch.from_numpy(data.wavenumber > 3000)  # where the partner records nothing
    assert (batch.mask[:32, end] == 1).all() and (batch.mask[32:, end] == 0).all()
    counts = np.split(data.counts, 2)
    assert np.ptp(counts[0]) > 0 and (counts[1] == COARSE.counts).all()


def test_a_partner_changes_the_light_and_not_the_target(small):
    alone, both = (training_set(small("pairs", spectra=64, partner=p)) for p in (None, COARSE))
    assert np.array_equal(alone.clean, both.clean) and np.array_equal(alone.codes, both.codes)
    assert np.array_equal(alone.light[:32], both.light[:32])
    tops = both.light[32:].max(axis=1) / alone.light[32:].max(axis=1)
    assert (tops < 1).all() and np.median(tops) < 0.9  # a coarser response lowers narrow bands


def test_a_purity_that_the_partner_sets_is_told_as_it_is(small):
    data = training_set(small(spectra=64, partner=COARSE))
    told = GYPSUM.factor("purity").value(data.codes[32:, 6])
    np.testing.assert_allclose(told, np.log10(COARSE.counts), rtol=1e-5)


# --- posteriors --------------------------------------------------------------------------------


def posterior(rows=10, latents=4):
    return Normal(torch.randn(rows, latents), torch.rand(rows, latents) + 0.1)


def test_shared_neurons_get_the_mean_of_means_and_of_variances():
    q, shared = posterior(), torch.rand(5, 4) < 0.5
    out = average(q, shared)
    for i in range(5):
        for j in range(4):
            for row in (i, i + 5):
                mean, variance = q.mean[row, j], q.variance[row, j]
                if shared[i, j]:
                    mean = (q.mean[i, j] + q.mean[i + 5, j]) / 2
                    variance = (q.variance[i, j] + q.variance[i + 5, j]) / 2
                assert out.mean[row, j] == pytest.approx(mean.item(), rel=1e-6)
                assert out.variance[row, j] == pytest.approx(variance.item(), rel=1e-6)


def test_what_lies_below_the_middle_of_a_pair_seems_shared():
    q = posterior()
    apart = kl_divergence(
        Normal(q.mean[:5], q.stddev[:5]), Normal(q.mean[5:], q.stddev[5:])
    ).numpy()
    for row, found in zip(apart, similar(q).numpy(), strict=True):
        middle = (row.min() + row.max()) / 2
        assert list(found) == [d < middle for d in row]
    assert not similar(q).all(dim=-1).any()  # something always differs


def test_a_pair_that_differs_in_one_neuron_shares_the_others():
    mean = torch.zeros(2, 4)
    mean[1, 2] = 3.0
    q = Normal(mean, torch.full((2, 4), 0.3))
    assert similar(q).tolist() == [[True, True, False, True]]


def test_averaging_lets_slopes_through():
    mean = torch.randn(6, 4, requires_grad=True)
    q = Normal(mean, torch.ones(6, 4))
    average(q, torch.ones(3, 4, dtype=torch.bool)).mean[:3].sum().backward()
    assert (mean.grad == 0.5).all()


# --- two instruments that have to agree --------------------------------------------------------


def test_one_state_and_everything_else_its_own():
    free = codes(40)
    both = same_state(free, np.array([0, 3]))
    assert np.array_equal(both[:20], free[:20])
    same = both[:20] == both[20:]
    assert same[:, [0, 3]].all() and not same[:, [1, 2, 4]].any()


def test_both_instruments_see_the_same_mineral(small):
    config = small(spectra=128, partner=COARSE, agreement=100.0)
    batch = training_set(config).batch(64, np.random.default_rng(0))
    one, two = np.split(batch.code.numpy(), 2)
    state = list(config.state_neurons)
    assert state == [3, 5] and np.array_equal(one[:, state], two[:, state])
    assert (one[:, [4, 7]] != two[:, [4, 7]]).all() and batch.shared is None
    end = torch.from_numpy(default_axis() > 3000)  # where the partner records nothing
    assert (batch.mask[:32, end] == 1).all() and (batch.mask[32:, end] == 0).all()


def test_disagreement_is_the_density_of_no_difference():
    q = posterior()
    variance = q.variance[:5] + q.variance[5:]
    wanted = -Normal(q.mean[:5] - q.mean[5:], variance.sqrt()).log_prob(torch.zeros(()))
    apart = disagreement(q)
    torch.testing.assert_close(apart - apart[0, 0], wanted - wanted[0, 0])


def test_agreement_counts_the_minerals_neurons_alone(small):
    config = small(spectra=64, partner=COARSE, agreement=100.0)
    data = training_set(config)
    model = next(steps(config, data)).model
    batch = data.batch(32, np.random.default_rng(0))
    weight = torch.ones(len(data.wavenumber))
    named = torch.tensor([j in config.named_neurons for j in range(8)])
    totals = []
    for changed in (config, replace(config, agreement=0.0)):
        torch.manual_seed(0)
        totals.append(loss_of(model, batch, changed, 1, weight, named).total)
    q = model.encoder(batch.value, batch.mask)
    wanted = 100.0 * disagreement(q)[:, [3, 5]].sum(dim=-1).mean()
    torch.testing.assert_close(totals[0] - totals[1], wanted, rtol=1e-3, atol=0.1)
