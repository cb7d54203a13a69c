"""Bands that must be there: a substance with one band at the right place isn't the mineral."""

from __future__ import annotations

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.measure.fitting.noise import quiet
from spectra_vae.minerals.profile import pseudo_voigt

X = np.arange(100.0, 4000.0, 1.5)
OTHERS = (1034.0, 711.0, 788.0, 1160.0, 1300.0, 1445.0, 1600.0)


def bands(positions, heights, width):
    width = np.full((len(positions), 1), width)
    shape = pseudo_voigt(X - np.array(positions)[:, None], width, np.full_like(width, 0.4))
    return np.array(heights) @ shape


def noisy(curve, size, seed=0):
    return sv.Spectrum(X, curve + 0.3 + size * np.random.default_rng(seed).normal(size=len(X)))


@pytest.mark.parametrize("width", [8.0, 17.0])
def test_one_band_at_the_right_place_is_not_the_mineral(vs, width):
    r = vs.restore(noisy(bands([1007.0], [1.0], width), 0.004))
    assert r.novelty.verdict == "alien"
    assert "why.absent" in {w.code for w in r.novelty.why}
    assert not any(one.known for one in r.estimates.values())


@pytest.mark.parametrize("smoothed", [1, 9])
def test_bands_beyond_the_mineral_s_are_not_noise_however_blurred(vs, smoothed):
    curve = bands([1005.0, *OTHERS], [1.0, *[0.3] * len(OTHERS)], 18.0)
    spectrum = noisy(curve, 0.01)
    mean = np.convolve(spectrum.intensity, np.full(smoothed, 1 / smoothed), "same")
    r = vs.restore(sv.Spectrum(X[20:-20], mean[20:-20]))
    assert r.novelty.verdict == "alien"
    assert len(r.unexplained) >= 4


def test_where_only_the_strongest_band_would_show_nothing_is_decided(vs):
    near = np.abs(X - 1008) < 150
    curve = vs.mineral.spectrum(X)[near] + 0.3
    noise = 0.15 * np.random.default_rng(2).normal(size=near.sum())
    r = vs.restore(sv.Spectrum(X[near], curve + noise))
    assert r.novelty.verdict == "undecided"
    assert [w.code for w in r.novelty.why] == ["why.untold"]


@pytest.mark.parametrize("scale", [0.45, 2.2])
def test_a_crystal_s_heights_are_the_mineral_s(vs, scale):
    m = vs.mineral
    parts = m.parts(X, {})
    heights = np.where(np.arange(len(m.bands)) == m.strongest, 1.0, scale)
    assert vs.restore(noisy(heights @ parts, 0.004)).novelty.verdict == "normal"


def test_quiet_stretches_tell_the_noise_that_bands_hide():
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(4, 2000))
    every = np.ones_like(noise, dtype=bool)
    square, shared = quiet(noise, every)
    assert square == pytest.approx(np.ones(4), abs=0.15) and (shared == 1).all()
    many = 30 * np.sin(np.arange(2000) / 12) * (np.arange(2000) < 1200)
    assert (quiet(noise + many, every)[0] < 1.5).all()


@pytest.mark.parametrize(("points", "mean"), [(400, 3), (2000, 3), (2000, 5), (2000, 9)])
def test_smoothing_hides_no_noise(points, mean):
    noise = np.random.default_rng(1).normal(size=(40, points))
    smooth = np.apply_along_axis(np.convolve, 1, noise, np.full(mean, 1 / mean), "same")
    square, shared = quiet(smooth, np.ones_like(smooth, dtype=bool))
    assert 0.6 < np.median(square * shared) < 1.6


@pytest.mark.parametrize("beside", [6.5, 9.0])
def test_two_phases_whose_strongest_bands_nearly_coincide_are_not_one(vs, beside):
    curve = 0.6 * vs.mineral.spectrum(X) + 0.4 * vs.mineral.spectrum(X - beside)
    r = vs.restore(noisy(curve, 0.008))
    assert r.novelty.verdict != "normal"
    assert not r.estimates["shift"].known and not r.estimates["crystallinity"].known


def test_water_beyond_all_range_is_the_mineral_s_own(vs):
    m = vs.mineral
    heights = np.array([8.0 if 3400 < b.position < 3410 else 1.0 for b in m.bands])
    r = vs.restore(noisy(heights @ m.parts(X, {}), 0.01))
    assert r.novelty.verdict == "normal"
    assert not r.estimates["hydration"].known
    assert "check.stronger" in {c.code for c in r.checks}
