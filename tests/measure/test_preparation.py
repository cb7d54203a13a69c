"""What comes into a fit: a full detector's points stay out of it, wherever the spectrum is from."""

from __future__ import annotations

import numpy as np
import pytest

import spectra_vae as sv

X = np.concatenate([np.arange(100.0, 1300.0), np.arange(3000.0, 3800.0)])
COUNTS, BACKGROUND, FILES = 1000, 0.5, 60
TRUTH = 0.755


def detected(share):
    """Gypsum on a detector that is full at ``share`` of ν1 above the background."""
    light = sv.mineral("gypsum").spectrum(X) + BACKGROUND
    full = COUNTS * (share + BACKGROUND)
    return [
        np.minimum(np.random.default_rng(k).poisson(COUNTS * light), full) * 1.0
        for k in range(FILES)
    ]


def covered(restored):
    found = [r.estimates["crystallinity"] for r in restored]
    return np.mean([not one.known or one.low <= TRUTH <= one.high for one in found])


@pytest.mark.parametrize("share", [0.95, 0.85, 0.7, 0.5, 0.2])
def test_crystallinity_of_clipped_spectra_made_in_memory(vs, share):
    measured = detected(share)
    restored = vs.restore([sv.Spectrum(X, y) for y in measured])
    assert covered(restored) >= 0.8
    if share > 0.8:  # then a file may have two points at the limit, or one
        return
    for r, y in zip(restored, measured, strict=True):
        assert not r.used[y == y.max()].any()
        assert "check.clipped" in {check.code for check in r.checks}
        assert "fix.clipped" in {fix["code"] for fix in r.read["fixes"]}


def test_a_file_and_the_same_points_in_memory_are_one(vs):
    y = detected(0.5)[0]
    rows = "\n".join(f"{a} {b}" for a, b in zip(X, y, strict=True))
    file, made = sv.read_spectrum(rows.encode()), sv.Spectrum(X, y)
    assert file.meta["clipped"] == made.meta["clipped"] == y.max()
    assert file.fixes[-1] == made.fixes[-1]
