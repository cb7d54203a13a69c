"""A mineral's band whose line is no pseudo-Voigt is one band all the same."""

from __future__ import annotations

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.library.identify.foreign import apart, with_bands
from spectra_vae.library.identify.scanned import scanned
from spectra_vae.measure.mixture.fit import fit
from spectra_vae.measure.mixture.mixture import begin
from spectra_vae.measure.mixture.part import Part

X = np.arange(100.0, 1200.0, 1.2)


@pytest.fixture(scope="module")
def calcite():
    noise = np.random.default_rng(0).normal(0, 0.002, len(X))
    y = sv.mineral("calcite").spectrum(X) + 0.2 + noise
    _, scan = scanned(sv.Spectrum(X, 1000 * y))
    part = Part.of(sv.mineral("calcite"))
    shown = part.take((part.position > X[0]) & (part.position < X[-1]))
    start = begin(scan, [shown], 0.0, [1.0])
    return fit(scan, start, np.full(len(scan.x), 0.02))


def beside(done, *places, width=3.0):
    """The fit with bands of no mineral at some places."""
    count = len(places)
    columns = {
        "position": np.array(places),
        "height": np.full(count, 0.1),
        "width": np.full(count, width),
        "mixing": np.full(count, 0.5),
    }
    return fit(done.scan, with_bands(done.mixture, columns), done.sigma, 0)


def test_what_stands_in_a_minerals_band_is_its_line_shape(calcite):
    both = apart(beside(calcite, 1087.0, 600.0)).mixture
    assert len(both.parts) == 2 and both.parts[-1].position.tolist() == [600.0]
    assert len(apart(beside(calcite, 1087.0)).mixture.parts) == 1


@pytest.mark.parametrize(("place", "width"), [(1091.0, 3.0), (1087.0, 60.0), (600.0, 3.0)])
def test_what_stands_beside_or_beneath_it_stays(calcite, place, width):
    done = beside(calcite, place, width=width)
    assert apart(done) is done
