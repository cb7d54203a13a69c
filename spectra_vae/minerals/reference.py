"""What a table was fitted to: how far it is to be believed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reference:
    """The ``files`` of pure samples that a table was fitted to, a crystal each of which nobody
    knows how it lay. They show the stretch from ``low`` to ``high`` [cm⁻¹], and in it bands higher
    than ``faintest``, of the strongest one: of what is beyond or below, the table tells nothing.
    """

    files: int
    low: float
    high: float
    faintest: float

    def shows(self, position: float, height: float) -> bool:
        """Would a band of that height, at ``position`` [cm⁻¹] of the table's axis, be in it?"""
        return self.low <= position <= self.high and height > self.faintest
