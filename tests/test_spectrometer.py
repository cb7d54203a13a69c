"""The shipped model: codes and factors, what it decodes, what its knobs do, finding models."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch

import spectra_vae as sv
from spectra_vae.minerals import MineralError
from spectra_vae.spectra.bands import area, peak
from spectra_vae.spectra.spectrum import SpectrumError
from spectra_vae.storage.models import ModelError

ENDS = np.linspace(-3, 3, 25)
SULFATE, OH = (350, 1300), (3100, 3700)


def random_factors(vs, n, seed=0):
    rng = np.random.default_rng(seed)
    factors = (vs.mineral.factor(name) for name in vs.controls)
    return {f.name: rng.uniform(f.low, f.high, n) for f in factors}


def codes_of(vs, factors):
    z = np.repeat(vs.origin[None], len(next(iter(factors.values()))), axis=0)
    for name, values in factors.items():
        z[:, vs.controls[name]] = vs.mineral.factor(name).code(values)
    return z


# --- codes and factors -------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(), (1,), (256,), (2, 3)])
def test_codes_of_any_batch_shape_are_decoded(vs, shape):
    z = np.random.default_rng(0).normal(size=(*shape, 8))
    spectra = vs.decode(z)
    assert spectra.shape == (*shape, len(vs.wavenumber)) and spectra.dtype == np.float64
    for index in np.ndindex(shape):
        np.testing.assert_allclose(spectra[index], vs.decode(z[index]), atol=1e-5)


def test_decoding_repeats_itself_and_leaves_its_code_alone(vs):
    z = np.random.default_rng(1).normal(size=(5, 8))
    before = z.copy()
    assert np.array_equal(vs.decode(z), vs.decode(z.tolist())) and np.array_equal(z, before)


def test_factors_are_the_inverse_of_code(vs):
    given = random_factors(vs, 40)
    for k in range(40):
        one = {name: v[k] for name, v in given.items()}
        back = vs.factors(vs.code(**one))
        for name, value in one.items():
            f = vs.mineral.factor(name)
            assert back[name] == pytest.approx(value, abs=1e-4 * (f.high - f.low))


def test_the_origin_is_the_reference(vs):
    assert np.array_equal(vs.code(), vs.origin) and (vs.origin == 0).all()
    for name, value in vs.factors(vs.origin).items():
        assert value == pytest.approx(vs.mineral.factor(name).reference, abs=1e-6)


def test_factors_of_a_batch_keep_its_shape(vs):
    found = vs.factors(np.zeros((2, 3, 8)))
    assert {v.shape for v in found.values()} == {(2, 3)} and found.keys() == vs.controls.keys()


# --- what it decodes ---------------------------------------------------------------------------


def test_generated_spectra_are_the_minerals(vs):
    factors = random_factors(vs, 400, seed=3)
    truth = vs.mineral.spectrum(vs.wavenumber, **factors)
    assert np.sqrt(np.mean((vs.decode(codes_of(vs, factors)) - truth) ** 2)) <= 0.001


@pytest.mark.parametrize("seed", range(3))
def test_generate_names_its_factors_and_model(vs, seed):
    one = {name: float(v[0]) for name, v in random_factors(vs, 1, seed).items()}
    spectrum = vs.generate(**one)
    assert isinstance(spectrum, sv.Spectrum) and np.array_equal(spectrum.wavenumber, vs.wavenumber)
    assert spectrum.meta["model"] == vs.name and one.items() <= dict(spectrum.meta).items()
    truth = vs.mineral.spectrum(vs.wavenumber, **one)
    assert np.sqrt(np.mean((spectrum.intensity - truth) ** 2)) <= 0.002


# --- each knob does one thing ------------------------------------------------------------------


def knob(vs, factor, values=ENDS):
    """Decoded spectra with one factor's neuron at ``values``, and the truth (K, N) of each."""
    f = vs.mineral.factor(factor)
    curves = vs.scan(vs.controls[factor], values)
    return curves, vs.mineral.spectrum(vs.wavenumber, **{factor: f.value(values)})


def worst_area(vs, factor, window):
    curves, truth = knob(vs, factor)
    ratio = area(vs.wavenumber, curves, *window) / area(vs.wavenumber, truth, *window)
    return np.abs(ratio - 1).max()


