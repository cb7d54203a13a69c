"""What no light put into a spectrum is found, and real bands stay: all of it made up here."""

from __future__ import annotations

import numpy as np
import pytest

from spectra_vae.minerals import mineral
from spectra_vae.spectra.defects import constant_blocks, spikes, steps, texture, wild_ends

GYPSUM = mineral("gypsum")
X = np.arange(150.0, 1300.0)
QUIET = np.full(len(X), 0.01)


def noise(seed, points=1150):
    return np.random.default_rng(seed).normal(size=points)


def gauss(x, position, fwhm):
    return np.exp(-4 * np.log(2) * ((x - position) / fwhm) ** 2)


def found_in(x, y, sigma):
    sigma = np.full((1, len(x)), sigma)
    return spikes(x, y[None], sigma, texture(y[None], sigma))[0]


def smoothed(values, points):
    return np.convolve(values, np.ones(points) / points, "same")


# --- spikes ------------------------------------------------------------------------------------

SHAPES = [(1.0,), (1.0, 0.6), (1.0, 0.6, 0.3), (0.9, 1.0, 0.8, 0.7)]


@pytest.mark.parametrize("step", [0.5, 1.0, 1.5])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_spikes_are_found(step, shape):
    x, rng, found = np.arange(150.0, 1300.0, step), np.random.default_rng(3), 0
    for _ in range(50):
        y = GYPSUM.spectrum(x) + 0.01 * rng.normal(size=len(x))
        at = rng.integers(20, len(x) - 20)
        y[at : at + len(shape)] += shape
        hit = found_in(x, y, 0.01)
        found += hit[at : at + len(shape)].all() and hit.sum() <= len(shape)
    assert found >= 45


@pytest.mark.parametrize("sides", [(0.5, 0.6), (0.6, 0.6), (0.4, 0.3)])
def test_a_cosmic_ray_over_three_points_is_narrower_than_the_files_bands(sides):
    y = GYPSUM.spectrum(X) + 0.01 * noise(0)
    y[700:703] += [sides[0], 1.0, sides[1]]
    assert list(np.flatnonzero(found_in(X, y, 0.01))) == [700, 701, 702]


@pytest.mark.parametrize("step", [0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0])
@pytest.mark.parametrize("crystallinity", [0.0, 0.755, 1.0])
def test_bands_are_not_taken_for_spikes_on_any_axis(step, crystallinity):
    x = np.arange(150.0, 1300.0, step)
    for shift in np.linspace(-8, 8, 17):
        y = GYPSUM.spectrum(x, crystallinity=crystallinity, shift=shift)
        assert not found_in(x, y, 1e-4).any()


@pytest.mark.parametrize("fwhm", [2.5, 3.0, 4.0])
def test_a_file_of_narrow_bands_keeps_them(fwhm):
    y = sum(gauss(X, place, fwhm) for place in (218.4, 473.1, 700.7, 1086.2)) + 0.002 * noise(1)
    assert not found_in(X, y, 0.002).any()


def test_a_narrow_band_on_a_broad_one_stays():
    y = gauss(X, 700, 60) + 0.3 * gauss(X, 690.5, 5) + 0.003 * noise(2)
    assert not found_in(X, y, 0.003).any()


def test_noise_has_no_spikes():
    assert sum(found_in(X, noise(seed), 1.0).any() for seed in range(40)) <= 1


@pytest.mark.parametrize("points", [2, 3, 5])
def test_smoothed_noise_has_no_spikes_though_it_looks_quiet(points):
    for seed in range(20):
        y = smoothed(noise(seed, len(X) + 20), points)[10:-10]
        quiet = 0.3 * float(np.std(np.convolve(y, [1, -4, 6, -4, 1], "valid")) / np.sqrt(70))
        assert not found_in(X, y, quiet).any()


@pytest.mark.parametrize("level", [-5.0, 5.0])
def test_another_level_beyond_a_gap_is_no_spike(level):
    x = np.where(np.arange(len(X)) < 640, X, X + 1000)
    for seed in range(20):
        y = noise(seed) + 20 * level * (x > X[640])
        assert not found_in(x, y, 1.0).any()


