"""β over the steps: pure functions that start, rise and stay where they should."""

from __future__ import annotations

import numpy as np
import pytest

from spectra_vae.vae.schedule import KINDS, Schedule

STEPS = 1000


def betas(schedule: Schedule, beta: float = 4.0) -> np.ndarray:
    return np.array([schedule.beta(step, STEPS, beta) for step in range(1, STEPS + 1)])


def targets(schedule: Schedule) -> np.ndarray:
    return np.array([schedule.target(step, STEPS) for step in range(1, STEPS + 1)])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("warmup", [0.0, 0.15, 0.7, 1.0])
def test_beta_stays_between_zero_and_its_full_weight(kind, warmup):
    weights = betas(Schedule(kind, warmup))
    assert (weights >= 0).all() and 3.9 < weights.max() <= 4


@pytest.mark.parametrize("kind", KINDS)
def test_near_the_end_the_weight_is_full_however_often_one_asks(kind):
    schedule = Schedule(kind)
    assert {schedule.beta(STEPS - 1, STEPS, 4.0) for _ in range(3)} == {4.0}


def test_constant_is_constant():
    assert set(betas(Schedule("constant"))) == {4.0}


def test_linear_rises_during_its_warmup_and_stays():
    weights = betas(Schedule("linear", warmup=0.2))
    np.testing.assert_allclose(weights[:200], 4 * np.arange(1, 201) / 200, atol=0.021)
    assert (weights[200:] == 4).all()


@pytest.mark.parametrize("cycles", [1, 4, 5])
def test_cyclical_repeats_the_warmup(cycles):
    weights = betas(Schedule("cyclical", warmup=0.5, cycles=cycles))
    period = STEPS // cycles
    np.testing.assert_allclose(weights[:period], weights[-period:], atol=1e-9)
    assert (np.diff(weights) < 0).sum() in (cycles - 1, cycles)  # at the end of a cycle only
    assert weights[period // 4 - 1] == pytest.approx(2, abs=0.05)


def test_capacity_keeps_beta_and_raises_the_target():
    schedule = Schedule("capacity", warmup=0.4, capacity=12.0)
    assert set(betas(schedule)) == {4.0}
    rising = targets(schedule)
    np.testing.assert_allclose(rising[:400], 12 * np.arange(1, 401) / 400, atol=0.031)
    assert (rising[400:] == 12).all()


@pytest.mark.parametrize("kind", [k for k in KINDS if k != "capacity"])
def test_only_capacity_asks_for_nats(kind):
    assert (targets(Schedule(kind)) == 0).all()
