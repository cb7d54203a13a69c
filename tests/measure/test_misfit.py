"""What a fit leaves around the strongest band is no noise because the whole file is as rough."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from spectra_vae.measure.fitting.fit_result import Fits

POINTS, LEFT, EXPLAINED = 200, 1.0, 0.5


def _misfit(variance: float, sharper: float) -> float:
    """Of a fit that leaves ``LEFT`` beside ``EXPLAINED`` everywhere around the strongest band."""
    shape = (1, POINTS)
    file = SimpleNamespace(
        used=np.ones(shape, dtype=bool),
        _from_main=np.zeros(shape),
        variance=np.full(shape, variance),
        left=np.full(shape, LEFT),
        explained=np.full(shape, EXPLAINED),
        correlation=np.array([1.0]),
        sharper=np.array([sharper]),
    )
    return float(Fits.misfit.func(file)[0])


def test_bands_that_were_taken_for_noise_are_unexplained():
    assert _misfit(variance=LEFT**2, sharper=1.0) == 0
    noise = LEFT**2 / 4**2
    wanted = (LEFT**2 - noise * (1 + 3 * np.sqrt(2 / POINTS))) / ((LEFT + EXPLAINED) ** 2 - noise)
    assert _misfit(variance=LEFT**2, sharper=4.0) == pytest.approx(wanted)


def test_a_quiet_files_misfit_is_what_is_left():
    assert _misfit(1e-9, 1.0) == pytest.approx((LEFT / (LEFT + EXPLAINED)) ** 2, rel=1e-6)
