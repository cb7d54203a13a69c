"""What the engine does for one mineral it does for another."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.minerals import Mineral
from spectra_vae.recipes import KINDS, recipe
from spectra_vae.simulation.instrument import PRESETS, Instrument
from spectra_vae.text.message import LANGUAGES, say
from spectra_vae.vae.config import ConfigError
from spectra_vae.vae.train import steps

TINY = {"spectra": 200, "batch": 32, "steps": 4, "encoder": (16,), "decoder": (8, 16)}
SHORT = {"spectra": 1500, "steps": 250, "batch": 64, "encoder": (64,), "decoder": (32, 128)}
GYPSUMS = re.compile(r"gypsum|gesso|sulfat|solfat|water|acqua|\bOH\b|hydration|idratazione", re.I)


@pytest.mark.parametrize("device", PRESETS)
def test_it_is_simulated_on_its_own_axis(either, device):
    data = sv.simulate(either, 3, device, seed=2)
    assert np.array_equal(data.wavenumber, either.axis)
    assert np.isfinite(data.clean).all() and set(data.factors) == {f.name for f in either.factors}
    near = np.abs(data.wavenumber - either.main.position) < 3
    assert np.isfinite(data.dirty[:, near]).all()


def test_a_plate_is_exposed_where_the_mineral_has_bands(either):
    (ranges,) = Instrument.preset("rasetti", either).ranges
    assert ranges == tuple((w.low, w.high) for w in either.windows)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_training_is_made_for_it(either, kind, refused):
    if "study" in kind and not either.strengths:  # nothing there whose strength could vary
        with refused(ConfigError) as caught:
            recipe(either.name + kind)
        assert caught.value.message.code == "error.no_study"
        return
    config = recipe(either.name + kind)
    assert config.mineral == either.name and config.substance == either
    assert type(config).from_dict(json.loads(json.dumps(config.to_dict()))) == config
    *_, last = steps(replace(config, **TINY))
    assert last.number == 4 and np.isfinite(last.loss)


def test_neurons_follow_the_rule(calcite):
    told = {"crystallinity": 5, "intensity": 4, "purity": 6, "shift": 7}
    assert recipe("calcite").guided == told
    assert recipe("gypsum").guided == {**told, "hydration": 3}
    assert recipe("calcite-pairs").guided == {k: j for k, j in told.items() if k != "purity"}


@pytest.fixture(scope="module")
def trained(tmp_path_factory, unexamined):
    """A model of calcite, a little trained, and its mineral; the table is gone afterwards."""
    made: dict[str, object] = {}

    def train(mineral: Mineral):
        if not made:
            folder = tmp_path_factory.mktemp("calcite")
            with unexamined():
                run = sv.train(replace(recipe(mineral.name), **SHORT), folder=folder)
            made["folder"] = run.folder
        return made["folder"]

    return train


@pytest.fixture
def model(trained, calcite):
    return sv.load(trained(calcite))


def test_a_model_outlives_the_file_of_its_mineral(trained, own, calcite, home):
    folder = trained(calcite)
    (home / "minerals" / "calcite.toml").unlink()
    assert sv.mineral("calcite") != calcite, "the shipped one stands there again"
    vs = sv.load(folder)
    assert vs.mineral == calcite and np.array_equal(vs.wavenumber, calcite.axis)
    assert len(sv.simulate(vs.mineral, 2)) == 2 and vs.config.substance == calcite


def test_what_is_said_of_it_names_nothing_of_another(model):
    data = sv.simulate(model.mineral, 3, seed=4, factors={"purity": 3.5, "crystallinity": 0.6})
    said = []
    for y in data.dirty:
        r = model.restore(sv.Spectrum(data.wavenumber, y))
        said += [one.note for one in (*r.estimates.values(), *r.quantities.values())]
        said += [*r.checks, *r.novelty.why]
        assert not GYPSUMS.search(r.to_csv()) and not GYPSUMS.search(json.dumps(r.to_dict()))
        np.testing.assert_allclose(r.background + r.restored + r.residual, r.measured, atol=1e-9)
    told = model.command_map()
    said += [told.message, *(c.message for c in told.commands)]
    for language in LANGUAGES:
        assert not [say(m, language) for m in said if GYPSUMS.search(say(m, language))]
        assert not GYPSUMS.search(told.to_csv(language))


def test_it_is_found_again_in_its_own_simulation(model):
    given = {"purity": 3.5, "crystallinity": 0.755, "shift": 1.0, "intensity": 1.0}
    data = sv.simulate(model.mineral, 1, seed=4, factors=given)
    r = model.restore(sv.Spectrum(data.wavenumber, data.dirty[0]))
    assert not r.novelty.alien and r.quantities["position"].value == pytest.approx(1087, abs=2)
    assert "ratio" not in r.quantities and len(r.bands) == 6


def test_its_neurons_are_looked_at(model):
    assert model.sensitivity().shape == (8, len(model.wavenumber))
    assert model.scan(5, [-1.0, 0.0, 1.0]).shape == (3, len(model.wavenumber))
    told = model.command_map()
    assert set(told[5].areas) == {"lattice", "carbonate"}


def test_its_measurements_are_clustered(model):
    reference = {"purity": 2.5, "crystallinity": 0.755, "intensity": 1.0}
    data = sv.simulate(model.mineral, 4, seed=1, factors=reference | {"shift": [-2, -2, 2, 2]})
    spectra = [sv.Spectrum(data.wavenumber, y) for y in data.dirty]
    found = model.pseudo_spectra(spectra, 2)
    assert len(found.clusters) == 2 and not GYPSUMS.search(str(found.clusters[0].message))
