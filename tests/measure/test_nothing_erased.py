"""What stands on the mineral's own bands is kept, too; and what another phase leaves is told."""

from __future__ import annotations

import json
from itertools import product

import numpy as np
import pytest

import spectra_vae as sv

X = np.concatenate([np.arange(100.0, 1300), np.arange(3000.0, 3800)])
COUNTS, LIGHT = 1000, 0.5


def band(at, height, width=8.0):
    return height * np.exp(-4 * np.log(2) * ((X - at) / width) ** 2)


def lorentz(at, height, width):
    return height / (1 + 4 * ((X - at) / width) ** 2)


def measured(y, seed=0):
    return sv.Spectrum(X, np.random.default_rng(seed).poisson(COUNTS * (y + LIGHT)))


def codes(messages):
    return {m.code for m in messages}


PLACES = (180, 493, 619, 623, 670, 1018, 1135, 3375, 3406, 3436, 3450, 3465, 3493, 3525)
FOREIGN = tuple(product(PLACES, (0.3, 1.0, 5.0)))


@pytest.fixture(scope="module")
def disturbed(vs):
    """The mineral with one foreign band, by its place and height."""
    own = vs.mineral.spectrum(X)
    return dict(zip(FOREIGN, vs.restore([measured(own + band(*f)) for f in FOREIGN]), strict=True))


@pytest.mark.parametrize(("at", "height"), FOREIGN)
def test_a_foreign_band_on_a_band_of_the_mineral_is_kept_and_listed(vs, disturbed, at, height):
    own, r = vs.mineral.spectrum(X), disturbed[at, height]
    i = np.abs(X - at).argmin()
    assert r.restored[i] / COUNTS - own[i] == pytest.approx(height, rel=0.1)
    assert min(abs(p.position - at) for p in r.unexplained) < 2
    assert r.novelty.alien


@pytest.mark.parametrize("at", [180, 493, 619, 983, 988, 1030])
def test_a_lone_band_that_is_not_the_minerals_is_kept_and_named(vs, at):
    r = vs.restore(measured(band(at, 1.0)))
    i = np.abs(X - at).argmin()
    assert r.restored[i] / COUNTS == pytest.approx(1, rel=0.1)
    assert r.novelty.alien
    assert r.novelty.at == pytest.approx(at, abs=2)
    assert not any(one.known for name, one in r.estimates.items() if name != "purity")


def test_no_crystal_is_taken_for_another_mineral(vs):
    """Bands that orientation makes 2.5 × as high are the mineral's."""
    own = vs.mineral.spectrum(X)
    rng, crystals = np.random.default_rng(4), []
    for k in range(40):
        y = own.copy()
        for one in vs.mineral.bands:
            if one != vs.mineral.main:
                near = np.exp(-((np.abs(X - one.position) / (1.5 * one.width)) ** 4))
                y *= 1 + near * (np.exp(rng.uniform(-1, 1) * np.log(2.5)) - 1)
        crystals.append(measured(y, k))
    assert sum(bool(r.unexplained) for r in vs.restore(crystals)) <= 3


def test_a_second_phase_beside_the_strongest_band_is_told(vs):
    """Half of it bassanite: no peak of its own stands out, and the fit is no good one."""
    other = lorentz(1014.5, 1, 6) + lorentz(1128, 0.1, 10) + lorentz(427, 0.1, 9)
    low = X < 2000
    y = 0.5 * (vs.mineral.spectrum(X) + other)
    counts = np.random.default_rng(1).poisson(10 * COUNTS * (y + LIGHT))
    told = vs.restore(sv.Spectrum(X[low], counts[low]))
    assert "check.tension" in codes(told.checks)
    plain = np.random.default_rng(1).poisson(10 * COUNTS * (vs.mineral.spectrum(X) + LIGHT))
    alone = vs.restore(sv.Spectrum(X[low], plain[low]))
    assert "check.tension" not in codes(alone.checks)
    crystals = [r.estimates["crystallinity"] for r in (told, alone)]
    wide, narrow = (one.high - one.low for one in crystals)
    assert wide > 1.5 * narrow


def test_without_its_strongest_band_nothing_says_what_a_file_is(vs):
    y = np.random.default_rng(0).poisson(COUNTS * (vs.mineral.spectrum(X) + LIGHT))
    for some in (X > 2000, X < 950, np.abs(X - 1008) > 40):
        r = vs.restore(sv.Spectrum(X[some], y[some]))
        assert not r.novelty.alien
        assert codes(r.novelty.why) == {"why.not_covered"}
        assert r.novelty.score == pytest.approx(0.5)


@pytest.mark.parametrize("step", [8, 11, 20, 40])
def test_a_coarse_file_is_restored_or_says_that_it_is_too_coarse(vs, step):
    x = np.arange(100.0, 4000, step)
    r = vs.restore(sv.Spectrum(x, np.interp(x, X, vs.mineral.spectrum(X)) + 1e-3 * np.sin(x)))
    assert np.isfinite(r.restored).all()
    assert step < 11 or "check.nothing_unexplained" not in codes(r.checks)


@pytest.mark.parametrize(("at", "height"), [(998, 3.0), (1001, 1.0), (1001, 2.0), (1018, 2.0)])
def test_a_foreign_band_that_the_strongest_one_swallows_makes_a_file_alien(vs, at, height):
    r = vs.restore(measured(vs.mineral.spectrum(X) + band(at, height, 6.0)))
    assert r.novelty.alien
    for name, one in r.estimates.items():
        truth = vs.mineral.factor(name).reference
        assert name == "purity" or not one.known or one.low - 0.1 <= truth <= one.high + 0.1


@pytest.mark.parametrize("step", [0.3, 1.0, 5.0])
@pytest.mark.parametrize("resolution", [None, 8.0])
def test_a_narrow_window_off_the_bands_says_nothing_and_breaks_nothing(vs, step, resolution):
    for low in (1906, 1980, 2746, 3096, 3167, 1700):
        x = np.arange(low, low + max(25 * step, 60), step)
        y = np.random.default_rng(low).poisson(1e4 * (vs.mineral.spectrum(x) + LIGHT))
        r = vs.restore(sv.Spectrum(x, y), resolution=resolution)
        json.dumps(r.to_dict(), allow_nan=False)
        assert not any(one.known for name, one in r.estimates.items() if name == "shift")


def test_what_a_file_lacks_is_said_as_it_is(vs):
    y = np.random.default_rng(0).poisson(COUNTS * (vs.mineral.spectrum(X) + LIGHT))
    wet = vs.restore(sv.Spectrum(X[X > 2000], y[X > 2000]))
    assert {one.note.code for one in wet.estimates.values()} == {"note.lacking"}
    coarse = np.arange(100.0, 4000, 25)
    r = vs.restore(sv.Spectrum(coarse, np.interp(coarse, X, y)))
    assert not r.quantities["ratio"].known
    assert r.estimates["hydration"].note.code == "note.too_few"


def test_nothing_is_said_of_intervals_where_there_are_none(vs):
    r = vs.restore(measured(band(988, 40.0, 3.0) + band(460, 3.0)))
    assert not any(one.known for name, one in r.estimates.items() if name != "purity")
    assert not codes(r.checks) & {"check.tension", "check.shared_noise"}
