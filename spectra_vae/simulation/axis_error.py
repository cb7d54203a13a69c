"""Errors of a file's axis: offset, stretch, and the bend of one filled linearly in cm⁻¹."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..minerals.profile import Profiles
from .nuisances import Nuisances

Array = NDArray[np.float64]

EXPOSURE = 1400.0  # cm⁻¹ that one exposure records


@dataclass(frozen=True, eq=False)
class AxisError:
    """Of n files, whose axes run from ``start`` to ``end`` [cm⁻¹]: ``offset`` [cm⁻¹], ``stretch``
    (relative) and whether they are ``bent``, (n,) each; ``laser`` in nm.
    """

    offset: Array
    stretch: Array
    bent: NDArray[np.bool_]
    start: float
    end: float
    laser: float

    @classmethod
    def draw(
        cls,
        switches: Nuisances,
        n: int,
        x: Array,
        laser: float,
        rng: dict[str, np.random.Generator],
    ) -> AxisError:
        return cls(
            rng["offset"].normal(0, switches.offset, n),
            rng["stretch"].normal(0, switches.stretch, n),
            rng["bend"].random(n) < switches.bend,
            float(x.min()),
            float(x.max()),
            laser,
        )

    @property
    def any(self) -> bool:
        return bool(self.offset.any() or self.stretch.any() or self.bent.any())

    def shown(self, position: Array) -> tuple[Array, Array]:
        """Where the files show what stands at ``position`` (n, K), and how many times as wide."""
        moved = position * (1 + self.stretch[:, None]) + self.offset[:, None]
        scale = np.broadcast_to(1 + self.stretch[:, None], position.shape).copy()
        some = self.bent
        if some.any():
            moved[some], slope = self._bent(moved[some])
            scale[some] *= slope
        return moved, scale

    def apply(self, bands: Profiles) -> Profiles:
        """Bands (n, K) as the files show them."""
        if not self.any:
            return bands
        position, scale = self.shown(bands.position)
        return Profiles(position, bands.height, bands.width * scale, bands.mixing)

    def _bent(self, position: Array) -> tuple[Array, Array]:
        """Exact at the ends of each exposure; points in between are even in nm, not in cm⁻¹."""
        exposures = max(int(np.ceil((self.end - self.start) / EXPOSURE)), 1)
        size = (self.end - self.start) / exposures
        which = np.clip((position - self.start) // size, 0, exposures - 1)
        low = self.start + which * size
        first, last, here = (self._wavelength(p) for p in (low, low + size, position))
        slope = size / (last - first) * here**2 / 1e7
        return low + size * (here - first) / (last - first), slope

    def _wavelength(self, shift: Array) -> Array:
        """nm of a Raman shift, cm⁻¹."""
        return np.asarray(1e7 / (1e7 / self.laser - shift))
