"""A table that was fitted to something is believed as far as that goes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.measure.fitting.crystals import heights, spread
from spectra_vae.measure.restore import restore
from spectra_vae.minerals import Reference

X = np.arange(100.0, 4000.0, 1.5)
PLACE, HEIGHT, WIDTH = 2000.0, 0.3, 10.0


class Fitted:
    """A model whose table says what it was fitted to."""

    def __init__(self, vs, **told):
        self._vs = vs
        usual = Reference(files=1, low=100.0, high=4000.0, faintest=0.004)
        self.mineral = replace(vs.mineral, reference=replace(usual, **told))

    def __getattr__(self, name):
        return getattr(self._vs, name)


@pytest.fixture(scope="module")
def spectrum():
    m = sv.mineral("gypsum")
    noise = 0.002 * np.random.default_rng(1).normal(size=len(X))
    band = HEIGHT / (1 + 4 * ((X - PLACE) / WIDTH) ** 2)
    return sv.Spectrum(X, m.spectrum(X) + 0.3 + noise + band)


@pytest.mark.parametrize(
    ("told", "verdict"),
    [({}, "alien"), ({"high": 1300.0}, "normal"), ({"faintest": 0.2}, "normal")],
)
def test_a_band_that_the_reference_could_not_show_is_kept_and_not_foreign(
    vs, spectrum, told, verdict
):
    (found,) = restore(Fitted(vs, **told), [spectrum])
    assert found.novelty.verdict == verdict
    (peak,) = [p for p in found.unexplained if abs(p.position - PLACE) < 3]
    assert peak.foreign == (verdict == "alien") and peak.height > 0.9 * HEIGHT


def test_heights_differ_more_from_a_table_of_one_crystal(vs):
    powder, one, four = (vs.mineral, Fitted(vs).mineral, Fitted(vs, files=4).mineral)
    assert heights(powder) == (0.4, 2.5)
    assert heights(one) == pytest.approx((0.16, 6.25))
    assert heights(powder)[1] < heights(four)[1] < heights(one)[1]
    assert spread(powder) < spread(four) < spread(one)