def test_a_dip_is_no_spike():
    y = noise(0)
    y[500] -= 100
    assert not found_in(X, y, 1.0)[490:511].any()


# --- blocks of one value -----------------------------------------------------------------------


@pytest.mark.parametrize(("start", "stop"), [(len(X) - 100, len(X)), (0, 100), (400, 700)])
@pytest.mark.parametrize("value", [0.0, 1430.0, -1.0])
def test_a_block_of_one_value_is_no_measurement(start, stop, value):
    y = np.round(1500 + 4000 * GYPSUM.spectrum(X) + 30 * noise(4))
    y[start:stop] = value
    expected = np.zeros(len(X), dtype=bool)
    expected[start:stop] = True
    block = constant_blocks(y)
    assert (block >= expected).all() and block.sum() <= expected.sum() + 1


@pytest.mark.parametrize("counts", [1, 3, 10])
def test_coarse_counts_are_a_measurement(counts):
    for seed in range(20):
        y = np.random.default_rng(seed).poisson(counts * (0.02 + GYPSUM.spectrum(X))).astype(float)
        assert not constant_blocks(y).any()


def test_a_dark_half_of_few_counts_is_a_measurement():
    for seed in range(20):
        y = np.random.default_rng(seed).poisson(np.where(X < 700, 0.02, 50.0)).astype(float)
        assert not constant_blocks(y).any()


def test_a_clipped_top_is_left_to_the_detectors_limit():
    y = np.minimum(1500 + 4000 * gauss(X, 700, 60) + noise(5), 4000.0)
    assert not constant_blocks(y).any()


def test_what_was_made_without_noise_stays():
    assert not constant_blocks(np.maximum(GYPSUM.spectrum(X) - 0.05, 0.0)).any()
    assert not constant_blocks(np.round(gauss(X, 700, 60), 2)).any()


# --- ends --------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 4])
@pytest.mark.parametrize("jump", [1.0, -0.5])
def test_wild_ends_are_found(count, jump):
    y = GYPSUM.spectrum(X) + 0.3 + 0.01 * noise(6)
    first, last = y.copy(), y.copy()
    first[:count] += jump
    last[-count:] += jump
    assert list(np.flatnonzero(wild_ends(first, QUIET))) == list(range(count))
    assert list(np.flatnonzero(wild_ends(last, QUIET))) == list(range(len(X) - count, len(X)))


@pytest.mark.parametrize("cut", np.arange(-12.0, 12.5, 0.5))
@pytest.mark.parametrize("fwhm", [4.0, 8.0, 20.0])
def test_a_band_that_the_range_cuts_is_no_wild_end(cut, fwhm):
    y = gauss(X, X[-1] + cut, fwhm) + 0.01 * noise(7)
    assert not wild_ends(y, QUIET).any()


# --- steps -------------------------------------------------------------------------------------


@pytest.mark.parametrize("height", [0.1, 0.25, -0.25, 2.0])
def test_a_step_is_found_where_it_is(height):
    y = GYPSUM.spectrum(X) + 0.4 + 0.01 * noise(8)
    y[640:] += height  # 790 cm⁻¹: no band is near
    ((at, found),) = steps(X, y, QUIET, np.zeros(len(X), dtype=bool))
    assert at == 640 and found == pytest.approx(height, abs=0.03)


@pytest.mark.parametrize("step", [0.5, 1.0, 2.0, 4.0])
def test_bands_and_backgrounds_are_no_steps(step):
    x = np.arange(100.0, 3800.0, step)
    for seed in range(10):
        hill = np.exp(-(((x - 1500) / 900) ** 2))
        y = GYPSUM.spectrum(x) + hill + 0.003 * noise(seed, len(x))
        assert not steps(x, y, np.full(len(x), 0.003), np.zeros(len(x), dtype=bool))


def test_no_step_is_told_beside_a_gap_or_a_block():
    y = 0.4 + 0.01 * noise(9)
    y[640:] += 1.0
    nothing = np.zeros(len(X), dtype=bool)
    assert steps(X, y, QUIET, nothing)
    assert not steps(X, y, QUIET, np.arange(len(X)) == 650)
    assert not steps(np.where(X[640] > X, X, X + 1000), y, QUIET, nothing)
