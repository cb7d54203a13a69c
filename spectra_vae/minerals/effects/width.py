"""The width of all bands, their areas kept: what a better crystal has smaller."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from ...text.message import Message
from ..estimate import Estimate, Fitted
from ..factor import Array, Factor, Placed


class Width(Factor):
    """× ``widest`` at the low end, 1 at the reference, on a logarithmic scale."""

    hue: ClassVar[str] = "structure"
    phrase: ClassVar[str] = "width"
    of_mineral: ClassVar[bool] = True
    moves: ClassVar[str] = "width"
    neuron: ClassVar[int | None] = 5

    def place(self, bands: Placed, value: Array) -> Placed:
        return bands._replace(wider=bands.wider * self.width_scale(value))

    def reach(self, moved: str, group: str | None = None) -> float:
        del group
        ends = self.width_scale(self.low) / self.width_scale(self.high)
        return abs(float(np.log(ends))) if moved == self.moves else 0.0

    @property
    def rises(self) -> bool:
        return bool(self.width_scale(self.high) > self.width_scale(self.low))

    def respond(self, state: float, seen: float, other: float) -> float:
        """An instrument's resolution adds a square to that of the width."""
        squares = [float(self.width_scale(v)) ** 2 for v in (other, seen, state)]
        narrowest = float(self.width_scale(self.high))
        return float(
            self.of_width_scale(np.sqrt(max(squares[0] + squares[1] - squares[2], narrowest**2)))
        )

    def read(self, row: Fitted) -> tuple[float, float, float]:
        anew = row.width(self.name)
        return anew if isinstance(anew, tuple) else super().read(row)

    def note(self, row: Fitted) -> Message:
        taken = {"resolution": f"{row.resolution or row.tabulated:g}"}
        return Message("note.width" if row.resolution else "note.width_assumed", taken)

    def estimate(self, row: Fitted) -> Estimate:
        why = row.width(self.name) if row.carried(self.name) else None
        if isinstance(why, Message):
            return Estimate(None, None, None, False, why)
        return super().estimate(row)
