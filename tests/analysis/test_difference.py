"""Two models neuron by neuron: pairing undoes permutations and signs; bands and who moves them."""

import numpy as np
import pytest

from spectra_vae.analysis.difference import difference, touching
from spectra_vae.analysis.knowledge import knowledge
from spectra_vae.spectra.spectrum import interpolate


class Turned:
    """A model whose neurons are permuted and mirrored, on an axis of its own."""

    def __init__(self, vs, order, signs, controls, x=None):
        self.vs, self.order, self.signs, self.controls = vs, order, np.array(signs), controls
        self.wavenumber = vs.wavenumber if x is None else x
        self.mineral, self.neurons = vs.mineral, vs.neurons
        self.origin = np.zeros(8)

    def sensitivity(self, z=None):
        inner = self.vs.origin.copy()
        inner[self.order] = self.signs * (self.origin if z is None else z)
        turned = self.signs[:, None] * self.vs.sensitivity(inner)[self.order]
        return interpolate(self.vs.wavenumber, turned, self.wavenumber)

    def code(self, /, **factors):
        return self.signs * self.vs.code(**factors)[self.order]


ORDER, SIGNS = [5, 3, 0, 7, 1, 4, 6, 2], [1, -1, 1, -1, 1, 1, 1, -1]


@pytest.mark.parametrize("named", [False, True])
def test_a_turned_model_differs_in_nothing(vs, named):
    controls = {f: ORDER.index(j) for f, j in vs.controls.items()} if named else {}
    found = difference(vs, Turned(vs, ORDER, SIGNS, controls))
    movers = [3, 4, 5, 7]
    assert [ORDER[found.partner[j]] for j in movers] == movers
    assert [found.sign[j] for j in movers] == [SIGNS[found.partner[j]] for j in movers]
    np.testing.assert_allclose(found.values[movers], 0, atol=1e-5)
    assert sorted(found.partner) == list(range(8)) and found.same_state is named


def test_the_other_is_taken_at_the_same_factors(vs):
    z = vs.code(hydration=0.4, crystallinity=0.3)
    controls = {f: ORDER.index(j) for f, j in vs.controls.items()}
    found = difference(vs, Turned(vs, ORDER, SIGNS, controls), z)
    assert np.abs(found.values[[3, 4, 5, 7]]).max() < 1e-3
    assert not np.allclose(found.first, vs.sensitivity())


def test_where_an_axis_does_not_reach_nothing_is_said(vs):
    x = np.arange(300.0, 1200.0, 1.0)
    found = difference(vs, Turned(vs, ORDER, SIGNS, {}, x))
    known = np.isfinite(found.values[3])
    reached = (vs.wavenumber >= 300) & (vs.wavenumber <= 1199)
    assert (known == reached).all()
    assert np.nanmax(np.abs(found.values[7])) < 0.02


def test_who_moves_a_band(vs):
    slopes, x = vs.sensitivity(), vs.wavenumber
    oh, main = vs.mineral.bands[-1], vs.mineral.main
    assert touching(slopes, x, oh)[0][0] == 3
    assert touching(slopes, x, main)[0][0] == 7
    assert {j for j, _ in touching(slopes, x, main)} <= {4, 5, 7}
    values = [abs(v) for _, v in touching(slopes, x, main)]
    assert values == sorted(values, reverse=True)
    assert touching(slopes, x[::-1] + 1e4, main) == []
    assert touching(np.zeros_like(slopes), x, main) == []


def test_each_code_knows_its_own_factor_most(vs):
    found = knowledge(vs)
    assert found.nats.shape == (8, 5) and found.nats.max() <= found.most
    for factor, neuron in vs.controls.items():
        column = found.nats[:, found.factors.index(factor)]
        assert column.argmax() == neuron and column[neuron] > 2 * np.delete(column, neuron).max()
