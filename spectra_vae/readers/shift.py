"""Whatever the axis is, as Raman shift in cm⁻¹; or the reason why it can't be."""

from __future__ import annotations

import numpy as np

from ..spectra.spectrum import MIN_POINTS, Array, SpectrumError
from ..text.message import Message

# Where a file says only cm⁻¹: no measured Raman axis starts beyond the first; a photon of 200 nm,
# from which no shift can take more than its energy, has the second.
MAX_SHIFT_START = 5_000.0
MAX_SHIFT_END = 50_000.0
# With a laser: shifts run from the anti-Stokes side to beyond all overtones.
LOWEST_SHIFT, HIGHEST_SHIFT = -5_000.0, 12_000.0
# No Raman band lies beyond this many laser wavelengths: such an axis is mislabelled.
MAX_LASER_WAVELENGTHS = 3.0
# No laser of a Raman spectrometer and no detector reaches beyond these, nm: what is called
# wavelength and does is Raman shift.
SHORTEST_WAVELENGTH, LONGEST_WAVELENGTH = 150.0, 2_600.0
CM_OF_MEV = 8.065544  # cm⁻¹ in one meV
MAX_SHIFT_MEV = 700.0  # beyond, it is the energy of the scattered photon


def to_shift(
    axis: Array, unit: str | None, laser: float | None
) -> tuple[Array, tuple[Message, ...]]:
    """Raman shift (N,) of ``axis`` (N,) and what was done to it.

    ``unit`` is 'cm' (Raman shift, or absolute wavenumbers where the numbers say so), 'absolute'
    (wavenumbers in cm⁻¹), 'nm', 'wavelength' (called so, without a unit), 'um', 'mev' or 'ev'
    (energies of the shift, or of the photons where the numbers say so), or unknown; ``laser`` is
    in nm.

    Raises
    ------
    SpectrumError
        Wavelengths or absolute wavenumbers without their laser, or with a wrong one; numbers that
        are no Raman shift.
    """
    if unit in ("mev", "ev"):
        return _of_energies(axis, unit, laser)
    if unit in ("nm", "wavelength") and _no_wavelengths(axis):
        ends = _ends(axis)
        told = {"low": ends["low"], "high": ends["high"]}
        return axis, (Message("fix.not_wavelengths", told),)
    if unit in ("nm", "wavelength", "um"):
        return _of_wavelengths(axis * 1000 if unit == "um" else axis, laser)
    if unit is None and _looks_like_nm(axis):
        raise SpectrumError(
            "error.maybe_wavelengths", low=round(axis.min()), high=round(axis.max())
        )
    if unit == "absolute" or (len(axis) and axis.min() > MAX_SHIFT_START):
        return _of_wavenumbers(axis, laser)
    if len(axis) and np.abs(axis).max() > MAX_SHIFT_END:
        raise SpectrumError("error.no_shift", **_ends(axis))
    return axis, ()


def _of_energies(
    energy: Array, unit: str, laser: float | None
) -> tuple[Array, tuple[Message, ...]]:
    wavenumber = energy * CM_OF_MEV * (1000 if unit == "ev" else 1)
    told = Message("fix.energies", {"unit": "eV" if unit == "ev" else "meV"})
    photons = len(energy) and wavenumber.min() > MAX_SHIFT_MEV * CM_OF_MEV
    axis, said = to_shift(wavenumber, "absolute" if photons else "cm", laser)
    return axis, (told, *said)


def _no_wavelengths(axis: Array) -> bool:
    """Whether no laser and detector have such wavelengths [nm], and a Raman axis such shifts."""
    if not len(axis):
        return False
    beyond = axis.min() < SHORTEST_WAVELENGTH or axis.max() > LONGEST_WAVELENGTH
    return bool(beyond and axis.min() >= LOWEST_SHIFT and axis.max() <= MAX_SHIFT_START)


def _of_wavelengths(wavelength: Array, laser: float | None) -> tuple[Array, tuple[Message, ...]]:
    if laser is None:
        raise SpectrumError("error.wavelengths", **_ends(wavelength))
    low, high = float(wavelength.min()), float(wavelength.max())
    if low <= 0 or high <= laser or high > MAX_LASER_WAVELENGTHS * laser:
        raise SpectrumError("error.wrong_laser", **_ends(wavelength), unit="nm", laser=f"{laser:g}")
    return 1e7 / laser - 1e7 / wavelength, (Message("fix.wavelengths", {"laser": laser}),)


def _of_wavenumbers(wavenumber: Array, laser: float | None) -> tuple[Array, tuple[Message, ...]]:
    if laser is None:
        raise SpectrumError("error.no_shift", **_ends(wavenumber))
    shift = 1e7 / laser - wavenumber
    if shift.min() < LOWEST_SHIFT or shift.max() > HIGHEST_SHIFT or shift.max() <= 0:
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
