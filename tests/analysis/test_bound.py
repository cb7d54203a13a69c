"""The Cramér–Rao bound against closed forms and against estimates that reach it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spectra_vae.analysis.bound import BACKGROUND, cramer_rao, shaping
from spectra_vae.minerals import default_axis, mineral
from spectra_vae.simulation.detector import detect
from spectra_vae.simulation.instrument import Instrument

GYPSUM = mineral("gypsum")
X = default_axis()
QUIET = Instrument(fluorescence=(0, 0), spikes=0, readout=0.0)


def only(*names):
    """The mineral with these factors alone."""
    return replace(GYPSUM, factors=tuple(GYPSUM.factor(n) for n in names))


def test_the_scale_alone_is_known_as_well_as_the_counts_say():
    scale = np.array([0.7, 1.3])
    found = cramer_rao(only("intensity"), X, {"intensity": scale}, QUIET.at(500), background=False)
    total = 500 * GYPSUM.spectrum(X).sum()  # photons at intensity 1
    np.testing.assert_allclose(found[:, 0], np.sqrt(scale / total), rtol=1e-6)


def test_readout_noise_alone_makes_least_squares():
    noisy = replace(QUIET, readout=1e4).at(1.0)
    found = cramer_rao(only("intensity"), X, {"intensity": 1.0}, noisy, background=False)
    norm = np.linalg.norm(GYPSUM.spectrum(X))
    assert found[0, 0] == pytest.approx(1e4 / norm, rel=1e-3)


def test_an_efficient_estimate_reaches_it():
    m, device = only("hydration", "intensity"), replace(QUIET, readout=2.0).at(1_000)
    rng = np.random.default_rng(0)
    parts = m.parts(X, {"hydration": 1.0, "intensity": 1.0})
    water = np.array([b.group == "water" for b in m.bands])
    base = np.polynomial.legendre.legvander(2 * (X - X[0]) / np.ptp(X) - 1, BACKGROUND - 1)
    light = parts.sum(axis=0) + 0.5
    measured = detect(device, np.repeat(light[None], 2_000, axis=0), X, np.full(2_000, 1e3), rng)
    root = 1 / np.sqrt(light / 1e3 + 4e-6)
    columns = np.column_stack([parts[water].sum(axis=0), parts[~water].sum(axis=0), base])
    a, b = np.linalg.lstsq(columns * root[:, None], (measured * root).T, rcond=None)[0][:2]
    bound = cramer_rao(m, X, {"hydration": 1.0, "intensity": 1.0}, device, light)[0]
    np.testing.assert_allclose([np.std(a / b), np.std(b)], bound, rtol=0.06)


def test_more_counts_and_a_known_background_help():
    factors = {"hydration": [0.3, 1.2], "crystallinity": [0.4, 0.9]}
    known, unknown, bright = (
        cramer_rao(GYPSUM, X, factors, device, background=background)
        for device, background in (
            (Instrument().at(300), False),
            (Instrument().at(300), True),
            (Instrument().at(3_000), True),
        )
    )
    assert known.shape == (2, len(shaping(GYPSUM)))
    assert (known < unknown).all() and (bright < unknown).all()


def test_what_was_not_recorded_tells_nothing():
    light = np.where(X < 1300, GYPSUM.spectrum(X), np.nan)
    device = Instrument().at(1_000)
    whole, cut = (cramer_rao(GYPSUM, X, {}, device, given)[0] for given in (None, light))
    at = shaping(GYPSUM).index("hydration")
    assert cut[at] > 20 * whole[at] and np.isfinite(cut).all()
    nothing = cramer_rao(GYPSUM, X, {}, device, np.full_like(X, np.nan))
    assert np.isinf(nothing).all()


def test_purity_gives_the_counts_where_the_instrument_has_none():
    drawn = cramer_rao(GYPSUM, X, {"purity": [2.0, 4.0]}, Instrument())
    fixed = [cramer_rao(GYPSUM, X, {}, Instrument().at(c))[0] for c in (100, 10_000)]
    np.testing.assert_allclose(drawn, fixed)


def test_unknown_factors_are_refused(refused):
    with refused():
        cramer_rao(GYPSUM, X, {"colour": 1.0}, Instrument())
