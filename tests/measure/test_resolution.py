"""The width's factor where a file's resolution is given and is not the table's."""

from __future__ import annotations

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.instrument import Instrument
from spectra_vae.simulate import simulate

X = np.arange(100.0, 1300.0)
COUNTS, GROUND = 3000.0, 0.3
DRAWS = 30
TRUTHS = (0.3, 0.5, 0.755, 0.9)
OFF = 0.02  # of a median
COVERED = 0.75  # of DRAWS 90 % intervals, at least: chance brings fewer in 1 of 130


def broadened(vs, truth: float, resolution: float):
    """(N,) the mineral as another instrument shows it, convolved where it is a broader one."""
    table, step = vs.mineral.resolution, 0.25
    if resolution < table:  # nothing can be convolved back
        values = {"crystallinity": truth}
        return vs.mineral.parts(X, values, resolution=resolution).sum(axis=-2)
    fine = np.arange(X[0] - 60, X[-1] + 60 + step, step)
    offset = np.arange(-40, 40 + step, step)
    share = 4 * np.log(2) / max(resolution**2 - table**2, 1e-6)
    kernel = np.exp(-share * offset**2)
    y = np.convolve(vs.mineral.spectrum(fine, crystallinity=truth), kernel / kernel.sum(), "same")
    return np.interp(X, fine, y)


def drawn(clean, counts: float = COUNTS, n: int = DRAWS):
    rng = np.random.default_rng(41)
    return [sv.Spectrum(X, rng.poisson(counts * (clean + GROUND))) for _ in range(n)]


def found(vs, spectra, resolution: float | None):
    return [r.estimates["crystallinity"] for r in vs.restore(spectra, resolution)]


def ends(estimates):
    """(n, 3) low, value and high; all must be known."""
    assert all(e.known and e.low <= e.value <= e.high for e in estimates)
    return np.array([(e.low, e.value, e.high) for e in estimates])


def covered(truth: float, low, high) -> bool:
    """Do enough of the intervals hold the truth?"""
    return np.mean((low <= truth) & (truth <= high)) >= COVERED


@pytest.mark.parametrize("resolution", [2.0, 6.0, 8.0, 10.0])
def test_the_value_is_near_and_its_interval_covers_the_truth(vs, resolution):
    for truth in TRUTHS:
        low, value, high = ends(found(vs, drawn(broadened(vs, truth, resolution)), resolution)).T
        assert abs(np.median(value) - truth) <= OFF, truth
        assert covered(truth, low, high), truth
        assert np.median(high - low) < 0.25, truth


@pytest.mark.parametrize("resolution", [2.0, 8.0])
def test_other_factors_and_all_bands_change_nothing(vs, resolution):
    x = np.concatenate([X, np.arange(3000.0, 3800.0)])
    device = Instrument(resolution=resolution, orientation=(0.4, 2.5)).at(COUNTS)
    data = simulate("gypsum", DRAWS, device, 6, factors={"crystallinity": 0.5}, wavenumber=x)
    low, value, high = ends(found(vs, [sv.Spectrum(x, y) for y in data.dirty], resolution)).T
    assert abs(np.median(value) - 0.5) <= OFF
    assert covered(0.5, low, high)


def test_many_photons_bring_nothing_that_the_interval_hides(vs):
    low, value, high = ends(found(vs, drawn(broadened(vs, 0.5, 10.0), 1e5, 10), 10.0)).T
    assert abs(value - 0.5).max() <= OFF and covered(0.5, low, high)


def test_nothing_is_taken_out_at_the_tables_own_resolution(vs):
    spectra = drawn(broadened(vs, 0.5, vs.mineral.resolution), n=3)
    assumed, given = (ends(found(vs, spectra, r)) for r in (None, vs.mineral.resolution))
    assert np.array_equal(assumed, given)
    near = ends(found(vs, spectra, vs.mineral.resolution + 0.01))
    assert abs(near - given).max() < 0.01


def test_the_more_of_a_width_is_the_instruments_the_less_is_known_of_its_own(vs):
    halves = []
    for resolution in (4.0, 10.0, 20.0):
        values = ends(found(vs, drawn(broadened(vs, 0.755, resolution), n=8), resolution))
        halves.append(np.median(values[:, 2] - values[:, 0]))
    assert halves[0] < halves[1] / 2 < halves[2] / 3
    lost = found(vs, drawn(broadened(vs, 0.755, 40.0), 30.0, 8), 40.0)
    assert {e.note.code for e in lost} == {"note.no_information"}


@pytest.mark.parametrize(("truth", "counts"), [(0.9, 300.0), (0.9, 3000.0), (0.5, 1e5)])
def test_bands_narrower_than_the_given_resolution_are_said_to_be(vs, truth, counts):
    spectra = drawn(broadened(vs, truth, 4.0), counts, 8)
    assert {e.note.code for e in found(vs, spectra, 10.0)} == {"note.narrower"}
    right = found(vs, drawn(broadened(vs, 1.0, 10.0), counts, 8), 10.0)
    assert all(e.known for e in right)
