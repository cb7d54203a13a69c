"""Phases that are found together: begun with a pair, accepted where each of them is likely."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.identification.found import find
from spectra_vae.identification.identify import _chosen, _templates
from spectra_vae.identification.together import is_accepted
from spectra_vae.library.identify.score import accepted
from spectra_vae.measure.mixture.further import further

X = np.arange(120.0, 1500.0, 1.3)


def found_of(shares, noise=0.01):
    y = sum(share * sv.mineral(name).spectrum(X) for name, share in shares.items())
    y = y + np.random.default_rng(0).normal(0, noise, len(X))
    return find(sv.Spectrum(X, 1000 * (y + 0.5)), _templates(_chosen(None)), None)


@pytest.fixture(scope="module")
def two():
    return found_of({"calcite": 0.6, "gypsum": 0.4})


def test_one_phase_is_accepted_as_it_was_alone():
    done = found_of({"quartz": 1.0}).fit
    for value in (1.0, 1.79, 1.81, 5.0):
        assert is_accepted(done, value, 0.01) == accepted(value, 0.01)


def test_two_likely_phases_need_less_than_one_does(two):
    assert min(further(two.fit, p).odds for p in (0, 1)) > 1
    assert is_accepted(two.fit, 0.5, 0.01) and not accepted(0.5, 0.01)


def test_two_that_are_unlikely_need_more(two):
    m = two.fit.mixture
    bands = m.bands.copy()
    bands[:, 0] = np.resize([-1.5, 1.5], len(bands))  # heights that no orientation does
    doubtful = replace(two.fit, mixture=replace(m, bands=bands))
    assert max(further(doubtful, p).odds for p in (0, 1)) < 0
    assert accepted(3.0, 0.01) and not is_accepted(doubtful, 3.0, 0.01)


@pytest.mark.parametrize("noise", [0.01, 0.1])
def test_noise_asks_for_more(two, noise):
    limits = np.arange(-60.0, 10.0, 0.05)
    asked = next(v for v in limits if is_accepted(two.fit, float(v), noise))
    free = next(v for v in limits if is_accepted(two.fit, float(v), 0.0))
    assert asked - free == pytest.approx(10 * noise, abs=0.06)


def test_the_second_is_not_hidden_where_the_first_bends_to_explain_it():
    """Of one begun alone only the alum was told."""
    found = found_of({"melanterite": 0.5, "alum-k": 0.5}, noise=0.03)
    names = {p.name for p in found.fit.mixture.parts if not p.free}
    assert found.verdict == "identified" and names == {"melanterite", "alum-k"}
