"""Is what a fit leaves over noise?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ...spectra.saturation import KERNEL, MAD_TO_STD
from ..detection.residual import Peak
from ..fitting.noise import SMALLEST
from .estimates import Row

Array = NDArray[np.float64]

MUCH = 1.2  # times the noise at the mineral's bands, or times as slow as noise
LARGE = 2.0  # mean square, over the variance that neighbouring points ask for
FEWEST = 20  # points: fewer tell no noise


def is_noise(row: Row, there: bool, background: Array, bands: Sequence[Peak]) -> bool:
    """Whether the residual holds noise alone. ``there``: the mineral was fitted; else only the
    ``background`` (N,) and ``bands`` were.
    """
    fits, k = row.fits, row.k
    if there:
        return bool(fits.tension[k] <= MUCH and fits.smoother[k] ** -0.5 <= MUCH)
    whole = fits.measured[k] - background
    left = whole - sum((p.curve(fits.grid.x) for p in bands), np.zeros_like(whole))
    left = left[fits.used[k]]
    if len(left) < FEWEST:
        return True
    change = np.convolve(left, KERNEL, mode="valid")
    noise = (MAD_TO_STD * float(np.median(np.abs(change)))) ** 2 * float(fits.correlation[k])
    return float(np.mean(left**2)) < LARGE * max(noise, SMALLEST**2)
