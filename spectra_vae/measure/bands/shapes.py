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
    narrow = np.exp(-log_width)
    u = (x[:, None] - position) * narrow
    square = u * u
    gauss, lorentz = np.exp(-FOUR_LN2 * square), 1 / (1 + 4 * square)
    tasks, count, points = u.shape
    slopes = np.empty((tasks, count, ONE, points))  # filled in place: large, and often
    of_mixing, shape = slopes[:, :, MIXING], slopes[:, :, HEIGHT]
    np.subtract(lorentz, gauss, out=of_mixing)
    np.multiply(of_mixing, mixing, out=shape)
    shape += gauss
    of_mixing *= height
    lorentz *= lorentz
    steep = (8 * mixing * height) * lorentz + (2 * FOUR_LN2 * (1 - mixing) * height) * gauss
    steep *= u
    np.multiply(steep, narrow, out=slopes[:, :, POSITION])
    np.multiply(steep, u, out=slopes[:, :, WIDTH])
    curve = (bands[:, None, :, HEIGHT] @ shape)[:, 0]
    return curve, slopes.reshape(tasks, count * ONE, points)
