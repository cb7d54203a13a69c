"""Which bands are measured together, and at which points of a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Whole = NDArray[np.intp]

REACH = 2.5  # FWHM either side of a band that take part
TOGETHER = 1.25  # of two bands' FWHM between them: closer, they are measured together
FEWEST = 7  # used points of a window
CORE = 3  # of them within a FWHM of the band
SMALLEST = 16  # points of a window; more are 32, 64 and so on
AT_ONCE = 1 << 12  # points of all windows: so few are fitted at once, however they differ


@dataclass(frozen=True, eq=False)
class Windows:
    """T windows of as many bands and about as many points: ``bands`` (T, m) of the files ``row``
    (T,) are measured at the points ``start`` to ``stop`` (T,), of which ``points`` are taken.
    """

    row: Whole
    bands: Whole
    start: Whole
    stop: Whole
    points: int

    def __getitem__(self, some: Mask) -> Windows:
        return Windows(
            self.row[some], self.bands[some], self.start[some], self.stop[some], self.points
        )


def windows(x: Array, used: Mask, position: Array, width: Array) -> Iterator[Windows]:
    """Those of R files: axis x (N,), ``used`` (R, N), where the bands are expected, (R, K) each and
    in one order in all.
    """
    counted = np.pad(np.cumsum(used, axis=1), ((0, 0), (1, 0)))
    every = np.arange(len(used))[:, None]
    order = np.argsort(position[0])
    position, width = position[:, order], width[:, order]
    left, right = (np.searchsorted(x, position + side * width / 2) for side in (-1, 1))
    seen = np.asarray(counted[every, right] - counted[every, left] >= CORE)
    group = _neighbours(seen, position, width)
    low, high = np.full(position.shape, np.inf), np.full(position.shape, -np.inf)
    at = np.nonzero(seen)[0], group[seen]
    np.minimum.at(low, at, (position - REACH * width)[seen])
    np.maximum.at(high, at, (position + REACH * width)[seen])
    count = np.zeros(position.shape, dtype=np.intp)
    np.add.at(count, at, 1)
    start, stop = np.searchsorted(x, low), np.searchsorted(x, high)
    enough = counted[every, stop] - counted[every, start] >= FEWEST * count
    row, which = np.nonzero((count > 0) & enough)
    start, stop, count = (v[row, which] for v in (start, stop, count))
    for m in np.unique(count):
        some = np.flatnonzero(count == m)
        size = _sizes(stop[some] - start[some])
        for points in np.unique(size):
            t = some[size == points]
            members = np.nonzero(group[row[t]] == which[t, None])[1].reshape(len(t), m)
            yield Windows(row[t], order[members], start[t], stop[t], int(points))


def _neighbours(seen: Mask, position: Array, width: Array) -> Whole:
    """(R, K) by row, the number of the window that a seen band is in; −1: it isn't seen. A new one
    begins where two bands stand far enough apart.
    """
    group = np.full(seen.shape, -1)
    now = np.full(len(seen), -1)
    before, wide = np.full(len(seen), -np.inf), np.zeros(len(seen))
    for k, there in enumerate(seen.T):
        far = position[:, k] - before > TOGETHER * (width[:, k] + wide)
        now = now + (there & far)
        group[there, k] = now[there]
        before = np.where(there, position[:, k], before)
        wide = np.where(there, width[:, k], wide)
    return group


def _sizes(points: Whole) -> Whole:
    """(T,) numbers of points, rounded up so that few are different."""
    points = np.maximum(points, SMALLEST)
    if len(points) * int(points.max()) <= AT_ONCE:
        return np.full_like(points, points.max())
    return np.asarray(1 << np.ceil(np.log2(points)).astype(np.intp), dtype=np.intp)
