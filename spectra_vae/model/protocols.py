"""What studies and measurements may ask of a trained model; the virtual spectrometer answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..minerals import Mineral
from .neuron import Neuron

Array = NDArray[np.float64]


class Trained(Protocol):
    """A model's axis (N,) [cm⁻¹], its origin (latents,), its mineral and what its neurons are.

    ``controls``: factor → the neuron that carries it. What else somebody needs of a model, a
    protocol beside them adds.
    """

    wavenumber: Array
    origin: Array

    @property
    def mineral(self) -> Mineral: ...
    @property
    def neurons(self) -> tuple[Neuron, ...]: ...
    @property
    def controls(self) -> Mapping[str, int]: ...
