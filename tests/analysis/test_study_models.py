"""What the shipped models of the original study's conditions do, and what they may be said to."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

import spectra_vae as sv
from spectra_vae.analysis import shipped as lab
from spectra_vae.recipes import recipe
from spectra_vae.runs.evaluate import evaluation_set
from spectra_vae.storage.models import shipped
from spectra_vae.text.message import say

FACTORS = ("hydration", "crystallinity")


@pytest.fixture(scope="module")
def study():
    return sv.load("gypsum-study")


@pytest.fixture(scope="module")
def found(reenacted):
    return reenacted("gypsum-study")


@pytest.fixture(scope="module")
def data(study):
    return evaluation_set(study)


def ranks(vs, data, neuron):
    """|Spearman| of a neuron's code with each factor."""
    codes = vs.encode(data.dirty).mean[:, neuron]
    return [abs(spearmanr(codes, data.factors[name]).statistic) for name in FACTORS]


def test_nobody_told_it_anything(study):
    assert study.config == recipe("gypsum-study") and study.controls == {}
    assert tuple(study.config.varying) == FACTORS
    trial = lab.study().shipped
    assert (trial.beta, trial.seed) == (study.config.beta, study.config.seed)


def test_two_neurons_are_alive_and_six_are_silent(study, found):
    alive = {found.strength.neuron, found.width.neuron}
    assert {n.index for n in study.neurons if n.active} == alive == set(found.effects)
    assert len(found.silent) == 6 and max(found.silent.values()) <= 0.01
    assert min(found.strength.kl, found.width.kl) > 1


def test_each_follows_its_own_factor(study, found, data):
    water = ranks(study, data, found.strength.neuron)
    width = ranks(study, data, found.width.neuron)
    assert water[0] >= 0.97 and water[1] <= 0.2
    assert width[1] >= 0.97 and width[0] <= 0.2


def test_the_waters_neuron_takes_the_water_away_and_leaves_the_rest(found):
    strength = found.strength
    assert strength.group == "water" and strength.monotone
    assert strength.areas[0] <= 0.05 and strength.areas[1] >= 1.3
    assert strength.others_moved <= 0.02


def test_the_widths_neuron_widens_the_bands_and_keeps_their_areas(found):
    width = found.width
    assert width.span >= 2.5 and width.monotone
    assert max(width.areas_moved.values()) <= 0.04


def test_the_command_map_finds_both_by_scanning_and_says_that_nobody_asked(study, found):
    commands = study.command_map()
    wanted = {"hydration": found.strength.neuron, "crystallinity": found.width.neuron}
    assert commands.found == wanted and commands.mixed == () and commands.discovered
    assert "nobody told it anything" in say(commands.message, "en")
    assert not sv.load("gypsum-unsupervised").command_map().discovered
    assert not sv.load("gypsum-study-robust").command_map().discovered


def test_it_restores(study, data):
    error = study.decode(study.encode(data.dirty).mean) - data.clean
    assert np.sqrt(np.mean(error**2)) <= 0.005


def test_its_row_in_the_study_is_its_own(found, study, data):
    trial = lab.study().shipped
    assert trial.found["strength"]["neuron"] == found.strength.neuron
    assert trial.found["width"]["span"] == pytest.approx(found.width.span, rel=0.01)
    own = ranks(study, data, found.strength.neuron)
    assert trial.rank(found.strength.neuron) == pytest.approx(own, abs=0.002)


def test_the_plain_autoencoder_mixes_everything(reenacted):
    mixed = reenacted("gypsum-study-robust")
    assert len(mixed.effects) == 8 and not mixed.silent
    assert all(min(effect) > 0.01 for effect in mixed.effects.values())  # each moves both


@pytest.mark.parametrize("name", ["gypsum-study", "gypsum-study-robust"])
def test_it_is_small(name):
    files = (shipped() / name).iterdir()
    assert sum(f.stat().st_size for f in files) <= 1_500_000
