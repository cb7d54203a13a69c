"""The batched fit ends where a plain one ends, and says how uncertain it is."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.optimize import least_squares

from spectra_vae.measure.fitting.gauss_newton import HUBER, Problem, evaluate, information, search
from spectra_vae.measure.fitting.grid import PRIOR_STD, grid
from spectra_vae.measure.fitting.noise import from_residuals
from spectra_vae.measure.fitting.start import matched
from spectra_vae.simulation.trials import trials


@pytest.fixture(scope="module")
def data(vs):
    return trials(vs.mineral, vs.wavenumber, 6, 1000.0, 3)


@pytest.fixture(scope="module")
def problem(vs, data):
    variance = data.light / 1000 + (data.device.readout / 1000) ** 2
    y, weight = (torch.from_numpy(v).float() for v in (data.dirty, 1 / variance))
    return Problem(grid(vs, vs.wavenumber), y, weight)


def start(p):
    guess = matched(p.grid, p.y, p.weight)
    codes = p.grid.origin.expand(len(p.y), -1)
    moving = torch.cat([codes, guess.gain[:, None]], dim=1)
    return evaluate(p, moving, torch.full((len(p.y), p.grid.basis.shape[1]), 0.5))


def plain(p, k):
    """Robust least squares by scipy, one spectrum, numerical slopes; prior as more residuals."""
    n, g = len(p.grid.free), p.grid
    y, root, basis = (v.double().numpy() for v in (p.y[k], p.weight[k].sqrt(), g.basis))

    def left(v):
        shape = g.decode(torch.from_numpy(v[:n][None]).float()).double().numpy()[0]
        r = (y - v[n] * shape - basis @ v[n + 1 :]) * root
        huber = np.sqrt(np.where(abs(r) < HUBER, r**2, 2 * HUBER * abs(r) - HUBER**2))
        return np.concatenate([np.sign(r) * huber, (v[:n] - g.origin.numpy()) / PRIOR_STD])

    first = np.concatenate([g.origin.numpy(), [1.0], np.full(basis.shape[1], 0.5)])
    return least_squares(left, first, diff_step=1e-3, bounds=(-5, 5), x_scale="jac").x


def test_it_ends_where_a_plain_fit_ends(problem):
    end = search(problem, start(problem), 40, 1e-5)
    n = len(problem.grid.free)
    std = np.sqrt(np.linalg.inv(information(problem, end).numpy()).diagonal(axis1=1, axis2=2))
    for k in range(3):
        truth = plain(problem, k)
        found = end.moving[k].numpy()
        assert (abs(found - truth[: n + 1]) < 0.15 * std[k, : n + 1]).all()


def test_a_batch_is_its_members(problem):
    together = search(problem, start(problem), 12)
    for k in (0, 5):
        alone = problem.rows(torch.tensor([k]))
        one = search(alone, start(alone), 12)
        np.testing.assert_allclose(one.moving[0], together.moving[k], atol=2e-3)


def test_cost_never_rises(problem):
    state = start(problem)
    for _ in range(6):
        after = search(problem, state, 1)
        assert (after.cost <= state.cost + 1e-6).all()
        state = after


def test_what_holds_no_points_stays_finite(problem):
    empty = Problem(problem.grid, problem.y, torch.zeros_like(problem.weight))
    end = search(empty, start(empty), 5)
    assert torch.isfinite(end.moving).all() and torch.isfinite(end.cost).all()


@pytest.mark.parametrize(("floor", "slope"), [(1e-4, 1e-3), (0.0, 1e-3), (1e-3, 0.0)])
def test_noise_is_found_in_what_is_left(floor, slope):
    rng = np.random.default_rng(0)
    level = torch.linspace(0.01, 1, 4000).expand(5, -1)
    std = (floor + slope * level).sqrt()
    left = torch.from_numpy(rng.normal(size=level.shape)).float() * std
    left[:, ::400] += 5.0  # foreign bands
    guess = torch.full((5,), 5e-4)
    a, b, error = from_residuals(left, level, torch.ones_like(level), guess, guess)
    found = a[:, None] + b[:, None] * level
    assert (abs(found.mean(dim=1) / (std**2).mean(dim=1) - 1) < 0.12).all()
    assert (a >= 0).all() and (b >= 0).all()
    if slope:
        assert (abs(b / slope - 1) < 5 * error).all()
