"""Sums of pseudo-Voigt bands and their slopes, for many windows at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...minerals.profile import FOUR_LN2

Array = NDArray[np.float64]

ONE = 4  # parameters of a band: position, log FWHM, mixing, height
POSITION, WIDTH, MIXING, HEIGHT = range(ONE)


def bands_and_slopes(x: Array, bands: Array) -> tuple[Array, Array]:
    """The sums (T, P) of ``bands`` (T, m, 4) at ``x`` (T, P), and their slopes (T, 4m, P)."""
    position, log_width, mixing, height = (bands[..., k, None] for k in range(ONE))
    width = np.exp(log_width)
    u = (x[:, None] - position) / width
    gauss, lorentz = np.exp(-FOUR_LN2 * u**2), 1 / (1 + 4 * u**2)
    shape = mixing * lorentz + (1 - mixing) * gauss
    steep = height * (mixing * 8 * lorentz**2 + (1 - mixing) * 2 * FOUR_LN2 * gauss) * u
    columns = np.stack([steep / width, steep * u, height * (lorentz - gauss), shape], axis=2)
    tasks, count, _, points = columns.shape
    return (height * shape).sum(axis=1), columns.reshape(tasks, count * ONE, points)
