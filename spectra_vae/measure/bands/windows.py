"""Which bands are measured together, and at which points of a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

REACH = 2.5  # FWHM either side of a band that take part
TOGETHER = 1.25  # of two bands' FWHM between them: closer, they are measured together
FEWEST = 7  # used points of a window
CORE = 3  # of them within a FWHM of the band
SMALLEST = 16  # points of a window; more are 32, 64 and so on


@dataclass(frozen=True)
class Window:
    """``bands`` of file ``row`` measured at the points ``start`` to ``stop``."""

    row: int
    bands: tuple[int, ...]
    start: int
    stop: int

    @property
    def size(self) -> tuple[int, int]:
        """How many bands, and points rounded up: windows of one size are fitted at once."""
        points = max(self.stop - self.start, SMALLEST)
        return len(self.bands), 1 << (points - 1).bit_length()


def windows(row: int, x: Array, used: Mask, position: Array, width: Array) -> Iterator[Window]:
    """Those of one file: axis x (N,), ``used`` (N,), where the bands are expected (K,)."""
    counted = np.concatenate([[0], np.cumsum(used)])
    core = [np.searchsorted(x, position + side * width / 2) for side in (-1, 1)]
    seen = counted[core[1]] - counted[core[0]] >= CORE
    order = [int(k) for k in np.argsort(position) if seen[k]]
    for bands in _neighbours(order, position, width):
        some = list(bands)
        low = float((position[some] - REACH * width[some]).min())
        high = float((position[some] + REACH * width[some]).max())
        start, stop = (int(v) for v in np.searchsorted(x, [low, high]))
        if counted[stop] - counted[start] >= FEWEST * len(bands):
            yield Window(row, bands, start, stop)


def _neighbours(order: list[int], position: Array, width: Array) -> Iterator[tuple[int, ...]]:
    """Bands in ``order``, split where two stand far enough apart."""
    some: list[int] = []
    for k in order:
        if some and position[k] - position[some[-1]] > TOGETHER * (width[k] + width[some[-1]]):
            yield tuple(some)
            some = []
        some.append(k)
    if some:
        yield tuple(some)
