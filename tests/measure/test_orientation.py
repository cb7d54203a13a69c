"""Orientation is seen where it shows, costs nothing where it doesn't, and widens intervals."""

from __future__ import annotations

import numpy as np
import pytest

from spectra_vae.measure.fitting.orientation import STRENGTHS, combinations, least, spread_at
from spectra_vae.measure.report import unknown_response
from spectra_vae.simulation.trials import trials

RANGE = (0.4, 2.5)


@pytest.fixture(scope="module")
def oriented(vs):
    data = trials(vs.mineral, vs.wavenumber, 24, 10_000.0, 8, orientation=RANGE)
    return data, vs.restore(data.spectra)


def test_a_strength_is_never_an_amplitude(vs):
    m = vs.mineral
    bands = tuple(b for b in m.bands if b != m.main)
    mix = combinations(m, bands)
    water = np.array([b.area * (b.group == "water") for b in bands])
    lowest = least(m, bands).numpy()
    np.testing.assert_allclose((mix @ water)[lowest < 0], 0, atol=1e-12)
    assert (lowest == 0).sum() == 1 and np.linalg.matrix_rank(mix) == len(mix) == len(bands)
    assert combinations(m, ()).shape == (0, 0)


def test_spread_of_log_uniform_amplitudes():
    rng = np.random.default_rng(0)
    for strength, found in zip(STRENGTHS, spread_at(STRENGTHS), strict=True):
        drawn = np.exp(strength * rng.uniform(np.log(0.4), np.log(2.5), 200_000))
        assert found == pytest.approx(np.mean((drawn - 1) ** 2), rel=0.02, abs=1e-9)


def test_plain_spectra_keep_the_decoder_alone(vs):
    data = trials(vs.mineral, vs.wavenumber, 24, 10_000.0, 8)
    found = vs.restore(data.spectra)
    assert sum(r.orientation is not None for r in found) <= 1
    assert all("check.orientation_none" in {c.code for c in r.checks} for r in found[:3])


def test_orientation_is_reported_and_its_bands_are_followed(oriented):
    data, found = oriented
    some = [k for k, r in enumerate(found) if r.orientation is not None]
    assert len(some) >= 8
    for k in some:
        r = found[k]
        assert r.orientation.bic > 0 and all(
            0.2 <= a.value <= 2.6 for a in r.orientation.amplitudes
        )
        assert "check.orientation_fitted" in {c.code for c in r.checks}
        error = np.sqrt(np.mean((r.explained - data.bands[k]) ** 2))
        assert error < 0.3 * np.sqrt(np.mean((data.clean[k] - data.bands[k]) ** 2)) + 2e-3


def test_orientation_widens_the_interval_of_a_strength(vs, oriented, monkeypatch):
    def width(r):
        one = r.estimates["hydration"]
        return one.high - one.low

    monkeypatch.setattr(unknown_response, "CALIBRATED", 1.0)  # another one widens both
    plain = vs.restore(trials(vs.mineral, vs.wavenumber, 12, 10_000.0, 8).spectra)
    found = vs.restore(oriented[0].spectra[:12])
    wide = [width(r) for r in found if r.orientation is not None]
    assert np.median(wide) > 2 * np.median([width(r) for r in plain])
