"""Off-target effects: known on models made of the mineral itself, told apart on shipped ones."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.analysis.selectivity import selectivity
from spectra_vae.minerals import default_axis, mineral

GYPSUM = mineral("gypsum")


class Made:
    """A model without error: each neuron moves the factors it is given, by a share of their reach.

    The code runs from −1 to 1, a factor linearly from reference to an end.
    """

    wavenumber = default_axis()

    def __init__(self, *moves, of=GYPSUM):
        self.mineral, self.moves = of, moves
        self.origin = np.zeros(len(moves))
        self.neurons = tuple(
            SimpleNamespace(index=j, low=-1.0, high=1.0) for j in range(len(moves))
        )

    def decode(self, z):
        values = {f.name: np.full(z.shape[:-1], f.reference) for f in self.mineral.factors}
        for j, move in enumerate(self.moves):
            for name, share in move.items():
                f, code = self.mineral.factor(name), share * z[..., j]
                up, down = f.high - f.reference, f.reference - f.low
                values[name] = values[name] + np.where(code > 0, up, down) * code
        return self.mineral.spectrum(self.wavenumber, **values)

    def scan(self, neuron, values):
        z = np.zeros((len(values), len(self.moves)))
        z[:, neuron] = values
        return self.decode(z)

    def sensitivity(self, z):
        move = 1e-4 * np.eye(len(self.moves))
        z = np.asarray(z)[:, None]
        return (self.decode(z + move) - self.decode(z - move)) / 2e-4


def test_one_factor_a_knob_is_perfectly_selective():
    names = ("hydration", "crystallinity", "shift", "intensity")
    found = selectivity(Made(*({n: 1.0} for n in names)))
    assert found.knobs == (0, 1, 2, 3) and found.off_target.max() < 1.0
    assert [a.kind for a in found.aims] == [GYPSUM.factor(n).effect for n in names]
    own = [found.effect[k, found.properties.index(p)] for k, p in enumerate(("water", "width"))]
    np.testing.assert_allclose(own, 100, atol=1)
    assert found.aims[0].group == "water" and not found.aims[1].rises


@pytest.mark.parametrize("share", [0.05, 0.2, 0.5])
@pytest.mark.parametrize(("own", "other"), [("shift", "hydration"), ("hydration", "shift")])
def test_a_known_leak_is_measured(own, other, share):
    found = selectivity(Made({own: 1.0, other: share}))
    assert found.off_target[0] == pytest.approx(100 * share, rel=0.1, abs=1)


def test_two_factors_at_once_are_as_large_as_each_other():
    found = selectivity(Made({"shift": 0.7, "crystallinity": 0.7}))
    assert 90 <= found.off_target[0] <= 130


def test_a_knob_that_moves_nothing_is_no_knob():
    found = selectivity(Made({"shift": 1.0}, {}, {"purity": 1.0}))
    assert found.knobs == (0,) and found.effect.shape == (1, 6)


def test_a_mineral_of_other_groups_and_fewer_factors():
    bands = tuple(replace(b, group="OH" if b.group == "water" else "host") for b in GYPSUM.bands)
    factors = tuple(f for f in GYPSUM.factors if f.name in ("intensity", "shift"))
    other = replace(GYPSUM, bands=bands, factors=factors)
    found = selectivity(Made({"shift": 1.0}, {"intensity": 1.0}, of=other))
    assert found.properties[:2] == ("host", "OH")
    assert [a.kind for a in found.aims] == ["position", "scale"] and found.off_target.max() < 1.0


def test_guided_knobs_are_selective_and_others_are_not():
    guided = selectivity(sv.load("gypsum"))
    assert guided.off_target.max() <= 3.0 and len(guided.knobs) == 4
    for name in ("gypsum-unsupervised", "gypsum-robust"):
        assert selectivity(sv.load(name)).off_target.min() >= 25.0


def test_it_is_plain_json(vs):
    told = selectivity(vs).to_dict()
    assert np.shape(told["effect"]) == (len(told["knobs"]), len(told["properties"]))
    json.dumps(told, allow_nan=False)
