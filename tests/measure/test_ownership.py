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


def filled_in(spectrum, apart):
    """As software writes it that measured every ``apart``-th point only."""
    x, y = spectrum.wavenumber, spectrum.intensity
    return sv.Spectrum(x, np.interp(x, x[::apart], y[::apart]))


def test_a_spike_that_may_be_a_band_as_well_is_kept_and_not_foreign(vs):
    spike = np.where(np.arange(len(X)) == 1101, 0.5, 0.0)
    r = vs.restore(filled_in(noisy(vs, spike), 3))
    at = float(X[1101])
    assert r.novelty.verdict == "normal"
    assert [p.doubt for p in r.unexplained if abs(p.position - at) < 6] == ["sharp"]


@pytest.mark.parametrize("points", [3, 5])
@pytest.mark.parametrize("height", [0.1, 0.5, 3.0])
def test_a_smoothed_spike_is_left_out(vs, height, points):
    spike = np.where(np.arange(len(X)) == 1100, height, 0.0)
    r = vs.restore(noisy(vs, spike, points=points))
    assert r.novelty.verdict == "normal" and "check.spikes" in {c.code for c in r.checks}
    left_out = np.flatnonzero(~r.used) + 9
    assert list(left_out) == list(range(1100 - points // 2, 1101 + points // 2))


@pytest.mark.parametrize("apart", [2, 3])
def test_a_cosmic_ray_between_filled_in_points_is_left_out(vs, apart):
    spike = np.zeros(len(X))
    spike[9 + apart * 400 + apart * np.arange(3)] = 1.0, 0.4, 0.8
    r = vs.restore(filled_in(noisy(vs, spike), apart))
    assert r.novelty.verdict == "normal" and not r.unexplained
    assert (~r.used).sum() == 4 * apart - 1


@pytest.mark.parametrize("points", [1, 3, 5])
@pytest.mark.parametrize("fwhm", [5, 8])
def test_a_narrow_band_is_no_smoothed_spike(vs, fwhm, points):
    r = vs.restore(noisy(vs, band(850, 0.3, fwhm), points=points))
    assert r.novelty.alien and r.used.all()


def test_a_band_far_from_the_known_ones_is_foreign(vs):
    r = vs.restore(noisy(vs, band(850, 0.2, 10)))
    assert r.novelty.alien
    assert [p.foreign for p in r.unexplained if abs(p.position - 850) < 3] == [True]
