"""Is there one more band in what a fit leaves over? The evidence for it, wherever it may stand.

The strongest filter's significance is the better the fewer places there are to look at; the mean
likelihood ratio over all places, widths and heights counts every one of them, and a height that no
band would have counts little (J. Neyman and E. S. Pearson 1933, Phil. Trans. A 231:289).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

HEIGHTS = (0.05, 0.1, 0.2, 0.4, 0.8)  # of ν1, alike likely
WIDEST = 21.0  # cm⁻¹; a wider hump may be what the stiff background left over
HALF_WAY = 4.0  # nats at which a band is as certain as not, among the places there are
STEEP = 2.0  # nats


def evidence(width: Array, heights: Array, significances: Array, unit: Array) -> Array:
    """(B,) nats: log of the mean likelihood ratio of one band more against none.

    ``width`` (C,) of the filters, cm⁻¹; what they found, ``heights`` and ``significances`` (B, C),
    0 where a filter doesn't count; ``unit`` (B,) the height of ν1.
    """
    some = width <= WIDEST
    if not some.any():  # the file is too coarse for any filter: it says nothing
        return np.zeros(len(unit))
    found = significances[:, some].astype(np.float32)
    relative = (heights[:, some] / unit[:, None]).astype(np.float32)
    counts = found != 0
    power = np.where(counts, found / np.where(counts, relative, 1), 0)  # σ of a band as high as ν1
    share = np.where(counts, np.log(width[some]).astype(np.float32), -np.inf)
    ratios = [share + h * power * (found - 0.5 * h * power) for h in HEIGHTS]
    top = np.max([r.max(axis=1) for r in ratios], axis=0)
    top = np.where(np.isfinite(top), top, 0.0)
    total = sum(np.exp(r - top[:, None]).sum(axis=1) for r in ratios)
    room = len(HEIGHTS) * np.exp(share).sum(axis=1)
    return np.asarray(top + np.log(np.maximum(total, 1e-30) / np.maximum(room, 1e-30)))
