"""The quality of the measurement: log₁₀ of the counts at the strongest band. Moves no band."""

from __future__ import annotations

from typing import ClassVar

from ...text.message import Message
from ..estimate import Estimate, Fitted, unknown
from ..factor import Factor

SMOOTHED = 1.5  # log₁₀ counts beyond the range: such a file was smoothed
FEWEST = -0.5  # log₁₀ counts


class Counts(Factor):
    """Read off the noise, never off a band."""

    phrase: ClassVar[str] = "quality"
    visible: ClassVar[bool] = False
    neuron: ClassVar[int | None] = 6

    def note(self, row: Fitted) -> Message:
        return Message("note.counts", {**row.main})

    def estimate(self, row: Fitted) -> Estimate:
        value, half = row.counted(self.name)
        if not FEWEST <= value <= self.high + SMOOTHED:
            return unknown("note.noiseless")
        return Estimate(value, value - half, value + half, True, self.note(row))
