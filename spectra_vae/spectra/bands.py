"""Measuring bands in any spectrum: position, height, width, area.

Peaks are read off a dense cubic interpolation; :func:`fit_bands` separates overlapping ones by
least squares with the profiles of a mineral.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..minerals import NEAR_MAIN, Mineral
from ..minerals.profile import FOUR_LN2, unit_area
from .spectrum import interpolate

Array = NDArray[np.float64]

STEPS = 15


@dataclass(frozen=True)
class FittedBand:
    """A band as found, ``index`` in the table.

    Position and FWHM in cm⁻¹, height in the spectrum's unit, area in both; intervals hold 90 %,
    None: not measured. ``certain``: it stands out of the noise by itself; otherwise its place and
    width are hardly more than what its table says.
    """

    index: int
    name: str
    position: float
    height: float
    fwhm: float
    area: float
    group: str
    assignment: str
    position_interval: tuple[float, float] | None = None
    height_interval: tuple[float, float] | None = None
    fwhm_interval: tuple[float, float] | None = None
    area_interval: tuple[float, float] | None = None
    certain: bool = True

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
            "fwhm_interval": self.fwhm_interval,
            "area_interval": self.area_interval,
            "certain": self.certain,
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


def locate(mineral: Mineral, x: Array, y: Array) -> tuple[float, float]:
    """Shift [cm⁻¹] and width (relative to the table) of the strongest band in a clean y (N,).

    (0, 1) where the axis doesn't cover it or nothing stands there.
    """
    main = mineral.main
    low, high = main.position - NEAR_MAIN, main.position + NEAR_MAIN
    inside = (x > low) & (x < high)
    if inside.sum() < 5 or not y[inside].max() > 0:
        return 0.0, 1.0
    low, high = max(low, float(x[inside][0])), min(high, float(x[inside][-1]))
    position, _, width = peak(x, y, low, high)
    shift = float(np.clip(position - main.position, -NEAR_MAIN / 2, NEAR_MAIN / 2))
    return shift, float(np.clip(width / main.width, 0.5, 4.0))


def fit_bands(
    mineral: Mineral, x: Array, y: Array, shift: float = 0.0, width_scale: float = 1.0
) -> tuple[FittedBand, ...]:
    """Every band of ``mineral`` fitted in a background-free y (N,): height, position, width.

    ``shift`` [cm⁻¹] and ``width_scale`` are where to start. Bands outside the axis are left out;
    a band of no height keeps its place with height 0.
    """
    there = [k for k, b in enumerate(mineral.bands) if _near(x, b.position)]
    table = [mineral.bands[k] for k in there]
    if not table:
        return ()
    centre = np.array([b.position for b in table]) + shift
    width = np.array([b.width for b in table]) * width_scale
    mixing = np.array([b.mixing for b in table])
    unit = float(np.max(np.abs(y))) or 1.0
    height, moved, wider = _gauss_newton(x, y / unit, centre, width, mixing)
    height = height * unit
    fitted = []
    for k, band in enumerate(table):
        fwhm = float(width[k] * np.exp(wider[k]))
        fitted.append(
            FittedBand(
                index=there[k],
                name=band.name,
                position=float(centre[k] + moved[k] * width[k]),
                height=float(height[k]),
                fwhm=fwhm,
                area=float(height[k] * fwhm * unit_area(band.mixing)),
                group=band.group,
                assignment=band.assignment,
            )
        )
    return tuple(fitted)


def _gauss_newton(
    x: Array, y: Array, centre: Array, width: Array, mixing: Array
) -> tuple[Array, Array, Array]:
    """Heights, moves (in widths) and log width changes (B,) of B bands, all at once; y of order 1.

    A weak prior keeps the shape of a band that has no height; moves end at ±0.6 widths and
    widths at × or ÷ 2.
    """
    n = len(centre)
    moved, wider = np.zeros(n), np.zeros(n)
    shape, along, across = _slopes(x, centre, width, mixing)
    height = _solve(shape.T @ shape, shape.T @ y)
    prior = np.concatenate([np.zeros(n), np.full(2 * n, 1e-6)])
    for _ in range(STEPS):
        columns = np.concatenate([shape, along * height, across * height], axis=1)
        left = y - shape @ height
        bound = np.concatenate([np.zeros(n), moved, wider])
        step = _solve(columns.T @ columns + np.diag(prior), columns.T @ left - prior * bound)
        height = height + step[:n]
        moved = np.clip(moved + np.clip(step[n : 2 * n], -0.2, 0.2), -0.6, 0.6)
        wider = np.clip(wider + np.clip(step[2 * n :], -0.2, 0.2), -0.7, 0.7)
        shape, along, across = _slopes(x, centre + moved * width, width * np.exp(wider), mixing)
        along = along * (1 / np.exp(wider))
        if np.abs(step[n:]).max() < 1e-5:
            break
    return _solve(shape.T @ shape, shape.T @ y), moved, wider


def _slopes(x: Array, centre: Array, width: Array, mixing: Array) -> tuple[Array, Array, Array]:
    """Unit bands (N, B) and their derivatives by centre (in widths) and by log width."""
    u = (x[:, None] - centre) / width
    gauss = np.exp(-FOUR_LN2 * u**2)
    lorentz = 1 / (1 + 4 * u**2)
    slope = mixing * 8 * lorentz**2 + (1 - mixing) * 2 * FOUR_LN2 * gauss
    return mixing * lorentz + (1 - mixing) * gauss, slope * u, slope * u**2


def _solve(matrix: Array, right: Array) -> Array:
    ridge = 1e-12 * np.trace(matrix) * np.eye(len(matrix))
    return np.asarray(np.linalg.solve(matrix + ridge, right), dtype=np.float64)


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
