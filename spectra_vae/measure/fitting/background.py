"""A smooth background: cubic B-splines, too stiff to follow a band."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import BSpline

Array = NDArray[np.float64]

# An amorphous OH band is 87 cm⁻¹ wide and must survive: knots stand almost six times as far apart.
KNOT_DISTANCE = 500.0
MOST_INTERVALS = 20


def background_basis(x: Array) -> Array:
    """(N, K) non-negative columns that any smooth background is a sum of."""
    low, high = float(x[0]), float(x[-1])
    intervals = min(max(1, round((high - low) / KNOT_DISTANCE)), MOST_INTERVALS)
    inner = np.linspace(low, high, intervals + 1)
    knots = np.concatenate([[low] * 3, inner, [high] * 3])
    basis = np.asarray(BSpline.design_matrix(x, knots, 3).toarray())
    return basis[:, basis.max(axis=0) > 1e-6]  # columns inside a gap touch no point
