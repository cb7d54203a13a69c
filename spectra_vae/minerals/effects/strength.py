"""The strength of one group of bands, relative to the table's; a mineral may have several."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from ...text.message import Message
from ..estimate import Estimate, Fitted
from ..factor import Array, Factor, Placed


class Strength(Factor):
    """× ``value`` on the heights of ``group``."""

    hue: ClassVar[str] = ""
    phrase: ClassVar[str] = "strength"
    once: ClassVar[bool] = False
    grouped: ClassVar[bool] = True
    of_mineral: ClassVar[bool] = True
    moves: ClassVar[str] = "area"
    digits: ClassVar[int] = 2

    def place(self, bands: Placed, value: Array) -> Placed:
        inside = np.asarray(bands.groups == self.group)
        return bands._replace(height=bands.height * np.where(inside, value, 1.0))

    def respond(self, state: float, seen: float, other: float) -> float:
        """A plate that saturates makes weak bands stronger against strong ones, by one number."""
        if state > self.middle[0]:
            return other * seen / state
        return other + seen - state

    def read(self, row: Fitted) -> tuple[float, float, float]:
        value, deviation = row.fitted(self.name)
        anew = row.strength(str(self.group))
        if anew:
            value, deviation = min(max(anew[0], self.low), self.high), anew[1]
        half = row.half(self.name, deviation)
        return max(value - half, self.low), value, min(value + half, self.high)

    def note(self, row: Fitted) -> Message:
        return Message("note.strength", {**row.compared(str(self.group))})

    def estimate(self, row: Fitted) -> Estimate:
        why = row.uncovered(str(self.group), self.name) if row.carried(self.name) else None
        return Estimate(None, None, None, False, why) if why else super().estimate(row)
