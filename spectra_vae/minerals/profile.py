"""The pseudo-Voigt band: height, width, area, and what an instrument's resolution does to it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
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
    width: ArrayLike, mixing: ArrayLike, tabulated: ArrayLike, resolution: ArrayLike
) -> tuple[Array, Array]:
    """Width and mixing as a spectrometer of another resolution sees them; all broadcast alike.

    The Gaussian part's variance changes by ``resolution² − tabulated²`` (FWHM, cm⁻¹), never
    below a tenth of the band's own. Conversions: Thompson, Cox & Hastings 1987,
    J. Appl. Cryst. 20:79.
    """
    w, eta = np.asarray(width, float), np.asarray(mixing, float)
    resolution, tabulated = np.asarray(resolution, float), np.asarray(tabulated, float)
    if np.all(resolution == tabulated):
        return w, eta
    lorentz = w * (0.72928 * eta + 0.19289 * eta**2 + 0.07783 * eta**3)
    gauss2 = w**2 * np.maximum(1 - 0.74417 * eta - 0.24781 * eta**2 - 0.00810 * eta**3, 0)
    gauss = np.sqrt(np.maximum(gauss2 + resolution**2 - tabulated**2, 0.01 * gauss2))
    terms = (1.0, 2.69269, 2.42843, 4.47163, 0.07842, 1.0)
    total = sum(c * gauss ** (5 - k) * lorentz**k for k, c in enumerate(terms)) ** 0.2
    ratio = lorentz / total
    return total, 1.36603 * ratio - 0.47719 * ratio**2 + 0.11116 * ratio**3


@dataclass(frozen=True, eq=False)
class Profiles:
    """Pseudo-Voigt bands: position, height, FWHM ``width`` and mixing, (..., bands) each."""

    position: Array
    height: Array
    width: Array
    mixing: Array

    @property
    def area(self) -> Array:
        """(..., bands), cm⁻¹ × the unit of the heights."""
        return np.asarray(self.height * self.width * unit_area(self.mixing))

    @property
    def columns(self) -> tuple[Array, ...]:
        """Position, height, width and mixing, of one shape."""
        return np.broadcast_arrays(self.position, self.height, self.width, self.mixing)

    def __getitem__(self, rows: Any) -> Profiles:
        """The bands of some spectra."""
        return Profiles(*(a[rows] for a in self.columns))

    @staticmethod
    def joined(parts: Iterable[Profiles]) -> Profiles:
        """The bands of all ``parts`` side by side."""
        together = zip(*(p.columns for p in parts), strict=True)
        return Profiles(*(np.concatenate(a, axis=-1) for a in together))

    def times(self, factor: ArrayLike) -> Profiles:
        """The bands ``factor`` times as high."""
        return Profiles(self.position, self.height * factor, self.width, self.mixing)

    def reshaped(self, width: Array, mixing: Array) -> Profiles:
        """Bands of another FWHM and mixing that keep their areas."""
        return Profiles(self.position, self.area / (width * unit_area(mixing)), width, mixing)

    def seen(self, tabulated: ArrayLike, resolution: ArrayLike) -> Profiles:
        """As an instrument of ``resolution`` shows what one of ``tabulated`` had shown, FWHM in
        cm⁻¹, numbers or (..., 1); areas are kept.
        """
        if np.all(np.asarray(tabulated) == np.asarray(resolution)):
            return self
        return self.reshaped(*at_resolution(self.width, self.mixing, tabulated, resolution))

    def at(self, wavenumber: Array, dtype: type[np.floating[Any]] = np.float64) -> Array:
        """Each band on its own, (..., bands, N), on ``wavenumber`` (N,), cm⁻¹."""
        offset = (wavenumber - self.position[..., None]).astype(dtype)
        height, width, mixing = (
            a[..., None].astype(dtype) for a in (self.height, self.width, self.mixing)
        )
        out = pseudo_voigt(offset, width, mixing)
        out *= height
        return out
