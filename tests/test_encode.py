"""The encoder of the shipped model: what it takes, and what it reads out of a spectrum."""

from __future__ import annotations

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.simulation.instrument import Instrument
from spectra_vae.simulation.simulate import simulate

Z90 = 1.6449


@pytest.fixture(scope="module")
def simulated():
    """400 measurements at 10 000 counts, factors anywhere."""
    return simulate("gypsum", 400, Instrument(stretch=2e-4).at(10_000), seed=11)


def test_a_spectrum_on_the_models_axis_is_its_array(vs):
    made = vs.generate(hydration=0.3)
    by_spectrum, by_array = vs.encode(made), vs.encode(made.intensity)
    np.testing.assert_allclose(by_spectrum.mean, by_array.mean, atol=1e-4)
    assert by_spectrum.mean.shape == by_spectrum.std.shape == (8,)


def test_a_spectrum_on_another_axis_is_interpolated(vs):
    x = np.arange(150.0, 1250.0, 0.7)
    found = vs.encode(sv.Spectrum(x, vs.mineral.spectrum(x, shift=4.0)))
    shift = vs.controls["shift"]
    assert abs(found.mean[shift] - vs.code(shift=4.0)[shift]) < 0.3


@pytest.mark.parametrize("shape", [(), (1,), (7,), (2, 3)])
def test_batches_are_encoded_row_by_row(vs, shape, simulated):
    rows = simulated.dirty[: int(np.prod(shape))].reshape(*shape, -1)
    q = vs.encode(rows)
    assert q.mean.shape == q.std.shape == (*shape, 8)
    for index in np.ndindex(shape):
        alone = vs.encode(rows[index])
        np.testing.assert_allclose(q.mean[index], alone.mean, atol=1e-4)
        np.testing.assert_allclose(q.std[index], alone.std, rtol=1e-3)


def test_missing_points_are_nan_and_leave_no_nan(vs, simulated):
    holed = np.where(vs.wavenumber > 1300, np.nan, simulated.dirty[:20])
    q = vs.encode(holed)
    assert np.isfinite(q.mean).all() and (q.std > 0).all()


def test_without_the_oh_region_the_code_of_hydration_is_as_wide_as_before(vs, simulated):
    neuron = vs.controls["hydration"]
    whole = vs.encode(simulated.dirty).std[:, neuron]
    holed = np.where(vs.wavenumber > 1300, np.nan, simulated.dirty)
    cut = vs.encode(holed).std[:, neuron]
    assert np.median(cut) > 1.5 and np.median(cut) > 1.5 * np.median(whole)


@pytest.mark.parametrize("factor", ["crystallinity", "shift", "intensity"])
def test_the_encoder_reads_the_factors(vs, factor, simulated):
    neuron = vs.controls[factor]
    read = vs.mineral.factor(factor).value(vs.encode(simulated.dirty).mean[:, neuron])
    assert np.corrcoef(read, simulated.factors[factor])[0, 1] > 0.95


@pytest.mark.parametrize("factor", ["hydration", "crystallinity", "shift"])
def test_intervals_of_the_encoder_cover(vs, factor, simulated):
    neuron, q = vs.controls[factor], vs.encode(simulated.dirty)
    truth = vs.mineral.factor(factor).code(simulated.factors[factor])
    covered = np.abs(truth - q.mean[:, neuron]) < Z90 * q.std[:, neuron]
    assert covered.mean() > 0.75


def test_a_posterior_is_plain_json(vs):
    told = vs.encode(vs.generate()).to_dict()
    assert len(told["mean"]) == len(told["std"]) == 8
    assert all(isinstance(v, float) for v in told["mean"])
