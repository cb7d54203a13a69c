"""A Spectrum is sorted, checked and frozen; interpolation stays inside what was measured."""

from __future__ import annotations

import copy
import json

import numpy as np
import pytest

from spectra_vae.minerals import default_axis
from spectra_vae.spectra.spectrum import (
    MAX_POINTS,
    MIN_POINTS,
    Spectrum,
    SpectrumError,
    gaps,
    interpolate,
)

X = np.linspace(100.0, 1200.0, 441)
Y = np.sin(X / 40) + 2


def codes(spectrum: Spectrum) -> list[str]:
    return [fix.code for fix in spectrum.fixes]


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_points_is_irrelevant(seed):
    order = np.random.default_rng(seed).permutation(len(X))
    mixed = Spectrum(X[order], Y[order])
    assert np.array_equal(mixed.wavenumber, X) and np.array_equal(mixed.intensity, Y)
    assert codes(mixed) == ["fix.sorted"]


def test_a_descending_axis_is_turned_round():
    turned = Spectrum(X[::-1], Y[::-1])
    assert np.array_equal(turned.wavenumber, X) and np.array_equal(turned.intensity, Y)
    assert codes(turned) == ["fix.reversed"]


def test_an_ascending_axis_needs_no_fix():
    assert Spectrum(X, Y).fixes == ()


def test_points_that_share_a_wavenumber_are_averaged():
    doubled = Spectrum([*X, X[5], X[5]], [*Y, Y[5] + 3, Y[5] - 6])
    assert np.array_equal(doubled.wavenumber, X)
    assert doubled.intensity[5] == pytest.approx(Y[5] - 1)
    assert "fix.duplicates" in codes(doubled)


def test_lists_and_tuples_are_taken_and_left_alone():
    x, y = list(X[::-1]), tuple(Y[::-1])
    assert np.array_equal(Spectrum(x, y).intensity, Y)
    assert x == list(X[::-1]) and y == tuple(Y[::-1])


def test_arrays_are_copied_and_frozen():
    x, y = X.copy(), Y.copy()
    spectrum = Spectrum(x, y, {"laser": 532})
    y[0] = 99
    assert spectrum.intensity[0] == Y[0]
    with pytest.raises(ValueError, match="read-only"):
        spectrum.intensity[0] = 1
    with pytest.raises(AttributeError):
        spectrum.intensity = Y
    with pytest.raises(TypeError):
        spectrum.meta["laser"] = 785


@pytest.mark.parametrize(
    ("x", "y", "code"),
    [
        (X[:4], Y[:4], "error.too_few_points"),
        ([], [], "error.too_few_points"),
        (np.full(40, 5.0), np.arange(40.0), "error.too_few_points"),
        (X, Y[:-1], "error.shape"),
        (X[:, None], Y[:, None], "error.shape"),
        (1.0, 2.0, "error.shape"),
        (np.arange(MAX_POINTS + 1), np.arange(MAX_POINTS + 1), "error.too_many_points"),
        (X, np.where(X > 1000, np.inf, Y), "error.not_finite"),
        (np.where(X > 1000, np.nan, X), Y, "error.not_finite"),
        (X, Y * 1e200, "error.not_finite"),
        (X, np.full_like(Y, 7.0), "error.constant"),
        (X, np.zeros_like(Y), "error.constant"),
        (["a"] * 30, Y[:30], "error.no_numbers"),
        (X, None, "error.shape"),
        ([[1.0, 2.0], [3.0]], Y, "error.no_numbers"),
        (X, Y + 0j, "error.complex"),
        (list(X), [1j] * len(X), "error.complex"),
    ],
)
def test_what_is_no_spectrum_is_refused(x, y, code, refused):
    with refused(SpectrumError) as caught:
        Spectrum(x, y)
    assert caught.value.message.code == code


def test_the_smallest_and_the_largest_spectrum_are_taken():
    for points in (MIN_POINTS, MAX_POINTS):
        assert len(Spectrum(np.arange(points), np.arange(points) % 7)) == points


@pytest.mark.parametrize("unit", [1e-90, 1e-6, 1.0, 1e90])
def test_any_unit_of_intensity_is_taken(unit):
    assert np.array_equal(Spectrum(X, Y * unit).intensity, Y * unit)


def test_at_its_own_points_a_spectrum_is_itself():
    np.testing.assert_allclose(Spectrum(X, Y).at(X), Y, rtol=0, atol=1e-12)


def test_cubics_are_interpolated_exactly():
    rng = np.random.default_rng(0)
    x = np.sort(rng.uniform(0, 100, 60))
    cubic = np.polynomial.Polynomial([1, -2, 0.3, 0.01])
    at = rng.uniform(x[0], x[-1], 500)
    np.testing.assert_allclose(interpolate(x, cubic(x), at), cubic(at), rtol=1e-9)