@pytest.mark.parametrize(("z", "left"), [(-3.0, 0.01), (-5.0, 0.02)])
def test_hydration_takes_the_water_away(vs, z, left):
    dry = vs.scan(vs.controls["hydration"], [z])
    gypsum = area(vs.wavenumber, vs.mineral.spectrum(vs.wavenumber), *OH)
    assert abs(area(vs.wavenumber, dry, *OH)[0]) <= left * gypsum
    assert dry.min() >= -0.005


def test_hydration_leaves_the_sulfate_within_one_percent(vs):
    curves, _ = knob(vs, "hydration", np.linspace(-5, 3, 33))
    sulfate = area(vs.wavenumber, vs.mineral.spectrum(vs.wavenumber), *SULFATE)
    np.testing.assert_allclose(area(vs.wavenumber, curves, *SULFATE), sulfate, rtol=0.01)


def test_crystallinity_spans_the_width_and_keeps_the_areas(vs):
    curves, _ = knob(vs, "crystallinity")
    widths = [peak(vs.wavenumber, y, 968, 1048)[2] for y in curves]
    assert max(widths) / min(widths) >= 3.5
    assert worst_area(vs, "crystallinity", SULFATE) <= 0.015
    assert worst_area(vs, "crystallinity", OH) <= 0.03


def test_crystallinity_fuses_and_parts_the_water_bands(vs):
    x = np.arange(*OH, 4.0)
    amorphous, crystalline = (
        sv.Spectrum(vs.wavenumber, y).at(x) for y in vs.scan(vs.controls["crystallinity"], [-3, 3])
    )
    for curve, humps in ((amorphous, 1), (crystalline, 2)):
        rise = np.sign(np.diff(curve))[np.abs(np.diff(curve)) > 2e-4]
        assert (np.diff(rise) < 0).sum() == humps


def test_shift_moves_the_main_band_and_keeps_the_areas(vs):
    curves, _ = knob(vs, "shift")
    moved = [peak(vs.wavenumber, y, 968, 1048)[0] - 1008 for y in curves]
    wanted = vs.mineral.factor("shift").value(ENDS)
    assert wanted[0] == pytest.approx(-8, abs=0.1) and wanted[-1] == pytest.approx(8, abs=0.1)
    np.testing.assert_allclose(moved, wanted, atol=0.5)
    assert worst_area(vs, "shift", SULFATE) <= 0.01 and worst_area(vs, "shift", OH) <= 0.03


def test_three_neurons_are_silent(vs):
    silent = [n for n in vs.neurons if n.silent]
    assert [n.index for n in silent] == [0, 1, 2] and all(n.kl <= 0.01 for n in silent)
    origin = vs.decode(vs.origin)
    for n in silent:
        assert np.abs(vs.scan(n.index, ENDS) - origin).max() < 0.01


def test_purity_is_read_and_moves_nothing(vs):
    purity = vs.neurons[vs.controls["purity"]]
    assert purity.active and purity.inert
    assert np.abs(vs.scan(purity.index, ENDS) - vs.decode(vs.origin)).max() < 0.01


def test_the_neurons_are_where_the_design_puts_them(vs):
    wanted = {"hydration": 3, "crystallinity": 5, "intensity": 4, "purity": 6, "shift": 7}
    assert dict(vs.controls) == wanted
    assert all(n.active and n.low == -3 and n.high == 3 for n in vs.neurons if n.factor)


# --- sensitivity and scans ---------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_sensitivity_is_the_derivative(vs, seed):
    z = np.random.default_rng(seed).uniform(-3, 3, 8).astype(np.float32)
    exact = copy.deepcopy(vs.network.decoder).double()
    base, move = torch.from_numpy(z).double(), 1e-5 * torch.eye(8).double()
    differences = ((exact(base + move) - exact(base - move)) / 2e-5).numpy()
    error = np.abs(vs.sensitivity(z) - differences).max()
    assert error <= 1e-3 * np.abs(differences).max()


@pytest.mark.parametrize("shape", [(), (5,), (2, 3)])
def test_sensitivity_of_any_batch_shape(vs, shape):
    z = np.random.default_rng(0).normal(size=(*shape, 8))
    value, slope = vs.jacobian(z)
    assert slope.shape == (*shape, 8, len(vs.wavenumber))
    np.testing.assert_allclose(value, vs.decode(z), atol=1e-5)
    assert np.array_equal(vs.sensitivity(), vs.sensitivity(vs.origin))


