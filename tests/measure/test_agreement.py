"""A large shift needs witnesses; a mineral whose other bands stand elsewhere is another."""

from __future__ import annotations

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.simulation.trials import trials

X = np.arange(150.0, 1300.0)


def band(position, height, width):
    return height / (1 + 4 * ((X - position) / width) ** 2)


def noisy(curve, seed=0, noise=0.01):
    return sv.Spectrum(X, curve + noise * np.random.default_rng(seed).normal(size=len(X)))


def lookalike():
    """Anhydrite II, as measured: the strongest band fits a shifted gypsum, the others don't."""
    table = [(415, 0.03, 8), (498, 0.19, 8), (609, 0.14, 8), (628, 0.08, 8), (676, 0.05, 8)]
    table += [(1016.5, 1, 7), (1111, 0.06, 9), (1129, 0.05, 9), (1160, 0.06, 9)]
    return sum(band(*one) for one in table)


@pytest.mark.parametrize("shift", [-7.0, 7.0])
def test_a_large_shift_is_believed_where_bands_agree(vs, shift):
    found = vs.restore([noisy(vs.mineral.spectrum(X, shift=shift), seed) for seed in range(4)])
    for r in found:
        assert r.estimates["shift"].value == pytest.approx(shift, abs=0.3)
        assert not r.novelty.alien and r.novelty.factor is None


def test_a_large_shift_of_one_band_is_not_believed(vs):
    near = (X > 900) & (X < 1090)
    x, y = X[near], vs.mineral.spectrum(X, shift=6.5)[near]
    r = vs.restore(sv.Spectrum(x, y + 0.01 * np.random.default_rng(0).normal(size=len(x))))
    shift = r.estimates["shift"]
    assert not shift.known and shift.note.code == "note.shift_alone"
    assert r.novelty.factor == "shift"


def test_a_small_shift_needs_no_witness(vs):
    near = (X > 900) & (X < 1090)
    x, y = X[near], vs.mineral.spectrum(X, shift=3.0)[near]
    r = vs.restore(sv.Spectrum(x, y + 0.01 * np.random.default_rng(0).normal(size=len(x))))
    assert r.estimates["shift"].value == pytest.approx(3.0, abs=0.2)


@pytest.mark.parametrize("noise", [0.003, 0.01, 0.02])
def test_a_lookalike_is_alien_and_named(vs, noise):
    found = vs.restore([noisy(lookalike(), seed, noise) for seed in range(6)])
    if noise <= 0.01:
        assert any(abs(p.position - 609) < 3 for p in found[0].unexplained)
    for r in found:
        assert r.novelty.alien and not r.estimates["shift"].known
        assert "check.lookalike" in {c.code for c in r.checks}
        assert {"why.disagree", "why.far"} & {w.code for w in r.novelty.why}


def test_a_far_shift_beside_a_foreign_band_is_no_shift(vs):
    far = vs.mineral.spectrum(X, shift=7.0)
    r = vs.restore(noisy(far + 0.06 * band(850, 1, 10), noise=0.005))
    assert r.novelty.alien and "why.far" in {w.code for w in r.novelty.why}
    assert not any(one.known for one in r.estimates.values())
    trace = vs.restore(noisy(far + 0.02 * band(850, 1, 10), noise=0.003))
    assert trace.unexplained and not trace.novelty.alien
    assert trace.estimates["crystallinity"].known and not trace.estimates["shift"].known


def test_a_far_shift_that_all_groups_tell_is_one_beside_a_foreign_band(vs):
    x = np.arange(150.0, 3800.0, 1.5)
    y = vs.mineral.spectrum(x, shift=7.0) + 0.06 / (1 + 4 * ((x - 850) / 10) ** 2)
    r = vs.restore(sv.Spectrum(x, y + 0.005 * np.random.default_rng(0).normal(size=len(x))))
    assert abs(r.unexplained[0].position - 850) < 2
    assert r.estimates["shift"].value == pytest.approx(7.0, abs=0.3)


def test_simulated_spectra_contradict_nothing(vs):
    data = trials(vs.mineral, vs.wavenumber, 60, (100.0, 10_000.0), 4, middle=1.0)
    assert not any(
        "why.disagree" in {w.code for w in r.novelty.why} for r in vs.restore(data.spectra)
    )


def heated(x):
    """Bassanite at 300 counts: ν1 where a shift could have put it, water where it can't."""
    table = [(427, 0.1, 9), (489, 0.06, 10), (627, 0.03, 14), (668, 0.06, 7), (1014.5, 1, 6)]
    table += [(1128, 0.1, 10), (3554, 0.1, 30), (3615, 0.06, 30)]
    clean = sum(h / (1 + 4 * ((x - at) / w) ** 2) for at, h, w in table) + 0.3
    return sv.Spectrum(x, np.random.default_rng(1).poisson(300 * clean) / 300.0)


def test_a_shift_without_witnesses_and_weak_water_is_another_phase(vs):
    r = vs.restore(heated(vs.wavenumber))
    assert r.novelty.alien and not r.estimates["shift"].known
    assert "bassanite" in " ".join(str(why) for why in r.novelty.why)


def test_dry_gypsum_on_a_shifted_axis_stays_gypsum(vs):
    x = vs.wavenumber
    y = vs.mineral.spectrum(x, shift=7.0, hydration=0.2) + 0.3
    r = vs.restore(sv.Spectrum(x, np.random.default_rng(2).poisson(1000 * y) / 1000.0))
    assert not r.novelty.alien and r.estimates["shift"].known
