"""The pseudo-Voigt band: height, width, area, and what an instrument's resolution does to it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]  # float64, or float32 where speed matters

LORENTZ_AREA = math.pi / 2
GAUSS_AREA = math.sqrt(math.pi / (4 * math.log(2)))
FOUR_LN2 = 4 * math.log(2)


def pseudo_voigt(offset: Array, width: Array, mixing: Array) -> Array:
    """η·Lorentz + (1 − η)·Gauss of height 1 at ``offset`` from the centre; FWHM ``width``, cm⁻¹."""
    u2 = np.square(offset / width)
    gauss = np.exp(u2 * u2.dtype.type(-FOUR_LN2))
    u2 *= 4.0
    u2 += 1.0
    lorentz = np.reciprocal(u2, out=u2)
    lorentz -= gauss
    lorentz *= mixing
    lorentz += gauss
    return lorentz


def unit_area(mixing: ArrayLike) -> Array:
    """Area of a pseudo-Voigt of height 1 and FWHM 1."""
    eta = np.asarray(mixing, float)
    return eta * LORENTZ_AREA + (1 - eta) * GAUSS_AREA


def at_resolution(
    width: ArrayLike, mixing: ArrayLike, tabulated: float, resolution: float
) -> tuple[Array, Array]:
    """Width and mixing as a spectrometer of another resolution sees them.

    The Gaussian part's variance changes by ``resolution² − tabulated²`` (FWHM, cm⁻¹), never
    below a tenth of the band's own. Conversions: Thompson, Cox & Hastings 1987,
    J. Appl. Cryst. 20:79.
    """
    w, eta = np.asarray(width, float), np.asarray(mixing, float)
    if resolution == tabulated:
        return w, eta
    lorentz = w * (0.72928 * eta + 0.19289 * eta**2 + 0.07783 * eta**3)
    gauss2 = w**2 * np.maximum(1 - 0.74417 * eta - 0.24781 * eta**2 - 0.00810 * eta**3, 0)
    gauss = np.sqrt(np.maximum(gauss2 + resolution**2 - tabulated**2, 0.01 * gauss2))
    terms = (1.0, 2.69269, 2.42843, 4.47163, 0.07842, 1.0)
    total = sum(c * gauss ** (5 - k) * lorentz**k for k, c in enumerate(terms)) ** 0.2
    ratio = lorentz / total
    return total, 1.36603 * ratio - 0.47719 * ratio**2 + 0.11116 * ratio**3
