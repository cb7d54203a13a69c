"""Simulated measurements: seeded, batched, and equal to a plain loop over single spectra."""

from __future__ import annotations

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.minerals import MineralError, default_axis, mineral, parse
from spectra_vae.simulation.instrument import PRESETS, Instrument
from spectra_vae.simulation.simulate import SimulationError, pairs, render, simulate
from spectra_vae.text.message import SpectraVaeError

GYPSUM = mineral("gypsum")
X = default_axis()
PLAIN = Instrument(fluorescence=(0.0, 0.0), spikes=0.0)


def same(a, b) -> bool:
    return np.array_equal(a, b, equal_nan=True)


@pytest.mark.parametrize("n", [1, 16, 17, 40])
def test_shapes(n):
    data = simulate("gypsum", n)
    assert len(data) == n and data.dirty.shape == data.clean.shape == (n, len(X))
    assert set(data.factors) == {f.name for f in GYPSUM.factors}
    assert all(v.shape == (n,) for v in data.factors.values())
    assert np.array_equal(data.wavenumber, X)


@pytest.mark.parametrize("name", PRESETS)
def test_a_seed_reproduces_everything(name):
    once, again, other = (simulate("gypsum", 5, PRESETS[name], seed=s) for s in (3, 3, 4))
    assert same(once.dirty, again.dirty) and same(once.clean, again.clean)
    assert not same(once.dirty, other.dirty) and not same(once.clean, other.clean)


def test_factors_are_uniform_over_their_range():
    drawn = simulate("gypsum", 4000, PLAIN, wavenumber=[1000.0, 1010.0]).factors
    for f in GYPSUM.factors:
        share = np.sort((drawn[f.name] - f.low) / (f.high - f.low))
        assert abs(share - np.linspace(0, 1, 4000)).max() < 1.95 / np.sqrt(4000)  # Kolmogorov
    assert abs(np.corrcoef([*drawn.values()]) - np.eye(5)).max() < 0.08


def test_fixed_factors_are_kept():
    given = np.linspace(0, 1, 6)
    data = simulate("gypsum", 6, factors={"hydration": 0.25, "crystallinity": given})
    assert (data.factors["hydration"] == 0.25).all()
    assert same(data.factors["crystallinity"], given)
    assert len(set(data.factors["shift"])) == 6


def test_clean_is_the_truth_of_the_factors():
    data = simulate("gypsum", 33, PRESETS["lab-532"])
    for k in range(33):
        truth = GYPSUM.spectrum(X, **{name: v[k] for name, v in data.factors.items()})
        np.testing.assert_allclose(data.clean[k], truth, rtol=1e-12)


@pytest.mark.parametrize("n", [1, 15, 16, 17, 33])
def test_rendering_in_chunks_is_rendering_one_by_one(n):
    rng = np.random.default_rng(0)
    factors = {f.name: rng.uniform(f.low, f.high, n) for f in GYPSUM.factors}
    clean, light = render(GYPSUM, PLAIN, X, factors, rng)
    for k in range(n):
        alone = GYPSUM.spectrum(X, **{name: v[k] for name, v in factors.items()})
        np.testing.assert_allclose(clean[k], alone, rtol=1e-12)
        np.testing.assert_allclose(light[k], alone, rtol=1e-12)


def test_rendering_in_single_precision_is_exact_to_a_millionth():
    rng = np.random.default_rng(0)
    factors = {f.name: rng.uniform(f.low, f.high, 20) for f in GYPSUM.factors}
    exact, quick = (render(GYPSUM, PLAIN, X, factors, rng, d) for d in (np.float64, np.float32))
    assert quick[0].dtype == np.float32
    np.testing.assert_allclose(quick, exact, atol=5e-6)


def test_the_dirty_spectrum_scatters_about_the_clean_one():
    factors = {f.name: f.reference for f in GYPSUM.factors}
    data = simulate("gypsum", 400, PLAIN, factors=factors)
    variance = data.clean[0] / 1000 + (PLAIN.readout / 1000) ** 2
    deviation = (data.dirty.mean(axis=0) - data.clean[0]) / np.sqrt(variance / 400)
    assert abs(deviation).max() < 5.5
    assert np.mean(data.dirty.var(axis=0) / variance) == pytest.approx(1, abs=0.02)


