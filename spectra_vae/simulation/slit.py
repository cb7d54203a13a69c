"""Bands through a triangular slit, in closed form.

A triangle is two boxes convolved, so a band seen through one is the second difference of the band's
second integral. FWHM of the triangle = half its base.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

from ..minerals.profile import Profiles

Array = NDArray[np.float64]

SHARPEST = 0.05  # of a band's FWHM: what a narrower slit does is lost in rounding, and is nothing
ROOT_4LN2 = 2 * math.sqrt(math.log(2))
FAR = 20.0  # × the band's and the slit's FWHM: a slit changes tails beyond by 1e-6 of the height
HALVINGS = 30


def through_triangle(bands: Profiles, slit: Array, x: Array) -> Array:
    """Each band on its own, (..., bands, N), on ``x`` (N,) or (..., bands, N).

    ``slit`` (..., bands) is the FWHM, cm⁻¹.
    """
    out = bands.at(x)
    position, height, width, mixing = (a[..., None] for a in bands.columns)
    base = np.maximum(slit[..., None] / width, SHARPEST)
    u = (x - position) / width
    near = np.abs(u) < FAR * (1 + base)
    u, base, mixing, height = (np.broadcast_to(a, u.shape)[near] for a in (u, base, mixing, height))
    upper, middle, lower = (_second_integral(u + k * base, mixing) for k in (1, 0, -1))
    out[near] = height * (upper - 2 * middle + lower) / base**2
    return out


def _second_integral(u: Array, mixing: Array) -> Array:
    """Of a pseudo-Voigt of height 1 and FWHM 1."""
    lorentz = 0.5 * u * np.arctan(2 * u) - 0.125 * np.log1p(4 * u**2)
    v = ROOT_4LN2 * u
    gauss = (math.sqrt(math.pi) * v * erf(v) + np.exp(-(v**2))) / (2 * ROOT_4LN2**2)
    return np.asarray(mixing * lorentz + (1 - mixing) * gauss)


def shown(bands: Profiles, slit: Array) -> tuple[Array, Array]:
    """Height and FWHM (..., bands) of bands seen through a triangular slit (..., bands)."""
    height = through_triangle(bands, slit, bands.position[..., None])[..., 0]
    low = np.zeros_like(height)
    high = bands.width + 2 * slit
    for _ in range(HALVINGS):
        half = (low + high) / 2
        there = through_triangle(bands, slit, (bands.position + half)[..., None])[..., 0]
        low, high = (
            np.where(there > height / 2, half, low),
            np.where(there > height / 2, high, half),
        )
    return height, low + high
