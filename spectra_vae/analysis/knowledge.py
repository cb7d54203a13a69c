"""Which factor each neuron's code knows: the neuron × factor information matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..minerals import Mineral
from ..model.posterior import Posterior
from ..simulation.simulate import simulate
from ..vae.conditions import conditions
from ..vae.config import TrainConfig
from .metrics import information

Array = NDArray[np.float64]

SPECTRA = 600
BINS = 10  # fewer than the metrics' 20: they leave 0.02 nats by chance, not 0.1


class Model(Protocol):
    """What is asked of a model."""

    wavenumber: Array
    config: TrainConfig

    @property
    def mineral(self) -> Mineral: ...
    def encode(self, spectrum: Any) -> Posterior: ...


@dataclass(frozen=True, eq=False)
class Knowledge:
    """``nats`` (latents, factors) of mutual information, at most ``most``, from ``spectra``."""

    factors: tuple[str, ...]
    nats: Array
    spectra: int
    most: float


def knowledge(model: Model) -> Knowledge:
    """Mutual information of posterior means and factors, over measurements as in training."""
    data = simulate(
        model.mineral,
        SPECTRA,
        model.config.instrument,
        seed=0,
        factors=conditions(model.config, SPECTRA),
        wavenumber=model.wavenumber,
    )
    varied = {name: v for name, v in data.factors.items() if np.ptp(v) > 0}
    nats = information(model.encode(data.dirty).mean, varied, BINS)
    return Knowledge(tuple(varied), nats, SPECTRA, float(np.log(BINS)))
