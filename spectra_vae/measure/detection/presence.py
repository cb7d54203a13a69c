"""Are the bands there that must be? Every band's own height, and what no crystal could make of it.

A file may show one band where the mineral's strongest stands and be something else altogether: the
others then are missing, however little it has too much.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...minerals import Band
from ...simulation.instrument import ORIENTATION
from ..fitting.fit_result import Fits

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

SURE = 2.5  # σ from what the least of a crystal's heights would be to none
SEEN = 3.0  # σ
UNEVEN = 0.004  # of the strongest band: what a background may leave where a band stands
ABSENT = 2  # bands, no fewer than are seen: another family
TOGETHER = 2.0  # σ that the other bands must have as the table has them: else they can't tell
RIDGE = 1e-9


@dataclass(frozen=True, eq=False)
class Presence:
    """Of one fit, the bands beside the strongest that are ``seen``, and those that are ``missing``.

    ``power``: how many σ all that the file covers would have together, as the table has them.
    """

    seen: tuple[Band, ...]
    missing: tuple[Band, ...]
    power: float

    @property
    def absent(self) -> bool:
        """Another family: several bands are missing, no fewer than are seen."""
        return len(self.missing) >= max(ABSENT, len(self.seen))

    @property
    def untold(self) -> bool:
        """The other bands are too weak, in this noise, or not covered: nothing tells the mineral
        from any other that has a band where the strongest stands.
        """
        return not self.seen and not self.missing and self.power < TOGETHER

    @property
    def where(self) -> str:
        """The table's positions of what is missing."""
        return ", ".join(f"{b.position:.0f}" for b in self.missing)


def presences(fits: Fits) -> list[Presence]:
    """The verdict of every fit's bands, each as high as it likes, on the same background.

    Groups whose strength is a factor may be absent and say nothing.
    """
    mineral = fits.grid.model.mineral
    ratio, error = _relative(fits)
    free = set(mineral.free_groups)
    judged = np.array([b != mineral.main and b.group not in free for b in mineral.bands])
    counts = judged & (fits.points_on_bands >= 3) & np.isfinite(error)
    height = mineral.table["height"] / mineral.main.height
    whole = np.where(counts, np.hypot(error, UNEVEN / height), np.inf)
    least = ORIENTATION[0]
    missing = counts & (least > SURE * whole) & (ratio + 2 * whole < least)
    seen = counts & (ratio > SEEN * whole) & ~missing
    power = np.sqrt((whole**-2.0).sum(axis=1))
    return [
        Presence(_named(mineral.bands, s), _named(mineral.bands, m), float(p))
        for s, m, p in zip(seen, missing, power, strict=True)
    ]


def _named(bands: tuple[Band, ...], some: Mask) -> tuple[Band, ...]:
    return tuple(b for b, there in zip(bands, some, strict=True) if there)


def _relative(fits: Fits) -> tuple[Array, Array]:
    """(B, bands) amplitudes of the table's bands over the strongest one's, and one σ of each."""
    basis = fits.grid.basis.numpy().T.astype(np.float32)
    table = fits.table
    b, count = table.shape[:2]
    columns = np.concatenate([table, np.broadcast_to(basis, (b, *basis.shape))], axis=1)
    weight = np.where(fits.used, 1 / fits.quieter, 0.0).astype(np.float32)
    weighted = columns * weight[:, None]
    y = (fits.explained + fits.background + fits.left).astype(np.float32)
    normal = (weighted @ columns.swapaxes(1, 2)).astype(np.float64)
    size = np.maximum(np.diagonal(normal, axis1=1, axis2=2), 1e-30)
    scale = size**-0.5
    normal = normal * scale[:, :, None] * scale[:, None, :] + RIDGE * np.eye(normal.shape[1])
    inverse = np.linalg.inv(normal)
    pulled = (weighted @ y[:, :, None])[:, :, 0] * scale
    amplitudes = (inverse @ pulled[:, :, None])[:, :count, 0] * scale[:, :count]
    variances = np.diagonal(inverse, axis1=1, axis2=2)[:, :count] * scale[:, :count] ** 2
    main = np.maximum(amplitudes[:, fits.grid.model.mineral.strongest], 1e-12)[:, None]
    return amplitudes / main, np.sqrt(np.maximum(variances, 0.0)) / main
