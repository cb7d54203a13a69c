"""A simulator as dirty as nature: the truth adds up, and what makes no sense is refused."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from dirtied import CALCITE_LIKE, GYPSUM, X, deviations, noisy, quiet

from spectra_vae.minerals import MineralError
from spectra_vae.minerals.profile import GAUSS_AREA, LORENTZ_AREA, Profiles
from spectra_vae.simulation.dirty import simulate_dirty
from spectra_vae.simulation.nuisances import CLEAN, NATURE, SWITCHES, NuisanceError, Nuisances
from spectra_vae.simulation.simulate import simulate

# --- the whole ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [None, "lab-532", "portable-785", "rasetti"])
def test_with_everything_off_it_is_the_plain_simulation(name):
    plain = simulate("gypsum", 37, name, 5, wavenumber=X)
    dirty = simulate_dirty("gypsum", 37, name, CLEAN, 5, wavenumber=X)
    np.testing.assert_allclose(dirty.dirty, plain.dirty, rtol=1e-12)
    np.testing.assert_allclose(dirty.clean, plain.clean, rtol=1e-12)
    for factor, values in plain.factors.items():
        np.testing.assert_array_equal(dirty.factors[factor], values)


def test_a_seed_reproduces_everything():
    once, again, other = (simulate_dirty("gypsum", 9, seed=s, wavenumber=X) for s in (3, 3, 4))
    for name in ("dirty", "bands", "background", "deviation", "spiked", "shift", "quantum"):
        np.testing.assert_array_equal(getattr(once, name), getattr(again, name))
    np.testing.assert_array_equal(once.table.position, again.table.position)
    assert not np.array_equal(once.dirty, other.dirty)


AXIS = ("offset", "stretch", "bend")  # they move bands, which would hide what is asked


@pytest.mark.parametrize("other", [s for s in SWITCHES if s not in (*AXIS, "position")])
def test_a_switch_changes_nothing_of_what_another_one_draws(other):
    nature = replace(NATURE, foreign=1, second=0.2)
    alone = quiet(6, nature.only("position"))
    both = quiet(6, nature.only("position", other), second=CALCITE_LIKE)
    own = both.table.position[:, : len(GYPSUM.bands)]
    np.testing.assert_allclose(own, alone.table.position, rtol=1e-12)


@pytest.mark.parametrize("instrument", [None, "lab-532", "portable-785"])
def test_files_are_bands_background_and_noise(instrument):
    """Everything but what touches the points afterwards: noise is N(0, 1) in its own σ."""
    after = ("interpolation", "smoothing", "quantising", "clipping", "blocks", "spikes")
    nature = replace(NATURE, foreign=2, second=0.2, stitching=0.5).without(*after)
    data = simulate_dirty(
        "gypsum",
        60,
        instrument,
        nature,
        2,
        factors={} if instrument else {"purity": 3.5},
        wavenumber=X,
        second=CALCITE_LIKE,
    )
    left = deviations(data)[np.isfinite(data.dirty) & ~data.spiked]
    assert abs(left.mean()) < 5 / math.sqrt(left.size)
    assert left.std() == pytest.approx(1, abs=0.01)
    assert np.mean(abs(left) > 2.5758) == pytest.approx(0.01, abs=0.002)


def test_untouched_points_of_the_dirtiest_files_hold_the_truth_too():
    data = noisy(80, NATURE, counts=4.0)
    software = (data.software.apart > 1) | (data.software.filter >= 0) | (data.quantum > 0)
    good = ~(data.spiked | data.clipped | data.blocked)[~software]
    left = deviations(data)[~software][good]
    assert left.std() == pytest.approx(1, abs=0.02) and abs(left.mean()) < 0.02


def test_the_table_of_bands_is_the_curve():
    """The true bands, drawn again from their table, are the true curves."""
    nature = replace(NATURE, foreign=2, second=0.3, bend=0.5)
    nature = nature.without("triangle", "response", "etalon", "stitching")
    data = quiet(12, nature, second=CALCITE_LIKE)
    t = data.table
    assert list(t.kind) == ["own"] * 10 + ["unlisted"] * 3 + ["foreign"] * 2 + ["second"]
    mixing = (t.area / (t.height * t.fwhm) - GAUSS_AREA) / (LORENTZ_AREA - GAUSS_AREA)
    parts = Profiles(t.position, t.height, t.fwhm, mixing).at(X)
    np.testing.assert_allclose(parts.sum(axis=1), data.bands, atol=1e-9)
    np.testing.assert_allclose(parts[:, 13:].sum(axis=1), data.extra, atol=1e-9)


def test_spectra_leave_out_what_was_not_recorded():
    data = simulate_dirty("gypsum", 3, "portable-785", wavenumber=X)
    assert all(s.wavenumber[-1] <= 3000 for s in data.spectra)
    assert len(noisy(2, CLEAN).spectra[0]) == len(X)


def test_any_axis_will_do():
    for x in (X[::-1], np.geomspace(150.0, 3500.0, 400), None):
        data = simulate_dirty("gypsum", 4, None, replace(NATURE, foreign=1), wavenumber=x)
        assert np.isfinite(data.dirty).all() and len(data.spectra) == 4


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [{"width": -1}, {"mixing": 1.2}, {"foreign": 1.5}, {"unlisted": 99}, {"spikes": math.nan}],
    ids=str,
)
def test_amounts_that_make_no_sense_are_refused(wrong, refused):
    with refused(NuisanceError):
        Nuisances(**wrong)
    with refused(NuisanceError):
        Nuisances(**dict.fromkeys(wrong, "much"))


def test_unknown_switches_and_a_second_phase_without_a_mineral_are_refused(refused):
    with refused(NuisanceError):
        NATURE.only("rain")
    with refused(NuisanceError):
        simulate_dirty("gypsum", 2, nuisances=Nuisances(second=0.2))
    with refused(MineralError):
        simulate_dirty("granite", 2)


def test_presets_switch_everything_off_and_all_of_nature_on():
    assert not any(getattr(CLEAN, name) for name in SWITCHES)
    assert {name for name in SWITCHES if not getattr(NATURE, name)} == {"foreign", "second"}
    assert NATURE.only() == CLEAN and NATURE.without(*SWITCHES) == CLEAN
