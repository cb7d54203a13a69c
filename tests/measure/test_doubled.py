"""A second band at the strongest one's side is another phase's only where the table has none."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from spectra_vae.measure.detection.doubled import doubled
from spectra_vae.minerals.profile import pseudo_voigt

X = np.arange(900.0, 1100.0, 1.0)
PLACE, BESIDE, WIDTH, HEIGHT = 1000.0, 991.0, 8.0, 0.5
NOISE = 0.01


def _fits(beside_is_the_tables: bool) -> SimpleNamespace:
    """A fit of two bands: the table has both, or the strongest alone and the other is left over."""
    shape = np.full_like(X, 1.2 * WIDTH), np.full_like(X, 0.5)
    main, other = pseudo_voigt(X - PLACE, *shape), HEIGHT * pseudo_voigt(X - BESIDE, *shape)
    noise = NOISE * np.random.default_rng(3).normal(size=len(X))
    explained, left = (main + other, noise) if beside_is_the_tables else (main, other + noise)
    band = SimpleNamespace(position=PLACE, width=WIDTH)
    return SimpleNamespace(
        tension=np.array([2.0]),
        on_main=np.array([9]),
        main=SimpleNamespace(width=np.array([1.2]), shift=np.array([0.0])),
        grid=SimpleNamespace(x=X, model=SimpleNamespace(mineral=SimpleNamespace(main=band))),
        used=np.ones((1, len(X)), dtype=bool),
        together=np.full((1, len(X)), NOISE**2),
        explained=explained[None],
        left=left[None],
        share=lambda at, _: (main / explained)[at[1]],
    )


def test_a_band_that_the_table_has_beside_the_strongest_is_no_second_phase():
    assert doubled(_fits(beside_is_the_tables=True), 0) is None


def test_one_that_the_table_lacks_is():
    two = doubled(_fits(beside_is_the_tables=False), 0)
    assert two is not None
    assert (two.low, two.high) == pytest.approx((BESIDE, PLACE), abs=0.5)
    assert two.ratio == pytest.approx(HEIGHT, rel=0.1)
