"""A structure that stands above all others doesn't hide what they are."""

from __future__ import annotations

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.identification.found import find
from spectra_vae.identification.identify import _chosen, _templates
from spectra_vae.library.identify.scanned import scanned
from spectra_vae.library.identify.towering import beside
from spectra_vae.minerals.profile import pseudo_voigt

X = np.arange(120.0, 1500.0, 1.3)
AT = 1230.0


def spectrum(height, fwhm=6.0):
    y = 0.5 * sv.mineral("calcite").spectrum(X) + 0.5 * sv.mineral("gypsum").spectrum(X)
    y = y + height * pseudo_voigt(X - AT, np.array(fwhm), np.array(0.0))
    noise = np.random.default_rng(0).normal(0, 0.01, len(X))
    return sv.Spectrum(X, 1000 * (y + 0.5 + noise))


def test_phases_are_found_beside_it_and_it_is_a_band_of_none():
    found = find(spectrum(3.0), _templates(_chosen(["calcite", "gypsum", "barite"])), None)
    assert found.verdict == "partly"
    free = found.fit.mixture.table.free
    owners = [p.name for p in found.fit.mixture.parts if not p.free]
    assert sorted(owners) == ["calcite", "gypsum"]
    assert np.abs(found.fit.mixture.at[free] - AT).min() < 1
    assert found.fit.scan.usable[np.abs(X - AT).argmin()]
    assert found.evidence.area < 0.7  # what was left out is not explained


def test_the_rest_is_scaled_to_its_own_tallest_band():
    _, scan = scanned(spectrum(3.0))
    rest = beside(scan, np.zeros(len(X)))
    assert rest is not None and not rest.usable[np.abs(X - AT) < 6].any()
    assert rest.usable[np.abs(X - AT) > 30].all()
    assert rest.unit < scan.unit / 4
    np.testing.assert_allclose(rest.y * rest.unit, scan.y * scan.unit)
    assert rest.y[rest.usable].max() == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize(("height", "fwhm"), [(0.5, 6.0), (3.0, 60.0)])
def test_what_is_as_high_as_others_or_broad_stays(height, fwhm):
    _, scan = scanned(spectrum(height, fwhm))
    assert beside(scan, np.zeros(len(X))) is None


def test_what_a_phase_explains_stays():
    _, scan = scanned(spectrum(3.0))
    assert beside(scan, scan.y) is None
