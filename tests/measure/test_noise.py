"""The noise of a measurement, estimated from the measurement alone."""

from __future__ import annotations

import numpy as np
import pytest

from spectra_vae.measure.fitting.noise import KERNEL, Noise, estimate_noise, medians, shared
from spectra_vae.simulation.instrument import Instrument
from spectra_vae.simulation.simulate import simulate
from spectra_vae.spectra.spectrum import Spectrum

X = np.arange(100.0, 4000.0, 1.0)


def ramp(floor, slope, seed):
    """A line from 0 to 3 with noise of variance floor + slope · level."""
    level = np.linspace(0, 3, len(X))
    noise = np.random.default_rng(seed).normal(size=len(X)) * np.sqrt(floor + slope * level)
    return Spectrum(X, level + noise)


def median_estimate(floor, slope):
    found = [estimate_noise(ramp(floor, slope, seed)) for seed in range(9)]
    return np.median([n.floor for n in found]), np.median([n.slope for n in found])


@pytest.mark.parametrize(("floor", "slope"), [(1e-3, 1e-3), (1e-4, 1e-3), (2e-3, 4e-4)])
def test_floor_and_slope_are_found(floor, slope):
    a, b = median_estimate(floor, slope)
    assert a == pytest.approx(floor, rel=0.35, abs=0.1 * slope)
    assert b == pytest.approx(slope, rel=0.25)


def test_noise_that_does_not_grow_has_no_slope():
    floor, slope = median_estimate(1e-3, 0.0)
    assert floor == pytest.approx(1e-3, rel=0.2) and slope < 1e-4


@pytest.mark.parametrize("counts", [100.0, 1000.0, 10_000.0])
def test_the_variance_of_a_simulated_measurement_is_known_within_a_third(counts):
    device = Instrument(fluorescence=(0.5, 1.5), spikes=0.3).at(counts)
    ratios = []
    for seed in range(8):
        measured = simulate("gypsum", 1, device, seed, wavenumber=X).dirty[0]
        level = np.median(measured)
        truth = level / counts + (device.readout / counts) ** 2
        ratios.append(float(estimate_noise(Spectrum(X, measured)).variance(level)) / truth)
    assert 0.67 < np.median(ratios) < 1.5


@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_the_estimate_follows_the_unit(unit):
    spectrum = ramp(1e-3, 1e-3, 0)
    one, other = estimate_noise(spectrum), estimate_noise(Spectrum(X, spectrum.intensity * unit))
    assert other.floor == pytest.approx(one.floor * unit**2, rel=1e-6)
    assert other.slope == pytest.approx(one.slope * unit, rel=1e-6)


def test_a_few_spikes_change_little():
    spectrum = ramp(1e-3, 1e-3, 0)
    spiked = spectrum.intensity.copy()
    spiked[::400] += 5
    one, other = estimate_noise(spectrum), estimate_noise(Spectrum(X, spiked))
    assert other.variance(np.array(1.5)) == pytest.approx(one.variance(np.array(1.5)), rel=0.1)


def test_variance_grows_from_its_floor_and_never_below_it():
    variance = Noise(0.5, 2.0).variance(np.array([-3.0, 0.0, 1.0, 2.0]))
    assert variance.tolist() == [0.5, 0.5, 2.5, 4.5]


def test_a_smooth_file_still_has_some_noise():
    smooth = Spectrum(X, np.sin(X / 300))
    assert estimate_noise(smooth).floor > 0


def test_the_kernel_ignores_cubics_and_keeps_the_variance():
    cubic = np.polynomial.Polynomial([3, -1, 0.2, 0.05])(np.arange(20.0))
    assert abs(np.convolve(cubic, KERNEL, mode="valid")).max() < 1e-10
    assert np.square(KERNEL).sum() == pytest.approx(1)


def plain_shared(z):
    """1 + 2 Σ ρ of one long row, by definition, as far as ρ exceeds chance."""
    z = z - z.mean()
    total = 1.0
    for lag in range(1, 16):
        rho = (z[lag:] * z[:-lag]).sum() / (z**2).sum()
        if rho < 3.75 / np.sqrt(len(z)):
            break
        total += 2 * rho
    return total


def test_noise_of_their_own_is_not_shared():
    z = np.random.default_rng(0).normal(size=(400, 1500))
    found = shared(z, np.ones(z.shape, dtype=bool))
    assert np.mean(found == 1) > 0.99 and found.max() < 1.5


@pytest.mark.parametrize("points", [2, 3, 5])
def test_a_mean_over_neighbours_shares_its_noise_by_as_many(points):
    z = np.random.default_rng(1).normal(size=(20, 2000))
    z = np.stack([np.convolve(row, np.ones(points), "same") for row in z])
    found = shared(z, np.ones(z.shape, dtype=bool))
    assert np.median(found) == pytest.approx(points, rel=0.15)
    assert np.median(found) == pytest.approx(np.median([plain_shared(row) for row in z]), rel=0.15)


def test_foreign_bands_are_no_shared_noise():
    rng, x = np.random.default_rng(2), np.arange(1500.0)
    z = rng.normal(size=(20, 1500))
    for at in (200, 500, 800, 1200):
        z += 30 * np.exp(-(((x - at) / 8) ** 2))
    found = shared(z, np.ones(z.shape, dtype=bool))
    assert np.median(found) == 1 and found.max() < 1.6


def test_too_few_points_share_nothing():
    z = np.cumsum(np.ones((3, 120)), axis=1)
    assert (shared(z, np.ones(z.shape, dtype=bool)) == 1).all()
    assert (shared(z, np.zeros(z.shape, dtype=bool)) == 1).all()


@pytest.mark.parametrize("points", [7, 8])
def test_medians_are_of_the_points_that_count(points):
    rng = np.random.default_rng(2)
    values, some = rng.normal(size=(30, points)), rng.uniform(size=(30, points)) > 0.4
    some[:, 0] = True
    plain = [np.median(row[which]) for row, which in zip(values, some, strict=True)]
    assert (medians(values, some) == plain).all()
    assert (medians(values, np.zeros(points, dtype=bool)) == np.inf).all()
