"""The search over the library's tables, and each alone."""

from __future__ import annotations

import time

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.library.identify.axes import lasers, unbent
from spectra_vae.library.identify.matching import alone
from spectra_vae.library.identify.scanned import coarse, scanned
from spectra_vae.library.identify.score import accepted, score
from spectra_vae.library.identify.templates import Templates
from spectra_vae.measure.mixture.part import Part
from spectra_vae.minerals import mineral, minerals

X = np.arange(120.0, 1300.0, 1.3)
NAMES = ("gypsum", "calcite", "barite", "quartz", "anatase", "albite", "sulfur")


@pytest.fixture(scope="module")
def templates():
    return Templates.of([Part.of(mineral(name)) for name in minerals()])


def measured(name, shift=0.0, noise=0.01, resolution=6.0, seed=0):
    """A made measurement over a bent background."""
    rng = np.random.default_rng(seed)
    m = mineral(name)
    y = m.parts(X - shift, {}, resolution=resolution).sum(-2)
    background = 0.4 + 0.3 * np.sin(X / 400) + X / 3000
    return sv.Spectrum(X, 1000 * (y + background + rng.normal(0, noise, len(X))))


@pytest.mark.parametrize("name", NAMES)
def test_the_search_ranks_what_it_is_first(name, templates):
    _, scan = scanned(measured(name, shift=3.0))
    first, shift, likeness = templates.ranked(scan)[0]
    assert templates.parts[first].name == name
    assert shift == pytest.approx(3.0, abs=2.5) and likeness > 0.7


@pytest.mark.parametrize("name", NAMES)
def test_fitted_alone_it_is_accepted_and_its_shift_is_found(name, templates):
    _, scan = scanned(measured(name, shift=3.0))
    best = max(alone(scan, templates, ()), key=lambda one: score(one.evidence))
    assert best.part.name == name and accepted(score(best.evidence), scan.noise)
    moved = best.fit.mixture.file[0] + best.fit.mixture.phases[0, 1]
    assert moved == pytest.approx(3.0, abs=1.0)


def test_a_spectrum_of_no_mineral_is_not_accepted(templates):
    bands = [(233, 8), (402, 11), (555, 9), (701, 7), (822, 12), (933, 9), (1190, 14)]
    y = sum(
        np.exp(-(((X - p) / w) ** 2) * 2.77) * (0.4 + 0.1 * k) for k, (p, w) in enumerate(bands)
    )
    noise = np.random.default_rng(0).normal(0, 0.005, len(X))
    _, scan = scanned(sv.Spectrum(X, 5.0 + y + noise))
    some = alone(scan, templates, ())
    assert not any(accepted(score(one.evidence), scan.noise) for one in some)


def test_noise_asks_for_more():
    assert accepted(2.0, 0.01) and not accepted(2.0, 0.1)


def test_the_library_is_searched_in_time(templates):
    _, scan = scanned(measured("gypsum"))
    many = Templates(templates.parts * 24, np.tile(templates.curves, (24, 1, 1)))
    assert len(many.parts) > 1900

    def seconds(some):
        start = time.process_time()
        some.ranked(scan)
        return time.process_time() - start

    assert min(seconds(templates) for _ in range(3)) < 0.05
    assert min(seconds(many) for _ in range(3)) < 0.5


def test_unbent_wavenumbers_keep_their_ends_and_are_even_in_wavelength():
    x = np.linspace(100.0, 1200.0, 500)
    right = unbent(x, 785.0)
    assert right[[0, -1]] == pytest.approx([100.0, 1200.0])
    wavelength = 1e7 / (1e7 / 785.0 - right)
    np.testing.assert_allclose(np.diff(wavelength), np.diff(wavelength)[0])
    assert 15 < np.abs(right - x).max() < 30


def test_a_bent_axis_is_asked_about_only_where_it_is_exactly_even():
    even = np.linspace(100.0, 1200.0, 600)
    uneven = unbent(even, 785.0)
    y = np.random.default_rng(0).normal(100, 1, 600)
    assert lasers(sv.Spectrum(even, y)) == (785.0, 532.0)
    assert lasers(sv.Spectrum(even, y, {"laser_nm": 633})) == (633.0,)
    assert lasers(sv.Spectrum(uneven, y)) == ()


def test_a_bent_file_is_found_on_its_right_axis(templates):
    even = np.linspace(100.0, 1200.0, 700)
    y = mineral("pyrite").spectrum(unbent(even, 785.0)) + 0.3
    y = y + np.random.default_rng(0).normal(0, 0.01, len(y))
    spectrum = sv.Spectrum(even, y)
    _, scan = scanned(spectrum)
    best = max(alone(scan, templates, lasers(spectrum)), key=lambda one: score(one.evidence))
    assert best.part.name == "pyrite" and best.laser == 785.0


def test_a_coarse_scan_keeps_the_level_and_the_information():
    x = np.arange(100.0, 1200.0, 0.5)
    y = mineral("calcite").spectrum(x) + np.random.default_rng(0).normal(0, 0.02, len(x)) + 1
    _, scan = scanned(sv.Spectrum(x, y))
    few = coarse(scan)
    assert len(few.x) < len(scan.x) and np.all(np.diff(few.x) > 0)
    assert few.y[few.usable].mean() == pytest.approx(scan.y[scan.usable].mean(), abs=0.02)
    assert few.noise <= scan.noise and few.basis.shape[1] == scan.basis.shape[1]


def smoothed(y, points=9):
    """A polynomial filter's work (Savitzky, Golay 1964)."""
    offsets = np.arange(points) - points // 2
    return np.convolve(y, np.linalg.pinv(np.vander(offsets, 3))[-1], mode="same")


def test_noise_that_a_filter_hides_is_heard_between_bands():
    y = mineral("calcite").spectrum(X) + 1 + np.random.default_rng(0).normal(0, 0.03, len(X))
    _, raw = scanned(sv.Spectrum(X, y))
    _, scan = scanned(sv.Spectrum(X[10:-10], smoothed(y)[10:-10]))
    assert raw.noise == pytest.approx(0.03, rel=0.25) and raw.shared < 1.5
    left = smoothed(np.random.default_rng(1).normal(0, 0.03, 4000)).std()
    assert 0.7 * left < scan.noise < 1.4 * left and scan.shared > 1.5


def test_a_smoothed_cosmic_ray_rings_and_is_left_out_while_bands_stay():
    rng = np.random.default_rng(0)
    y = mineral("calcite").spectrum(X) + 1 + rng.normal(0, 0.01, len(X))
    at = int(np.searchsorted(X, 500.0))
    y[at : at + 2] += 1.5
    _, scan = scanned(sv.Spectrum(X[10:-10], smoothed(y)[10:-10]))
    assert not scan.usable[np.abs(scan.x - 500) < 4].any()
    main = mineral("calcite").main.position
    assert scan.usable[np.abs(scan.x - main) < 15].all()


def test_a_range_without_a_usable_point_has_no_background_of_its_own():
    y = 100 * (mineral("calcite").spectrum(X) + 1) + np.random.default_rng(0).normal(0, 1, len(X))
    y[300:360] = 0.0
    y[360:] += 400.0
    _, scan = scanned(sv.Spectrum(X, y))
    assert np.isfinite(scan.y).all() and not scan.usable[310:350].any()
