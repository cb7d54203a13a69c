"""Comparing two measurements: distances, what doesn't enter, and what each would have seen."""

from __future__ import annotations

import json

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.measure.response import respond
from spectra_vae.minerals import mineral
from spectra_vae.simulation.instrument import Instrument

GYPSUM = mineral("gypsum")
DEVICE = Instrument(fluorescence=(0.3, 0.6), spikes=0.0).at(20_000.0)
STATES = (
    {"hydration": 1.0, "crystallinity": 0.6, "shift": 2.0, "intensity": 1.2},
    {"hydration": 0.5, "crystallinity": 0.8, "shift": -1.0, "intensity": 0.8},
)


def measured(state, seed=0, device=DEVICE, low=100.0, high=4000.0, name=""):
    x = np.arange(low, high, 1.5)
    y = sv.simulate("gypsum", 1, device, seed, factors=state, wavenumber=x).dirty[0]
    return sv.Spectrum(x, 500 * y + 40, {"name": name})


@pytest.fixture(scope="module")
def two(vs):
    a, b = (measured(s, k, name=f"{k}.txt") for k, s in enumerate(STATES))
    return vs.restore(a), vs.restore(b)


# --- distances ---------------------------------------------------------------------------------


def test_a_measurement_is_where_it_is(vs, two):
    c = vs.compare(two[0], two[0])
    assert c.distance == 0 and c.probability == 1 and c.same
    for seen in (c.a, c.b):
        np.testing.assert_allclose(seen.other, seen.own, atol=1e-3)
        np.testing.assert_array_equal(seen.measured, two[0].measured)


def test_the_other_way_round_differences_change_their_sign(vs, two):
    there, back = vs.compare(*two), vs.compare(*reversed(two))
    assert there.distance == pytest.approx(back.distance)
    for name, one in there.factors.items():
        assert one.sigmas == pytest.approx(-back.factors[name].sigmas)
        assert one.difference == pytest.approx(-back.factors[name].difference)
    np.testing.assert_array_equal(there.a.other, back.b.other)


def test_two_states_are_told_apart_and_one_is_not(vs, two):
    c = vs.compare(*two)
    assert c.same is False and c.checks[0].code == "compare.differs"
    for name in ("hydration", "crystallinity"):
        truth = STATES[1][name] - STATES[0][name]
        assert c.factors[name].difference == pytest.approx(truth, abs=0.08)
    again = vs.compare(two[0], measured({**STATES[0], "shift": -3.0, "intensity": 0.7}, 5))
    assert again.same and again.checks[0].code == "compare.same"


def test_the_distance_is_the_root_mean_square(vs, two):
    c = vs.compare(*two)
    sigmas = [one.sigmas for one in c.factors.values()]
    assert c.distance == pytest.approx(np.sqrt(np.mean(np.square(sigmas))))
    assert set(c.factors) == {"hydration", "crystallinity"}  # the instrument's are left aside


# --- what doesn't enter ------------------------------------------------------------------------


def test_what_a_file_does_not_cover_does_not_enter(vs, two):
    c = vs.compare(two[0], measured(STATES[0], 7, high=1300.0, name="short.txt"))
    assert not c.factors["hydration"].b.known and c.factors["hydration"].sigmas is None
    assert c.distance == pytest.approx(abs(c.factors["crystallinity"].sigmas))
    left_out = next(check for check in c.checks if check.code == "compare.left_out")
    assert "hydration does not enter: in short.txt" in str(left_out) and "1298" in str(left_out)


def test_without_the_mineral_nothing_is_compared(vs, two):
    x = np.arange(100.0, 4000.0, 1.5)
    noise = sv.Spectrum(x, np.random.default_rng(0).normal(100, 5, len(x)))
    c = vs.compare(two[0], noise)
    assert c.distance is None and c.probability is None and c.same is None
    assert c.checks[0].code == "compare.nothing"
    assert all(one.sigmas is None for one in c.factors.values())
    json.dumps(c.to_dict(), allow_nan=False)


