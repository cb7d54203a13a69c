"""Whatever the axis is, as Raman shift in cm⁻¹; or the reason why it can't be."""

from __future__ import annotations

import numpy as np

from ..spectra.spectrum import MIN_POINTS, Array, SpectrumError
from ..text.message import Message

# Where a file says only cm⁻¹: no measured Raman axis starts beyond the first; a photon of 200 nm,
# from which no shift can take more than its energy, has the second.
FARTHEST_START = 5_000.0
FARTHEST_END = 50_000.0
# With a laser: shifts run from the anti-Stokes side to beyond all overtones.
LOWEST, HIGHEST = -5_000.0, 12_000.0
# No Raman band lies beyond this many laser wavelengths: such an axis is mislabelled.
MAX_WAVELENGTH = 3.0


def to_shift(
    axis: Array, unit: str | None, laser: float | None
) -> tuple[Array, tuple[Message, ...]]:
    """Raman shift (N,) of ``axis`` (N,) and what was done to it.

    ``unit`` is 'cm' (Raman shift, or absolute wavenumbers where the numbers say so), 'absolute'
    (wavenumbers in cm⁻¹), 'nm', 'um' or unknown; ``laser`` is in nm.

    Raises
    ------
    SpectrumError
        Wavelengths or absolute wavenumbers without their laser, or with a wrong one; numbers that
        are no Raman shift.
    """
    if unit in ("nm", "um"):
        return _of_wavelengths(axis if unit == "nm" else axis * 1000, laser)
    if unit is None and _looks_like_nm(axis):
        raise SpectrumError(
            "error.maybe_wavelengths", low=round(axis.min()), high=round(axis.max())
        )
    if unit == "absolute" or (len(axis) and axis.min() > FARTHEST_START):
        return _of_wavenumbers(axis, laser)
    if len(axis) and np.abs(axis).max() > FARTHEST_END:
        raise SpectrumError("error.no_shift", **_ends(axis))
    return axis, ()


def _of_wavelengths(wavelength: Array, laser: float | None) -> tuple[Array, tuple[Message, ...]]:
    if laser is None:
        raise SpectrumError("error.wavelengths", **_ends(wavelength))
    low, high = float(wavelength.min()), float(wavelength.max())
    if low <= 0 or high <= laser or high > MAX_WAVELENGTH * laser:
        raise SpectrumError("error.wrong_laser", **_ends(wavelength), unit="nm", laser=f"{laser:g}")
    return 1e7 / laser - 1e7 / wavelength, (Message("fix.wavelengths", {"laser": laser}),)


def _of_wavenumbers(wavenumber: Array, laser: float | None) -> tuple[Array, tuple[Message, ...]]:
    if laser is None:
        raise SpectrumError("error.no_shift", **_ends(wavenumber))
    shift = 1e7 / laser - wavenumber
    if shift.min() < LOWEST or shift.max() > HIGHEST or shift.max() <= 0:
        raise SpectrumError(
            "error.wrong_laser", **_ends(wavenumber), unit="cm⁻¹", laser=f"{laser:g}"
        )
    return shift, (Message("fix.absolute", {"laser": laser}),)


def _looks_like_nm(axis: Array) -> bool:
    """A short, dense axis at visible wavelengths; Raman axes span more at coarser steps."""
    if len(axis) < MIN_POINTS:
        return False
    step = float(np.median(np.abs(np.diff(np.unique(axis)))))
    visible = axis.min() >= 350 and axis.max() <= 1200 and np.ptp(axis) <= 400
    return bool(visible and step < 0.25)


def _ends(axis: Array) -> dict[str, str]:
    return {"low": f"{axis.min():.6g}", "high": f"{axis.max():.6g}"}
