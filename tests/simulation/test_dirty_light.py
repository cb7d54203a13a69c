"""What reaches the detector in a dirty simulation: each switch alone does what it says."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from dirtied import CALCITE_LIKE, FINE, FLAT, GYPSUM, MAIN, QUIET, X, quiet

from spectra_vae.minerals.profile import Profiles
from spectra_vae.simulation.dirty import simulate_dirty
from spectra_vae.simulation.instrument import ORIENTATION
from spectra_vae.simulation.nuisances import CLEAN, NATURE, Nuisances
from spectra_vae.simulation.slit import shown, through_triangle
from spectra_vae.spectra.bands import area, peak

# --- bands ----------------------------------------------------------------------------------------


def test_positions_scatter_by_their_sigma_and_have_the_common_shift():
    data = quiet(400, NATURE.only("position"), FINE, shift=2.0)
    own = data.table.position - GYPSUM.table["position"]
    assert own.std() == pytest.approx(1.0, abs=0.05) and own.mean() == pytest.approx(2, abs=0.1)
    assert (data.shift == pytest.approx(2.0)) and abs(np.corrcoef(own.T)[0, 1:]).max() < 0.2
    for k in range(20):
        at, height, width = peak(FINE, data.dirty[k], 990, 1030)
        assert at == pytest.approx(data.table.position[k, MAIN], abs=0.05)
        assert height == pytest.approx(1, rel=0.02) and width == pytest.approx(6.1, rel=0.03)


@pytest.mark.parametrize("name", ["width", "mixing", "position"])
def test_shapes_scatter_and_keep_their_areas(name):
    data = quiet(400, NATURE.only(name))
    np.testing.assert_allclose(data.table.area, [[b.area for b in GYPSUM.bands]] * 400, rtol=1e-9)


def test_widths_scatter_by_a_fifth():
    data = quiet(400, NATURE.only("width"), FINE)
    own = np.log(data.table.fwhm / GYPSUM.table["width"])
    assert own.std() == pytest.approx(0.2, abs=0.01) and abs(own.mean()) < 0.02
    for k in range(20):
        assert peak(FINE, data.dirty[k], 960, 1060)[2] == pytest.approx(
            data.table.fwhm[k, MAIN], rel=0.03
        )


def test_mixings_change_the_height_between_areas_and_not_the_width():
    data = quiet(300, NATURE.only("mixing"), FINE)
    np.testing.assert_allclose(data.table.fwhm, np.tile(GYPSUM.table["width"], (300, 1)))
    height = data.table.height[:, MAIN]
    assert height.min() < 0.90 and height.max() > 1.10
    assert peak(FINE, data.dirty[0], 960, 1060)[2] == pytest.approx(6.1, rel=0.03)


def test_orientation_changes_heights_within_its_range_and_spares_the_main_band():
    data = quiet(400, NATURE.only("orientation"))
    ratio = data.table.height / GYPSUM.table["height"]
    assert (ratio[:, MAIN] == 1).all()
    assert ratio.min() >= ORIENTATION[0] and ratio.max() <= ORIENTATION[1]
    assert np.std(np.log(np.delete(ratio, MAIN, axis=1))) > 0.2


def test_unlisted_bands_are_weak_and_the_minerals_own():
    data = quiet(300, NATURE.only("unlisted"))
    some = data.table.kind == "unlisted"
    share = data.table.height[:, some]
    assert some.sum() == 3 and share.min() >= 0.005 and share.max() <= 0.04
    assert not data.extra.any()
    distance = abs(data.table.position[:, some][..., None] - GYPSUM.table["position"]).min(axis=2)
    assert (distance[:, 0] <= 30).all() and distance[:, 1].mean() > 60
    added = data.bands - GYPSUM.spectrum(X)
    assert added.max() < 0.1 and (area(X, added, 100, 3800) > 0).all()


def test_foreign_bands_are_strong_and_stand_apart():
    data = quiet(300, Nuisances(foreign=2))
    some = data.table.kind == "foreign"
    height, fwhm = data.table.height[:, some], data.table.fwhm[:, some]
    assert height.min() >= 0.2 and height.max() <= 1 and fwhm.min() >= 6 and fwhm.max() <= 18
    assert np.quantile(height, 0.5) == pytest.approx(0.6, abs=0.05)
    distance = abs(data.table.position[:, some][..., None] - GYPSUM.table["position"]).min()
    assert distance > 23
    np.testing.assert_allclose(data.bands - data.extra, data.clean, atol=1e-9)
    kept = area(X, data.extra, 100, 3800) / data.table.area[:, some].sum(axis=1)
    assert np.median(kept) == pytest.approx(1, abs=0.03)


def test_a_second_phase_has_its_share_of_the_area():
    data = quiet(4, Nuisances(second=0.25), second=CALCITE_LIKE)
    second = data.table.kind == "second"
    sums = data.table.area[:, second].sum(axis=1), data.table.area.sum(axis=1)
    np.testing.assert_allclose(sums[0] / sums[1], 0.25)
    assert data.extra.argmax(axis=1) == pytest.approx(abs(X - 1085).argmin(), abs=1)


# --- axis -----------------------------------------------------------------------------------------


def test_offset_and_stretch_move_bands_together():
    offset = quiet(400, NATURE.only("offset")).table.position - GYPSUM.table["position"]
    assert offset.std(axis=1).max() < 1e-9 and offset[:, 0].std() == pytest.approx(1, abs=0.12)
    data = quiet(400, NATURE.only("stretch"))
    relative = data.table.position / GYPSUM.table["position"] - 1
    assert relative.std(axis=1).max() < 1e-9
    assert relative[:, 0].std() == pytest.approx(3e-4, rel=0.12)
    np.testing.assert_allclose(data.shift, relative[:, 0] * 1008)


def test_a_bent_axis_is_mended_by_the_formula():
    """Wavelength linear between the ends brings every band back."""
    x, laser = np.arange(100.0, 1300.1, 1.0), 532.0
    data = quiet(2, Nuisances(bend=1.0), x)
    ends = 1e7 / (1e7 / laser - x[[0, -1]])
    mended = 1e7 / laser - 1e7 / np.linspace(*ends, len(x))
    at = peak(mended, data.dirty[0], 980, 1040)[0]
    assert at == pytest.approx(1008, abs=0.1) and abs(data.shift[0]) > 10
    found = peak(x, data.dirty[0], 950, 1050)
    assert found[0] == pytest.approx(data.table.position[0, MAIN], abs=0.1)
    assert found[2] == pytest.approx(data.table.fwhm[0, MAIN], rel=0.02)
    wide = quiet(1, Nuisances(bend=1.0), np.arange(100.0, 3900.0, 1.0))
    assert abs(wide.table.position - GYPSUM.table["position"]).max() < 60


# --- resolution -----------------------------------------------------------------------------------


@pytest.mark.parametrize("triangle", [0.0, 1.0])
def test_resolution_widens_bands_and_keeps_their_areas(triangle):
    data = quiet(60, Nuisances(resolution=1.0, triangle=triangle), FINE)
    assert data.resolution.min() < 3 and data.resolution.max() > 15
    np.testing.assert_allclose(data.table.area, [[b.area for b in GYPSUM.bands]] * 60, rtol=1e-9)
    assert (data.triangular == ((data.resolution > 4) & (triangle > 0))).all()
    for k in range(60):
        _, height, width = peak(FINE, data.dirty[k], 940, 1075)
        assert width == pytest.approx(data.table.fwhm[k, MAIN], rel=0.04)
        assert height == pytest.approx(data.table.height[k, MAIN], rel=0.03)


def test_resolution_is_a_convolution():
    """Against a plain numerical one, whatever the slit."""
    x = np.arange(800.0, 1216.0, 0.1)
    clean = quiet(1, CLEAN, x).bands[0]
    for triangle in (0.0, 1.0):
        data = quiet(30, Nuisances(resolution=1.0, triangle=triangle), x)
        k = int(np.argmax(data.resolution))
        fwhm = math.sqrt(data.resolution[k] ** 2 - 4**2)
        u = np.arange(-60.0, 60.05, 0.1) / fwhm
        slit = np.maximum(1 - abs(u), 0) if triangle else np.exp(-4 * math.log(2) * u**2)
        slow = np.convolve(clean, slit / slit.sum(), mode="same")
        inner = slice(700, -700)
        limit = 1e-3 if triangle else 0.015 * slow.max()  # a Voigt is no pseudo-Voigt
        np.testing.assert_allclose(data.bands[k][inner], slow[inner], atol=limit)


@pytest.mark.parametrize("slit", [0.01, 1.0, 6.0, 19.0])
def test_a_band_through_a_triangle_keeps_its_area(slit):
    bands = Profiles(*(np.array([v]) for v in (0.0, 2.0, 6.0, 0.7)))
    x = np.arange(-3000.0, 3000.0, 0.25)
    y = through_triangle(bands, np.array([slit]), x)[0]
    assert np.trapezoid(y, x) == pytest.approx(float(bands.area[0]), rel=2e-3)
    height, fwhm = shown(bands, np.array([slit]))
    assert y.max() == pytest.approx(height[0], rel=1e-4)
    assert peak(x, y, -60, 60)[2] == pytest.approx(fwhm[0], rel=2e-3)


# --- response -------------------------------------------------------------------------------------


def test_the_response_is_slow_and_multiplies_bands_and_background():
    lit = replace(QUIET, fluorescence=(1.0, 1.0))
    dark, bright = (
        simulate_dirty(GYPSUM, 200, lit, n, 1, factors=FLAT, wavenumber=X)
        for n in (CLEAN, NATURE.only("response"))
    )
    gain = np.log(bright.bands / dark.bands)
    np.testing.assert_allclose(np.log(bright.background / dark.background), gain, atol=1e-9)
    tilt = (gain[:, -1] - gain[:, 0]) / 2
    assert tilt.std() == pytest.approx(0.15, rel=0.2)
    assert abs(np.diff(gain, n=3, axis=1)).max() < 1e-6
    np.testing.assert_allclose(
        bright.table.height[:, MAIN], np.exp(gain[:, abs(X - 1008).argmin()]), rtol=1e-3
    )


def test_an_etalon_ripples_by_no_more_than_its_amount():
    data = quiet(50, Nuisances(etalon=0.05))
    gain = data.bands / data.clean - 1
    assert 0.04 < abs(gain).max() <= 0.05
    crossings = np.sum(np.diff(np.sign(gain), axis=1) != 0, axis=1)
    period = 2 * np.ptp(X) / crossings
    assert period.min() > 36 and period.max() < 220
