"""A smooth background: cubic B-splines, too stiff to follow a band."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import BSpline

Array = NDArray[np.float64]

# An amorphous OH band is 87 cm⁻¹ wide and must survive: knots stand almost six times as far apart.
KNOT_DISTANCE = 500.0
MOST_INTERVALS = 20
# From there on, where hydrogen bonds make bands wider than anywhere else, knots stand farther apart
# for them: one that bends within three of their widths takes a third of what a file tells of their
# strength.
FAR, WIDTHS, FARTHEST = 2000.0, 3.7, 700.0  # cm⁻¹; of the widest band; cm⁻¹ apart


def background_basis(x: Array, widest: float = 0.0) -> Array:
    """(N, K) non-negative columns that any smooth background is a sum of; ``widest``: FWHM [cm⁻¹]
    of the widest band above it.
    """
    inner = _knots(float(x[0]), float(x[-1]), min(WIDTHS * widest, FARTHEST))
    knots = np.concatenate([[inner[0]] * 3, inner, [inner[-1]] * 3])
    basis = np.asarray(BSpline.design_matrix(x, knots, 3).toarray())
    return basis[:, basis.max(axis=0) > 1e-6]  # columns inside a gap touch no point


def _knots(low: float, high: float, far: float) -> Array:
    """From ``low`` to ``high``, as far apart as usual, or ``far`` beyond :data:`FAR`."""
    if far <= KNOT_DISTANCE or not low < FAR < high:
        return _even(low, high, far if low >= FAR else KNOT_DISTANCE)
    return np.concatenate([_even(low, FAR, KNOT_DISTANCE), _even(FAR, high, far)[1:]])


def _even(low: float, high: float, distance: float) -> Array:
    intervals = max(1, round((high - low) / max(distance, KNOT_DISTANCE)))
    return np.linspace(low, high, min(intervals, MOST_INTERVALS) + 1)
