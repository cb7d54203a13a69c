"""What reaches a detector: orientation, resolution, a stretched axis, a background."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spectra_vae.minerals import default_axis, mineral
from spectra_vae.simulation.instrument import Instrument
from spectra_vae.simulation.optics import fluorescence, through_optics
from spectra_vae.spectra.bands import peak

GYPSUM = mineral("gypsum")
X = default_axis()
QUIET = Instrument(fluorescence=(0.0, 0.0), spikes=0.0, readout=0.0)


def reference(n=1, **given):
    """Factors name → (n,) at their reference, but for the given ones."""
    return {f.name: np.full(n, given.get(f.name, f.reference)) for f in GYPSUM.factors}


def amplitudes(light, factors):
    """How strong each band is in each spectrum (n, bands), by least squares."""
    parts = GYPSUM.parts(X, {k: v[0] for k, v in factors.items()})
    return np.linalg.lstsq(parts.T, light.T, rcond=None)[0].T


def test_orientation_keeps_the_main_band_and_moves_the_others_within_its_range():
    factors = reference(200)
    device = replace(QUIET, orientation=(0.4, 2.5))
    found = amplitudes(
        through_optics(device, GYPSUM, X, factors, np.random.default_rng(0)), factors
    )
    main = GYPSUM.bands.index(GYPSUM.main)
    others = np.delete(found, main, axis=1)
    np.testing.assert_allclose(found[:, main], 1, atol=1e-9)
    assert others.min() > 0.4 - 1e-9 and others.max() < 2.5 + 1e-9
    assert others.min() < 0.6 and others.max() > 1.8  # single crystals
    assert (np.abs(np.log(others)).max(axis=1) < 0.1).any()  # and powders


def test_a_plain_instrument_shows_the_mineral_itself():
    factors = reference(3, hydration=0.4, shift=2.0)
    light = through_optics(QUIET, GYPSUM, X, factors, np.random.default_rng(0))
    np.testing.assert_allclose(light, GYPSUM.spectrum(X, **factors), rtol=1e-13)


def test_a_coarser_instrument_widens_the_bands_and_keeps_their_area():
    fine, coarse = (
        through_optics(
            replace(QUIET, resolution=r), GYPSUM, X, reference(), np.random.default_rng(0)
        )[0]
        for r in (4.0, 10.0)
    )
    assert peak(X, coarse, 960, 1060)[2] > 1.4 * peak(X, fine, 960, 1060)[2]
    assert np.trapezoid(coarse, X) == pytest.approx(np.trapezoid(fine, X), rel=0.01)


def test_a_stretched_axis_moves_bands_either_way_within_its_limit():
    device = replace(QUIET, stretch=3e-3)
    light = through_optics(device, GYPSUM, X, reference(60), np.random.default_rng(0))
    moved = np.array([peak(X, y, 960, 1060)[0] for y in light]) - 1008
    assert abs(moved).max() <= 3.05 and moved.min() < -2 and moved.max() > 2


def test_the_background_is_a_positive_cubic_within_its_range():
    background = fluorescence(Instrument(fluorescence=(0.4, 2.5)), X, 300, np.random.default_rng(0))
    assert (background >= 0).all()
    top = background.max(axis=1)
    assert (top >= 0.4).all() and (top <= 2.5).all() and np.ptp(top) > 1.5
    u = (X - 2050) / 1950
    cubics = np.stack([u**k for k in range(4)], axis=1)
    left = background.T - cubics @ np.linalg.lstsq(cubics, background.T, rcond=None)[0]
    assert abs(left).max() < 1e-12


def test_without_fluorescence_there_is_no_background():
    assert (fluorescence(QUIET, X, 3, np.random.default_rng(0)) == 0).all()


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_a_share_of_spectra_is_bare(share):
    device = Instrument(fluorescence=(0.4, 2.5), bare=share)
    top = fluorescence(device, X, 2000, np.random.default_rng(0)).max(axis=1)
    assert (top == 0).mean() == pytest.approx(share, abs=0.04)
    assert (top[top > 0] >= 0.4).all()
