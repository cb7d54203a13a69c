"""A phase that a single band speaks for is said to be there perhaps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.identification.found import find, on_one_band
from spectra_vae.identification.identify import _chosen, _templates
from spectra_vae.identification.why import sentence
from spectra_vae.measure.mixture.further import further
from spectra_vae.text.message import LANGUAGES, say

X = np.arange(120.0, 1500.0, 1.3)


@pytest.fixture(scope="module")
def found():
    y = 0.7 * sv.mineral("calcite").spectrum(X) + 0.3 * sv.mineral("gypsum").spectrum(X)
    noise = np.random.default_rng(0).normal(0, 0.01, len(X))
    return find(sv.Spectrum(X, 1000 * (y + 0.5 + noise)), _templates(_chosen(None)), None)


def test_phases_that_show_several_bands_are_sure(found):
    assert found.perhaps == () == on_one_band(found.fit)
    assert sentence(found, ()).code == "identify.identified"
    assert further(found.fit, 1).odds > 1


def test_one_that_shows_a_single_band_is_not(found):
    m = found.fit.mixture
    bands = m.bands.copy()
    own = np.flatnonzero(m.owner == 1)
    lower = own[m.table.height[own] < m.table.height[own].max()]
    bands[lower, 0] = -8.0
    single = replace(found.fit, mixture=replace(m, bands=bands))
    name = m.parts[1].name
    assert on_one_band(single) == (name,)
    assert further(single, 1).odds < further(found.fit, 1).odds
    told = sentence(replace(found, perhaps=(name,)), ())
    assert told.code == "identify.perhaps"
    for language in LANGUAGES:
        assert say(told, language).endswith(".")


def test_a_verdict_counts_the_bands_that_are_listed():
    rng = np.random.default_rng(4)
    y = sum(
        h * np.exp(-0.5 * ((X - p) / 5) ** 2)
        for p, h in zip(rng.uniform(200, 1400, 9), rng.uniform(0.1, 1, 9), strict=True)
    )
    answer = sv.identify(sv.Spectrum(X, 1e4 * (y + 0.2 + rng.normal(0, 0.02, len(X)))), ["diamond"])
    assert answer.verdict == "unknown"
    assert answer.sentence.params["count"] == len(answer.bands) > 4
