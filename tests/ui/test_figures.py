"""Figures keep what a screen can't show all of: gaps and extremes."""

import numpy as np
import pytest

from spectra_vae.ui.figures.base import LONGEST, thinned


def long_file(points=9_000):
    x = np.concatenate([np.linspace(100, 600, points), np.linspace(800, 1300, points)])
    return x, np.sin(x / 50)


def test_a_gap_stays_a_gap_however_long_the_file():
    x, y = thinned(*long_file())
    assert np.isnan(y).sum() == 1
    assert len(x) <= LONGEST + 8


@pytest.mark.parametrize("at", [1, 777, 4_321, 8_998, 12_345])
def test_a_spike_of_one_point_is_never_thinned_away(at):
    x, y = long_file()
    y[at] = 50.0
    assert np.nanmax(thinned(x, y)[1]) == 50.0


def test_a_short_line_is_left_alone():
    x = np.linspace(100, 200, 50)
    same_x, same_y = thinned(x, x**2)
    assert np.array_equal(same_x, x) and np.array_equal(same_y, x**2)


def test_left_out_points_stay_left_out():
    x, y = long_file()
    y[100] = np.nan
    assert np.isfinite(thinned(x, y)[1]).sum() > 0
