"""Many points become fewer: means of neighbours, never across a gap."""

from __future__ import annotations

import numpy as np

from spectra_vae.measure.fitting.thinning import MOST_POINTS, thinned


def test_neighbours_are_averaged_within_a_stretch():
    x = np.concatenate([np.linspace(100, 1300, 9_000), np.linspace(3000, 3800, 9_001)])
    line, usable = 2 * x[None] + 1, np.ones((1, len(x)), dtype=bool)
    at, (y,), kept, each = thinned(x, (line,), usable)
    assert each == 3 and len(at) <= MOST_POINTS
    assert not ((at > 1300) & (at < 3000)).any()
    np.testing.assert_allclose(y[0], 2 * at + 1, rtol=1e-12)
    assert kept.all()


def test_what_is_not_usable_joins_no_average():
    x = np.linspace(100, 3800, 2 * MOST_POINTS)
    y, usable = np.ones((1, len(x))), np.ones((1, len(x)), dtype=bool)
    y[0, 10], usable[0, 10] = 1e6, False
    _, (means,), kept, _ = thinned(x, (y,), usable)
    assert (means == 1).all() and kept.all()


def test_few_points_stay_as_they_are():
    x = np.linspace(100, 3800, 100)
    assert thinned(x, (x[None],), np.ones((1, 100), dtype=bool))[0] is x
