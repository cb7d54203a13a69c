"""Scans with fitted bands, and the sensitivity that says which neurons move anything."""

from __future__ import annotations

import copy
import time

import numpy as np
import pytest
import torch

import spectra_vae as sv
from spectra_vae.analysis import scan
from spectra_vae.minerals import default_axis, mineral

GYPSUM = mineral("gypsum")
X = default_axis()
MODELS = ("gypsum", "gypsum-unsupervised", "gypsum-robust")


def random_factors(n, seed):
    rng = np.random.default_rng(seed)
    return {f.name: rng.uniform(f.low, f.high, n) for f in GYPSUM.factors}


def test_fitted_bands_are_the_factors_that_made_them():
    factors = random_factors(20, seed=0)
    found = scan.measured(GYPSUM, X, GYPSUM.spectrum(X, **factors))
    water = factors["intensity"] * factors["hydration"]
    np.testing.assert_allclose(found.areas["water"], water, atol=0.01)
    for group in ("sulfate", "lattice"):
        np.testing.assert_allclose(found.areas[group], factors["intensity"], rtol=0.01)
    scale = GYPSUM.factor("crystallinity").width_scale(factors["crystallinity"])
    np.testing.assert_allclose(found.width, GYPSUM.main.width * scale, rtol=0.01)
    np.testing.assert_allclose(found.position, GYPSUM.main.position + factors["shift"], atol=0.05)
    assert found.shape.max() < 0.01


def test_what_no_band_explains_is_the_shape():
    y = GYPSUM.spectrum(X)
    hump = np.exp(-(((X - 800) / 30) ** 2))
    alone = scan.measured(GYPSUM, X, (y + hump)[None])
    left = np.linalg.norm(hump) / np.linalg.norm(y + hump)
    assert alone.shape[0] == pytest.approx(left, rel=0.05)


def test_the_total_is_all_areas_together():
    found = scan.measured(GYPSUM, X, GYPSUM.spectrum(X, hydration=np.array([0.0, 1.0])))
    table = {g: sum(b.area for b in GYPSUM.bands if b.group == g) for g in found.areas}
    total = sum(found.areas[g] * table[g] for g in table) / sum(table.values())
    np.testing.assert_allclose(found.total, total)


def test_the_reach_is_what_the_factors_do():
    assert scan.properties(GYPSUM) == ("lattice", "sulfate", "water", "width", "position", "shape")
    widths = GYPSUM.factor("crystallinity").width_scale(np.array([0.0, 1.0]))
    wanted = [1.0, 1.0, 1.5, np.log(widths[0] / widths[1]), 16.0, 1.0]
    np.testing.assert_allclose(scan.reach(GYPSUM), wanted)


@pytest.mark.parametrize("name", MODELS)
def test_neurons_that_move_are_those_of_the_header(name):
    model = sv.load(name)
    assert scan.moving(model) == tuple(n.index for n in model.neurons if not n.inert)


def test_a_scan_goes_from_end_to_end(vs):
    s = scan.scan(vs, 7)
    assert (s.values[0], s.values[-1]) == (vs.neurons[7].low, vs.neurons[7].high)
    assert s.measured.columns.shape == (len(s.values), 6)
    assert scan.scan(vs, 7, [0.0, 1.0]).measured.position[0] == pytest.approx(1008, abs=0.05)


# --- sensitivity ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MODELS)
def test_sensitivity_agrees_with_central_differences_in_float64(name):
    model = sv.load(name)
    exact = copy.deepcopy(model.network.decoder).double()
    z = np.random.default_rng(0).uniform(-3, 3, (5, 8)).astype(np.float32)
    move = 1e-5 * torch.eye(8).double()
    for code in (*z, model.origin.astype(np.float32)):
        base = torch.from_numpy(code).double()
        differences = ((exact(base + move) - exact(base - move)) / 2e-5).numpy()
        error = np.abs(model.sensitivity(code) - differences).max()
        assert error <= 1e-3 * np.abs(differences).max()


def test_sensitivity_takes_a_moment(vs):
    seconds = []
    for seed in range(5):
        z = np.random.default_rng(seed).normal(size=8)
        start = time.process_time()
        vs.sensitivity(z)
        seconds.append(time.process_time() - start)
    assert min(seconds) <= 0.05
