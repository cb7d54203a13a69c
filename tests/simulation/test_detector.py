"""What a detector makes of light: counts and noise, spikes, ranges, the plate."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from spectra_vae.minerals import default_axis, mineral
from spectra_vae.simulation.detector import NoisePool, detect
from spectra_vae.simulation.instrument import PRESETS, Instrument

GYPSUM = mineral("gypsum")
X = default_axis()
QUIET = Instrument(fluorescence=(0.0, 0.0), spikes=0.0, readout=0.0)


@pytest.fixture(scope="module")
def pool():
    return NoisePool(np.random.default_rng(99))


@pytest.mark.parametrize("exact", [True, False], ids=["Poisson", "pool"])
@pytest.mark.parametrize(("level", "counts"), [(0.2, 50.0), (1.0, 1000.0), (3.0, 200.0)])
def test_mean_and_variance_follow_the_closed_form(exact, level, counts, pool):
    device, n, points = replace(QUIET, readout=5.0), 100, 1000
    light = np.full((n, points), level)
    rng = np.random.default_rng(3)
    axis = np.linspace(100, 1100, points)
    y = detect(device, light, axis, np.full(n, counts), rng, None if exact else pool)
    variance, many = level / counts + (5.0 / counts) ** 2, n * points
    assert y.mean() == pytest.approx(level, abs=5 * math.sqrt(variance / many))
    assert y.var() == pytest.approx(variance, rel=5 * math.sqrt(2 / many) + 0.005)


def test_signal_to_noise_goes_as_the_root_of_the_time():
    device, light = replace(QUIET, power=10.0), np.ones((1, 100_000))
    axis = np.linspace(100, 4000, 100_000)
    spread = []
    for seconds in (1.0, 4.0):
        longer = replace(device, time=seconds)
        y = detect(longer, light, axis, np.array([longer.counts]), np.random.default_rng(0))
        spread.append(y.std())
    assert spread[0] / spread[1] == pytest.approx(2, rel=0.02)


def test_noise_is_independent_from_row_to_row_and_point_to_point(pool):
    light = np.ones((200, 1000))
    axis = np.linspace(100, 1100, 1000)
    y = detect(QUIET, light, axis, np.full(200, 100.0), np.random.default_rng(1), pool) - 1
    neighbours = np.mean(y[:, 1:] * y[:, :-1]) / y.var()
    rows = np.corrcoef(y)[np.triu_indices(200, 1)]
    assert abs(neighbours) < 0.02 and abs(rows).max() < 6 / math.sqrt(1000)


@pytest.mark.parametrize("name", PRESETS)
def test_a_seed_reproduces_a_measurement(name, pool):
    device, light = PRESETS[name], GYPSUM.spectrum(X, hydration=[0.2, 1.0, 1.3])
    for noise in (None, pool):
        once, again, other = (
            detect(device, light, X, np.full(3, 500.0), np.random.default_rng(seed), noise)
            for seed in (5, 5, 6)
        )
        np.testing.assert_array_equal(once, again)
        assert not np.array_equal(once, other, equal_nan=True)


def test_detection_leaves_the_light_alone():
    light = GYPSUM.spectrum(X)[None]
    before = light.copy()
    detect(PRESETS["rasetti"], light, X, np.array([500.0]), np.random.default_rng(0))
    assert np.array_equal(light, before)


def test_nothing_is_recorded_outside_the_ranges():
    device = replace(QUIET, ranges=(((200.0, 1300.0), (3000.0, 3700.0)),))
    y = detect(device, np.ones((4, len(X))), X, np.full(4, 1e3), np.random.default_rng(0))
    inside = ((X >= 200) & (X <= 1300)) | ((X >= 3000) & (X <= 3700))
    assert np.isfinite(y[:, inside]).all() and np.isnan(y[:, ~inside]).all()


def test_alternative_ranges_are_equally_likely():
    device = replace(QUIET, ranges=(((100.0, 4000.0),), ((100.0, 1300.0),), ((100.0, 3000.0),)))
    n, axis = 3000, np.linspace(100, 4000, 40)
    y = detect(device, np.ones((n, 40)), axis, np.full(n, 10.0), np.random.default_rng(0))
    _, count = np.unique(np.isfinite(y).sum(axis=1), return_counts=True)
    assert len(count) == 3
    assert abs(count - n / 3).max() < 5 * math.sqrt(n * 2 / 9)


@pytest.mark.parametrize("rate", [0.3, 4.0])
def test_spikes_come_at_their_rate_and_are_positive_and_narrow(rate):
    device, n, points = replace(QUIET, spikes=rate), 2000, 2000
    axis = np.linspace(100, 2100, points)
    y = detect(device, np.zeros((n, points)), axis, np.ones(n), np.random.default_rng(2))
    hit = y > 0
    assert (y >= 0).all()
    begins = int((hit[:, 1:] & ~hit[:, :-1]).sum() + hit[:, 0].sum())
    assert begins == pytest.approx(rate * n, abs=5 * math.sqrt(rate * n) + 0.01 * rate * n)
    assert hit.sum() / begins == pytest.approx(2, rel=0.1)  # 1 to 3 points


def test_the_plate_saturates_monotonously():
    device, light = replace(QUIET, saturation=1.5), np.linspace(0, 6, 121)[None]
    y = detect(
        device, light, np.linspace(100, 1100, 121), np.array([1e12]), np.random.default_rng(0)
    )
    assert (np.diff(y[0]) > 0).all() and y.max() < 1.5
    assert y[0, 1] == pytest.approx(light[0, 1], rel=0.03)  # faint light is recorded as it is


def test_a_plate_exposed_longer_saturates_earlier_in_the_same_units():
    light, axis = np.tile(np.linspace(0, 60, 121), (300, 1)), np.linspace(100, 1100, 121)
    counts, low, high = np.full(300, 1e12), 0.5, 2.0
    device = replace(QUIET, saturation=1.5, exposure=(low, high))
    level = detect(device, light, axis, counts, np.random.default_rng(0))[:, -1]
    assert level.min() == pytest.approx(1.5 / high, rel=0.05)
    assert level.max() == pytest.approx(1.5 / low, rel=0.1)
    alike = detect(
        replace(device, exposure=(2.0, 2.0)), light, axis, counts, np.random.default_rng(0)
    )
    assert np.ptp(alike[:, -1]) < 1e-5 and alike[0, -1] == pytest.approx(0.75, rel=0.01)
    faint = detect(device, 1e-3 * light, axis, counts, np.random.default_rng(0))
    assert faint[:, -1] == pytest.approx(6e-2, rel=0.05)


def test_grain_multiplies_the_response():
    device = replace(QUIET, saturation=1.5, grain=0.05)
    light, axis = np.full((1, 50_000), 1.0), np.linspace(100, 4000, 50_000)
    y = detect(device, light, axis, np.array([1e12]), np.random.default_rng(0))
    assert y.std() / y.mean() == pytest.approx(0.05, rel=0.03)
