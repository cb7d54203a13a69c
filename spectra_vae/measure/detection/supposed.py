"""A file as if it were some mineral's: are its bands there, and how well do they explain it?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...minerals import Mineral
from ...minerals.profile import pseudo_voigt
from ..fitting.fit_result import Fits
from ..fitting.orientation import FREE
from .apex import width_at
from .presence import (
    RIDGE,
    TINY,
    UNEVEN,
    Presence,
    presences_of,
    relative,
    relative_heights,
)

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

AROUND = 2.5  # widths of the strongest band


@dataclass(frozen=True, eq=False)
class Weighted:
    """Points by their ``root`` weights (N,), and what a background of ``basis`` (K, N), which has
    those already, explains of them: by its normal matrix ``within`` (K, K).
    """

    root: Array
    basis: Array
    within: Array

    @classmethod
    def by(cls, weight: Array, basis: NDArray[np.float32]) -> Weighted:
        """With ``weight`` (N,) one over the variance, and ``basis`` (K, N) without it."""
        root = np.sqrt(weight)
        ground = basis.astype(np.float64) * root
        within = ground @ ground.T
        within += RIDGE * np.trace(within) * np.eye(len(within))
        return cls(root, ground, within)

    def products(self, rows: Array) -> Array:
        """(R, R) of ``rows`` (R, N), without what a background explains."""
        rows = rows * self.root
        across = rows @ self.basis.T
        return np.asarray(rows @ rows.T - across @ np.linalg.solve(self.within, across.T))


@dataclass(frozen=True, eq=False)
class Recorded:
    """File k of some fits, whosever it is; its strongest band stands at ``position``, cm⁻¹."""

    fits: Fits
    k: int
    position: float

    @cached_property
    def wider(self) -> float:
        """How many times as wide as tabulated its bands are."""
        return width_at(self.fits, self.k, self.position)

    @cached_property
    def points(self) -> Mask:
        """(N,)"""
        return np.asarray(self.fits.usable[self.k] & self.fits.grid.inside)

    @cached_property
    def counted(self) -> NDArray[np.intp]:
        """(N + 1,) how many of the points lie before each place of the axis."""
        return np.concatenate([[0], np.cumsum(self.points)])

    @cached_property
    def y(self) -> Array:
        """(N,)"""
        return np.asarray(self.fits.measured[self.k])

    @cached_property
    def weight(self) -> Array:
        """(N,)"""
        return np.where(self.points, 1 / self.fits.quieter[self.k], 0.0)

    @cached_property
    def basis(self) -> NDArray[np.float32]:
        """(K, N) of a background."""
        return np.asarray(self.fits.grid.basis.numpy().T)

    @cached_property
    def whole(self) -> Weighted:
        return Weighted.by(self.weight, self.basis)

    @cached_property
    def beside(self) -> Weighted:
        """Without the strongest band, as certain as the residuals allow."""
        reach = AROUND * self.fits.grid.model.mineral.main.width * self.wider
        near = np.abs(self.fits.grid.x - self.position) < reach
        weight = np.where(near, 0.0, self.weight)
        return Weighted.by(weight / self.fits.tension[self.k] ** 2, self.basis)


@dataclass(frozen=True, eq=False)
class Supposed:
    """A file as if it were ``mineral``'s."""

    file: Recorded
    mineral: Mineral

    @property
    def bands_that_tell(self) -> int:
        """How many bands beside the strongest have to be there."""
        free = set(self.mineral.free_groups)
        return sum(b.group not in free for b in self.mineral.bands if b != self.mineral.main)

    @cached_property
    def presence(self) -> Presence:
        """The verdict of the mineral's bands, each as high as it likes, on the same background."""
        file = self.file
        found = relative(
            self.mineral, self._table[None], file.basis, file.y[None], file.weight[None]
        )
        return presences_of(self.mineral, *found, self._points[None])[0]

    @cached_property
    def criterion(self) -> float:
        """−2 log of the evidence for the mineral, but for what all minerals share: how well its
        bands explain the file if crystals make them as high as they do, averaged over that. So a
        weak band that the noise hides tells nothing, and a strong one that isn't there does (H.
        Jeffreys 1935, Math. Proc. Camb. Philos. Soc. 31:203). The strongest one's place tells
        nothing and is left out.
        """
        table, y, some = self._table, self.file.y, self._points >= 3
        gain = self._gain(self.file.whole.products(np.vstack([table, y])))
        square = self.file.beside.products(np.vstack([table[some], y]))
        height = np.full(len(square) - 1, gain)
        spread = gain * np.hypot(FREE, UNEVEN / np.maximum(relative_heights(self.mineral), TINY))
        spread = spread[some]
        left = square[:-1, -1] - square[:-1, :-1] @ height
        chi2 = square[-1, -1] - square[-1, :-1] @ height - left @ height
        inner = np.eye(len(height)) + spread[:, None] * square[:-1, :-1] * spread
        explained = (spread * left) @ np.linalg.solve(inner, spread * left)
        return float(chi2 - explained + np.linalg.slogdet(inner)[1])

    def _gain(self, square: Array) -> float:
        """How many times as high as tabulated the strongest band is, from products of all bands and
        the file, the background taken off.
        """
        inner = square[:-1, :-1] + RIDGE * np.diag(np.diagonal(square)[:-1])
        inner += TINY * np.eye(len(inner))
        found = np.linalg.solve(inner, square[:-1, -1])
        return max(float(found[self.mineral.strongest]), TINY)

    @cached_property
    def _places(self) -> Array:
        """(bands,) where the mineral's bands then stand, cm⁻¹."""
        m = self.mineral
        return np.asarray(m.table["position"] + self.file.position - m.main.position)

    @cached_property
    def _points(self) -> NDArray[np.intp]:
        """(bands,) how many of the file's points stand on each."""
        x, half = self.file.fits.grid.x, self.mineral.table["width"] / 2
        first = self.file.counted[np.searchsorted(x, self._places - half, side="right")]
        last = self.file.counted[np.searchsorted(x, self._places + half, side="left")]
        return np.asarray(last - first)

    @cached_property
    def _table(self) -> NDArray[np.float32]:
        """(bands, N) the mineral's, as wide as the file's."""
        table = self.mineral.table
        offset = (self.file.fits.grid.x - self._places[:, None]).astype(np.float32)
        wide, mixed, height = (
            np.asarray(v, dtype=np.float32)[:, None]
            for v in (table["width"] * self.file.wider, table["mixing"], table["height"])
        )
        return np.asarray(pseudo_voigt(offset, wide, mixed) * height)
