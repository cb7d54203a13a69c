"""What a fit leaves over: bands that the mineral doesn't have."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ...minerals.profile import FOUR_LN2, pseudo_voigt, unit_area
from ...spectra.saturation import MAD_TO_STD
from ..fitting.noise import medians

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Interval = tuple[float, float]

INTERVALS = ("position_interval", "height_interval", "fwhm_interval", "area_interval")

# No stronger than what tables lack; a smoothed spike, perhaps; a hump that may be the background's.
DOUBTS = WEAK, SHARP, BROAD = ("weak", "sharp", "broad")

WIDTHS = (5.0, 8.0, 13.0, 21.0, 34.0)  # FWHM of the matched filters, cm⁻¹
WINDOW = 1.5  # widths either side of a filter's centre; beyond, 0.2 % are left of it
STEPS = 3  # centres a width
SIGNIFICANT = 5.0
ALONE = 3.5  # σ over a constant of its own: a bent background is no band
MAX_PEAKS = 20
POLISH = 8


@dataclass(frozen=True)
class Peak:
    """A band that nothing explains: position and FWHM in cm⁻¹, height in the file's unit.

    ``group``: of the mineral's bands, one of which it is, stronger than any crystal makes it; ""
    where it is none of these. ``doubt``: why it may be the mineral's or no band at all, one of
    ``DOUBTS``. Neither: foreign. ``mixing``: of a pseudo-Voigt. Intervals hold 90 %; None:
    not measured.
    """

    position: float
    height: float
    fwhm: float
    significance: float
    group: str = ""
    mixing: float = 0.0
    position_interval: Interval | None = None
    height_interval: Interval | None = None
    fwhm_interval: Interval | None = None
    area_interval: Interval | None = None
    doubt: str = ""

    @property
    def foreign(self) -> bool:
        """The mineral can't have it."""
        return not (self.group or self.doubt)

    @property
    def area(self) -> float:
        """cm⁻¹ × the file's unit."""
        return float(self.height * self.fwhm * unit_area(self.mixing))

    def times(self, unit: float) -> Peak:
        """The same where intensities are ``unit`` times as large."""
        ends: dict[str, Any] = {
            name: (one[0] * unit, one[1] * unit)
            for name in ("height_interval", "area_interval")
            if (one := getattr(self, name)) is not None
        }
        return replace(self, height=self.height * unit, **ends)

    def to_dict(self) -> dict[str, Any]:
        return {
            "position": self.position,
            "height": self.height,
            "fwhm": self.fwhm,
            "significance": self.significance,
            "group": self.group,
            "doubt": self.doubt,
            "mixing": self.mixing,
            "area": self.area,
            **{name: getattr(self, name) for name in INTERVALS},
        }

    def curve(self, x: Array) -> Array:
        width, mixing = np.full_like(x, self.fwhm), np.full_like(x, self.mixing)
        return np.asarray(self.height * pseudo_voigt(x - self.position, width, mixing))


@dataclass(frozen=True, eq=False)
class Filters:
    """Gaussians of several widths on an axis x (N,), one row each; ``inner`` (C, 2) its core."""

    x: Array
    centre: Array
    width: Array
    inner: NDArray[np.intp]
    nearest: NDArray[np.intp]
    shape: Any
    square: Any


def filters(x: Array) -> Filters:
    """The matched filters of an axis; the last few are remembered."""
    return _filters(x.tobytes())


@lru_cache(maxsize=8)
def _filters(points: bytes) -> Filters:
    x = np.frombuffer(points)
    centre = np.concatenate([np.arange(x[0], x[-1], w / STEPS) for w in WIDTHS])
    width = np.concatenate([np.full(len(np.arange(x[0], x[-1], w / STEPS)), w) for w in WIDTHS])
    low, high = (np.searchsorted(x, centre + s * WINDOW * width) for s in (-1, 1))
    core = np.stack([np.searchsorted(x, centre + s * width / 2) for s in (-1, 1)], axis=1)
    keep = core[:, 1] - core[:, 0] >= 3  # a peak needs points on it
    centre, width, core = centre[keep], width[keep], core[keep]
    low, high = low[keep], high[keep]
    row = np.repeat(np.arange(len(centre)), high - low)
    start = np.concatenate([[0], np.cumsum(high - low)])
    column = np.arange(start[-1]) - np.repeat(start[:-1], high - low) + np.repeat(low, high - low)
    values = _gauss(x[column] - centre[row], width[row]).astype(np.float32)
    size = (len(centre), len(x))
    shape = csr_array((values, column, start), shape=size)
    square = csr_array((values**2, column, start), shape=size)
    nearest = np.clip(np.searchsorted(x, centre), 0, len(x) - 1)
    return Filters(x, centre, width, core, nearest, shape, square)


