"""An instrument's relative response over the axis: tilted, curved, and rippled by an etalon."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .nuisances import Nuisances

Array = NDArray[np.float64]

PERIOD = (40.0, 200.0)  # cm⁻¹


@dataclass(frozen=True, eq=False)
class Response:
    """Of n instruments: ``tilt``, ``curve``, ``ripple``, its ``period`` [cm⁻¹] and ``phase``, (n,)
    each; the axis runs from ``start`` to ``end``.
    """

    tilt: Array
    curve: Array
    ripple: Array
    period: Array
    phase: Array
    start: float
    end: float

    @classmethod
    def draw(
        cls, switches: Nuisances, n: int, x: Array, rng: dict[str, np.random.Generator]
    ) -> Response:
        slow, fast = rng["response"], rng["etalon"]
        return cls(
            slow.normal(0, switches.response, n),
            slow.normal(0, switches.response, n),
            fast.uniform(0, switches.etalon, n),
            np.exp(fast.uniform(np.log(PERIOD[0]), np.log(PERIOD[1]), n)),
            fast.uniform(0, 2 * np.pi, n),
            float(x.min()),
            float(x.max()),
        )

    @property
    def flat(self) -> bool:
        return not (self.tilt.any() or self.curve.any() or self.ripple.any())

    def at(self, x: Array) -> Array:
        """(n, N) at ``x`` (N,) or (n, N); its logarithm is 0 on average, ripples apart."""
        u = 2 * (x - self.start) / (self.end - self.start) - 1
        tilt, curve, ripple, period, phase = (
            a[:, None] for a in (self.tilt, self.curve, self.ripple, self.period, self.phase)
        )
        slow = np.exp(tilt * u + curve * (u**2 - 1 / 3))
        return np.asarray(slow * (1 + ripple * np.sin(2 * np.pi * x / period + phase)))