def test_nothing_is_known_outside():
    outside = Spectrum(X, Y).at([X[0] - 0.1, X[-1] + 0.1])
    assert np.isnan(outside).all()


@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
def test_batches_are_interpolated_row_by_row(shape):
    rng = np.random.default_rng(1)
    y, at = rng.normal(size=(*shape, len(X))), np.linspace(50, 1300, 77)
    together = interpolate(X, y, at)
    assert together.shape == (*shape, 77)
    for index in np.ndindex(shape):
        np.testing.assert_array_equal(together[index], interpolate(X, y[index], at))


def test_gaps_stay_gaps():
    x = np.concatenate([np.arange(100.0, 1300), np.arange(3000.0, 3700)])
    y = np.concatenate([np.sin(x[:1200]), np.cos(x[1200:])])
    split = Spectrum(x, y)
    assert [(x[s][0], x[s][-1]) for s in split.segments] == [(100, 1299), (3000, 3699)]
    assert np.isnan(split.at([1300.0, 2000.0, 2999.0])).all()
    alone = Spectrum(x[:1200], y[:1200])
    at = np.linspace(100, 1299, 333)
    np.testing.assert_array_equal(split.at(at), alone.at(at))


def test_an_axis_of_several_densities_has_no_false_gap():
    assert len(gaps(default_axis())) == 0


def test_uneven_steps_have_no_false_gap():
    steps = np.random.default_rng(2).uniform(0.2, 2.0, 500)
    assert len(gaps(np.cumsum(steps))) == 0


def test_segments_cover_every_point_once():
    x = np.concatenate([np.arange(0.0, 100), np.arange(150.0, 260), np.arange(400.0, 500)])
    parts = Spectrum(x, np.sin(x)).segments
    assert len(parts) == 3
    assert np.array_equal(np.concatenate([x[s] for s in parts]), x)


@pytest.fixture
def full():
    """A band that goes on above the detector's limit, and its limit."""
    rng = np.random.default_rng(0)
    counts = rng.poisson(300 + 2000 * np.exp(-(((X - 700) / 15) ** 2)))
    return np.minimum(counts, 1500) * 1.0, 1500.0


@pytest.mark.parametrize("order", [1, -1])
def test_a_full_detector_is_said(full, order):
    y, limit = full
    made = Spectrum(X[::order], y[::order], {"laser": 532})
    assert dict(made.meta) == {"laser": 532, "clipped": limit}
    assert codes(made) == (["fix.reversed"] if order < 0 else []) + ["fix.clipped"]
    assert made.fixes[-1].params == {"level": limit, "count": np.sum(y == limit)}
    again = Spectrum(made.wavenumber, made.intensity, made.meta, made.fixes)
    assert again.meta == made.meta and again.fixes == made.fixes


def test_a_limit_that_is_given_is_taken(full):
    y, _ = full
    given = Spectrum(X, y, {"clipped": 1400})
    assert given.meta["clipped"] == 1400 and given.fixes == ()


def test_a_limit_below_the_points_is_refused(full):
    y, limit = full
    with pytest.raises(SpectrumError, match="level"):
        Spectrum(X, y, {"clipped": -1.0})
    assert Spectrum(X, y, {"clipped": float("nan")}).meta["clipped"] == limit


def test_a_word_of_a_header_is_no_limit(full):
    y, limit = full
    assert "clipped" not in Spectrum(X, Y, {"clipped": "no"}).meta
    assert Spectrum(X, y, {"clipped": "no"}).meta["clipped"] == limit


def test_what_was_read_is_plain_json():
    told = Spectrum([*X[::-1], X[3]], [*Y[::-1], 5]).read_as()
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["points"] == len(X) and told["range"] == [X[0], X[-1]] and told["step"] == 2.5
    assert [fix["code"] for fix in told["fixes"]] == ["fix.sorted", "fix.duplicates"]


def test_what_is_masked_is_no_measurement():
    y = np.ma.masked_greater(np.arange(len(X), dtype=float), len(X) - 5)
    with pytest.raises(SpectrumError, match="4 values"):
        Spectrum(X, y)


def test_copies_are_the_same_and_as_frozen(full):
    y, _ = full
    made = Spectrum(X, y, {"laser": 532})
    copied = copy.deepcopy(made)
    assert dict(copied.meta) == dict(made.meta) and copied.fixes == made.fixes
    np.testing.assert_array_equal(copied.intensity, made.intensity)
    assert not copied.intensity.flags.writeable
