"""The position of all bands: an axis out of calibration, added once."""

from __future__ import annotations

from typing import ClassVar

from ...text.message import Message
from ..estimate import Fitted
from ..factor import Array, Factor, Placed


class Position(Factor):
    """+ ``value`` [cm⁻¹] on every position."""

    phrase: ClassVar[str] = "position"
    moves: ClassVar[str] = "position"
    neuron: ClassVar[int | None] = 7

    def place(self, bands: Placed, value: Array) -> Placed:
        return bands._replace(position=bands.position + value)

    def note(self, row: Fitted) -> Message:
        del row
        return Message("note.position")
