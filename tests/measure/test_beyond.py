"""More of a group than the model knows is unknown, or told to be orientation."""

import numpy as np
import pytest

import spectra_vae as sv

X = np.arange(100.0, 4000.0, 1.5)


def restored(vs, hydration):
    noise = np.random.default_rng(0).normal(0, 0.003, len(X))
    return vs.restore(sv.Spectrum(X, vs.mineral.spectrum(X, hydration=hydration) + noise))


@pytest.mark.parametrize("hydration", [0.0, 0.5, 1.0, 1.4])
def test_within_the_range_the_truth_lies_in_the_interval(vs, hydration):
    one = restored(vs, hydration).estimates["hydration"]
    assert one.known and one.low - 0.02 <= hydration <= one.high + 0.02


@pytest.mark.parametrize("hydration", [1.8, 2.0, 3.0])
def test_beyond_it_no_interval_is_claimed(vs, hydration):
    r = restored(vs, hydration)
    one = r.estimates["hydration"]
    told = one.note.code == "note.oriented" and r.orientation is not None
    assert told or (not one.known and one.note.code == "note.beyond")
    assert r.quantities["ratio"].value > 1.6 * restored(vs, 1.0).quantities["ratio"].value
