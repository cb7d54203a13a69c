"""Measuring bands in any spectrum: position, height, width, area.

Peaks are read off a dense cubic interpolation; :func:`fit_bands` separates overlapping ones by
least squares with the profiles of a mineral.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .minerals import Mineral
from .minerals.profile import pseudo_voigt, unit_area
from .spectrum import interpolate

Array = NDArray[np.float64]


@dataclass(frozen=True)
class FittedBand:
    """A band as found: position and FWHM in cm⁻¹, height in the spectrum's unit, area in both."""

    name: str
    position: float
    height: float
    fwhm: float
    area: float
    group: str
    assignment: str
    position_interval: tuple[float, float] | None = None
    height_interval: tuple[float, float] | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "position": self.position,
            "height": self.height,
            "fwhm": self.fwhm,
            "area": self.area,
            "group": self.group,
            "assignment": self.assignment,
            "position_interval": self.position_interval,
            "height_interval": self.height_interval,
        }


def area(x: Array, y: Array, low: float, high: float) -> Array:
    """Trapezoidal area of y (..., N) between two wavenumbers."""
    inside = (x >= low) & (x <= high)
    return np.asarray(np.trapezoid(y[..., inside], x[inside], axis=-1))


def peak(x: Array, y: Array, low: float, high: float) -> tuple[float, float, float]:
    """Position, height and FWHM of the highest point between two wavenumbers.

    The half height is counted from zero; a side that never falls to it gives the window's end.
    """
    dense = np.linspace(low, high, 4001)
    curve = interpolate(x, y, dense)
    top = int(np.nanargmax(curve))
    half = curve[top] / 2
    left = _crossing(dense[: top + 1][::-1], curve[: top + 1][::-1], half)
    right = _crossing(dense[top:], curve[top:], half)
    return float(dense[top]), float(curve[top]), float(right - left)


def fit_bands(
    mineral: Mineral, x: Array, y: Array, shift: float = 0.0, width_scale: float = 1.0
) -> tuple[FittedBand, ...]:
    """Every band of ``mineral`` fitted in a background-free y (N,): height, position, width.

    ``shift`` [cm⁻¹] and ``width_scale`` are where to start. Bands outside the axis are left out;
    a band of no height keeps its place with height 0.
    """
    from scipy.optimize import least_squares  # slow to import: only when bands are fitted

    t = mineral.table
    inside = [bool(_near(x, p)) for p in t["position"]]
    table = [b for b, here in zip(mineral.bands, inside, strict=True) if here]
    if not table:
        return ()
    centre = np.array([b.position for b in table]) + shift
    width = np.array([b.width for b in table]) * width_scale
    mixing = np.array([b.mixing for b in table])
    scale = float(np.max(np.abs(y))) or 1.0

    # Positions and log widths move; heights follow by linear least squares (variable projection).
    def shapes(q: Array) -> Array:
        offset = x[:, None] - (centre + q[: len(table)] * width)
        return pseudo_voigt(offset, width * np.exp(q[len(table) :]), mixing)

    def heights(q: Array) -> tuple[Array, Array]:
        s = shapes(q)
        return s, np.asarray(np.linalg.lstsq(s, y, rcond=1e-8)[0], dtype=np.float64)

    def residual(q: Array) -> Array:
        s, h = heights(q)
        return np.concatenate([(s @ h - y) / scale, 1e-3 * q])

    limit = np.concatenate([np.full(len(table), 0.6), np.full(len(table), 0.7)])
    found = least_squares(residual, np.zeros(2 * len(table)), bounds=(-limit, limit), max_nfev=12)
    _, height = heights(found.x)
    fitted = []
    for k, band in enumerate(table):
        fwhm = float(width[k] * np.exp(found.x[len(table) + k]))
        fitted.append(
            FittedBand(
                name=band.name,
                position=float(centre[k] + found.x[k] * width[k]),
                height=float(height[k]),
                fwhm=fwhm,
                area=float(height[k] * fwhm * unit_area(band.mixing)),
                group=band.group,
                assignment=band.assignment,
            )
        )
    return tuple(fitted)


def _near(x: Array, position: float) -> bool:
    """Is there a measured point within 6 cm⁻¹?"""
    return float(np.min(np.abs(x - position))) < 6.0


def _crossing(x: Array, y: Array, level: float) -> float:
    """Where y, walked from its top, first falls to ``level``."""
    below = np.flatnonzero(y < level)
    if len(below) == 0:
        return float(x[-1])
    k = int(below[0])
    share = (y[k - 1] - level) / (y[k - 1] - y[k])
    return float(x[k - 1] + share * (x[k] - x[k - 1]))
