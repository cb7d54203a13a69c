"""Phases and where they stand in a file: the state that a fit moves, and what it means in cm⁻¹."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...minerals.profile import at_resolution
from .part import Part
from .scan import Scan

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

# One σ of what a sample and a file may differ by from a table.
AXIS = 2.0  # cm⁻¹, the file's offset, and its stretch at either end
SHIFT = 1.0  # cm⁻¹, a phase by itself
WIDER = 0.35  # of ln FWHM, a phase by itself
BLUR = 36.0  # cm⁻², of the instrument's squared resolution (FWHM) less the tables'
SOME_BLUR = 1.0  # cm⁻², where a fit starts: at 0 itself widths aren't converted, and jump
SHARPEST, BLUREST = 0.1, 500.0  # of the tables' squared resolution; cm⁻²
HEIGHT, WIDTH = 0.6, 0.2  # of ln height and ln FWHM, a band by itself
FREE_HEIGHT, FREE_WIDTH = 2.0, 0.7  # the same, of bands that no mineral has
FILE = 3  # parameters of the file: offset, stretch, blur (of the squared resolution)
EACH = 3  # of a phase: ln gain, shift, ln width


@dataclass(frozen=True, eq=False)
class Table:
    """All bands (K,) of some parts in a row: ``owner`` the part of each, ``resolution`` [cm⁻¹] at
    which its width holds, ``free``: it is no mineral's; ``spread`` (3 P + 3 K,) one σ of every
    parameter of phases and bands.
    """

    position: Array
    height: Array
    width: Array
    mixing: Array
    resolution: Array
    owner: NDArray[np.intp]
    free: Mask
    spread: Array

    def blurred(self, blur: float) -> tuple[Array, Array]:
        """FWHM and mixing (K,) where the squared resolution is ``blur`` cm⁻² larger."""
        base = self.resolution
        seen = np.sqrt(np.maximum(base**2 + blur, SHARPEST * base**2))
        return at_resolution(self.width, self.mixing, base, seen)


@functools.lru_cache(maxsize=64)
def table_of(parts: tuple[Part, ...]) -> Table:
    """Remembered: a fit asks at every step."""
    count = len(parts)
    owner = np.repeat(np.arange(count), np.array([len(p) for p in parts], int))
    free = np.array([p.free for p in parts], dtype=bool)[owner]
    columns = ("position", "height", "width", "mixing", "loose")
    position, height, width, mixing, loose = (
        np.concatenate([np.zeros(0), *(getattr(p, name) for p in parts)]) for name in columns
    )
    spread = [
        np.repeat([np.inf, SHIFT, WIDER], count),
        np.where(free, FREE_HEIGHT, HEIGHT),
        loose,
        np.where(free, FREE_WIDTH, WIDTH),
    ]
    resolution = np.array([p.resolution for p in parts], float)[owner]
    return Table(position, height, width, mixing, resolution, owner, free, np.concatenate(spread))


@dataclass(frozen=True, eq=False)
class Mixture:
    """Phases and where they stand in a file.

    ``file`` (3,): offset and stretch at the ends of the range [cm⁻¹], and by how much the squared
    resolution [cm⁻²] is larger than the tables'; ``phases`` (P, 3)
    ln gain, shift [cm⁻¹], ln width; ``bands`` (K, 3) ln height, position [cm⁻¹] and ln width of
    all phases' bands, in their order, relative to the table; ``background`` (B,). ``blur``: what is
    known of ``file[2]`` beforehand, and one σ.
    """

    parts: tuple[Part, ...]
    file: Array
    phases: Array
    bands: Array
    background: Array
    blur: tuple[float, float] = (0.0, BLUR)

    @cached_property
    def table(self) -> Table:
        return table_of(self.parts)

    @property
    def owner(self) -> NDArray[np.intp]:
        """(K,) the phase of each band."""
        return self.table.owner

    @property
    def minerals(self) -> range:
        """The phases that are minerals; bands of none stand behind them."""
        return range(sum(not p.free for p in self.parts))

    @cached_property
    def at(self) -> Array:
        """(K,) cm⁻¹, before the file's axis errs."""
        return np.asarray(self.table.position + self.bands[:, 1] + self.phases[self.owner, 1])

    @cached_property
    def seen(self) -> tuple[Array, Array]:
        """FWHM and mixing (K,) at the file's resolution, before phases and bands differ."""
        return self.table.blurred(float(self.file[2]))

    def placed(self, scan: Scan) -> tuple[Array, Array, Array, Array]:
        """Positions, heights, widths and mixings (K,) as they stand in the file."""
        lever = (self.at - scan.middle) / scan.half
        width, mixing = self.seen
        narrower = self.table.width / width  # a blurred band keeps its area
        height = self.table.height * narrower
        height = height * np.exp(self.bands[:, 0] + self.phases[self.owner, 0])
        wide = width * np.exp(self.bands[:, 2] + self.phases[self.owner, 2])
        return self.at + self.file[0] + self.file[1] * lever, height, wide, mixing

    @cached_property
    def vector(self) -> Array:
        """(M,) all parameters in a row: file, phases, bands, background."""
        every = (self.file, self.phases.T.ravel(), self.bands.T.ravel(), self.background)
        return np.concatenate(every)

    def without(self, p: int) -> Mixture:
        """All but phase ``p``."""
        keep = np.arange(len(self.parts)) != p
        parts = tuple(part for part, kept in zip(self.parts, keep, strict=True) if kept)
        bands = self.bands[keep[self.owner]]
        return replace(self, parts=parts, phases=self.phases[keep], bands=bands)

    @property
    def listed(self) -> Mixture:
        """Its minerals alone."""
        free = [p for p, part in enumerate(self.parts) if part.free]
        return self.without(free[0]) if free else self

    def straightened(self) -> Mixture:
        """All parts where and as wide as their tables have them, on the same axis."""
        file = np.array([self.file[0], self.file[1], SOME_BLUR])
        phases = self.phases * np.array([1.0, 0.0, 0.0])
        return replace(self, file=file, phases=phases, bands=np.zeros_like(self.bands))

    def prior(self, scan: Scan) -> tuple[Array, Array]:
        """1/σ² and mean (M,) of every parameter."""
        file = np.array([AXIS, AXIS, self.blur[1]])
        spread = np.concatenate([file, self.table.spread, scan.slack])
        mean = np.zeros(len(spread))
        mean[2] = self.blur[0]
        return 1 / spread**2, mean

    def followers(self, scan: Scan) -> Array:
        """(3 K + B, 3 + 3 P): how ln heights, positions, ln widths and background follow the
        parameters of file and phases.
        """
        k, p = len(self.bands), len(self.parts)
        rows = np.arange(k)
        found = np.zeros((3 * k + len(self.background), FILE + EACH * p))
        found[k + rows, 0] = 1.0
        found[k + rows, 1] = (self.at - scan.middle) / scan.half
        wider = self.table.blurred(float(self.file[2]) + 0.5)[0]
        grows = np.log(wider / self.seen[0]) / 0.5
        found[2 * k + rows, 2] = grows
        found[rows, 2] = -grows
        for j in range(EACH):
            found[j * k + rows, FILE + j * p + self.owner] = 1.0
        return found


def begin(scan: Scan, parts: Sequence[Part], offset: float, gains: Sequence[float]) -> Mixture:
    """Where a fit starts: tables moved by ``offset`` cm⁻¹, as strong as ``gains``."""
    phases = np.zeros((len(parts), EACH))
    phases[:, 0] = np.log(np.maximum(gains, 1e-4))
    count = sum(len(p) for p in parts)
    file = np.array([offset, 0.0, SOME_BLUR])
    return Mixture(tuple(parts), file, phases, np.zeros((count, 3)), np.zeros(scan.basis.shape[1]))
