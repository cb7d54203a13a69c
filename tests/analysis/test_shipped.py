"""Finished experiments as data: in and out of JSON, and what their numbers must agree with."""

import json
from dataclasses import replace

import numpy as np
import pytest

from spectra_vae.analysis import shipped as lab
from spectra_vae.analysis.experiments import Experiments
from spectra_vae.analysis.rate_distortion import Point, linear_gaussian, slopes
from spectra_vae.analysis.sweep import ACTIVE_NATS, UNIT, Linear, Sweep, SweepError
from spectra_vae.text.message import LANGUAGES, say


def as_read(values):
    return json.loads(json.dumps(values, allow_nan=False))


def test_a_sweep_comes_back_as_it_was():
    shipped = lab.sweep()
    back = Sweep.from_dict(as_read(shipped.to_dict()))
    assert back.to_dict() == shipped.to_dict()
    for one, other in zip(back.levels, shipped.levels, strict=True):
        assert np.abs(one.decoded - other.decoded).max() <= UNIT / 2
        assert one.collapse == other.collapse


def test_experiments_come_back_as_they_were():
    shipped = lab.experiments()
    assert Experiments.from_dict(as_read(shipped.to_dict())) == shipped


@pytest.mark.parametrize("name", [lab.SWEEP, lab.EXPERIMENTS])
def test_shipped_files_are_small(name):
    assert lab.place(name).stat().st_size <= 300_000


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"levels": []},
        {"levels": None},
        {"wavenumber": [1.0, 2.0]},
        {"examples": []},
        {"examples": [{"dirty": 1}]},
        {"linear": {"rest": 1}},
    ],
)
def test_a_broken_sweep_is_refused(refused, wrong):
    values = {**lab.sweep().to_dict(), **wrong} if wrong else {}
    with refused(SweepError):
        Sweep.from_dict(values)


def test_levels_ascend(refused):
    shipped = lab.sweep()
    for levels in (shipped.levels[:1], shipped.levels[::-1], (*shipped.levels, shipped.levels[-1])):
        with refused(SweepError):
            replace(shipped, levels=levels)


def test_the_closed_form_is_the_linear_optimum():
    eigenvalues, sigma = (4.0, 2.0, 1.0, 0.5), 0.3
    betas = np.array([0.5, 5.0, 12.0, 100.0])
    rate, distortion = Linear(eigenvalues, 0.1).curve(betas, sigma)
    for k, beta in enumerate(betas):
        found = linear_gaussian([*eigenvalues, 0.1], beta, sigma**2, 4)
        assert rate[k] == pytest.approx(found.rate)
        assert distortion[k] == pytest.approx(found.distortion)


def test_slopes_are_those_of_the_curve():
    shipped = lab.sweep()
    curve = [Point(v.beta, v.distortion, v.rate) for v in shipped.levels]
    for mine, theirs in zip(shipped.slopes(), slopes(curve, shipped.sigma**2), strict=True):
        assert mine == pytest.approx(theirs)


def with_kl(*rows):
    """The shipped sweep's first levels, at β 1, 10, …, with other KLs."""
    shipped = lab.sweep()
    levels = [
        replace(shipped.levels[0], beta=10.0**k, kl=tuple(float(v) for v in row))
        for k, row in enumerate(rows)
    ]
    return replace(shipped, levels=tuple(levels))


def test_neurons_fall_silent_in_turn():
    sweep = with_kl((3, 1, 0), (2, 0.01, 0), (0.02, 0, 0))
    assert sweep.kl.shape == (3, 3) and [level.active for level in sweep.levels] == [2, 1, 1]
    assert sweep.falls() == [pytest.approx(np.exp(2 * (1 - ACTIVE_NATS)))]
    assert with_kl((5,), (0,)).falls() == [10.0], "at the next level at the latest"


def test_falls_are_those_of_the_closed_form():
    eigenvalues, sigma2 = np.array([300.0, 40.0, 7.0]), 1.0
    levels = [linear_gaussian(eigenvalues, 10.0**k, sigma2, 3).kl for k in range(4)]
    assert with_kl(*levels).falls() == pytest.approx(eigenvalues[::-1], rel=0.03)


def test_ranks_not_numbers_are_followed():
    assert with_kl((0, 2), (1, 0)).falls() == []


def test_a_neuron_that_wakes_again_falls_at_its_last():
    (fall,) = with_kl((1,), (0,), (1,), (0,)).falls()
    assert 100 < fall < 1000


def test_the_shipped_sweep_says_who_is_silent():
    for level in lab.sweep().levels:
        assert level.active == sum(v > ACTIVE_NATS for v in level.kl)
        code = {8: "check.all_active", 0: "check.collapsed"}.get(level.active, "check.some_silent")
        assert level.collapse.code == code
        assert level.rate == pytest.approx(sum(level.kl), abs=0.01)
        for language in LANGUAGES:
            assert say(level.collapse, language)


def test_the_three_parts_add_up():
    for level in lab.sweep().levels:  # another thousand of the same kind, so nearly
        assert sum(level.parts.values()) == pytest.approx(level.rate, rel=0.1, abs=0.02)


def test_the_closed_form_is_lent_to_the_same_data_only():
    shipped = lab.sweep()
    alone = replace(shipped, linear=None)
    assert alone.with_linear_of(shipped).linear == shipped.linear
    other = replace(alone, config={**shipped.config, "emphasis": []})
    assert other.with_linear_of(shipped).linear is None


def test_rotation_says_what_it_should():
    turned = lab.experiments().rotation
    assert turned.agreement(guided=True) > 0.99 > 0.9 > turned.agreement(guided=False)
    for run in turned.runs:
        assert run.rate == pytest.approx(turned.rate, abs=0.01)
