"""Axes that a file may have been meant to have: as it reads, or with its points even in wavelength.

Somebody who knew both ends filled in the axis evenly in cm⁻¹, where a grating spreads wavelengths
evenly: the ends are right and the middle is off by up to 25 cm⁻¹. The repair has no free parameter
but the laser.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...spectra.spectrum import Spectrum
from ..axis_doubt import even_axis

Array = NDArray[np.float64]

LASERS = (785.0, 532.0)  # nm, of most spectrometers; tried where the file names none


def lasers(spectrum: Spectrum) -> tuple[float, ...]:
    """Lasers [nm] that would bend the axis; none where it gives no reason to ask."""
    if even_axis(spectrum) is None:
        return ()
    told = spectrum.meta.get("laser_nm")
    if isinstance(told, int | float) and told > 100:
        return (float(told),)
    return LASERS


def unbent(x: Array, laser: float) -> Array:
    """The wavenumbers of points (N,) that stand as x does, but in wavelength; the ends stay."""
    first, last = (1e7 / (1e7 / laser - end) for end in (x[0], x[-1]))
    wavelength = first + (last - first) * (x - x[0]) / (x[-1] - x[0])
    return np.asarray(1e7 / laser - 1e7 / wavelength)
