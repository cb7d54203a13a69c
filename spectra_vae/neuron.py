"""One latent dimension, as data."""

from __future__ import annotations

from dataclasses import dataclass

ACTIVE_NATS = 0.01  # of KL: less, and a neuron carries nothing


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
