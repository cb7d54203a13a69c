"""What a mixture is made of: a mineral's bands with how far a sample may differ from them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...minerals import Mineral
from ...minerals.profile import unit_area

Array = NDArray[np.float64]

MEASURED, REMEMBERED = 0.8, 2.0  # cm⁻¹, σ of a tabulated position
FROM_MEMORY = "from memory"
BOTH = "position from memory"


@dataclass(frozen=True, eq=False)
class Part:
    """Bands (K,) of one mineral: position, height, width [cm⁻¹] and mixing; ``loose`` (K,) one σ
    of a position; ``resolution`` [cm⁻¹] at which the widths hold. ``free``: bands of no mineral,
    found in the file itself: heights and widths may become anything.
    """

    name: str
    position: Array
    height: Array
    width: Array
    mixing: Array
    loose: Array
    resolution: float
    free: bool = False

    @staticmethod
    def of(mineral: Mineral) -> Part:
        remembered = [b.source == FROM_MEMORY or b.source.startswith(BOTH) for b in mineral.bands]
        table = mineral.table
        return Part(
            name=mineral.name,
            position=table["position"],
            height=table["height"],
            width=table["width"],
            mixing=table["mixing"],
            loose=np.where(remembered, REMEMBERED, MEASURED),
            resolution=mineral.resolution,
        )

    def __len__(self) -> int:
        return len(self.position)

    @property
    def main(self) -> float:
        """Position of the strongest band, cm⁻¹."""
        return float(self.position[int(self.height.argmax())])

    @cached_property
    def area(self) -> Array:
        """(K,) cm⁻¹ × the height of the strongest band."""
        return np.asarray(self.height * self.width * unit_area(self.mixing))

    def take(self, keep: NDArray[np.bool_]) -> Part:
        columns = ("position", "height", "width", "mixing", "loose")
        return replace(self, **{c: getattr(self, c)[keep] for c in columns})