def test_a_laser_power_sets_the_purity():
    device = Instrument(power=50.0, efficiency=100.0)
    data = simulate("gypsum", 4, device)
    np.testing.assert_allclose(data.factors["purity"], np.log10(5000.0))
    assert set(simulate("gypsum", 4, factors={"purity": 2.0}).factors["purity"]) == {2.0}


def test_more_purity_is_less_noise():
    noisy, pure = (
        simulate("gypsum", 50, PLAIN, factors={"purity": p, "hydration": 1.0}) for p in (2.0, 4.0)
    )
    spread = [np.std(data.dirty - data.clean) for data in (noisy, pure)]
    assert spread[0] > 8 * spread[1]


@pytest.mark.parametrize("differ", [f.name for f in GYPSUM.factors])
def test_pairs_differ_in_one_factor_only(differ):
    a, b = pairs("gypsum", 10, differ, seed=1)
    for name in a.factors:
        equal = a.factors[name] == b.factors[name]
        assert (not equal.any()) if name == differ else equal.all()
    assert same(a.clean, b.clean) == (differ == "purity")


def test_the_two_measurements_of_a_pair_have_noise_of_their_own():
    a, b = pairs("gypsum", 2, "purity", seed=1)
    assert not same(a.dirty, b.dirty)


def test_any_axis_will_do():
    x = [150.0, 990.0, 1008.0, 3400.0]
    data = simulate("gypsum", 3, wavenumber=x)
    assert data.dirty.shape == (3, 4) and same(data.wavenumber, np.array(x))


def test_the_public_function_takes_a_mineral_or_its_name():
    by_name, by_hand = (sv.simulate(m, 2, seed=9).dirty for m in ("gypsum", GYPSUM))
    assert same(by_name, by_hand)


@pytest.mark.parametrize("n", [0, -1, 1_000_001])
def test_a_count_that_makes_no_sense_is_refused(n, refused):
    with refused(SimulationError):
        simulate("gypsum", n)


@pytest.mark.parametrize(
    "given",
    [{"factors": 3}, {"factors": "x"}, {"wavenumber": [1000.0]}, {"wavenumber": [9.0, 9.0]}],
)
def test_factors_without_names_and_no_axis_are_refused(given, refused):
    with refused(SimulationError):
        simulate("gypsum", 1, **given)


def test_unknown_names_are_refused(refused):
    with refused(MineralError):
        simulate("granite", 2)
    with refused(MineralError):
        simulate("gypsum", 2, factors={"wetness": 1.0})
    with refused(MineralError):
        pairs("gypsum", 2, "wetness")


def test_a_mineral_without_purity_needs_a_laser_power(refused):
    band = {"name": "ν", "position": 900.0, "height": 1.0, "width": 6.0, "mixing": 0.5}
    words = {"group": "g", "assignment": "a", "source": "s"}
    width = {"name": "order", "effect": "width", "low": 0.0, "reference": 0.5, "high": 1.0}
    bare = parse(
        {
            "name": "bare",
            "formula": "B",
            "strongest": 0,
            "resolution": 4.0,
            "bands": [band | words],
            "factors": [width],
        }
    )
    with refused(SpectraVaeError):
        simulate(bare, 2)
    assert len(simulate(bare, 2, Instrument(power=1.0))) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"instrument": "olivine"},
        {"instrument": 5},
        {"seed": -1},
        {"seed": "x"},
        {"n": 2.0},
        {"n": True},
        {"wavenumber": "abc"},
        {"wavenumber": []},
        {"instrument": "lab-532", "factors": {"purity": 1.5}},
        {"factors": {"purity": 400}},
        {"factors": {"hydration": "a"}},
        {"wavenumber": [1.0, np.nan]},
        {"name": ["gypsum"]},
    ],
    ids=str,
)
def test_what_cannot_be_simulated_is_a_sentence(wrong):
    asked = {"name": "gypsum", "n": 2, **wrong}
    with pytest.raises(SpectraVaeError) as caught:
        simulate(**asked)
    assert str(caught.value).endswith(".")


def test_an_instrument_may_be_named():
    by_name, by_hand = (simulate("gypsum", np.int64(2), d) for d in ("rasetti", PRESETS["rasetti"]))
    np.testing.assert_array_equal(by_name.dirty, by_hand.dirty)
