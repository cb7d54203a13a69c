"""What every format does last: wavelengths to Raman shifts, clipped tops, the Spectrum."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..message import Message
from ..spectrum import MAX_VALUE, MIN_POINTS, Array, Spectrum, SpectrumError

# A table of which fewer points than this differ in wavenumber holds several spectra. An axis that
# was rounded repeats itself too, but never goes back.
DISTINCT = 0.6
DISTINCT_ROUNDED = 0.2
# No Raman band lies beyond this many laser wavelengths: such an axis is mislabelled.
MAX_WAVELENGTH = 3.0


def finish(
    axis: Array,
    intensity: Array,
    unit: str | None,
    meta: Mapping[str, Any],
    fixes: tuple[Message, ...] = (),
) -> Spectrum:
    """The checked Spectrum of ``axis`` (N,) in ``unit`` ('cm', 'nm' or unknown) and ``intensity``.

    Raises
    ------
    SpectrumError
        Wavelengths without a laser, infinities, one axis repeated, and all that Spectrum refuses.
    """
    meta = dict(meta)
    wild = ~(np.abs(axis) <= MAX_VALUE) | ~(np.abs(intensity) <= MAX_VALUE)
    if wild.any():
        raise SpectrumError("error.not_finite", count=int(wild.sum()))
    distinct = len(np.unique(axis))
    one_way = (np.diff(axis) >= 0).all() or (np.diff(axis) <= 0).all()
    share = DISTINCT_ROUNDED if one_way else DISTINCT
    if len(axis) >= MIN_POINTS and distinct < share * len(axis):
        raise SpectrumError("error.repeated_axis", points=len(axis), distinct=distinct)
    if unit == "nm":
        axis = _shifts(axis, meta.get("laser_nm"))
        fixes += (Message("fix.wavelengths", {"laser": meta["laser_nm"]}),)
    elif unit is None and _looks_like_nm(axis):
        raise SpectrumError(
            "error.maybe_wavelengths", low=round(axis.min()), high=round(axis.max())
        )
    spectrum = Spectrum(axis, intensity, meta, fixes)
    clipped = _clipped(spectrum.intensity)
    if clipped is None:
        return spectrum
    level, count = clipped
    meta["clipped"] = level
    fixes += (Message("fix.clipped", {"level": level, "count": count}),)
    return Spectrum(axis, intensity, meta, fixes)


def _shifts(wavelength: Array, laser: float | None) -> Array:
    """Raman shift in cm⁻¹ of wavelengths in nm."""
    low, high = float(wavelength.min()), float(wavelength.max())
    if laser is None:
        raise SpectrumError("error.wavelengths", low=round(low), high=round(high))
    if low <= 0 or high <= laser or high > MAX_WAVELENGTH * laser:
        raise SpectrumError(
            "error.wrong_laser", low=round(low), high=round(high), laser=f"{laser:g}"
        )
    return 1e7 / laser - 1e7 / wavelength


def _looks_like_nm(axis: Array) -> bool:
    """A short, dense axis at visible wavelengths; Raman axes span more at coarser steps."""
    if len(axis) < MIN_POINTS:
        return False
    step = float(np.median(np.abs(np.diff(np.unique(axis)))))
    visible = axis.min() >= 350 and axis.max() <= 1200 and np.ptp(axis) <= 400
    return bool(visible and step < 0.25)


def _clipped(intensity: Array) -> tuple[float, int] | None:
    """The level of a detector's limit and how many points stand at it, or None.

    Two equal neighbours at the very top of a band are rarer than a full detector.
    """
    top = float(intensity.max())
    at_top = intensity == top
    if not (at_top[1:] & at_top[:-1]).any():
        return None
    middle = float(np.median(intensity))
    noise = float(np.median(np.abs(np.diff(intensity))))
    if top - middle <= max(10 * noise, 0.05 * (middle - float(intensity.min()))):
        return None
    return top, int(at_top.sum())
