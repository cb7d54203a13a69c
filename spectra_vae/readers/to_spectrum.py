"""What every format does last: the axis as Raman shift, the Spectrum."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from ..spectra.spectrum import MAX_VALUE, MIN_POINTS, Array, Spectrum, SpectrumError
from ..text.message import Message
from .shift import to_shift

MAX_WILD = 0.05  # of the points may be infinite: they are left out, and it is said
# A table of which fewer points than this differ in wavenumber holds several spectra. An axis that
# was rounded repeats itself too, but never goes back.
MIN_DISTINCT = 0.6
MIN_DISTINCT_ROUNDED = 0.2
MIN_SHARED_RANGE = 0.5  # of the shorter one's range, that two scans of one file have in common
MIN_ORDERLY_ROWS = 0.9  # of the rows follow one another in long scans


def to_spectrum(
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
        Many infinities, one axis repeated, several scans after one another, and all that
        ``to_shift`` and Spectrum refuse.
    """
    axis, intensity = np.asarray(axis, np.float64), np.asarray(intensity, np.float64)
    wild = ~(np.abs(axis) <= MAX_VALUE) | ~(np.abs(intensity) <= MAX_VALUE)
    if wild.any():
        count = int(wild.sum())
        if count > MAX_WILD * len(axis):
            raise SpectrumError("error.not_finite", count=count)
        fixes += (Message("fix.not_finite", {"count": count}),)
        axis, intensity = axis[~wild], intensity[~wild]
    distinct = len(np.unique(axis))
    one_way = (np.diff(axis) >= 0).all() or (np.diff(axis) <= 0).all()
    share = MIN_DISTINCT_ROUNDED if one_way else MIN_DISTINCT
    if len(axis) >= MIN_POINTS and distinct < share * len(axis):
        raise SpectrumError("error.repeated_axis", points=len(axis), distinct=distinct)
    if _stacked(axis):
        raise SpectrumError("error.stacked")
    axis, said = to_shift(axis, unit, meta.get("laser_nm"))
    return Spectrum(axis, intensity, meta, fixes + said)


def _stacked(axis: Array) -> bool:
    """Do measurements stand after one another, each over about the range of the one before?

    Windows of one measurement overlap at their ends only, and rows in disorder turn all the time.
    """
    way = np.sign(np.diff(axis))
    turns = np.flatnonzero(np.diff(way) != 0) + 1
    scans = [scan for scan in np.split(axis, turns) if len(scan) >= MIN_POINTS]
    if sum(map(len, scans)) < MIN_ORDERLY_ROWS * len(axis):
        return False
    for one, other in pairwise(scans):
        ends = [(scan.min(), scan.max()) for scan in (one, other)]
        shared = min(high for _, high in ends) - max(low for low, _ in ends)
        if shared > MIN_SHARED_RANGE * min(high - low for low, high in ends):
            return True
    return False
