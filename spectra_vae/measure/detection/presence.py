"""Are the bands there that must be? Every band's own height, and what no crystal could make of it.

A file may show one band where the mineral's strongest stands and be something else altogether: the
others then are missing, however little it has too much.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ...minerals import Band, Mineral
from ..fitting.crystals import heights
from ..fitting.fit_result import Fits

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

SURE = 2.5  # σ from what the least of a crystal's heights would be to none
SEEN = 3.0  # σ
UNEVEN = 0.004  # of the strongest band: what a background may leave where a band stands
ABSENT = 2  # bands, no fewer than are seen: another family
WITNESSED = 2.0  # σ that the other bands must have together: else they don't tell
RIDGE = 1e-9
TINY = 1e-12


@dataclass(frozen=True, eq=False)
class Presence:
    """Of one fit, the bands beside the strongest that are ``seen``, and those that are ``missing``.

    ``found``: how many σ all have together in their table's proportions, those of free groups, too.
    """

    seen: tuple[Band, ...]
    missing: tuple[Band, ...]
    found: float

    def with_moved(self, agree: tuple[Band, ...]) -> Presence:
        """The same where bands that stand a little off their place are seen, not missing."""
        moved = tuple(b for b in self.missing if b in agree)
        missing = tuple(b for b in self.missing if b not in agree)
        return replace(self, seen=(*self.seen, *moved), missing=missing)

    @property
    def absent(self) -> bool:
        """Another family: several bands are missing, no fewer than are seen."""
        return len(self.missing) >= max(ABSENT, len(self.seen))

    @property
    def surplus(self) -> int:
        """How many more are seen than missing."""
        return len(self.seen) - len(self.missing)

    @property
    def untold(self) -> bool:
        """The other bands are too weak, in this noise, or not covered: nothing tells the mineral
        from any other that has a band where the strongest stands.
        """
        return self.found < WITNESSED and not self.seen and not self.missing

    @property
    def where(self) -> str:
        """The table's positions of what is missing."""
        return ", ".join(f"{b.position:.0f}" for b in self.missing)


def presences(fits: Fits) -> list[Presence]:
    """The verdict of every fit's bands, each as high as it likes, on the same background.

    Groups whose strength is a factor may be absent, and then say nothing.
    """
    weight = np.where(fits.used, 1 / fits.quieter, 0.0)
    found = relative(
        fits.grid.model.mineral, fits.table, fits.grid.basis.numpy().T, fits.measured, weight
    )
    return presences_of(fits.grid.model.mineral, *found, fits.points_on_bands)


def relative_heights(mineral: Mineral) -> Array:
    """(bands,) relative to the strongest."""
    return np.asarray(mineral.table["height"] / mineral.main.height)


def presences_of(
    mineral: Mineral, ratio: Array, error: Array, points: NDArray[np.intp]
) -> list[Presence]:
    """Of B files: heights over the table's, relative to the strongest band, their σ, and how many
    ``points`` stand on each band; (B, bands) each.
    """
    free = set(mineral.free_groups)
    of = [b.group if b.group in free else "" for b in mineral.bands]
    told = (points >= 3) & np.isfinite(error)
    told[:, mineral.strongest] = False
    height = np.maximum(relative_heights(mineral), TINY)
    whole = np.where(told, np.hypot(error, UNEVEN / height), np.inf)
    own = np.array([not group for group in of])
    counts, least = told & own, heights(mineral)[0]
    missing = counts & (least > SURE * whole) & (ratio + 2 * whole < least)
    seen = counts & (ratio > SEEN * whole) & ~missing
    members = np.array([[group == one for group in dict.fromkeys(of)] for one in of], dtype=float)
    weight = whole**-2.0
    power = np.sqrt(weight @ members)
    sigmas = (np.where(told, ratio, 0.0) * weight) @ members / np.maximum(power, TINY)
    found = np.sqrt((np.maximum(sigmas, 0.0) ** 2).sum(axis=1))
    return [
        Presence(_named(mineral.bands, s), _named(mineral.bands, m), float(f))
        for s, m, f in zip(seen, missing, found, strict=True)
    ]


def _named(bands: tuple[Band, ...], some: Mask) -> tuple[Band, ...]:
    return tuple(b for b, there in zip(bands, some, strict=True) if there)


def relative(
    mineral: Mineral,
    table: NDArray[np.float32],
    basis: NDArray[np.float32],
    y: Array,
    weight: Array,
) -> tuple[Array, Array]:
    """(B, bands) amplitudes of a ``table``'s bands (B, bands, N) over the strongest one's, and one
    σ of each, in y (B, N), on a background of ``basis`` (K, N); ``weight`` (B, N).
    """
    b, count = table.shape[:2]
    shared = np.broadcast_to(basis.astype(np.float32), (b, *basis.shape))
    columns = np.concatenate([table, shared], axis=1)
    weighted = columns * weight.astype(np.float32)[:, None]
    normal = (weighted @ columns.swapaxes(1, 2)).astype(np.float64)
    size = np.maximum(np.diagonal(normal, axis1=1, axis2=2), 1e-30)
    scale = size**-0.5
    normal = normal * scale[:, :, None] * scale[:, None, :] + RIDGE * np.eye(normal.shape[1])
    inverse = np.linalg.inv(normal)
    pulled = (weighted @ y.astype(np.float32)[:, :, None])[:, :, 0] * scale
    amplitudes = (inverse @ pulled[:, :, None])[:, :count, 0] * scale[:, :count]
    variances = np.diagonal(inverse, axis1=1, axis2=2)[:, :count] * scale[:, :count] ** 2
    main = np.maximum(amplitudes[:, mineral.strongest], 1e-12)[:, None]
    return amplitudes / main, np.sqrt(np.maximum(variances, 0.0)) / main
