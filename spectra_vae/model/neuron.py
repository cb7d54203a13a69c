"""One latent dimension, as data."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Neuron:
    """One latent dimension.

    ``factor``: what it was asked to carry (None if nothing); ``kl``: mean KL against N(0, 1) over
    the evaluation set, nats (None for a plain autoencoder); ``active``: KL > 0.01 nats, or for
    a plain autoencoder a variance of codes > 0.01; ``inert``: moves no spectrum; ``low``,
    ``high``: slider ends; ``mean``, ``std``: of its codes over the evaluation set.
    """

    index: int
    factor: str | None
    kl: float | None
    active: bool
    low: float
    high: float
    inert: bool = False
    mean: float = 0.0
    std: float = 1.0

    @property
    def role(self) -> str:
        """The factor it was asked to carry, else ``silent`` or ``mixed``."""
        return self.factor or ("silent" if self.silent else "mixed")

    @property
    def silent(self) -> bool:
        """Neither active nor moving anything."""
        return not self.active and self.inert


def check_sliders(neurons: Sequence[Neuron], factors: Collection[str]) -> None:
    """What a model's header says of its neurons must make sliders, of factors that there are.

    Raises
    ------
    ValueError
        It doesn't.
    """
    for n in neurons:
        if not all(map(math.isfinite, (n.low, n.high, n.mean, n.std))) or not n.low < n.high:
            raise ValueError(f"#{n.index} makes no slider")
        if n.factor is not None and n.factor not in factors:
            raise ValueError(f"#{n.index} carries an unknown factor")
