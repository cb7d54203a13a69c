"""The model on a file's axis is the model: fewer shapes and neurons, the same curves."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import spectra_vae as sv
from spectra_vae.measure.fitting.grid import fitted_neurons, grid
from spectra_vae.measure.fitting.main_band import main_band
from spectra_vae.measure.fitting.thinning import MOST_POINTS, thinned
from spectra_vae.spectra.bands import peak


def codes_of(g, n, seed=0):
    draw = np.random.default_rng(seed).normal(size=(n, len(g.free))).clip(-3, 3)
    return torch.from_numpy(draw).float()


@pytest.mark.parametrize(
    "name", ["gypsum", "gypsum-bridge", "gypsum-unsupervised", "gypsum-robust"]
)
def test_on_its_own_axis_the_model_is_unchanged(name):
    model = sv.load(name)
    g = grid(model, model.wavenumber)
    z = codes_of(g, 20)
    value, slopes = (t.numpy() for t in g.jacobian(z))
    whole = g.whole(z.double().numpy())
    own, own_slopes = model.jacobian(whole)
    np.testing.assert_allclose(value, own, atol=3e-4)
    np.testing.assert_allclose(value, g.decode(z).numpy(), atol=1e-5)
    expected = own_slopes[:, list(g.free)]
    assert np.sqrt(np.mean((slopes - expected) ** 2)) < 1e-4


def test_between_its_points_the_model_is_the_mineral(vs):
    x = np.arange(150.0, 1300.0, 0.37)
    g = grid(vs, x)
    for shift in (-3.1, 0.0, 2.6):
        z = torch.from_numpy(vs.code(shift=shift)[list(g.free)][None]).float()
        truth = vs.mineral.spectrum(x, shift=shift)
        assert abs(g.decode(z).numpy()[0] - truth).max() < 0.02


def test_beyond_the_models_axis_there_is_nothing(vs):
    x = np.arange(20.0, 4300.0, 2.0)
    g = grid(vs, x)
    value = g.decode(codes_of(g, 3)).numpy()
    assert (value[:, ~g.inside] == 0).all() and not g.inside.all()


def test_the_scale_and_inert_neurons_are_not_fitted(vs):
    free = fitted_neurons(vs)
    assert {vs.neurons[j].factor for j in free} == {"hydration", "crystallinity", "shift"}


def test_the_main_band_is_where_the_curve_has_it_and_its_slopes_are_exact(vs):
    g = grid(vs, vs.wavenumber)
    z = codes_of(g, 6)
    found = main_band(g, z)
    dense = np.arange(968.0, 1048.0, 0.05)
    on_dense = grid(vs, dense)
    centre, table = vs.mineral.main.position, vs.mineral.main.width

    def top(y):
        """Of a parabola through the points nearest to the highest one: finer than the axis."""
        near = y.argmax() + np.arange(-6, 7)
        bend, tilt, _ = np.polyfit(dense[near] - centre, y[near], 2)
        return -tilt / (2 * bend)

    def measured(at):
        curves = on_dense.decode(at).double().numpy()
        return np.array([[top(y), peak(dense, y, 970, 1046)[2] / table] for y in curves])

    truth = measured(z)
    np.testing.assert_allclose(found.shift, truth[:, 0], atol=0.03)
    np.testing.assert_allclose(found.width, truth[:, 1], atol=0.01)
    step = 0.05
    for j in range(len(g.free)):
        moved = torch.zeros_like(z)
        moved[:, j] = step
        slope = (measured(z + moved) - measured(z - moved)) / (2 * step)
        np.testing.assert_allclose(found.shift_slope[:, j], slope[:, 0], rtol=0.01, atol=0.1)
        np.testing.assert_allclose(found.width_slope[:, j], slope[:, 1], atol=0.1)


def test_long_files_are_averaged_and_short_ones_left_alone():
    x = np.linspace(100, 4000, 20_001)
    y, usable = np.sin(x / 300)[None], np.ones((1, len(x)), bool)
    spoilt = y.copy()
    spoilt[0, 5000], usable[0, 5000] = 1e3, False
    fewer, (mean,), points, each = thinned(x, (spoilt,), usable)
    assert each == 3 and len(fewer) <= MOST_POINTS and points.all()
    np.testing.assert_allclose(mean[0], np.sin(fewer / 300), atol=1e-3)
    same = thinned(x[:100], (y[:, :100],), usable[:, :100])
    assert same[0] is not None and np.array_equal(same[0], x[:100]) and same[3] == 1
