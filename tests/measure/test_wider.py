"""Intervals where the noise is shared, or less than any that the model knows."""

from __future__ import annotations

import numpy as np
import pytest

import spectra_vae as sv

X = np.concatenate([np.arange(100.0, 1300), np.arange(3000.0, 3800)])
N = 60
FACTORS = ("hydration", "crystallinity", "shift")


def drawn(vs, counts, light, seed):
    """N measurements (N, points), and their factors."""
    rng = np.random.default_rng(seed)
    some = {name: vs.mineral.factor(name) for name in FACTORS}
    truth = {name: f.low + (f.high - f.low) * rng.uniform(0.1, 0.9, N) for name, f in some.items()}
    y = np.stack(
        [vs.mineral.spectrum(X, **{name: v[k] for name, v in truth.items()}) for k in range(N)]
    )
    return rng.poisson(counts * (y + light)).astype(float), truth


def covered(restored, truth):
    return {
        name: np.mean(
            [
                one.low <= value <= one.high
                for one, value in zip((r.estimates[name] for r in restored), values, strict=True)
                if one.known
            ]
        )
        for name, values in truth.items()
    }


def smoothed(y):
    """Savitzky–Golay of five points and third order, in each window."""
    kernel = np.array([-3, 12, 17, 12, -3]) / 35
    parts = np.split(y, [1200], axis=1)
    return np.concatenate(
        [np.stack([np.convolve(row, kernel, "same") for row in part]) for part in parts], axis=1
    )


def test_a_smoothed_measurement_is_no_better_than_it_was(vs):
    y, truth = drawn(vs, 1000, 0.5, 0)
    keep = (np.abs(X - 1299) > 3) & (np.abs(X - 3000) > 3) & (X > 103) & (X < 3796)
    raw = vs.restore([sv.Spectrum(X, row) for row in y])
    smooth = vs.restore([sv.Spectrum(X[keep], row) for row in smoothed(y)[:, keep]])
    for name, share in covered(smooth, truth).items():
        assert share > 0.8, name
    assert np.mean([bool(r.unexplained) for r in smooth]) <= 0.05
    assert np.mean([r.novelty.alien for r in smooth]) <= 0.05
    codes = [{m.code for m in r.checks} for r in smooth]
    assert np.mean(["check.shared_noise" in some for some in codes]) > 0.9
    assert not any("check.shared_noise" in {m.code for m in r.checks} for r in raw)


def test_points_between_the_measured_ones_say_nothing_new(vs):
    y, truth = drawn(vs, 1000, 0.5, 1)
    low = X < 2000
    fine = np.arange(100, 1299, 0.5)
    dense = vs.restore([sv.Spectrum(fine, np.interp(fine, X[low], row[low])) for row in y])
    assert covered(dense, {"shift": truth["shift"]})["shift"] > 0.75
    assert np.mean([bool(r.unexplained) for r in dense]) <= 0.05


@pytest.mark.parametrize("counts", [1e5, 1e6])
def test_beyond_what_it_was_trained_with_the_decoder_is_the_limit(vs, counts):
    y, truth = drawn(vs, counts, 1.0, 2)
    for name, share in covered(vs.restore([sv.Spectrum(X, row) for row in y]), truth).items():
        assert share >= 0.85, name


def test_a_background_that_no_stiff_one_follows_is_told(vs):
    """Humps as of glass: what they leave over looks like noise, and bends more slowly."""
    glass = sum(
        height * np.exp(-4 * np.log(2) * ((X - at) / width) ** 2)
        for at, height, width in ((450, 0.1, 180), (800, 0.05, 80), (1090, 0.05, 120))
    )
    own = vs.mineral.spectrum(X)
    for light, said in ((glass, True), (0 * glass, False)):
        y = np.random.default_rng(3).poisson(2000 * (own + light + 0.3), (6, len(X)))
        told = [{m.code for m in r.checks} for r in vs.restore([sv.Spectrum(X, row) for row in y])]
        assert np.mean(["check.structure" in some for some in told]) == pytest.approx(
            float(said), abs=0.2
        )