def scores(
    f: Filters, residual: Array, variance: Array, judged: Mask, core: Mask
) -> tuple[Array, Array]:
    """Heights and significances (B, C) of every filter in B residuals (B, N).

    Only ``judged`` points count, and none is centred in ``core`` (B, N). The noise is at least
    the residual's own robust spread, so that a rough background lists nothing.
    """
    weight = np.where(judged, 1 / variance, 0.0)
    size = np.abs(residual) * np.sqrt(weight)
    some = judged.sum(axis=1) >= 20
    spread = np.ones(len(residual))
    spread[some] = np.maximum(MAD_TO_STD * medians(size[some], judged[some]), 1.0)
    weight = (weight / spread[:, None] ** 2).astype(np.float32)
    power = np.maximum(f.square @ weight.T, 1e-30)
    pulled = f.shape @ (weight * residual).T.astype(np.float32)
    counted = np.concatenate([np.zeros((len(judged), 1), int), np.cumsum(judged, axis=1)], axis=1)
    points = counted[:, f.inner[:, 1]] - counted[:, f.inner[:, 0]]
    valid = (points >= 3) & ~core[:, f.nearest] & some[:, None]
    significance = np.where(valid, (pulled / np.sqrt(power)).T, 0.0)
    return np.asarray((pulled / power).T, dtype=np.float64), np.asarray(significance)


def listed(
    f: Filters, significance: Array, residual: Array, variance: Array, judged: Mask
) -> tuple[Peak, ...]:
    """The peaks that stand out of one residual (N,), strongest first, each fitted on its own."""
    left, peaks = significance.copy(), list[Peak]()
    while len(peaks) < MAX_PEAKS:
        k = int(np.argmax(left))
        if left[k] < SIGNIFICANT:
            break
        peak = _polished(f, k, residual, variance, judged)
        if peak is not None:
            peaks.append(peak)
        left[np.abs(f.centre - f.centre[k]) < f.width[k] + f.width] = 0.0
    return tuple(sorted(peaks, key=lambda p: -p.significance))


def _polished(f: Filters, k: int, y: Array, variance: Array, judged: Mask) -> Peak | None:
    """Position, height and width by Gauss–Newton, over a constant; None if that is enough."""
    centre, width = float(f.centre[k]), float(f.width[k])
    near = judged & (np.abs(f.x - centre) < 3 * width)
    x, y, weight = f.x[near], y[near], 1 / variance[near]
    total = weight.sum()
    wide, moved, height, power = 0.0, 0.0, 0.0, 0.0
    for _ in range(POLISH):
        u = (x - centre - moved) / (width * np.exp(wide))
        shape = np.exp(-FOUR_LN2 * u**2)
        mean = (weight @ shape) / total
        power = float(weight @ (shape - mean) ** 2)
        height = float((weight * (shape - mean)) @ y) / max(power, 1e-300)
        offset = (weight @ y) / total - height * mean
        if height <= 0:
            return None
        slope = 2 * FOUR_LN2 * height * shape * u
        columns = np.stack([slope / (width * np.exp(wide)), slope * u], axis=1)
        normal = (columns * weight[:, None]).T @ columns + np.diag([width**-2, 1.0])
        pull = (columns * weight[:, None]).T @ (y - height * shape - offset)
        step = np.linalg.solve(normal, pull - np.array([moved / width**2, wide]))
        moved = float(np.clip(moved + np.clip(step[0], -width / 4, width / 4), -width, width))
        wide = float(np.clip(wide + np.clip(step[1], -0.3, 0.3), -1.0, 0.7))
    significance = float(height * np.sqrt(power))
    if significance < ALONE:
        return None
    return Peak(centre + moved, height, width * float(np.exp(wide)), significance)


def _gauss(offset: Array, width: Array | float) -> Array:
    return np.asarray(np.exp(-FOUR_LN2 * (offset / width) ** 2))
