"""What the encoder says of a spectrum: a normal distribution over the codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Posterior:
    """``mean`` (..., latents) and ``std`` (..., latents), None for a plain autoencoder."""

    mean: Array
    std: Array | None

    @property
    def kl(self) -> Array | None:
        """KL(N(mean, std²) ‖ N(0, 1)) = ½(mean² + std² − 1 − ln std²), (..., latents), nats."""
        if self.std is None:
            return None
        return np.asarray(0.5 * (self.mean**2 + self.std**2 - 1) - np.log(self.std))

    def to_dict(self) -> dict[str, Any]:
        return {
            "mean": self.mean.tolist(),
            "std": None if self.std is None else self.std.tolist(),
        }
