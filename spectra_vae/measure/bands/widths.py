"""How wide each band of a table is recorded, by the crystal's width and the instrument's slit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ...minerals.profile import at_resolution
from ..fitting.grid import Model

Array = NDArray[np.float64]

FINE = 400  # values of the width's factor
SLITS = np.geomspace(2.0, 20.0, 15)  # cm⁻¹, that may not be told


@dataclass(frozen=True, eq=False)
class Widths:
    """``log_fwhm`` (C, S, K) of K bands at the factor's ``values`` (C,) and at ``slits`` (S,),
    FWHM in cm⁻¹.
    """

    values: Array
    slits: Array
    log_fwhm: Array


@lru_cache(maxsize=16)
def widths(model: Model, resolution: float | None) -> Widths | None:
    """Of a mineral, at the ``resolution`` that was told, or at any; None: no factor widens it."""
    mineral = model.mineral
    factor = mineral.the("width")
    if factor is None:
        return None
    values = np.linspace(factor.low, factor.high, FINE)
    told = (resolution,) if resolution else sorted({*SLITS, mineral.resolution})
    slits = np.array(told, dtype=float)
    own = mineral.table["width"] * factor.width_scale(values)[:, None, None]
    seen = at_resolution(own, mineral.table["mixing"], mineral.resolution, slits[:, None])[0]
    shape = FINE, len(slits), len(mineral.bands)
    return Widths(values, slits, np.broadcast_to(np.log(seen), shape))
