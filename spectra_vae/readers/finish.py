"""What every format does last: the axis as Raman shift, clipped tops, the Spectrum."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..message import Message
from ..spectrum import MAX_VALUE, MIN_POINTS, Array, Spectrum, SpectrumError
from .shift import to_shift

# A table of which fewer points than this differ in wavenumber holds several spectra. An axis that
# was rounded repeats itself too, but never goes back.
DISTINCT = 0.6
DISTINCT_ROUNDED = 0.2


def finish(
    axis: Array,
    intensity: Array,
    unit: str | None,
    meta: Mapping[str, Any],
    fixes: tuple[Message, ...] = (),
) -> Spectrum:
    """The checked Spectrum of ``axis`` (N,) in ``unit`` (see ``to_shift``) and ``intensity`` (N,).

    Raises
    ------
    SpectrumError
        Infinities, one axis repeated, and all that ``to_shift`` and Spectrum refuse.
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
    axis, said = to_shift(axis, unit, meta.get("laser_nm"))
    fixes += said
    spectrum = Spectrum(axis, intensity, meta, fixes)
    clipped = _clipped(spectrum.intensity)
    if clipped is None:
        return spectrum
    level, count = clipped
    meta["clipped"] = level
    fixes += (Message("fix.clipped", {"level": level, "count": count}),)
    return Spectrum(axis, intensity, meta, fixes)


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
