"""Files with more points than a fit needs: neighbours are averaged."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...spectra.spectrum import stretches

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

MOST_POINTS = 8192


def thinned(
    x: Array, curves: tuple[Array, ...], usable: Mask
) -> tuple[Array, tuple[Array, ...], Mask, int]:
    """x (N,), ``curves`` and ``usable`` (B, N) with every ``each`` neighbours averaged; ``each``.

    What isn't usable joins no average, unless a whole group isn't, and nothing is averaged across a
    gap. Few points stay as they are.
    """
    each = -(-len(x) // MOST_POINTS)
    if each == 1:
        return x, curves, usable, 1
    start = np.concatenate([np.arange(s.start, s.stop, each) for s in stretches(x)])
    count = np.diff(np.append(start, len(x)))
    kept = np.add.reduceat(usable, start, axis=1, dtype=float)
    weight = np.where(np.repeat(kept, count, axis=1) > 0, usable, 1.0)
    total = np.add.reduceat(weight, start, axis=1)
    means = tuple(np.add.reduceat(weight * y, start, axis=1) / total for y in curves)
    return np.add.reduceat(x, start) / count, means, kept > 0, each