def test_files_of_one_name_stay_two(vs):
    clean = measured(STATES[0], name="=same.txt")
    foreign = clean.intensity + 400 * np.exp(-(((clean.wavenumber - 1086) / 5) ** 2))
    alien = sv.Spectrum(clean.wavenumber, foreign, {"name": "=same.txt"})
    for pair, guilty in (((clean, alien), "=same.txt (2)"), ((alien, clean), "=same.txt")):
        c = vs.compare(*pair)
        told = [check.params["file"] for check in c.checks if check.code == "compare.alien"]
        assert told == [guilty]
    names = {line.split(",")[0] for line in c.to_csv().splitlines() if line.startswith("'")}
    assert names == {"'=same.txt", "'=same.txt (2)"}


@pytest.mark.parametrize("name", ["gypsum-unsupervised", "gypsum-robust"])
def test_a_model_without_neurons_for_the_factors_compares_nothing(name, two):
    c = sv.load(name).compare(*(measured(s, k) for k, s in enumerate(STATES)))
    assert c.distance is None and c.checks[0].code == "compare.nothing"


def test_a_restoration_through_another_model_is_refused(two, refused):
    with refused() as caught:
        sv.load("gypsum-unsupervised").compare(*two)
    assert "gypsum" in str(caught.value)


# --- what each would have seen -----------------------------------------------------------------


def test_the_other_mineral_is_drawn_with_this_files_shift_gain_and_background(vs, two):
    c = vs.compare(*two)
    for k, (seen, r) in enumerate(zip((c.a, c.b), two, strict=True)):
        swapped = {**STATES[k], **{n: STATES[1 - k][n] for n in ("hydration", "crystallinity")}}
        truth = 500 * GYPSUM.spectrum(r.wavenumber, **swapped)
        error = seen.other - r.background - truth
        assert np.sqrt(np.mean(error**2)) < 0.01 * 500
        assert np.abs(seen.other - seen.own).max() > 0.05 * 500  # and it isn't its own


@pytest.mark.parametrize("name", ["hydration", "crystallinity"])
def test_a_response(name):
    factor = GYPSUM.factor(name)
    for value in np.linspace(factor.low + 0.2, factor.high - 0.2, 5):
        for other in np.linspace(factor.low, factor.high, 7):
            assert respond(factor, value, value, other) == pytest.approx(other)
            seen = respond(factor, value, value - 0.1, other)
            assert factor.low <= seen <= other + 1e-12  # what lowers one value raises none
        assert respond(factor, value, value - 0.1, value) == pytest.approx(value - 0.1)


def test_a_coarse_instrument_hardly_widens_what_is_wide():
    factor = GYPSUM.factor("crystallinity")
    narrow, wide = 0.9, 0.1
    seen_narrow = respond(factor, 0.755, 0.3, narrow)
    seen_wide = respond(factor, 0.755, 0.3, wide)
    assert narrow - seen_narrow > 3 * (wide - seen_wide) > 0


def test_width_and_scale_there_and_back():
    factor = GYPSUM.factor("crystallinity")
    values = np.linspace(factor.low, factor.high, 9)
    np.testing.assert_allclose(factor.of_width_scale(factor.width_scale(values)), values)


# --- files -------------------------------------------------------------------------------------


def test_a_comparison_as_json_and_csv(vs, two):
    c = vs.compare(*two)
    told = json.loads(json.dumps(c.to_dict(), allow_nan=False))
    assert told["same"] is False and told["settings"]["model"] == "gypsum"
    assert len(told["a"]["other"]) == len(two[0].wavenumber) and told["a"]["file"] == "0.txt"
    lines = c.to_csv().splitlines()
    table = [line for line in lines if not line.startswith("#")]
    assert table[0] == "file,wavenumber_cm-1,measured,own_state,other_state"
    assert len(table) == 1 + sum(len(r.wavenumber) for r in two)
    assert any(line.startswith("# hydration: a ") for line in lines) and "nan" not in c.to_csv()