def test_a_scan_moves_one_neuron(vs):
    z = np.zeros((3, 8))
    z[:, 5] = [-1, 0, 2]
    assert np.array_equal(vs.scan(5, [-1, 0, 2]), vs.decode(z))


# --- refusals --------------------------------------------------------------------------------


def noise():
    """A measurement of nothing."""
    x = np.arange(100.0, 1400.0, 2.0)
    return sv.Spectrum(x, np.random.default_rng(0).normal(100, 5, len(x)), {"name": "empty.txt"})


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda vs: vs.decode(np.zeros(7)), ModelError),
        (lambda vs: vs.decode(3.0), ModelError),
        (lambda vs: vs.decode(np.full(8, np.nan)), ModelError),
        (lambda vs: vs.code(wetness=1), MineralError),
        (lambda vs: vs.code(hydration=2), ModelError),
        (lambda vs: vs.generate(hydration=np.nan), ModelError),
        (lambda vs: vs.scan(8, [0]), ModelError),
        (lambda vs: vs.scan(-1, [0]), ModelError),
        (lambda vs: vs.scan(3, [np.inf]), ModelError),
        (lambda vs: vs.sensitivity(np.zeros((2, 5))), ModelError),
        (lambda vs: vs.encode(np.zeros(5)), ModelError),
        # things of another type
        (lambda vs: vs.decode("abc"), ModelError),
        (lambda vs: vs.decode(np.zeros(8) + 1j), ModelError),
        (lambda vs: vs.generate(hydration="a"), ModelError),
        (lambda vs: vs.generate(hydration=None), ModelError),
        (lambda vs: vs.generate(hydration=np.zeros((40, 40))), ModelError),
        (lambda vs: vs.generate(hydration=1j), ModelError),
        (lambda vs: vs.scan("3", [0]), ModelError),
        (lambda vs: vs.scan(3, "abc"), ModelError),
        (lambda vs: vs.scan(3, [[0, 1]]), ModelError),
        (lambda vs: vs.scan(True, [0]), ModelError),
        (lambda vs: vs.encode("abc"), SpectrumError),
        (lambda vs: vs.encode(vs.decode(vs.origin) + 1j), SpectrumError),
        (lambda vs: vs.restore(None), SpectrumError),
        (lambda vs: vs.restore("file.txt"), SpectrumError),
        (lambda vs: vs.restore(b"file"), SpectrumError),
        (lambda vs: vs.restore(7), SpectrumError),
        (lambda vs: vs.restore(vs.wavenumber), SpectrumError),
        (lambda vs: vs.restore((vs.wavenumber, vs.decode(vs.origin))), SpectrumError),
        (lambda vs: vs.restore([vs.generate(), 3]), SpectrumError),
        (lambda vs: vs.restore(vs.generate(), resolution="4"), SpectrumError),
        (lambda vs: vs.restore(vs.generate(), resolution=[4]), SpectrumError),
        (lambda vs: vs.restore(vs.generate(), resolution=True), SpectrumError),
        (lambda vs: vs.refined(None), SpectrumError),
        (lambda vs: vs.refined([vs.wavenumber]), SpectrumError),
        (lambda vs: vs.compare(vs.generate(), "file.txt"), SpectrumError),
        (lambda vs: vs.pseudo_spectra("abc", 2), SpectrumError),
        (lambda vs: vs.pseudo_spectra([vs.generate(), noise()], 1), ModelError),
        (lambda vs: vs.encode(np.full(len(vs.wavenumber), np.nan)), ModelError),
        (lambda vs: vs.encode(sv.Spectrum(np.linspace(5e3, 6e3, 99), np.arange(99))), ModelError),
    ],
)
def test_what_it_cannot_do_is_refused(vs, call, error, refused):
    with refused(error):
        call(vs)


def test_what_was_given_instead_of_a_spectrum_is_named(vs):
    with pytest.raises(SpectrumError, match="of the type ndarray.* Spectrum"):
        vs.restore((vs.wavenumber, vs.decode(vs.origin)))
    with pytest.raises(SpectrumError, match="resolution is '4'"):
        vs.restore(vs.generate(), resolution="4")
    with pytest.raises(ModelError, match="hydration is 'a'; it must be a number"):
        vs.generate(hydration="a")


def test_nothing_to_restore_gives_nothing(vs):
    assert vs.restore([]) == [] and vs.restore(()) == [] and vs.restore(iter([])) == []
