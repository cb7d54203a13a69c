"""A measurement as a mixture is fitted to it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Scan:
    """Points (N,): x [cm⁻¹], y without what lies under the bands, the tallest of them 1.

    ``noise``: σ of a point, in the unit of y; ``shared``: how many points tell as much as one;
    ``basis`` (N, B): what the background may still be, ``slack`` (B,) one σ of each part of it;
    ``unit``: the file's own per unit of y; ``under`` (N,) in the unit of y is what was taken off.
    """

    x: Array
    y: Array
    usable: Mask
    noise: float
    shared: float
    basis: Array
    slack: Array
    unit: float
    under: Array

    @property
    def step(self) -> float:
        return float(np.median(np.diff(self.x)))

    @property
    def half(self) -> float:
        """Half of the range, cm⁻¹."""
        return 0.5 * float(self.x[-1] - self.x[0])

    @property
    def middle(self) -> float:
        return 0.5 * float(self.x[-1] + self.x[0])

    def on(self, x: Array) -> Scan:
        """The same points on another axis x (N,)."""
        return replace(self, x=x)

    def without(self, curve: Array) -> Scan:
        """With ``curve`` (N,) taken off."""
        return replace(self, y=self.y - curve)
