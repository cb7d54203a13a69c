"""Restoration with the shipped model, on simulated measurements whose truth is known."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

import spectra_vae as sv
from spectra_vae.measure.detection.preparation import FEW
from spectra_vae.measure.detection.refit import judge
from spectra_vae.simulation.instrument import Instrument
from spectra_vae.simulation.simulate import simulate

LARGEST_SHIFT = 8.0  # cm⁻¹
X = np.concatenate([np.arange(150.0, 1300.0, 1.0), np.arange(3000.0, 3750.0, 2.0)])
LOW = X < 1300
COUNTS = 10_000.0
# At 10 000 counts: root mean square errors, and what offsets or units may change.
LIMITS = {"hydration": 0.06, "crystallinity": 0.015, "shift": 0.06}
SAME_CURVE = 1e-5  # × ν1: batches of another size round differently
SAME = {"hydration": 0.005, "crystallinity": 0.005, "shift": 0.02}


@pytest.fixture(scope="module")
def data():
    return simulate("gypsum", 12, Instrument().at(COUNTS), seed=5, wavenumber=X)


@pytest.fixture(scope="module")
def restored(vs, data):
    return vs.restore([sv.Spectrum(X, y) for y in data.dirty])


def test_measured_is_background_plus_restored_plus_residual(restored, data):
    for r, y in zip(restored, data.dirty, strict=True):
        assert np.array_equal(r.measured, y) and np.array_equal(r.wavenumber, X)
        np.testing.assert_allclose(r.background + r.restored + r.residual, y, atol=1e-12)
        extra = sum((p.curve(X) for p in r.unexplained), np.zeros_like(X))
        np.testing.assert_allclose(r.explained + extra, r.restored, atol=1e-12)
        assert (r.lower <= r.restored).all() and (r.restored <= r.upper).all()


@pytest.mark.parametrize("factor", LIMITS)
def test_estimates_are_near_the_truth(restored, data, factor):
    found, true = [r.estimates[factor] for r in restored], data.factors[factor]
    if factor == "shift":  # one that ends with its range is none
        inside = np.abs(true) < 0.98 * LARGEST_SHIFT
        assert sum(~inside) == sum(not e.known for e in found) == 1
        found, true = [e for e, kept in zip(found, inside, strict=True) if kept], true[inside]
    assert all(e.known and e.low <= e.value <= e.high for e in found)
    errors = np.array([e.value for e in found]) - true
    assert np.sqrt(np.mean(errors**2)) <= LIMITS[factor]
    assert abs(errors).max() <= 3.5 * LIMITS[factor]


def test_the_restored_curve_is_the_clean_one(restored, data):
    for r, clean in zip(restored, data.clean, strict=True):
        error = np.sqrt(np.mean((r.restored - clean) ** 2))
        noise = np.sqrt(np.mean(r.residual**2))
        assert error < 0.01 * clean.max() and error < noise


def test_every_factor_is_there_and_the_arbitrary_scale_is_unknown(restored, vs):
    for r in restored:
        assert set(r.estimates) == {f.name for f in vs.mineral.factors}
        scale = r.estimates["intensity"]
        assert not scale.known and scale.value is scale.low is scale.high is None


def test_a_simulated_mineral_is_not_alien(restored):
    assert not any(r.novelty.alien for r in restored)
    assert all(0 <= r.novelty.score < 0.5 for r in restored)


def test_the_gain_is_the_height_of_the_reference_main_band(restored, data):
    gain = np.array([r.gain for r in restored])
    np.testing.assert_allclose(gain, data.factors["intensity"], rtol=0.05)


@pytest.mark.parametrize("change", [(1e-6, 0.0), (1e6, 0.0), (1.0, 7.0), (1.0, -7.0), (40.0, 1e4)])
def test_unit_and_offset_change_no_estimate(vs, restored, data, change):
    scale, offset = change
    for before, y in zip(restored[:4], data.dirty[:4], strict=True):
        after = vs.restore(sv.Spectrum(X, scale * y + offset))
        for factor, tolerance in SAME.items():
            one, other = before.estimates[factor], after.estimates[factor]
            assert other.value == pytest.approx(one.value, abs=tolerance)
        assert after.gain == pytest.approx(scale * before.gain, rel=0.01)


def test_the_order_of_the_points_changes_nothing(vs, restored, data):
    turned = vs.restore(sv.Spectrum(X[::-1], data.dirty[0][::-1]))
    np.testing.assert_allclose(turned.restored, restored[0].restored, atol=SAME_CURVE)
    value = restored[0].estimates["hydration"].value
    assert turned.estimates["hydration"].value == pytest.approx(value, abs=1e-4)


def test_hydration_is_unknown_without_the_oh_region(vs, data):
    for y in data.dirty[:4]:
        r = vs.restore(sv.Spectrum(X[LOW], y[LOW]))
        hydration = r.estimates["hydration"]
        assert not hydration.known and hydration.value is None
        assert hydration.note.code == "note.not_covered"
        assert r.estimates["shift"].known and not r.novelty.alien


def test_a_foreign_band_is_kept_and_located(vs, data):
    band = 0.4 * np.exp(-4 * np.log(2) * ((X - 1086) / 9) ** 2)
    r = vs.restore(sv.Spectrum(X, data.dirty[1] + data.factors["intensity"][1] * band))
    foreign = min(r.unexplained, key=lambda p: abs(p.position - 1086))
    assert abs(foreign.position - 1086) < 2 and foreign.height / r.gain == pytest.approx(
        0.4, abs=0.1
    )
    assert r.novelty.alien and abs(r.novelty.at - 1086) < 2
    np.testing.assert_allclose(r.background + r.restored + r.residual, r.measured, atol=1e-12)
    kept = r.restored - r.explained
    assert kept[np.argmin(abs(X - 1086))] == pytest.approx(0.4 * r.gain, rel=0.25)


def test_noise_alone_is_alien(vs):
    r = vs.restore(sv.Spectrum(X, np.random.default_rng(0).normal(size=len(X))))
    assert r.novelty.alien


def test_spikes_are_left_out_and_said(vs, data):
    y = data.dirty[0].copy()
    y[[100, 400, 700]] += 2.0
    r = vs.restore(sv.Spectrum(X, y))
    assert not r.used[[100, 400, 700]].any()
    assert "check.spikes" in {check.code for check in r.checks}


def test_clipped_points_are_left_out_and_said(vs):
    device = Instrument(fluorescence=(0.1, 0.3), spikes=0.0).at(COUNTS)
    measured = simulate("gypsum", 1, device, 4, wavenumber=X).dirty[0]
    level = 0.9 * measured.max()
    y = np.minimum(measured, level)
    r = vs.restore(sv.Spectrum(X, y, {"clipped": level}))
    assert not r.used[y >= level].any() and r.used[y < level].all()
    assert "check.clipped" in {check.code for check in r.checks}


def test_a_given_resolution_is_taken_out_of_the_width(vs):
    device = Instrument(resolution=6.0, fluorescence=(0.0, 0.0), spikes=0.0).at(1e7)
    data = simulate("gypsum", 1, device, 1, factors={"crystallinity": 0.2}, wavenumber=X)
    spectrum = sv.Spectrum(X, data.dirty[0])
    assumed, given = (vs.restore(spectrum, r).estimates["crystallinity"] for r in (None, 6.0))
    assert abs(given.value - 0.2) < 0.02 < abs(assumed.value - 0.2)
    assert (assumed.note.code, given.note.code) == ("note.width_assumed", "note.width")


def test_bands_are_measured(restored, data, vs):
    for r, shift in zip(restored, data.factors["shift"], strict=True):
        main = next(b for b in r.bands if b.name == vs.mineral.main.name)
        assert main.position == pytest.approx(1008 + shift, abs=0.3)
        groups = {b.group for b in r.bands}
        assert groups == {"sulfate", "lattice", "water"}


def test_a_restoration_is_plain_json(restored):
    for r in restored[:3]:
        told = r.to_dict()
        assert json.loads(json.dumps(told, allow_nan=False)).keys() == told.keys()
        assert len(told["restored"]) == len(X) and len(told["code"]["mean"]) == 8


def test_the_table_is_read_back_as_it_was_measured(restored, data):
    text = restored[0].to_csv()
    back = sv.read_spectrum(text.encode(), "table.csv")
    np.testing.assert_allclose(back.wavenumber, X, rtol=1e-8)
    np.testing.assert_allclose(back.intensity, data.dirty[0], rtol=1e-8, atol=1e-12)
    assert "# hydration: " in text and "# weights: " in text


@pytest.fixture
def threads():
    before = torch.get_num_threads()
    yield torch.set_num_threads
    torch.set_num_threads(before)


def test_two_threads_restore_what_one_does(vs, threads):
    device = Instrument(spikes=0).at(COUNTS)
    many = simulate("gypsum", 2 * FEW + 9, device, seed=4, wavenumber=X)
    curves = {}
    for count in (1, 2):
        threads(count)
        found = vs.restore([sv.Spectrum(X, y) for y in many.dirty])
        assert torch.get_num_threads() == count
        curves[count] = np.array([r.restored for r in found])
    assert np.abs(curves[1] - many.clean).max() < 0.1  # each in its place
    np.testing.assert_allclose(curves[2], curves[1], atol=20 * SAME_CURVE)


def test_one_spectrum_alone_has_one_thread(vs, data, threads, monkeypatch):
    """Two would wait for each other; the caller's own stay as many."""
    seen = []

    def judged(*given):
        seen.append(torch.get_num_threads())
        return judge(*given)

    monkeypatch.setattr("spectra_vae.measure.restore.judge", judged)
    threads(2)
    vs.restore(sv.Spectrum(X, data.dirty[0]))
    assert seen == [1] and torch.get_num_threads() == 2


def test_one_spectrum_or_many(vs, restored, data):
    alone = vs.restore(sv.Spectrum(X, data.dirty[0]))
    assert isinstance(restored, list) and len(restored) == 12 and vs.restore([]) == []
    np.testing.assert_allclose(alone.restored, restored[0].restored, atol=SAME_CURVE)
