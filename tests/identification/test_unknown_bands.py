"""The bands of what no mineral explains. (One in the middle of a broad one is its pointed top.)"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.identification.found import find
from spectra_vae.identification.identify import _chosen, _templates
from spectra_vae.identification.why import why

X = np.arange(400.0, 1800.0, 1.3)
STRONGEST = ((560.0, 9.0, 1.0), (930.0, 8.0, 0.8), (1710.0, 10.0, 0.7))  # of no mineral


def band(position, width, height):
    return height * np.exp(-4 * np.log(2) * ((X - position) / width) ** 2)


def bands_found(*bands, seed=0):
    noise = np.random.default_rng(seed).normal(0, 0.004, len(X))
    y = sum((band(*one) for one in (*STRONGEST, *bands)), np.zeros(len(X)))
    found = sv.identify(sv.Spectrum(X, 1000 * (y + 0.5 + noise)))
    assert found.verdict == "unknown"
    return found.bands


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("offset", [14.0, -22.0])
def test_a_narrow_one_on_a_broad_one_is_found(offset, seed):
    broad, narrow = (1260.0, 70.0, 0.4), (1260.0 + offset, 10.0, 0.08)
    found = bands_found(broad, narrow, seed=seed)
    near = [one for one in found if abs(one.position - narrow[0]) < 1.5]
    assert min(one.fwhm for one in near) < 18


@pytest.mark.parametrize("seed", range(3))
def test_a_broad_one_alone_stays_one(seed):
    found = bands_found((1260.0, 70.0, 0.4), seed=seed)
    assert sum(abs(one.position - 1260) < 40 for one in found) == 1


@pytest.fixture(scope="module")
def weak_polystyrene():
    """As polystyrene whose band at 1197 is hardly seen, among bands of no mineral."""
    m = sv.mineral("polystyrene")
    weak = next(b for b in m.bands if round(b.position) == 1197)
    noise = np.random.default_rng(0).normal(0, 0.002, len(X))
    lower = 0.85 * weak.height * band(weak.position, weak.width, 1.0)
    strange = band(700.0, 40.0, 0.8) + band(860.0, 50.0, 0.9) + band(1500.0, 50.0, 0.8)
    return sv.Spectrum(X, 1000 * (m.spectrum(X) - lower + strange + 0.5 + noise))


def test_what_stands_there_is_not_called_missing(weak_polystyrene):
    found = sv.identify(weak_polystyrene)
    stand = [one.position for one in found.bands]
    for one in found.candidates:
        if one.why.code == "match.missing":
            place = float(one.why.params["position"])
            assert min(abs(place - at) for at in stand) > 4.4


def test_it_is_called_too_weak_where_a_band_stands(weak_polystyrene):
    bands = sv.identify(weak_polystyrene).bands
    candidate = find(weak_polystyrene, _templates(_chosen(None)), None).candidates[0]
    assert candidate.single.part.name == "polystyrene"
    assert why(candidate, False, bands).to_dict()["code"] == "match.missing"
    there = replace(bands[0], position=1199.0)
    told = why(candidate, False, (*bands, there))
    assert told.code == "match.faint" and told.params == {"position": "1197"}
