"""The study's pictures are found whatever the neurons are called and whichever way they turn."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from spectra_vae.analysis.reenactment import reenact, study_codes
from spectra_vae.storage.models import ModelError

from .turned import turned


@pytest.fixture(scope="module")
def found(vs):
    return reenact(vs)


def test_the_guided_models_neurons_are_found(vs, found):
    strength, width = found.strength, found.width
    assert (strength.neuron, strength.group, strength.sign) == (3, "water", 1)
    assert (width.neuron, width.sign) == (5, -1)  # a better crystal has narrower bands
    assert set(found.silent) == {0, 1, 2} and set(found.effects) == {3, 4, 5, 7}
    assert strength.areas == pytest.approx((0.0, 1.5), abs=0.01) and strength.monotone
    assert strength.left["-3"] == pytest.approx(strength.areas[0], abs=1e-5)
    assert abs(strength.left["-5"]) < 0.01
    assert strength.left["0"] == pytest.approx(1.0, abs=0.01)
    assert width.span == pytest.approx(3 / 0.7, rel=0.01) and width.monotone
    assert (width.shown["3"], width.shown["-3"]) == pytest.approx(width.widths, rel=1e-5)


def test_what_each_leaves_alone_is_measured(found):
    assert found.strength.others_moved < 0.005
    assert max(found.width.areas_moved.values()) < 0.005
    assert found.effects[3] == pytest.approx((1.0, 0.0), abs=0.01)
    assert found.effects[5] == pytest.approx((0.0, 1.0), abs=0.01)


def test_a_permuted_and_mirrored_model_has_the_same_pictures(vs, found):
    m = np.eye(8)[[5, 1, 2, 0, 4, 3, 6, 7]]
    m[0] *= -1
    m[5] *= -1
    other = reenact(turned(vs, m))
    assert (other.strength.neuron, other.strength.sign) == (5, -1)
    assert (other.width.neuron, other.width.sign) == (0, 1)
    assert other.strength.areas == pytest.approx(found.strength.areas, abs=1e-4)
    assert other.strength.left == pytest.approx(found.strength.left, abs=1e-4)
    assert other.width.widths == pytest.approx(found.width.widths, rel=1e-4)


def test_the_studys_codes_turn_with_the_neuron():
    np.testing.assert_array_equal(study_codes(1), [-5, -3, 0, 3])
    np.testing.assert_array_equal(study_codes(-1), [5, 3, 0, -3])


def test_a_model_that_moves_nothing_has_no_pictures_and_says_so(vs):
    still = SimpleNamespace(
        name="still",
        mineral=vs.mineral,
        wavenumber=vs.wavenumber,
        origin=vs.origin,
        neurons=tuple(replace(n, active=False, inert=True, kl=0.0) for n in vs.neurons),
        scan=lambda neuron, values: np.repeat(vs.decode(vs.origin)[None], len(values), axis=0),
        sensitivity=lambda z=None: np.zeros((len(z), 8, len(vs.wavenumber))),
    )
    found = reenact(still)
    assert found.strength is None is found.width and found.effects == {}
    assert found.silent == dict.fromkeys(range(8), 0.0)


@pytest.mark.parametrize("without", ["strength", "width"])
def test_a_mineral_without_a_strength_or_a_width_is_refused(vs, without, refused):
    factors = tuple(f for f in vs.mineral.factors if f.effect != without)
    with refused(ModelError):
        reenact(SimpleNamespace(mineral=replace(vs.mineral, factors=factors)))


def test_it_is_json(found):
    json.dumps(found.to_dict(), allow_nan=False)
