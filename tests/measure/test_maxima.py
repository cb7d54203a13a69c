"""Where a file has the maxima of its bands."""

from __future__ import annotations

import numpy as np
import pytest

from spectra_vae.measure.bands.maxima import maxima, quick

FWHM = 8.0


def gauss(x, place, fwhm=FWHM):
    return np.exp(-4 * np.log(2) * ((x - place) / fwhm) ** 2)


def found(x, light, noise, centre, fwhm=FWHM):
    error = np.full_like(x, noise)
    return float(maxima(x, light, error, np.array(centre), np.array(fwhm)))


@pytest.mark.parametrize("place", [1000.0, 1000.4, 1001.3, 998.2])
@pytest.mark.parametrize("step", [0.5, 1.0, 3.0])
def test_a_gaussians_is_exact_at_any_step(place, step):
    x = np.arange(960.0, 1040.0, step)
    assert found(x, gauss(x, place), 1e-6, 1000.5) == pytest.approx(place, abs=1e-4)


def test_a_skewed_band_has_it_where_the_file_does():
    x = np.arange(960.0, 1040.0, 0.5)
    light = np.where(x < 1003, gauss(x, 1003, 16.0), gauss(x, 1003, 6.0))
    assert found(x, light, 1e-4, 1000.5, 11.0) == pytest.approx(1003, abs=0.6)


@pytest.mark.parametrize("seed", range(40))
def test_noise_moves_none(seed):
    x = np.arange(960.0, 1040.0, 1.0)
    noise = np.random.default_rng(seed).normal(0, 0.02, len(x))
    assert found(x, gauss(x, 1000) + noise, 0.02, 1000.0) == 1000.0


def test_a_low_band_or_one_without_points_keeps_its_centre():
    x = np.arange(960.0, 1040.0, 1.0)
    assert found(x, gauss(x, 1003), 0.1, 1000.0) == 1000.0  # ten σ high
    gone = np.where(np.abs(x - 1000) < 10, np.inf, 1e-4)
    assert float(maxima(x, gauss(x, 1003), gone, np.array(1000.0), np.array(FWHM))) == 1000.0


def test_many_at_once_are_each_by_itself():
    x = np.arange(960.0, 1040.0, 1.0)
    places = np.array([[999.0, 1001.5], [1002.0, 1000.2]])
    light = gauss(x, places[..., None])
    centre, fwhm = np.full((2, 2), 1000.3), np.full((2, 2), FWHM)
    shape = light.shape
    some = maxima(np.broadcast_to(x, shape), light, np.full(shape, 1e-5), centre, fwhm)
    np.testing.assert_allclose(some, places, atol=1e-3)


@pytest.mark.parametrize("seed", range(5))
def test_the_quick_noise_is_the_noise_and_grows_with_the_light(seed):
    x = np.arange(100.0, 1300.0, 1.0)
    noise = np.random.default_rng(seed).normal(0, 3.0, len(x))
    found = quick((100 + 300 * gauss(x, 700, 20.0) + noise)[None])[0]
    assert np.median(found) == pytest.approx(3.0, rel=0.15)
    assert found[600] == pytest.approx(2 * np.median(found), rel=0.1)
