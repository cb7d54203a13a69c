"""What is said of a factor after a measurement, and what a fit offers to say it from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from ..text.message import Message

TOO_WIDE = 0.85  # of a factor's range: an interval beyond says nothing
Interval = tuple[float, float, float]  # low, value, high


@dataclass(frozen=True)
class Estimate:
    """A value with a 90 % interval, or unknown (``known`` False, None) and why."""

    value: float | None
    low: float | None
    high: float | None
    known: bool
    note: Message

    def to_dict(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "known": self.known,
            "note": self.note.to_dict(),
        }


def unknown(code: str, **params: Any) -> Estimate:
    return Estimate(None, None, None, False, Message(code, params))


class Fitted(Protocol):
    """One fitted measurement, as an effect reads its factor off it.

    ``resolution``: the instrument's, cm⁻¹, as told; None: ``tabulated``, the table's, was assumed.
    """

    @property
    def resolution(self) -> float | None: ...
    @property
    def tabulated(self) -> float: ...
    @property
    def main(self) -> dict[str, Any]:
        """Parameters of a sentence: the strongest band's name."""
        ...

    def compared(self, group: str) -> dict[str, Any]:
        """Parameters of a sentence: the bands of ``group`` and of the strongest band's group."""
        ...

    def fitted(self, factor: str) -> tuple[float, float]:
        """Value and standard deviation of a factor that a neuron carries."""
        ...

    def half(self, factor: str, deviation: float) -> float:
        """Half the calibrated 90 % interval."""
        ...

    def carried(self, factor: str) -> bool:
        """Did the fit move a neuron that carries it?"""
        ...

    def uncovered(self, group: str, factor: str) -> Message | None:
        """Why the file doesn't show the group's bands; None: it does."""
        ...

    def strength(self, group: str) -> tuple[float, float] | None:
        """A group's and its deviation, where bands were fitted anew at the told resolution."""
        ...

    def width(self, factor: str) -> Interval | Message | None:
        """The width factor's, fitted anew; a message: why not; None: there was no need."""
        ...

    def counted(self, factor: str) -> tuple[float, float]:
        """log₁₀ of the counts at the strongest band, and half the interval."""
        ...
