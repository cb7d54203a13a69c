"""The command map: roles found by scanning, on the shipped models and on ones turned on purpose."""

from __future__ import annotations

import csv
import json
import time
from dataclasses import replace

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.analysis import role_words
from spectra_vae.text.message import LANGUAGES, say

from .turned import rotation, turned

ENTANGLED = ("gypsum-unsupervised", "gypsum-robust")


@pytest.fixture(scope="module")
def maps():
    """Of a guided model and of entangled ones, by name."""
    return {name: sv.load(name).command_map() for name in ("gypsum", *ENTANGLED)}


@pytest.fixture(scope="module")
def found(maps):
    return maps["gypsum"]


def roles(commands):
    """Factor → (neuron, sign)."""
    return {c.factor: (c.neuron, c.sign) for c in commands.commands if c.factor}


def asked_for(vs, sign=1):
    """The same of what the header asked for."""
    return {factor: (neuron, sign) for factor, neuron in vs.controls.items()}


# --- the shipped models ------------------------------------------------------------------------


def test_the_guided_models_roles_are_found(vs, found):
    assert roles(found) == asked_for(vs) and found.found == dict(vs.controls)
    assert [c.neuron for c in found.commands if c.kind == "silent"] == [0, 1, 2]
    kinds = {c.factor: c.kind for c in found.commands if c.factor}
    wanted = {f.name: f.effect for f in vs.mineral.factors} | {"purity": "quality"}
    assert kinds == wanted and found.mixed == ()


def test_the_numbers_are_the_factors_ends(found):
    hydration, width = found[3], found[5]
    assert hydration.group == "water"
    assert hydration.areas["water"] == pytest.approx((0, 1.5), abs=0.02)
    assert hydration.areas["sulfate"] == pytest.approx((1, 1), abs=0.01)
    assert width.width == pytest.approx((18.3, 4.27), rel=0.02)
    assert found[7].position == pytest.approx((1000, 1016), abs=0.2)
    assert found[4].areas["lattice"] == pytest.approx((0.5, 1.5), abs=0.02)


def test_roles_are_not_read_from_the_header(vs, found):
    nameless = turned(vs, np.eye(8))
    assert nameless.controls == {} and roles(nameless.command_map()) == roles(found)


@pytest.mark.parametrize("name", ENTANGLED)
def test_entangled_models_are_called_mixed(maps, name):
    model, commands = sv.load(name), maps[name]
    moving = tuple(n.index for n in model.neurons if not n.inert)
    assert commands.mixed == moving and commands.found == {}
    for c in commands.commands:
        assert (sum(c.shares.values()) == pytest.approx(1)) if not c.inert else not c.shares
    assert {c.kind for c in commands.commands if c.inert} <= {"silent"}


@pytest.mark.parametrize("name", ["gypsum", *ENTANGLED])
def test_a_map_takes_a_second_and_repeats_itself(maps, name):
    """Processor time: the machine may be shared."""
    model, start = sv.load(name), time.process_time()
    again = model.command_map().to_dict()
    assert time.process_time() - start <= 1.5 and again == maps[name].to_dict()


# --- models turned on purpose --------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_names_move_with_permuted_neurons(vs, seed):
    order = np.random.default_rng(seed).permutation(8)
    commands = turned(vs, np.eye(8)[order]).command_map()
    new = {int(old): place for place, old in enumerate(order)}
    assert roles(commands) == {f: (new[j], s) for f, (j, s) in asked_for(vs).items()}


def test_signs_flip_with_negated_neurons(vs):
    commands = turned(vs, -np.eye(8)).command_map()
    assert roles(commands) == asked_for(vs, sign=-1)
    assert commands[5].width == pytest.approx((4.27, 18.3), rel=0.02)


def test_one_negated_neuron_flips_alone(vs):
    flip = np.eye(8)
    flip[3, 3] = -1
    assert roles(turned(vs, flip).command_map()) == {**asked_for(vs), "hydration": (3, -1)}


@pytest.mark.parametrize("pair", [(3, 5), (3, 4), (3, 7), (4, 5), (4, 7), (5, 7)])
def test_a_pair_rotated_by_45_degrees_is_mixed(vs, pair):
    commands = turned(vs, rotation(*pair)).command_map()
    assert commands.mixed == pair
    rest = {f: found for f, found in asked_for(vs).items() if found[0] not in pair}
    assert roles(commands) == rest


def test_a_role_rotated_into_a_silent_neuron_has_twins(vs):
    commands = turned(vs, rotation(0, 3)).command_map()
    assert commands[0].factor == commands[3].factor == "hydration"
    assert commands[0].twins == (3,) and commands[3].twins == (0,)
    assert "hydration" not in commands.found and "#3" in say(commands[0].message)


def test_a_neuron_that_knows_something_else_is_called_ignored(vs):
    """The decoder no longer hears the shift, the encoder still tells it."""
    model = turned(vs, np.eye(8))
    model.network.decoder.hidden[0].weight[:, 7] = 0
    command = model.command_map()[7]
    assert command.kind == "ignored" and command.factor is None and command.inert
    assert abs(command.follows) < 0.5


def test_a_model_that_moves_nothing_has_only_silent_neurons(vs):
    model = turned(vs, np.eye(8))
    model.network.decoder.hidden[0].weight.zero_()
    model.neurons = tuple(replace(n, active=False) for n in model.neurons)
    commands = model.command_map()
    assert {c.kind for c in commands.commands} == {"silent"} and commands.mixed == ()
    for language in LANGUAGES:
        commands.to_csv(language)


# --- words and exports -------------------------------------------------------------------------


def test_it_says_what_it_found_in_numbers(found):
    said = [say(c.message) for c in found.commands]
    assert said[3].startswith("hydration: water bands 0.00 → 1.5")
    assert "ν1 width 18.3 → 4.3 cm⁻¹" in said[5] and "all bands 0.50 → 1.50 ×" in said[4]
    assert said[0].startswith("silent") and "signal quality" in said[6]
    assert "4 of the 4" in say(found.message)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["gypsum", *ENTANGLED])
def test_every_role_speaks_every_language(maps, name, language):
    commands = maps[name]
    said = [say(m, language) for m in (commands.message, *(c.message for c in commands.commands))]
    assert all(len(text) > 10 and "\n" not in text for text in said)
    told = commands.to_dict(language)
    assert [c["message"]["text"] for c in told["commands"]] == said[1:]
    json.dumps(told, allow_nan=False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_group_of_every_mineral_has_a_word(language):
    groups = [(name, group) for name in sv.minerals() for group in sv.mineral(name).groups]
    for name, group in groups:
        assert language in group.label.texts and language in group.bands.texts, (name, group.key)


def test_a_word_that_no_language_has_stays_as_it_is():
    assert role_words.word("factor", "wetness") == "wetness"


def test_the_table_is_read_back(found):
    text = found.to_csv()
    head = [line for line in text.splitlines() if line.startswith("#")]
    rows = list(csv.DictReader(text.splitlines()[len(head) :]))
    assert len(head) == 3 and [int(r["neuron"]) for r in rows] == list(range(8))
    assert {r["factor"] for r in rows} - {""} == set(found.found)
    assert float(rows[5]["width cm-1, low"]) == pytest.approx(found[5].width[0], rel=1e-5)


def test_the_map_says_what_the_model_was_told(found):
    assert "asked for, not discovered" in say(found.message)
    assert say(replace(found, supervision="something new").message).endswith("something new")
