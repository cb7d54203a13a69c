"""The scale of the whole spectrum: how much of the mineral is lit, and nothing about it."""

from __future__ import annotations

from typing import ClassVar

from ..estimate import Estimate, Fitted, unknown
from ..factor import Array, Factor, Placed


class Scale(Factor):
    """× ``value`` on every height."""

    phrase: ClassVar[str] = "scale"
    moves: ClassVar[str] = "total"
    neuron: ClassVar[int | None] = 4
    digits: ClassVar[int] = 2

    def place(self, bands: Placed, value: Array) -> Placed:
        return bands._replace(height=bands.height * value)

    def reach(self, moved: str, group: str | None = None) -> float:
        """It moves every group's area, and so their total."""
        del group
        return self.high - self.low if moved in ("area", "total") else 0.0

    def estimate(self, row: Fitted) -> Estimate:
        del row
        return unknown("note.scale")
