"""Agreement of models without labels: order, sign and silent neurons don't matter, axes do."""

from __future__ import annotations

import numpy as np
import pytest

from spectra_vae.analysis.metrics import MetricError
from spectra_vae.analysis.udr import LASSO_ALPHA, agreement, udr

N = 4_000
KINDS = ("spearman", "lasso")


@pytest.fixture(scope="module")
def codes():
    return np.random.default_rng(0).standard_normal((N, 3))


def turned(codes):
    """The first two neurons turned by 45°."""
    c = np.sqrt(0.5)
    out = codes.copy()
    out[:, :2] = codes[:, :2] @ np.array([[c, -c], [c, c]])
    return out


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "change",
    [
        lambda z: z,
        lambda z: z[:, [2, 0, 1]],
        lambda z: z * [1, -1, -1],
        lambda z: z * [3, 0.1, 7] + 5,
        lambda z: np.column_stack([z[:, 1], np.zeros(N), -z[:, 0], np.zeros(N), z[:, 2]]),
    ],
    ids=["identical", "permuted", "flipped", "scaled", "with dead ones"],
)
def test_the_same_neurons_agree(codes, change, kind):
    # Chance correlations of 1/√n beside the one; the Lasso takes its penalty off the weight of 1.
    expected, tolerance = (1.0, 0.06) if kind == "spearman" else (1 - LASSO_ALPHA, 0.002)
    found = udr([codes, change(codes)], similarity=kind)
    assert found.scores == pytest.approx([expected, expected], abs=tolerance)


def test_a_monotone_map_keeps_ranks(codes):
    np.testing.assert_allclose(
        udr([codes, np.exp(codes)]).scores, udr([codes, codes]).scores, rtol=1e-12
    )


def test_turned_neurons_disagree_by_the_closed_form():
    pair = np.random.default_rng(1).standard_normal((40_000, 2))
    rank = 6 / np.pi * np.arcsin(np.sqrt(0.5) / 2)  # Spearman of Gaussians at r = √½
    assert udr([pair, turned(pair)]).scores == pytest.approx([rank / 2] * 2, abs=0.01)
    weight = np.sqrt(0.5) - LASSO_ALPHA
    lasso = udr([pair, turned(pair)], similarity="lasso")
    assert lasso.scores == pytest.approx([weight / 2] * 2, abs=0.01)


def test_the_matrix_alone():
    assert agreement(np.eye(4)) == 1.0 == agreement(-np.eye(3)[[2, 0, 1]])
    assert agreement(np.full((2, 2), np.sqrt(0.5))) == pytest.approx(np.sqrt(0.5) / 2)
    assert agreement(np.zeros((2, 3))) == 0.0 == agreement(np.zeros((0, 3)))
    # A neuron that two of the other model share: 1/3 (½ + 1 + 1).
    assert agreement([[1.0, 1.0]]) == pytest.approx(2.5 / 3)


@pytest.mark.parametrize("kind", KINDS)
def test_independent_codes_have_nothing_in_common(codes, kind):
    other = np.random.default_rng(9).standard_normal(codes.shape)
    assert (udr([codes, other], similarity=kind).scores < 0.03).all()


def test_silent_neurons_are_masked(codes):
    noise = np.random.default_rng(5).standard_normal((2, N, 5))
    full = [np.column_stack([codes, noise[k]]) for k in (0, 1)]
    told = [np.arange(8) < 3] * 2
    assert udr(full).scores.max() < 0.6
    np.testing.assert_allclose(udr(full, told).scores, udr([codes, codes]).scores)


def test_nothing_informative_agrees_with_nothing(codes):
    assert (udr([codes, codes], [[True] * 3, [False] * 3]).scores == 0).all()


def test_the_one_that_is_turned_is_ranked_last_and_never_best(codes):
    found = udr([codes, turned(codes), -codes, codes[:, [1, 0, 2]]])
    assert np.argmin(found.scores) == 1 != found.best
    assert found.pairs.shape == (4, 4) and np.isnan(found.pairs.diagonal()).all()
    np.testing.assert_array_equal(found.pairs, found.pairs.T)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda z: [z],
        lambda z: [z, z[:-1]],
        lambda z: [z[:5], z[:5]],
        lambda z: [z, z * np.nan],
        lambda z: [z, z[:, 0]],
    ],
)
def test_what_cannot_be_compared_is_refused(codes, wrong, refused):
    with refused(MetricError):
        udr(wrong(codes))


def test_a_mask_of_another_model_is_refused(codes, refused):
    with refused(MetricError):
        udr([codes, codes], [[True] * 3, [True] * 2])
