"""What is left over beside the mineral: its own, perhaps none at all, or foreign."""

from __future__ import annotations

import numpy as np
import pytest

import spectra_vae as sv

X = np.arange(100.0, 4000.0, 1.5)


def band(position, height, width):
    return height / (1 + 4 * ((X - position) / width) ** 2)


def noisy(vs, extra, size=0.002, points=1):
    noise = size * np.random.default_rng(1).normal(size=len(X))
    y = vs.mineral.spectrum(X) + 0.3 + noise + extra
    smoothed = np.convolve(y, np.full(points, 1 / points), "same")
    return sv.Spectrum(X[9:-9], smoothed[9:-9])


@pytest.mark.parametrize(
    ("extra", "doubt"),
    [((1035, 0.03, 10), "weak"), ((211, 0.045, 10), "weak"), ((2000, 0.12, 90), "broad")],
)
def test_what_may_be_the_mineral_s_own_or_the_background_s_is_kept_and_not_foreign(
    vs, extra, doubt
):
    r = vs.restore(noisy(vs, band(*extra)))
    assert r.novelty.verdict == "normal" and r.novelty.percentile < 0.98
    near = [p for p in r.unexplained if abs(p.position - extra[0]) < 0.3 * extra[2]]
    assert doubt in {p.doubt for p in near} and not any(p.foreign for p in near)
    assert f"check.{doubt}" in {c.code for c in r.checks}
    kept = (r.restored - r.explained)[np.argmin(np.abs(r.wavenumber - extra[0]))]
    assert kept > 0.6 * extra[1]


def test_a_smoothed_spike_is_kept_and_not_foreign(vs):
    spike = np.where(np.arange(len(X)) == 1100, 3.0, 0.0)
    r = vs.restore(noisy(vs, spike, points=5))
    at = float(X[1100])
    assert r.novelty.verdict == "normal"
    assert [p.doubt for p in r.unexplained if abs(p.position - at) < 6] == ["sharp"]


def test_a_band_far_from_the_known_ones_is_foreign(vs):
    r = vs.restore(noisy(vs, band(850, 0.2, 10)))
    assert r.novelty.alien
    assert [p.foreign for p in r.unexplained if abs(p.position - 850) < 3] == [True]
