"""Bands over a background in several files at once, and the slopes that a fit needs."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..minerals.profile import FOUR_LN2, unit_area
from .measurement import Measurement

Array = NDArray[np.float64]

LINE_SHAPE = 0.01  # of a band's height: no instrument draws a pseudo-Voigt more exactly
LEAST = 0.003  # of the strongest band: what is smaller in the whole file is nobody's concern
FAR = 9.0  # squared widths from a band: 1e-11 is left of a Gauss there
MIXING_ENDS = 0.02, 0.98


@dataclass(frozen=True, eq=False)
class Bands:
    """One table for F files: position and ``log_width`` (K,) [cm⁻¹], ``lean`` (K,) of the mixing
    (0: half Gauss, half Lorentz), ``height`` (F, K) in each file's unit.
    """

    position: Array
    log_width: Array
    lean: Array
    height: Array

    def __len__(self) -> int:
        return len(self.position)

    @property
    def width(self) -> Array:
        return np.exp(self.log_width)

    @property
    def mixing(self) -> Array:
        low, high = MIXING_ENDS
        return np.asarray(low + (high - low) / (1 + np.exp(-self.lean)))

    @property
    def area(self) -> Array:
        """(F, K) in each file's unit × cm⁻¹."""
        return np.asarray(self.height * self.width * unit_area(self.mixing))

    def take(self, at: NDArray[np.intp] | NDArray[np.bool_]) -> Bands:
        return Bands(self.position[at], self.log_width[at], self.lean[at], self.height[:, at])

    def with_more(self, other: Bands) -> Bands:
        pairs = zip(
            (self.position, self.log_width, self.lean, self.height),
            (other.position, other.log_width, other.lean, other.height),
            strict=True,
        )
        return Bands(*(np.concatenate(p, axis=-1) for p in pairs))

    @staticmethod
    def none(files: int) -> Bands:
        return Bands(np.zeros(0), np.zeros(0), np.zeros(0), np.zeros((files, 0)))

    def curves(self, x: Array, offset: float, file: int) -> Array:
        """(N, K) each band over x (N,) in one file, whose axis reads ``offset`` cm⁻¹ high."""
        u = (x[:, None] - self.position - offset) / self.width
        u *= u
        gauss = _gauss(u)
        u *= 4
        u += 1
        shape = np.reciprocal(u, out=u)
        shape -= gauss
        shape *= self.mixing
        shape += gauss
        shape *= self.height[file]
        return np.asarray(shape)


@dataclass(frozen=True, eq=False)
class State:
    """Where a fit stands: bands, each file's ``offset`` (F,) and background coefficients."""

    bands: Bands
    offset: Array
    background: tuple[Array, ...]

    def with_bands(self, bands: Bands) -> State:
        return replace(self, bands=bands)


def _gauss(u2: Array) -> Array:
    """Gauss bands of FWHM 1 at squared offsets ``u2``; most points are far from most bands."""
    out, near = np.zeros_like(u2), u2 < FAR
    out[near] = np.exp(-FOUR_LN2 * u2[near])
    return out


def shapes(
    x: Array, centre: Array, width: Array, mixing: Array
) -> tuple[Array, Array, Array, Array]:
    """Unit bands (N, K) and their slopes by centre [1/cm⁻¹], log width and mixing."""
    u = (x[:, None] - centre) / width
    u2 = u * u
    gauss = _gauss(u2)
    lorentz = 1 / (1 + 4 * u2)
    along = mixing * 8 * lorentz**2 + (1 - mixing) * 2 * FOUR_LN2 * gauss
    across = along * u
    difference = lorentz - gauss
    return gauss + mixing * difference, across / width, across * u, difference


def sigma_of(file: Measurement, signal: Array) -> Array:
    """(N,) how far a point may lie off: its noise, and what a pseudo-Voigt misses of ``signal``."""
    top = max(float(signal.max(initial=0.0)), 1e-12)
    shape = (LINE_SHAPE * np.maximum(signal, 0)) ** 2 + (LEAST * top) ** 2
    return np.asarray(np.sqrt(file.noise.sigma**2 + shape))
