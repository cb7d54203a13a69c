"""Cosmic rays that software ran a filter over: they are as wide as bands then, but they ring."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

REACH = 9  # points either side of a top in which a filter rings
AROUND = 20  # points either side, the outer ones of which are the level
TALL = 8.0  # σ that a top stands out
DIP, DEEPER = 0.05, 0.1  # of a top's height, on both sides, and on one of them
SURE = 3.0  # σ that a dip must be deeper


def ringing(y: Array, noise: float) -> Mask:
    """(N,) True around tops of y (N,), without its background, that dip below it and below their
    surroundings on both sides.

    A polynomial filter or a cubic spline through measured points makes that of a cosmic ray, and
    hardly of a band, however narrow: light never goes below its background.
    """
    found = np.zeros(len(y), dtype=bool)
    if len(y) <= 2 * AROUND:
        return found
    inner = y[1:-1]
    tops = 1 + np.flatnonzero((inner > y[:-2]) & (inner >= y[2:]) & (inner > TALL * noise))
    tops = tops[(tops >= AROUND) & (tops < len(y) - AROUND)]
    near = y[tops[:, None] + np.arange(-AROUND, AROUND + 1)]
    outer = np.concatenate([near[:, : AROUND - REACH], near[:, AROUND + REACH + 1 :]], axis=1)
    level = np.median(outer, axis=1)
    height = near[:, AROUND] - level
    sides = near[:, AROUND - REACH : AROUND], near[:, AROUND + 1 : AROUND + REACH + 1]
    dips = np.minimum(level, 0.0) - np.array([side.min(axis=1) for side in sides])
    least, most = dips.min(axis=0), dips.max(axis=0)
    rings = (least > DIP * height) & (most > DEEPER * height) & (least > SURE * noise)
    for k in tops[rings & (height > TALL * noise)]:
        found[k - REACH : k + REACH + 1] = True
    return found
