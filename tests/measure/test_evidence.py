"""The evidence for one more band against its plain sum; where it is needed: among many places."""

from __future__ import annotations

import numpy as np
import pytest

from spectra_vae.measure.detection.evidence import HEIGHTS, WIDEST, evidence

WIDTH = np.array([5.0, 5.0, 8.0, 13.0, 34.0])


def plain(width, heights, significances, unit):
    """The same, term by term."""
    found = []
    for h_row, s_row, u in zip(heights, significances, unit, strict=True):
        total, room = 0.0, 0.0
        for w, h, s in zip(width, h_row, s_row, strict=True):
            if w > WIDEST or s == 0:
                continue
            power = (s / h) ** 2  # h = pulled / power, s = pulled / √power
            for height in HEIGHTS:
                a = height * u
                total += w * np.exp(a * h * power - 0.5 * a**2 * power)
                room += w
        found.append(np.log(total / room))
    return np.array(found)


def filtered(rng, rows):
    """Heights and significances as a filter gives them, of points of unequal noise."""
    power = rng.uniform(1, 400, (rows, len(WIDTH)))
    pulled = rng.normal(size=power.shape) * np.sqrt(power)
    return pulled / power, pulled / np.sqrt(power)


@pytest.mark.parametrize("seed", range(3))
def test_it_is_the_mean_likelihood_ratio(seed):
    rng = np.random.default_rng(seed)
    heights, significances = filtered(rng, 4)
    significances[0, 1] = 0.0  # a place that doesn't count
    unit = rng.uniform(0.5, 2, 4)
    expected = plain(WIDTH, heights, significances, unit)
    assert evidence(WIDTH, heights, significances, unit) == pytest.approx(expected, abs=1e-4)


def test_a_band_of_a_likely_height_counts_more_than_a_tall_one_in_the_noise():
    unit = np.ones(2)
    significances = np.array([[0.1, 0.1, 4.0, 0.1, 0.1]] * 2)
    heights = np.where(significances > 1, np.array([[0.2], [20.0]]), 0.01)
    likely, unlikely = evidence(WIDTH, heights, significances, unit)
    assert likely > unlikely + 2


def test_a_wide_hump_is_no_evidence():
    nothing = np.full((1, 5), 1e-3)
    hump = nothing.copy()
    hump[0, 4] = 50.0
    args = (np.ones((1, 5)), nothing, np.ones(1))
    before = evidence(WIDTH, *args)
    assert evidence(WIDTH, np.ones((1, 5)), hump, np.ones(1)) == pytest.approx(before)


def test_where_no_filter_counts_there_is_none():
    none = np.zeros((2, 5))
    assert np.isfinite(evidence(WIDTH, none, none, np.ones(2))).all()
