"""Scores of codes whose answer is known: closed forms and the invariances of the definitions."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest

from spectra_vae.analysis.metrics import MetricError, active_units, dci, information, mcc, mig, sap

N = 5_000
TRUTH = np.random.default_rng(11).uniform(-sqrt(3), sqrt(3), (N, 5))  # unit variance
NOISE = np.random.default_rng(12).standard_normal((N, 5))
MANY = slice(0, 3_000)  # for what trees find of known codes to a hundredth
FEW = slice(0, 1_500)  # enough for trees where the tolerance allows


def rotated():
    codes = TRUTH.copy()
    codes[:, 0], codes[:, 1] = (TRUTH[:, 0] - TRUTH[:, 1]), (TRUTH[:, 0] + TRUTH[:, 1])
    return codes


def with_dead(where):
    dead = np.full((N, 3), [0.0, 1.0, 0.1])
    at = {"first": 0, "middle": 2, "last": 5}[where]
    return np.hstack([TRUTH[:, :at], dead, TRUTH[:, at:]])


NOISY = TRUTH + NOISE * sqrt(0.1)  # 10 dB
DUPLICATED = np.hstack([TRUTH, TRUTH])


def plain_information(z, v, bins):
    """Mutual information, bin by bin, without correction."""
    z_bin, v_bin = (np.argsort(np.argsort(a)) * bins // len(a) for a in (z, v))
    total = 0.0
    for i in range(bins):
        for j in range(bins):
            joint = np.mean((z_bin == i) & (v_bin == j))
            if joint:
                total += joint * log(joint / (np.mean(z_bin == i) * np.mean(v_bin == j)))
    return total


def test_information_is_that_of_the_slow_sum():
    fast = information(NOISY[:, :2], TRUTH[:, :2], bins=10, corrected=False)
    slow = [[plain_information(z, v, 10) for v in TRUTH[:, :2].T] for z in NOISY[:, :2].T]
    np.testing.assert_allclose(fast, slow, atol=1e-12)


def test_information_of_a_gaussian_channel():
    code = NOISE[:, :1] + 0.5 * NOISE[:, 1:2]  # correlation 1/√1.25
    exact = -0.5 * log(1 - 1 / 1.25)
    assert information(code, NOISE[:, :1])[0, 0] == pytest.approx(exact, abs=0.04)


@pytest.mark.parametrize(
    ("codes", "raw", "score"),
    [
        (TRUTH, 0.987, 1.0),
        (np.exp(TRUTH), 0.987, 1.0),
        (rotated(), 0.595, 0.602),
        (DUPLICATED, 0.0, 0.0),
        (NOISE, 0.0, 0.0),
        (NOISY, 0.364, 0.371),
    ],
    ids=["identity", "exp", "rotated", "duplicated", "noise", "10 dB"],
)
def test_mig_of_known_codes(codes, raw, score):
    found = mig(codes, TRUTH)
    assert found.raw == pytest.approx(raw, abs=0.01)
    assert found.score == pytest.approx(score, abs=0.01)
    assert found.per_factor.shape == (5,) and found.score == found.per_factor.mean()


@pytest.mark.parametrize(
    ("codes", "d", "c", "i"),
    [
        (TRUTH, 1.0, 1.0, 1.0),
        (np.exp(TRUTH), 1.0, 1.0, 1.0),
        (rotated(), 0.828, 0.828, 1.0),
        (DUPLICATED, 1.0, 0.70, 1.0),
        (NOISE, 0.0, 0.0, 0.0),
        (NOISY, 0.938, 0.938, 0.91),
    ],
    ids=["identity", "exp", "rotated", "duplicated", "noise", "10 dB"],
)
def test_dci_of_known_codes(codes, d, c, i):
    found = dci(codes[MANY], TRUTH[MANY])
    assert found.disentanglement == pytest.approx(d, abs=0.01)
    assert found.completeness == pytest.approx(c, abs=0.01)
    assert found.informativeness == pytest.approx(i, abs=0.03)
    np.testing.assert_allclose(found.importance.sum(axis=0), 1.0)


def test_sap_and_mcc_of_known_codes():
    assert sap(TRUTH, TRUTH) == pytest.approx(1.0, abs=0.005)
    assert sap(np.exp(TRUTH), TRUTH) == pytest.approx(0.84, abs=0.01)
    assert sap(rotated(), TRUTH) == pytest.approx(0.61, abs=0.01)
    assert sap(NOISY, TRUTH) == pytest.approx(0.91, abs=0.01)
    assert sap(DUPLICATED, TRUTH) == 0.0
    assert mcc(TRUTH, TRUTH) == pytest.approx(1.0)
    assert mcc(NOISE, TRUTH) < 0.05
    gaussian = NOISE[:, :2] @ [[sqrt(0.75), 0], [0.5, 1]]  # correlation ½ with the first
    exact = (6 / np.pi * np.arcsin(sqrt(0.75) / 2) + 1) / 2
    assert mcc(gaussian, NOISE[:, :2]) == pytest.approx(exact, abs=0.01)


@pytest.mark.parametrize("score", [lambda z: mig(z, TRUTH).score, lambda z: mcc(z, TRUTH)])
def test_permutation_sign_scale_and_monotone_maps_change_nothing(score):
    plain = score(NOISY)
    changed = [NOISY[:, [3, 1, 4, 0, 2]], -NOISY, NOISY * [1e-6, 1, -2, 3, 1e6], np.exp(NOISY)]
    assert [score(z) for z in changed] == pytest.approx([plain] * 4, abs=1e-12)


def test_dci_and_sap_take_permutation_sign_and_scale():
    z, v = NOISY[FEW], TRUTH[FEW]
    plain, other = dci(z, v), dci(z[:, [3, 1, 4, 0, 2]] * [-1, 2, -3, 0.1, 5], v)
    for name in ("disentanglement", "completeness", "informativeness"):
        assert getattr(other, name) == pytest.approx(getattr(plain, name), abs=0.01)
    assert sap(z[:, ::-1] * -2, v) == pytest.approx(sap(z, v))


@pytest.mark.parametrize("where", ["first", "middle", "last"])
def test_dead_codes_change_nothing(where):
    codes = with_dead(where)
    assert mig(codes, TRUTH).score == mig(TRUTH, TRUTH).score
    assert mcc(codes, TRUTH) == pytest.approx(1.0)
    assert sap(codes, TRUTH) == pytest.approx(sap(TRUTH, TRUTH))
    few, plain = dci(codes[FEW][:300], TRUTH[FEW][:300]), dci(TRUTH[FEW][:300], TRUTH[FEW][:300])
    assert few.completeness == plain.completeness
    assert few.disentanglement == plain.disentanglement
    dead = np.ptp(codes, axis=0) == 0
    assert not few.importance[dead].any() and few.importance[~dead].any()


def test_codes_that_are_all_dead_score_nothing():
    dead = np.ones((300, 4))
    found = dci(dead, TRUTH[:300])
    assert (found.disentanglement, found.completeness, found.informativeness) == (0, 0, 0)
    assert mig(dead, TRUTH[:300]).score == mcc(dead, TRUTH[:300]) == sap(dead, TRUTH[:300]) == 0


def test_one_neuron_and_one_factor():
    z, v = NOISY[FEW][:, :1], TRUTH[FEW][:, :1]
    found = dci(z, v)
    assert found.disentanglement == found.completeness == 1.0
    assert mig(z, v).score == pytest.approx(information(z, v)[0, 0] / log(20), rel=0.01)


def test_a_leak_must_be_pruned_and_active_units_does():
    leaky = np.hstack([TRUTH, 1e-3 * TRUTH[:, :1]])
    assert mig(leaky, TRUTH).per_factor[0] == pytest.approx(0.0, abs=1e-9)
    alive = active_units(leaky)
    assert alive == (0, 1, 2, 3, 4)
    assert mig(leaky[:, alive], TRUTH).score == pytest.approx(1.0, abs=0.01)


def test_discrete_factors_have_their_own_bins():
    on = (TRUTH[:, :1] > 0).astype(float)
    assert mig(TRUTH, on).score == pytest.approx(1.0, abs=0.02)


def test_factors_may_be_named():
    named = dict(zip("abcde", TRUTH.T, strict=True))
    assert mig(NOISY, named).score == mig(NOISY, TRUTH).score


BAD = np.where(np.arange(N)[:, None] == 7, np.nan, TRUTH)


@pytest.mark.parametrize("score", [mig, dci, mcc, sap, information])
@pytest.mark.parametrize(
    ("codes", "factors"),
    [
        (BAD, TRUTH),
        (TRUTH, BAD),
        (TRUTH, np.full((N, 2), np.inf)),
        (TRUTH[:-1], TRUTH),
        (TRUTH[:10], TRUTH[:10]),
        (TRUTH, np.hstack([TRUTH, np.ones((N, 1))])),
        (TRUTH[:, 0], TRUTH),
        (TRUTH, TRUTH[:, 0]),
        (TRUTH[:, :0], TRUTH),
        (TRUTH, {}),
        (TRUTH, {"a": TRUTH[:, 0], "b": TRUTH[:-1, 0]}),
    ],
)
def test_bad_input_gets_one_sentence(score, codes, factors, refused):
    with refused(MetricError):
        score(codes, factors)


def test_a_constant_factor_is_named(refused):
    with refused(MetricError) as caught:
        mcc(TRUTH, {"water": TRUTH[:, 0], "heat": np.ones(N)})
    assert "heat" in str(caught.value)


@pytest.mark.parametrize("bins", [1, 0, 2.5, 10**6])
def test_bins_must_be_a_sensible_number(bins, refused):
    with refused(MetricError):
        mig(TRUTH, TRUTH, bins=bins)
