"""A full detector is told from chance, from rounding and from a smooth top."""

from __future__ import annotations

import numpy as np
import pytest

from spectra_vae.minerals import mineral
from spectra_vae.simulation.instrument import Instrument
from spectra_vae.simulation.simulate import simulate
from spectra_vae.spectra.saturation import clipped

AXIS = np.concatenate([np.arange(100.0, 1300.0), np.arange(3000.0, 3800.0)])
GYPSUM = mineral("gypsum").spectrum(AXIS)
U = np.arange(1000.0)
HUMP = np.exp(-(((AXIS - 900) / 700) ** 2))  # a background wider than any band


def counted(level, counts=1000.0, background=0.5, seed=0, light=GYPSUM):
    """Photons of ``light`` on a detector that is full at ``level``, both in units of ν1."""
    rng = np.random.default_rng(seed)
    return np.minimum(rng.poisson(counts * (light + background)), round(counts * level)) * 1.0


# --- found -------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.8, 0.7, 0.5, 0.3, 0.2, 0.15, 0.1])
@pytest.mark.parametrize("seed", range(4))
def test_any_number_of_points_at_the_limit_is_found(share, seed):
    y = counted(share + 0.5, seed=seed)
    count = np.sum(y == y.max())
    assert clipped(y) == (round(1000 * (share + 0.5)), count) and count >= 3


@pytest.mark.parametrize("counts", [300.0, 1e4, 1e6])
@pytest.mark.parametrize("background", [0.0, 3.0])
def test_however_bright(counts, background):
    y = counted(0.6 + background, counts, background)
    assert clipped(y) == (y.max(), np.sum(y == y.max()))


@pytest.mark.parametrize("unit", [1e-90, 1e-3, 1 / 3, 1e90])
@pytest.mark.parametrize("offset", [-500.0, 0.0, 1e6])
def test_in_any_unit_above_any_offset(unit, offset):
    y = (counted(1.0) + offset) * unit
    assert clipped(y) == (y.max(), np.sum(y == y.max()))


@pytest.mark.parametrize("digits", [3, 4, 6, 16])
@pytest.mark.parametrize("level", [0.9, 0.5])
def test_rounded_and_normalised(digits, level):
    y = counted(level, 1e5, 0.0)
    y = np.round(y / y.max(), digits)
    assert clipped(y) == (1.0, np.sum(y == 1.0))


def test_without_any_noise():
    y = np.minimum(GYPSUM + 0.5, 1.3)
    assert clipped(y) == (1.3, 3)
    assert clipped(np.round(y, 3)) == (1.3, 3)


def test_noise_that_is_no_whole_number():
    rng = np.random.default_rng(1)
    y = np.minimum(GYPSUM + rng.normal(0, 0.02, len(AXIS)), 0.8)
    assert clipped(y) == (0.8, np.sum(y == 0.8))


@pytest.mark.parametrize("apart", [1, 2, 4])
def test_a_top_that_is_uneven_by_a_few_counts(apart):
    """What is left after a dark signal was taken away."""
    y = counted(1.0, 20_000.0) - np.random.default_rng(2).integers(-apart, apart + 1, len(AXIS))
    level, count = clipped(y)
    assert 20_000 - 2 * apart <= level <= 20_000 + apart
    assert count == np.sum(y >= 20_000 - apart)


@pytest.mark.parametrize("share", [0.95, 0.9, 0.8])
def test_a_background_that_fills_the_detector(share):
    y = counted(2 * share, 20_000.0, 0.0, light=0.2 * GYPSUM + 2 * HUMP)
    assert clipped(y) == (round(40_000 * share), np.sum(y == y.max()))
    assert np.sum(y == y.max()) > 100


@pytest.mark.parametrize("seed", range(4))
def test_two_points_are_enough_where_the_flanks_lead_higher(seed):
    coarse = np.arange(100.0, 1300.0, 1.9)
    band = mineral("gypsum").spectrum(coarse, crystallinity=1.0)
    y = counted(1.25, 20_000.0, 0.5, seed, band)
    assert np.sum(y == y.max()) == 2 and clipped(y) == (25_000, 2)


# --- no false alarm ----------------------------------------------------------------------------


@pytest.mark.parametrize("axis", [(100, 4000, 1.9), (200, 1300, 1.5), (150, 1250, 0.5)])
def test_whole_counts_of_an_open_detector(axis):
    data = simulate("gypsum", 700, Instrument(), 11, wavenumber=np.arange(*axis))
    counts = 10 ** np.asarray(data.factors["purity"])[:, None]
    assert counts.min() < 50 and counts.max() > 20_000
    assert [k for k, y in enumerate(np.round(data.dirty * counts)) if clipped(y)] == []
    assert [k for k, y in enumerate(data.dirty) if clipped(y)] == []


@pytest.mark.parametrize("shift", [0.0, 0.2, 0.5])
@pytest.mark.parametrize("digits", [2, 3, 4, 16])
@pytest.mark.parametrize("base", [0.0, 1.0])
def test_models_without_noise(shift, digits, base):
    """A band in the middle between two points has two equal ones at its top."""
    model = mineral("gypsum").spectrum(AXIS - 0.5, shift=shift - 0.5) + base * HUMP
    assert clipped(np.round(model, digits)) is None
    assert clipped(np.round(model / model.max(), digits)) is None


@pytest.mark.parametrize("width", [5.0, 8.3, 40.0, 250.0, 900.0])
@pytest.mark.parametrize("place", [500.0, 500.5, 500.3])
@pytest.mark.parametrize("scale", [30.0, 100.0, 1000.0, 65_000.0])
def test_smooth_tops_that_were_rounded(width, place, scale):
    for top in (np.exp(-(((U - place) / width) ** 2)), 1 / (1 + ((U - place) / width) ** 2)):
        assert clipped(np.round(scale * top)) is None
        assert clipped(np.round(scale * (top + U / 1000))) is None
        assert clipped(np.round(scale * np.abs(top - top.max() / 2))) is None


@pytest.mark.parametrize("mean", [0.05, 0.3, 1.0, 5.0, 30.0, 100.0])
def test_few_counts(mean):
    rng = np.random.default_rng(3)
    hits = [clipped(rng.poisson(mean, 1000) * 1.0) for _ in range(40)]
    hits += [clipped(rng.poisson(mean * (1 + GYPSUM)) * 1.0) for _ in range(40)]
    assert hits == [None] * 80


@pytest.mark.parametrize("times", [2, 3])
def test_every_point_said_several_times(times):
    y = np.repeat(counted(9.0), times)
    assert clipped(y) is None


def test_levels_of_nothing_but_noise():
    rng = np.random.default_rng(4)
    for scale in (0.5, 1.0, 4.0):
        assert clipped(np.round(scale * rng.normal(size=1000))) is None
    assert clipped(np.round(4 * rng.random(401))) is None
    assert clipped(rng.normal(size=1000)) is None


def test_steps_ramps_and_the_smallest_spectrum():
    assert clipped(np.where(U > 500, 1.0, 0.0)) is None  # half a file is no limit
    assert clipped(np.round(U / 7)) is None
    assert clipped(np.sin(U / 40)) is None
    assert clipped(np.arange(20.0) % 7) is None
