"""What a simulation must be told to be of a training's kind. Needs no torch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .settings import Settings


def conditions(config: Settings, n: int, seed: int = 0) -> dict[str, float | NDArray[np.float64]]:
    """What a simulation of a training's kind must be told: factor → its value or (n,) of them.

    The reference where a factor stands still, values all over a narrowed range; factors that vary
    over their whole range are left out, as a simulation draws them so by itself.
    """
    rng, varying = np.random.default_rng(seed), config.varying
    quality = config.substance.the("counts")
    told: dict[str, float | NDArray[np.float64]] = {}
    for f in config.substance.factors:
        if f == quality and config.instrument.counts is not None:
            continue  # the instrument sets them
        if f.name not in varying:
            told[f.name] = f.reference
        elif varying[f.name] != (f.low, f.high):
            told[f.name] = rng.uniform(*varying[f.name], n)
    return told
