"""Heights in several files made one table's: each file has its own gain, each crystal its own way
to lie.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .band_search import Found

Array = NDArray[np.float64]

UNSEEN = 0.003  # of a file's highest band: a lower one counts as that
FEWEST_SHARED = 0.02  # of a file's highest band: what takes part in comparing gains


def covered(found: Found) -> NDArray[np.bool_]:
    """(F, K) Does the file reach the band?"""
    place = found.state.bands.position
    rows = [
        (place + o >= f.x[0]) & (place + o <= f.x[-1])
        for f, o in zip(found.problem.files, found.state.offset, strict=True)
    ]
    return np.array(rows)


def heights_of(found: Found) -> tuple[Array, Array, Array]:
    """Each file's gain (F,) in its scaled unit, the table's heights (K,) and their scatter (K,).

    Heights differ between files as crystals lie: the table has the geometric mean of what the
    files say, each relative to the bands that all of them show.
    """
    bands, there = found.state.bands, covered(found)
    largest = bands.height.max(axis=1, keepdims=True)
    logs = np.log(np.maximum(bands.height, UNSEEN * largest))
    shared = _shared(found)
    if shared.any():
        level = np.array([np.average(row[shared], weights=bands.width[shared]) for row in logs])
    else:
        level = logs.max(axis=1)
    relative = np.where(there, logs - level[:, None], np.nan)
    mean = np.nanmean(relative, axis=0)
    scatter = np.nanstd(relative, axis=0) * np.sqrt(len(logs) / max(len(logs) - 1, 1))
    top = float(mean.max())
    return np.exp(level + top), np.exp(mean - top), scatter


def share_bands(found: Found) -> bool:
    """Do all files show a band together, so that their heights can be compared?"""
    return bool(_shared(found).any())


def _shared(found: Found) -> NDArray[np.bool_]:
    """(K,) bands that every file shows."""
    height = found.state.bands.height
    strong = height > FEWEST_SHARED * height.max(axis=1, keepdims=True)
    return np.asarray((covered(found) & strong).all(axis=0))
