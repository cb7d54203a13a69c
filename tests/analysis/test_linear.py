"""Rotational ambiguity: equal eigenvalues leave the axes free, and guidance fixes them."""

from __future__ import annotations

import numpy as np
import pytest

from spectra_vae.analysis.linear import train_linear
from spectra_vae.analysis.rate_distortion import linear_gaussian

EQUAL = np.array([2.0, 2.0, 2.0, 0.1, 0.1])
UNEQUAL = np.array([4.0, 2.0, 1.0, 0.1, 0.1])


@pytest.mark.parametrize("values", [EQUAL, UNEQUAL], ids=["equal", "unequal"])
@pytest.mark.parametrize("seed", [0, 1])
def test_the_closed_form_is_reached(values, seed):
    exact = linear_gaussian(values, 1.0, 0.3, 3)
    found = train_linear(values, 1.0, 0.3, 3, seed, guided=False)
    assert found.rate == pytest.approx(exact.rate, rel=0.01)
    assert found.distortion == pytest.approx(exact.distortion, rel=0.01)


def test_two_seeds_agree_on_all_but_the_axes_unless_guided():
    free = [train_linear(EQUAL, 1.0, 0.3, 3, seed, guided=False) for seed in (0, 1)]
    assert free[0].rate == pytest.approx(free[1].rate, rel=1e-3)
    assert free[0].distortion == pytest.approx(free[1].distortion, rel=1e-3)
    assert np.abs((free[0].axes() * free[1].axes()).sum(axis=1)).min() < 0.9
    guided = [train_linear(EQUAL, 1.0, 0.3, 3, seed, guided=True) for seed in (0, 1)]
    for model in guided:
        assert np.diag(model.axes()).min() > 0.999
        assert model.rate == pytest.approx(free[0].rate, rel=0.02)


def test_unequal_eigenvalues_choose_the_axes_themselves():
    found = train_linear(UNEQUAL, 1.0, 0.3, 3, 0, guided=False)
    assert sorted(np.abs(found.axes()).argmax(axis=1)) == [0, 1, 2]
    assert np.abs(found.axes()).max(axis=1).min() > 0.99
