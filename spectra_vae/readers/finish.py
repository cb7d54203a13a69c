"""What every format does last: the axis as Raman shift, the Spectrum."""

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
    wild = ~(np.abs(axis) <= MAX_VALUE) | ~(np.abs(intensity) <= MAX_VALUE)
    if wild.any():
        raise SpectrumError("error.not_finite", count=int(wild.sum()))
    distinct = len(np.unique(axis))
    one_way = (np.diff(axis) >= 0).all() or (np.diff(axis) <= 0).all()
    share = DISTINCT_ROUNDED if one_way else DISTINCT
    if len(axis) >= MIN_POINTS and distinct < share * len(axis):
        raise SpectrumError("error.repeated_axis", points=len(axis), distinct=distinct)
    axis, said = to_shift(axis, unit, meta.get("laser_nm"))
    return Spectrum(axis, intensity, meta, fixes + said)
