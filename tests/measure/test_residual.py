"""What a fit leaves over: foreign peaks are found, noise lists none; spikes go, bands stay."""

from __future__ import annotations

import numpy as np
import pytest

from spectra_vae.examples import example
from spectra_vae.measure.detection.residual import INTERVALS, Peak, filters, listed, scores
from spectra_vae.minerals import mineral
from spectra_vae.readers import read_spectrum

GYPSUM = mineral("gypsum")
X = np.arange(150.0, 1300.0)
EVERYWHERE, NOWHERE = np.ones(len(X), bool), np.zeros(len(X), bool)


def found_in(residual, usable=EVERYWHERE, own=NOWHERE):
    f, variance, judged = filters(X), np.ones(len(X)), usable & ~own
    _, (significance,) = scores(f, residual[None], variance[None], judged[None], own[None])
    return listed(f, significance, residual, variance, judged)


def noise(seed):
    return np.random.default_rng(seed).normal(size=len(X))


def gauss(x, position, width):
    return np.exp(-4 * np.log(2) * ((x - position) / width) ** 2)


# --- foreign peaks -----------------------------------------------------------------------------


def test_pure_noise_lists_almost_nothing():
    assert sum(bool(found_in(noise(seed))) for seed in range(40)) <= 2


@pytest.mark.parametrize("width", [6.0, 13.0, 30.0])
@pytest.mark.parametrize("seed", range(8))
def test_an_injected_peak_is_found_where_it_stands(width, seed):
    position = np.random.default_rng(seed).uniform(250, 1200)
    (peak,) = found_in(noise(seed) + 8 * gauss(X, position, width))
    assert abs(peak.position - position) < width / 2
    assert peak.height == pytest.approx(8, rel=0.35)
    assert 0.5 < peak.fwhm / width < 3 and peak.significance > 6


def test_several_peaks_are_listed_strongest_first():
    places = {300.0: 30.0, 640.0: 20.0, 1000.0: 10.0}
    curve = noise(0) + sum(h * gauss(X, p, 13) for p, h in places.items())
    peaks = found_in(curve)
    assert [round(p.position, -1) for p in peaks] == [300, 640, 1000]
    assert (np.diff([p.significance for p in peaks]) < 0).all()


def test_nothing_is_foreign_where_the_mineral_has_a_band():
    own = np.abs(X - 700) < 20
    assert found_in(noise(0) + 20 * gauss(X, 700, 8), own=own) == ()


def test_points_left_out_of_the_fit_are_not_judged():
    usable = np.abs(X - 700) > 20
    assert found_in(np.where(usable, noise(0), 1e4), usable=usable) == ()


def test_a_rough_background_lists_nothing():
    rough = 5 * np.random.default_rng(0).normal(size=len(X))  # the stated variance is 1
    assert found_in(rough) == ()


def test_too_few_points_list_nothing():
    few = np.arange(len(X)) < 15
    assert found_in(noise(0) + 50 * gauss(X, 160, 8), usable=few) == ()


PLAIN = ("position", "height", "fwhm", "significance", "group", "doubt", "mixing", "area")


def test_a_peak_is_a_gaussian_of_its_numbers():
    peak = Peak(700.0, 3.0, 10.0, 9.0)
    np.testing.assert_allclose(peak.curve(np.array([700.0, 705.0])), [3.0, 1.5])
    assert peak.to_dict().keys() == {*PLAIN, *INTERVALS}


def test_a_foreign_band_is_told_as_a_share_of_nu1_as_it_stands_in_the_file(vs):
    r = vs.restore(read_spectrum(example("foreign"), "foreign.csv"))
    told = next(why for why in r.novelty.why if why.code == "why.foreign")
    main = max(b.height for b in r.bands)
    assert abs(float(told.params["percent"]) - 100 * r.unexplained[0].height / main) < 1
