"""Another instrument's share of the bands' width."""

from __future__ import annotations

import numpy as np

from ..minerals import Factor, Mineral
from ..minerals.profile import at_resolution, pseudo_voigt


def at_another(
    mineral: Mineral, factor: Factor, resolution: float | None, *values: float
) -> tuple[float, ...]:
    """Values of the width's factor with another instrument's share taken out of ν1's width.

    The fit knows ν1 at the table's mixing η only; so each true width is seen through the
    instrument, and the width at which the table's profile fits that best is what the fit finds.
    """
    if resolution is None or resolution == mineral.resolution:
        return values
    main = mineral.main
    grid = np.linspace(factor.low, factor.high, 101)
    own = main.width * factor.width_scale(grid)
    same = np.full_like(own, main.mixing)
    seen, mixing = at_resolution(own, same, mineral.resolution, resolution)
    offset = np.linspace(-8, 8, 321)[:, None] * main.width
    trial = np.geomspace(0.5 * seen.min(), 2 * seen.max(), 800)
    shapes = pseudo_voigt(offset, trial, np.full_like(trial, main.mixing))
    shapes /= np.linalg.norm(shapes, axis=0)
    found = trial[np.argmax(shapes.T @ pseudo_voigt(offset, seen, mixing), axis=0)]
    observed = main.width * factor.width_scale(np.array(values))
    return tuple(float(v) for v in np.interp(observed, found[::-1], grid[::-1]))
