"""An axis that somebody may have filled in linearly between its ends."""

from __future__ import annotations

import numpy as np

from ..spectra.spectrum import Spectrum

EVEN = 0.03  # of a step: how unequal even steps are, rounding apart
RESAMPLED = 0.7  # cm⁻¹: nobody's detector has points so near; such an axis was resampled honestly
HELIUM_NEON = 15_798.0  # cm⁻¹: over a power of two, the steps of Fourier spectrometers' programs
ROUND = (0.5, 1.0, 2.0, *(HELIUM_NEON / 2**k for k in (12, 13, 14)))  # cm⁻¹: honest resampling
USUAL_LASER = 785.0  # nm, where the file names none
LEAST = 3.0  # cm⁻¹: what matters


def even_axis(spectrum: Spectrum) -> tuple[float, int] | None:
    """By how many cm⁻¹ bands in the middle are off, at most, if the points are even in wavelength,
    and the laser [nm] that this holds for; None where the axis gives no reason to ask.

    A grating spreads wavelengths evenly, so evenly spaced wavenumbers were computed: by honest
    resampling, or by filling an axis between two known ends.
    """
    x = spectrum.wavenumber
    step = np.diff(x)
    middle = float(np.median(step))
    uneven = float(np.quantile(step, 0.95) - np.quantile(step, 0.05)) / middle
    if uneven > EVEN or middle < RESAMPLED or any(abs(middle - r) < 2e-3 for r in ROUND):
        return None
    given = spectrum.meta.get("laser_nm")
    laser = float(given) if isinstance(given, int | float) and given > 100 else USUAL_LASER
    wavelength = np.linspace(1e7 / (1e7 / laser - x[0]), 1e7 / (1e7 / laser - x[-1]), len(x))
    most = float(np.abs(1e7 / laser - 1e7 / wavelength - x).max())
    return (most, round(laser)) if most > LEAST else None
