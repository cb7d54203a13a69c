"""Where files have their own maximum near the strongest band, whatever a fit made of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from ...minerals import Band

Array = NDArray[np.float64]

FARTHEST = 25.0  # cm⁻¹ from the table's place
SMOOTH = 0.35  # widths of the strongest band: σ of the Gaussian that noise is smoothed with
TRUNCATED = 4.0  # σ, where that Gaussian ends
STANDS_OUT = 5.0  # σ of the smoothed noise
FEWEST = 5  # points


def apexes(x: Array, y: Array, variance: Array, main: Band) -> Array:
    """(B,) cm⁻¹: the highest maximum of curves y (B, N) without background; NaN: none stands out.

    ``variance`` (B, N): what a point adds to a sum over many.
    """
    b, step = len(y), float(np.median(np.diff(x)))
    size = max(SMOOTH * main.width / step, 0.5)
    near = np.flatnonzero(np.abs(x - main.position) < FARTHEST)
    if len(near) < FEWEST:
        return np.full(b, np.nan)
    margin = int(TRUNCATED * size + 1)
    first = max(near[0] - margin, 0)
    y = gaussian_filter1d(y[:, first : near[-1] + margin + 1], size, axis=1, truncate=TRUNCATED)
    inner = y[:, near[0] - first : near[-1] - first + 1]
    rows, top = np.arange(b), inner.argmax(axis=1)
    noise = np.sqrt(variance[rows, near[0] + top] / (2 * np.sqrt(np.pi) * size))
    is_one = (top > 0) & (top < len(near) - 1) & (inner[rows, top] >= STANDS_OUT * noise)
    top = np.clip(top, 1, len(near) - 2)
    before, here, after = (inner[rows, top + d] for d in (-1, 0, 1))
    bend = before - 2 * here + after
    off = np.where(bend < 0, (before - after) / np.where(bend < 0, 2 * bend, 1.0), 0.0)
    return np.where(is_one, x[near[0] + top] + np.clip(off, -1, 1) * step, np.nan)
