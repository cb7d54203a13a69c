"""What an identification leaves over: noise, or not to be called so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.identification.rest import is_noise
from spectra_vae.library.identify.foreign import nothing
from spectra_vae.library.identify.scanned import scanned
from spectra_vae.measure.mixture.fit import fit
from spectra_vae.measure.mixture.mixture import begin

X = np.arange(150.0, 1350.0, 1.3)


@pytest.fixture(scope="module")
def flat():
    """A fit of nothing to noise."""
    y = 10 + np.random.default_rng(0).normal(0, 1, len(X))
    _, scan = scanned(sv.Spectrum(X, y))
    blank = fit(scan, begin(scan, [], 0.0, []), np.full(len(scan.x), scan.noise))
    return nothing(blank)


def holding(done, left, shared=1.0):
    """As if it left something else."""
    scan = replace(done.scan, noise=float(np.std(left)), shared=shared)
    return replace(done, scan=scan, left=left)


def band(position, width, height):
    return height * np.exp(-4 * np.log(2) * ((X - position) / width) ** 2)


@pytest.mark.parametrize("seed", range(20))
def test_noise_is_noise_white_or_growing_with_the_light(flat, seed):
    noise = np.random.default_rng(seed).normal(0, 1, len(X))
    assert is_noise(holding(flat, noise))
    assert is_noise(holding(flat, noise * (1 + band(800, 60, 2.0))))
    joined = np.convolve(noise, np.ones(4) / 4, mode="same")
    assert is_noise(holding(flat, joined, shared=4.0))


@pytest.mark.parametrize("width", [6, 15, 55])
def test_a_band_that_is_left_over_is_no_noise(flat, width):
    noise = np.random.default_rng(1).normal(0, 1, len(X))
    left = noise + band(700, width, 6.0)
    done = holding(flat, left)
    assert not is_noise(replace(done, scan=replace(done.scan, noise=1.0)))


def test_a_file_is_told_of_what_is_left_over():
    y = sv.mineral("calcite").spectrum(X)
    rng = np.random.default_rng(2)
    clean = sv.identify(sv.Spectrum(X, 100 * (1 + y) + rng.normal(0, 1, len(X))))
    assert clean.residual_is_noise and clean.to_dict()["residual_is_noise"] is True
    assert all(check.code != "identify.rough" for check in clean.checks)
