"""The library's tables drawn once on a common axis, and compared with a measurement at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...measure.mixture.part import Part
from ...measure.mixture.scan import Scan
from ...minerals.profile import FOUR_LN2, at_resolution

Array = NDArray[np.float32]

GRID = np.concatenate([np.arange(60.0, 1900.0, 2.0), np.arange(2500.0, 3800.0, 8.0)])
BLURS = (3.0, 9.0)  # cm⁻¹, FWHM that instruments add
SHIFTS = np.arange(-12.0, 12.1, 2.0)  # cm⁻¹
ROOT = 0.5  # power of heights that are compared: the strongest band doesn't decide alone
FARTHEST = 3.0  # cm⁻¹: σ of the axis in the ranking


@dataclass(frozen=True, eq=False)
class Templates:
    """``parts`` of T tables; ``curves`` (T, blurs, G) on GRID, roots of the intensities."""

    parts: tuple[Part, ...]
    curves: Array

    @staticmethod
    def of(parts: Sequence[Part]) -> Templates:
        curves = np.zeros((len(parts), len(BLURS), len(GRID)), dtype=np.float32)
        for t, part in enumerate(parts):
            for b, blur in enumerate(BLURS):
                curves[t, b] = _drawn(part, blur)
        return Templates(tuple(parts), curves)

    def ranked(self, scan: Scan) -> list[tuple[int, float, float]]:
        """Every table: index, shift [cm⁻¹] and likeness 0 to 1, the most alike first."""
        moved, there = _moved(scan)
        flat = self.curves.reshape(-1, len(GRID))
        product = flat @ moved.T
        size = np.sqrt(np.maximum(flat**2 @ there.T, 1e-6))
        whole = np.sqrt(np.maximum((moved**2).sum(axis=1), 1e-9))
        likeness = (product / (size * whole)).reshape(len(self.parts), len(BLURS), len(SHIFTS))
        ranked = likeness - 0.02 * (SHIFTS / FARTHEST) ** 2 / len(SHIFTS)
        best = ranked.max(axis=1)
        at = best.argmax(axis=1)
        rows = np.arange(len(self.parts))
        order = np.argsort(-best[rows, at])
        return [(int(t), float(SHIFTS[at[t]]), float(best[t, at[t]])) for t in order]


def _drawn(part: Part, blur: float) -> Array:
    width, mixing = at_resolution(
        part.width, part.mixing, part.resolution, np.hypot(part.resolution, blur)
    )
    height = part.height * part.width / width
    u2 = ((GRID[:, None] - part.position) / width) ** 2
    shape = mixing / (1 + 4 * u2) + (1 - mixing) * np.exp(-FOUR_LN2 * np.minimum(u2, 20))
    return np.asarray((shape @ height) ** ROOT, dtype=np.float32)


def _moved(scan: Scan) -> tuple[Array, Array]:
    """(shifts, G) the scan as it would be on an axis that read as much less, and where it is."""
    x, y = scan.x[scan.usable], scan.y[scan.usable]
    floor = 2.0 * scan.noise
    root = np.sqrt(np.maximum(_smooth(y) - floor, 0.0))
    at = GRID + SHIFTS[:, None]
    far = np.abs(x[np.clip(np.searchsorted(x, at), 0, len(x) - 1)] - at)
    near = np.abs(x[np.clip(np.searchsorted(x, at) - 1, 0, len(x) - 1)] - at)
    there = np.minimum(far, near) <= max(3.0, 1.5 * scan.step)
    values = np.where(there, np.interp(at, x, root), 0.0)
    return values.astype(np.float32), there.astype(np.float32)


def _smooth(y: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.convolve(np.pad(y, 1, mode="edge"), [0.25, 0.5, 0.25], mode="valid"))
