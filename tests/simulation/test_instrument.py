"""A spectrometer: counts, noise, background, spikes, ranges, orientation, the plate."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from spectra_vae.minerals import default_axis, mineral
from spectra_vae.simulation.instrument import PRESETS, Instrument, InstrumentError, NoisePool
from spectra_vae.spectra.bands import peak

GYPSUM = mineral("gypsum")
X = default_axis()
QUIET = Instrument(fluorescence=(0.0, 0.0), spikes=0.0, readout=0.0)


@pytest.fixture(scope="module")
def pool():
    return NoisePool(np.random.default_rng(99))


def reference(n=1, **given):
    """Factors name → (n,) at their reference, but for the given ones."""
    return {f.name: np.full(n, given.get(f.name, f.reference)) for f in GYPSUM.factors}


# --- counts and noise --------------------------------------------------------------------------


def test_counts_are_power_times_time_times_efficiency():
    assert Instrument(power=3.0, time=5.0, efficiency=20.0).counts == 300
    assert Instrument().counts is None


def test_at_sets_the_counts():
    assert Instrument(power=1.0, time=4.0).at(1234).counts == pytest.approx(1234)


@pytest.mark.parametrize("exact", [True, False], ids=["Poisson", "pool"])
@pytest.mark.parametrize(("level", "counts"), [(0.2, 50.0), (1.0, 1000.0), (3.0, 200.0)])
def test_mean_and_variance_follow_the_closed_form(exact, level, counts, pool):
    device, n, points = replace(QUIET, readout=5.0), 100, 1000
    light = np.full((n, points), level)
    rng = np.random.default_rng(3)
    axis = np.linspace(100, 1100, points)
    y = device.detect(light, axis, np.full(n, counts), rng, None if exact else pool)
    variance, many = level / counts + (5.0 / counts) ** 2, n * points
    assert y.mean() == pytest.approx(level, abs=5 * math.sqrt(variance / many))
    assert y.var() == pytest.approx(variance, rel=5 * math.sqrt(2 / many) + 0.005)


def test_signal_to_noise_goes_as_the_root_of_the_time():
    device, light = replace(QUIET, power=10.0), np.ones((1, 100_000))
    axis = np.linspace(100, 4000, 100_000)
    spread = []
    for seconds in (1.0, 4.0):
        longer = replace(device, time=seconds)
        y = longer.detect(light, axis, np.array([longer.counts]), np.random.default_rng(0))
        spread.append(y.std())
    assert spread[0] / spread[1] == pytest.approx(2, rel=0.02)


def test_noise_is_independent_from_row_to_row_and_point_to_point(pool):
    light = np.ones((200, 1000))
    axis = np.linspace(100, 1100, 1000)
    y = QUIET.detect(light, axis, np.full(200, 100.0), np.random.default_rng(1), pool) - 1
    neighbours = np.mean(y[:, 1:] * y[:, :-1]) / y.var()
    rows = np.corrcoef(y)[np.triu_indices(200, 1)]
    assert abs(neighbours) < 0.02 and abs(rows).max() < 6 / math.sqrt(1000)


@pytest.mark.parametrize("name", PRESETS)
def test_a_seed_reproduces_a_measurement(name, pool):
    device, light = PRESETS[name], GYPSUM.spectrum(X, hydration=[0.2, 1.0, 1.3])
    for noise in (None, pool):
        once, again, other = (
            device.detect(light, X, np.full(3, 500.0), np.random.default_rng(seed), noise)
            for seed in (5, 5, 6)
        )
        np.testing.assert_array_equal(once, again)
        assert not np.array_equal(once, other, equal_nan=True)


def test_detection_leaves_the_light_alone():
    light = GYPSUM.spectrum(X)[None]
    before = light.copy()
    PRESETS["rasetti"].detect(light, X, np.array([500.0]), np.random.default_rng(0))
    assert np.array_equal(light, before)


# --- ranges and spikes -------------------------------------------------------------------------


def test_nothing_is_recorded_outside_the_ranges():
    device = replace(QUIET, ranges=(((200.0, 1300.0), (3000.0, 3700.0)),))
    y = device.detect(np.ones((4, len(X))), X, np.full(4, 1e3), np.random.default_rng(0))
    inside = ((X >= 200) & (X <= 1300)) | ((X >= 3000) & (X <= 3700))
    assert np.isfinite(y[:, inside]).all() and np.isnan(y[:, ~inside]).all()


def test_alternative_ranges_are_equally_likely():
    device = replace(QUIET, ranges=(((100.0, 4000.0),), ((100.0, 1300.0),), ((100.0, 3000.0),)))
    n, axis = 3000, np.linspace(100, 4000, 40)
    y = device.detect(np.ones((n, 40)), axis, np.full(n, 10.0), np.random.default_rng(0))
    _, count = np.unique(np.isfinite(y).sum(axis=1), return_counts=True)
    assert len(count) == 3
    assert abs(count - n / 3).max() < 5 * math.sqrt(n * 2 / 9)


@pytest.mark.parametrize("rate", [0.3, 4.0])
def test_spikes_come_at_their_rate_and_are_positive_and_narrow(rate):
    device, n, points = replace(QUIET, spikes=rate), 2000, 2000
    axis = np.linspace(100, 2100, points)
    y = device.detect(np.zeros((n, points)), axis, np.ones(n), np.random.default_rng(2))
    hit = y > 0
    assert (y >= 0).all()
    begins = int((hit[:, 1:] & ~hit[:, :-1]).sum() + hit[:, 0].sum())
    assert begins == pytest.approx(rate * n, abs=5 * math.sqrt(rate * n) + 0.01 * rate * n)
    assert hit.sum() / begins == pytest.approx(2, rel=0.1)  # 1 to 3 points


# --- background --------------------------------------------------------------------------------


def test_the_background_is_a_positive_cubic_within_its_range():
    background = Instrument(fluorescence=(0.4, 2.5)).background(X, 300, np.random.default_rng(0))
    assert (background >= 0).all()
    top = background.max(axis=1)
    assert (top >= 0.4).all() and (top <= 2.5).all() and np.ptp(top) > 1.5
    u = (X - 2050) / 1950
    cubics = np.stack([u**k for k in range(4)], axis=1)
    left = background.T - cubics @ np.linalg.lstsq(cubics, background.T, rcond=None)[0]
    assert abs(left).max() < 1e-12


def test_without_fluorescence_there_is_no_background():
    assert (QUIET.background(X, 3, np.random.default_rng(0)) == 0).all()


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_a_share_of_spectra_is_bare(share):
    device = Instrument(fluorescence=(0.4, 2.5), bare=share)
    top = device.background(X, 2000, np.random.default_rng(0)).max(axis=1)
    assert (top == 0).mean() == pytest.approx(share, abs=0.04)
    assert (top[top > 0] >= 0.4).all()


@pytest.mark.parametrize("share", [-0.1, 1.1, math.nan])
def test_a_share_is_from_nothing_to_all(share):
    with pytest.raises(InstrumentError, match="bare"):
        Instrument(bare=share)


# --- optics ------------------------------------------------------------------------------------


def amplitudes(light, factors):
    """How strong each band is in each spectrum (n, bands), by least squares."""
    parts = GYPSUM.parts(X, {k: v[0] for k, v in factors.items()})
    return np.linalg.lstsq(parts.T, light.T, rcond=None)[0].T


def test_orientation_keeps_the_main_band_and_moves_the_others_within_its_range():
    factors = reference(200)
    device = replace(QUIET, orientation=(0.4, 2.5))
    found = amplitudes(device.optics(GYPSUM, X, factors, np.random.default_rng(0)), factors)
    main = GYPSUM.bands.index(GYPSUM.main)
    others = np.delete(found, main, axis=1)
    np.testing.assert_allclose(found[:, main], 1, atol=1e-9)
    assert others.min() > 0.4 - 1e-9 and others.max() < 2.5 + 1e-9
    assert others.min() < 0.6 and others.max() > 1.8  # single crystals
    assert (np.abs(np.log(others)).max(axis=1) < 0.1).any()  # and powders


def test_a_plain_instrument_shows_the_mineral_itself():
    factors = reference(3, hydration=0.4, shift=2.0)
    light = QUIET.optics(GYPSUM, X, factors, np.random.default_rng(0))
    np.testing.assert_allclose(light, GYPSUM.spectrum(X, **factors), rtol=1e-13)


def test_a_coarser_instrument_widens_the_bands_and_keeps_their_area():
    fine, coarse = (
        replace(QUIET, resolution=r).optics(GYPSUM, X, reference(), np.random.default_rng(0))[0]
        for r in (4.0, 10.0)
    )
    assert peak(X, coarse, 960, 1060)[2] > 1.4 * peak(X, fine, 960, 1060)[2]
    assert np.trapezoid(coarse, X) == pytest.approx(np.trapezoid(fine, X), rel=0.01)


def test_a_stretched_axis_moves_bands_either_way_within_its_limit():
    device = replace(QUIET, stretch=3e-3)
    light = device.optics(GYPSUM, X, reference(60), np.random.default_rng(0))
    moved = np.array([peak(X, y, 960, 1060)[0] for y in light]) - 1008
    assert abs(moved).max() <= 3.05 and moved.min() < -2 and moved.max() > 2


def test_the_plate_saturates_monotonously():
    device, light = replace(QUIET, saturation=1.5), np.linspace(0, 6, 121)[None]
    y = device.detect(
        light, np.linspace(100, 1100, 121), np.array([1e12]), np.random.default_rng(0)
    )
    assert (np.diff(y[0]) > 0).all() and y.max() < 1.5
    assert y[0, 1] == pytest.approx(light[0, 1], rel=0.03)  # faint light is recorded as it is


def test_a_plate_exposed_longer_saturates_earlier_in_the_same_units():
    light, axis = np.tile(np.linspace(0, 60, 121), (300, 1)), np.linspace(100, 1100, 121)
    counts, low, high = np.full(300, 1e12), 0.5, 2.0
    device = replace(QUIET, saturation=1.5, exposure=(low, high))
    level = device.detect(light, axis, counts, np.random.default_rng(0))[:, -1]
    assert level.min() == pytest.approx(1.5 / high, rel=0.05)
    assert level.max() == pytest.approx(1.5 / low, rel=0.1)
    alike = replace(device, exposure=(2.0, 2.0)).detect(
        light, axis, counts, np.random.default_rng(0)
    )
    assert np.ptp(alike[:, -1]) < 1e-5 and alike[0, -1] == pytest.approx(0.75, rel=0.01)
    faint = device.detect(1e-3 * light, axis, counts, np.random.default_rng(0))
    assert faint[:, -1] == pytest.approx(6e-2, rel=0.05)


def test_grain_multiplies_the_response():
    device = replace(QUIET, saturation=1.5, grain=0.05)
    light, axis = np.full((1, 50_000), 1.0), np.linspace(100, 4000, 50_000)
    y = device.detect(light, axis, np.array([1e12]), np.random.default_rng(0))
    assert y.std() / y.mean() == pytest.approx(0.05, rel=0.03)


# --- presets and errors ------------------------------------------------------------------------


def test_presets_have_their_names_and_a_laser_power():
    for name, device in PRESETS.items():
        assert Instrument.preset(name) is device and device.name == name and device.counts > 0
    assert Instrument.preset("rasetti").laser == 253.65


@pytest.mark.parametrize(
    "given",
    [
        *({name: v} for name in ("power", "time", "efficiency", "resolution") for v in (0, -1.0)),
        *({name: v} for name in ("power", "resolution") for v in (math.nan, math.inf)),
        *({n: v} for n in ("readout", "spikes", "stretch", "grain") for v in (-1.0, math.nan)),
        *({"exposure": v} for v in ((0.0, 1.0), (2.0, 1.0), (math.nan, 1.0))),
        {"ranges": ()},
        {"ranges": 5},
        {"power": "x"},
        {"fluorescence": None},
        {"orientation": (0.4,)},
        {"ranges": (((1300.0, 100.0),),)},
        {"ranges": (((100.0, 1300.0), (5.0, 5.0)),)},
    ],
    ids=str,
)
def test_an_instrument_that_cannot_be_is_refused(given, refused):
    with refused(InstrumentError):
        Instrument(**given)


def test_an_unknown_preset_is_refused(refused):
    with refused(InstrumentError) as caught:
        Instrument.preset("hubble")
    assert "lab-532" in str(caught.value)
