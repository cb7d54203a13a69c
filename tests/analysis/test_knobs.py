"""The table of what each knob does, on a spectrometer that is the mineral itself."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest

from spectra_vae.analysis.knobs import inert, knobs
from spectra_vae.minerals import default_axis, mineral

GYPSUM = mineral("gypsum")


class Ideal:
    """A model without error: neuron j is the mineral's factor j."""

    wavenumber = default_axis()
    origin = np.zeros(len(GYPSUM.factors))
    mineral = GYPSUM
    neurons = tuple(
        SimpleNamespace(index=j, factor=f.name, low=-3.0, high=3.0)
        for j, f in enumerate(GYPSUM.factors)
    )

    def scan(self, neuron, values):
        f = GYPSUM.factors[neuron]
        return GYPSUM.spectrum(self.wavenumber, **{f.name: f.value(values)})


@pytest.fixture(scope="module")
def table():
    return {k.factor: k for k in knobs(Ideal())}


def test_hydration_moves_the_water_and_nothing_else(table):
    low, high = table["hydration"].areas["water"]
    assert low < 0.03 and high == pytest.approx(1.5, abs=0.02)
    assert table["hydration"].areas["sulfate"] == pytest.approx((1, 1), abs=2e-3)
    assert np.ptp(table["hydration"].position) < 0.1 and np.ptp(table["hydration"].width) < 0.1


def test_crystallinity_moves_the_width_and_little_area(table):
    low, high = table["crystallinity"].width
    assert low == pytest.approx(4.3, abs=0.2) and high == pytest.approx(18.3, abs=0.3)
    assert table["crystallinity"].areas["sulfate"] == pytest.approx((1, 1), abs=0.02)


def test_shift_moves_the_position(table):
    assert table["shift"].position == pytest.approx((1000, 1016), abs=0.15)
    assert np.ptp(table["shift"].height) < 0.02


def test_intensity_moves_the_height_and_all_areas(table):
    assert table["intensity"].height == pytest.approx((0.5, 1.5), abs=0.02)
    for ends in table["intensity"].areas.values():
        assert ends == pytest.approx((0.5, 1.5), abs=0.01)


def test_purity_moves_nothing(table):
    for ends in (table["purity"].width, table["purity"].position, table["purity"].height):
        assert np.ptp(ends) == 0


def test_no_truth_is_negative(table):
    assert all(k.lowest >= 0 for k in table.values())


def test_the_table_is_plain_json(table):
    for k in table.values():
        json.dumps(k.to_dict(), allow_nan=False)


# --- which neurons move nothing ----------------------------------------------------------------


def jacobians(*sizes):
    """(5, latents, 40) slopes whose root mean square per neuron is ``sizes``."""
    noise = np.random.default_rng(0).normal(size=(5, len(sizes), 40))
    return noise / np.sqrt(np.mean(noise**2, axis=(0, 2)))[:, None] * np.array(sizes)[:, None]


@pytest.mark.parametrize(
    ("sizes", "still"),
    [
        ((1.0, 1.0, 1.0), (False, False, False)),
        ((1.0, 0.05, 1e-4), (False, False, True)),
        ((1e-4, 0.05, 1.0), (True, False, False)),
        ((1.0, 0.02, 0.0005), (False, False, False)),  # each within 1 % of the one before
        ((1.0, 0.02, 0.0001), (False, False, True)),
        ((1.0, 0.0, 0.0), (False, True, True)),
        ((0.0, 0.0), (True, True)),
    ],
)
def test_a_neuron_far_below_the_smallest_mover_is_inert(sizes, still):
    assert inert(jacobians(*sizes)).tolist() == list(still)
    assert inert(1e3 * jacobians(*sizes)).tolist() == list(still)
