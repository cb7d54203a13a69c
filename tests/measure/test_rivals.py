"""Another mineral whose strongest band stands beside the mineral's, and shifts that are none."""

from __future__ import annotations

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.measure.detection.supposed import Weighted

X = np.arange(100.0, 1400.0, 1.2)


def noisy(curve, size=0.004):
    return sv.Spectrum(X, curve + 0.3 + size * np.random.default_rng(3).normal(size=len(X)))


@pytest.mark.parametrize("name", ["bassanite", "anhydrite", "celestine", "starkeyite"])
def test_a_mineral_with_its_strongest_band_near_is_not_the_mineral_shifted(vs, name):
    r = vs.restore(noisy(sv.mineral(name).spectrum(X)))
    assert r.novelty.alien and not r.estimates["shift"].known


def test_a_shifted_axis_is_no_rival_s(vs):
    r = vs.restore(noisy(vs.mineral.spectrum(X, shift=6.5)))
    assert r.novelty.verdict == "normal" and r.estimates["shift"].known


def test_a_lookalike_stands_where_the_file_has_its_maximum(vs):
    other = sv.mineral("anhydrite-iii")
    r = vs.restore(noisy(other.spectrum(X)))
    told = [c.params for c in r.checks if c.code == "check.lookalike"]
    assert len(told) == 1 and abs(float(told[0]["position"]) - other.main.position) < 1
    assert not r.estimates["shift"].known


def test_one_band_far_from_the_table_s_decides_nothing(vs):
    near = (X > 900) & (X < 1090)
    y = vs.mineral.spectrum(X, shift=6.5)[near]
    noise = 0.01 * np.random.default_rng(0).normal(size=near.sum())
    r = vs.restore(sv.Spectrum(X[near], y + noise))
    assert r.novelty.verdict == "undecided"


def test_products_are_of_what_a_background_leaves():
    rng = np.random.default_rng(4)
    basis, rows = rng.uniform(size=(5, 60)).astype(np.float32), rng.normal(size=(3, 60))
    weight = rng.uniform(size=60) * (np.arange(60) > 9)
    root = np.sqrt(weight)
    ground = (basis * root).T
    left = [r - ground @ np.linalg.lstsq(ground, r, rcond=None)[0] for r in rows * root]
    found = Weighted.by(weight, basis).products(rows)
    assert found == pytest.approx(np.array(left) @ np.array(left).T, abs=1e-6)
