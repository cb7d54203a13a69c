"""Numbers at places in a file, each checked against the file's size before it is taken."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..spectrum import SpectrumError

TEXT_LENGTH = 200


@dataclass(frozen=True)
class Binary:
    """The contents of a file, with what sentences call it."""

    data: bytes
    name: str
    format: str

    def unpack(self, layout: str, at: int) -> tuple[Any, ...]:
        """The values of a ``struct`` layout that starts at byte ``at``."""
        self.check(at, struct.calcsize(layout))
        return struct.unpack_from(layout, self.data, at)

    def array(self, dtype: Any, count: int, at: int) -> NDArray[Any]:
        """``count`` items from byte ``at`` on: a view, nothing is copied."""
        self.check(at, count * np.dtype(dtype).itemsize)
        return np.frombuffer(self.data, dtype, count, at)

    def text(self, at: int, length: int) -> str:
        """A text of at most ``length`` bytes that ends at the first zero."""
        self.check(at, length)
        return readable(self.data[at : at + length].split(b"\0", 1)[0].decode("cp1252", "replace"))

    def check(self, at: int, length: int) -> None:
        """Refuse a stretch that isn't inside the file."""
        if at < 0 or length < 0:
            raise self.damaged()
        if at + length > len(self.data):
            raise SpectrumError("error.cut_short", name=self.name, format=self.format)

    def damaged(self) -> SpectrumError:
        """What to raise where a file contradicts itself."""
        return SpectrumError("error.damaged", name=self.name, format=self.format)

    def without_spectrum(self) -> SpectrumError:
        """What to raise where a sound file holds no Raman spectrum."""
        return SpectrumError("error.no_spectrum", name=self.name, format=self.format)

    def of_unit(self, unit: str) -> SpectrumError:
        """What to raise where the axis is no Raman shift and can't become one."""
        return SpectrumError("error.axis_unit", name=self.name, unit=readable(unit)[:40])


def readable(text: str) -> str:
    """A short text on one line."""
    return "".join(c for c in text if c.isprintable()).strip()[:TEXT_LENGTH]
