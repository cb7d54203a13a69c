"""Bands in any spectrum: areas, peaks, and a fit that separates overlapping ones."""

from __future__ import annotations

import numpy as np
import pytest

from spectra_vae.minerals import default_axis, mineral
from spectra_vae.spectra.bands import area, fit_bands, peak

GYPSUM = mineral("gypsum")
X = default_axis()


def gauss(x, position, width):
    return np.exp(-4 * np.log(2) * ((x - position) / width) ** 2)


@pytest.mark.parametrize("width", [6.0, 12.0, 40.0])
@pytest.mark.parametrize("position", [1000.3, 1008.0, 1015.9])
def test_a_peak_is_read_between_the_points(position, width):
    x = np.arange(900.0, 1100.0, 1.5)
    at, height, fwhm = peak(x, 3 * gauss(x, position, width), 920, 1080)
    assert at == pytest.approx(position, abs=0.05)
    assert height == pytest.approx(3, rel=0.005) and fwhm == pytest.approx(width, rel=0.01)


def test_a_peak_wider_than_its_window_ends_there():
    x = np.arange(900.0, 1100.0)
    assert peak(x, gauss(x, 1000, 500), 960, 1040)[2] == pytest.approx(80)


def test_areas_add_up_and_batch():
    curves = GYPSUM.spectrum(X, hydration=[0.0, 1.0, 1.5])
    whole = area(X, curves, 100, 4000)
    parts = area(X, curves, 100, 3000) + area(X, curves, 3000, 4000)
    assert whole.shape == (3,) and parts == pytest.approx(whole, rel=1e-12)
    # trapezoids over a coarse stretch, and Lorentz tails that leave the axis
    assert whole[1] == pytest.approx(sum(b.area for b in GYPSUM.bands), rel=0.05)


@pytest.mark.parametrize("crystallinity", [0.2, 0.755, 1.0])
def test_a_fit_finds_every_band_of_a_clean_spectrum(crystallinity):
    x = np.arange(100.0, 4000.0, 1.0)
    y = GYPSUM.spectrum(x, crystallinity=crystallinity, shift=3.0)
    scale = float(GYPSUM.factor("crystallinity").width_scale(crystallinity))
    found = fit_bands(GYPSUM, x, y, shift=3.0, width_scale=scale)
    assert len(found) == len(GYPSUM.bands)
    for fitted, band in zip(found, GYPSUM.bands, strict=True):
        assert fitted.position == pytest.approx(band.position + 3, abs=0.05)
        assert fitted.fwhm == pytest.approx(band.width * scale, rel=0.01)
        assert fitted.height == pytest.approx(band.height / scale, rel=0.02)
        assert fitted.area == pytest.approx(band.area, rel=0.02)


def test_a_fit_starts_a_little_off_and_still_arrives():
    x = np.arange(100.0, 4000.0, 1.0)
    found = fit_bands(GYPSUM, x, GYPSUM.spectrum(x, shift=1.5), shift=0.0, width_scale=1.15)
    main = next(b for b in found if b.name == "ν1")
    assert main.position == pytest.approx(1009.5, abs=0.05)
    assert main.fwhm == pytest.approx(6.1, rel=0.02)


def test_bands_outside_the_axis_are_left_out():
    x = np.arange(900.0, 1200.0)
    assert [b.name for b in fit_bands(GYPSUM, x, GYPSUM.spectrum(x))] == ["ν1", "ν3"]
    far = np.arange(2000.0, 2500.0)
    assert fit_bands(GYPSUM, far, np.ones_like(far)) == ()


def test_a_fitted_band_is_plain_data():
    x = np.arange(900.0, 1200.0)
    told = fit_bands(GYPSUM, x, GYPSUM.spectrum(x))[0].to_dict()
    assert told["group"] == "sulfate" and told["assignment"] == "SO4 stretch"
    assert told["position_interval"] is None and told["height_interval"] is None
