"""A factor: one thing that the simulator varies, and the smooth map between it and a code."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

Array = NDArray[np.float64]

SLOPE = 1.25
FARTHEST = 4.0  # the code of an end itself would be infinite; here it is within 1e-5 of it


@dataclass(frozen=True)
class Factor:
    """A physical quantity between ``low`` and ``high``, ``reference`` in the Platonic mineral.

    ``effect`` is what it does: ``strength`` of the bands of ``group``, ``width`` of all bands
    (× ``widest`` at low, areas kept), ``position``, ``scale`` or ``counts``.
    """

    name: str
    effect: str
    low: float
    reference: float
    high: float
    unit: str = ""
    group: str | None = None
    widest: float = 1.0

    @cached_property
    def _offset(self) -> float:
        return float(ndtri((self.reference - self.low) / (self.high - self.low)))

    def value(self, code: ArrayLike) -> Array:
        """Factor at a code: low + (high − low)·Φ(1.25 z + c); any shape, z = 0 at the reference."""
        share = ndtr(SLOPE * np.asarray(code, float) + self._offset)
        return np.asarray(self.low + (self.high - self.low) * share)

    def code(self, value: ArrayLike) -> Array:
        """Code of a value: the inverse of :meth:`value`; the ends and what is beyond map to ∓4."""
        share = (np.asarray(value, float) - self.low) / (self.high - self.low)
        z = (ndtri(np.clip(share, 0.0, 1.0)) - self._offset) / SLOPE
        return np.asarray(np.clip(z, -FARTHEST, FARTHEST))

    def slope(self, code: ArrayLike) -> Array:
        """d value / d code, any shape."""
        u = SLOPE * np.asarray(code, float) + self._offset
        return np.asarray((self.high - self.low) * SLOPE * np.exp(-0.5 * u**2) / np.sqrt(2 * np.pi))

    def width_scale(self, value: ArrayLike) -> Array:
        """Band width over the table's: ``widest`` at low, 1 at the reference, logarithmic."""
        span = self.reference - self.low
        return np.asarray(self.widest ** ((self.reference - np.asarray(value, float)) / span))

    def of_width_scale(self, scale: ArrayLike) -> Array:
        """The value at which bands are ``scale`` × as wide: the inverse of :meth:`width_scale`."""
        span = self.reference - self.low
        return np.asarray(self.reference - span * np.log(scale) / np.log(self.widest))
