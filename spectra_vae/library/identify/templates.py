"""The library's tables drawn once on a common axis, and compared with a measurement at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

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
SMOOTH = 6.0  # cm⁻¹, FWHM: noise is lost, and hardly any band
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

    def drawn(self, x: NDArray[np.float64], blur: float, rows: NDArray[np.intp]) -> Array:
        """(rows, n) intensities at wavenumbers x (n,), as an instrument that adds ``blur`` [cm⁻¹]
        shows them; 0 beyond GRID.
        """
        curves = self.curves[rows, _nearest(blur)]
        after, share = _between(x)
        share = share.astype(np.float32)
        inside = (x >= GRID[0]) & (x <= GRID[-1])
        root = curves[:, after - 1] * (1 - share) + curves[:, after] * share
        return np.asarray(root ** (1 / ROOT) * inside)

    def alike(
        self, x: NDArray[np.float64], left: NDArray[np.float64], weight: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """(T,) how much of the squares of ``left`` (n,) at x (n,), σ⁻² ``weight`` (n,), each table
        explains at best, on GRID.
        """
        after, share = _between(x)
        there = np.concatenate([after - 1, after])
        pulled, power = (
            np.bincount(there, np.concatenate([(1 - share) * v, share * v]), len(GRID))
            for v in (left * weight, weight)
        )
        curves, squares = self._sharpest
        own = np.maximum(curves @ pulled, 0.0)
        return np.asarray(own**2 / np.maximum(squares @ power, 1e-9))

    @cached_property
    def _sharpest(self) -> tuple[Array, Array]:
        """(T, G) intensities with the least blur, and their squares."""
        curves = self.curves[:, 0] ** (1 / ROOT)
        return curves, curves**2


def _nearest(blur: float) -> int:
    return int(np.abs(np.array(BLURS) - blur).argmin())


def _between(x: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The point of GRID after each x (n,), and how much of the way from the one before it is."""
    after = np.clip(np.searchsorted(GRID, x), 1, len(GRID) - 1)
    share = (x - GRID[after - 1]) / (GRID[after] - GRID[after - 1])
    return after, np.clip(share, 0.0, 1.0)


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
    smooth, noise = _smooth(y, scan.step / SMOOTH)
    floor = scan.noise * min(noise * np.sqrt(scan.shared), 1.0)
    root = np.sqrt(np.maximum(smooth - floor, 0.0))
    at = GRID + SHIFTS[:, None]
    far = np.abs(x[np.clip(np.searchsorted(x, at), 0, len(x) - 1)] - at)
    near = np.abs(x[np.clip(np.searchsorted(x, at) - 1, 0, len(x) - 1)] - at)
    there = np.minimum(far, near) <= max(3.0, 1.5 * scan.step)
    values = np.where(there, np.interp(at, x, root), 0.0)
    return values.astype(np.float32), there.astype(np.float32)


def _smooth(y: NDArray[np.float64], step: float) -> tuple[NDArray[np.float64], float]:
    """y (N,) through a Gaussian whose FWHM is 1 where points stand ``step`` apart, and how much of
    their noise is left.
    """
    half = max(int(np.ceil(1.2 / step)), 1)
    kernel = np.exp(-FOUR_LN2 * (np.arange(-half, half + 1) * step) ** 2)
    kernel /= kernel.sum()
    smooth = np.convolve(np.pad(y, half, mode="edge"), kernel, mode="valid")
    return np.asarray(smooth), float(np.sqrt(kernel @ kernel))
