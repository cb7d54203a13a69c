"""What a training sees: pre-computed clean spectra, measured afresh for every batch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..instrument import Instrument, NoisePool
from ..minerals import Mineral, default_axis, mineral
from ..simulate import counted, render
from .config import TrainConfig

Floats = NDArray[np.float32]

# Half of the codes are normal, half uniform beyond the sliders' ends: a decoder that never saw
# the ends extrapolates there, and water stays.
UNIFORM_REACH = 5.0


@dataclass(frozen=True)
class Batch:
    """value, mask, clean (B, N); code (B, latents), 0 where no factor is guided."""

    value: Tensor
    mask: Tensor
    clean: Tensor
    code: Tensor


@dataclass(frozen=True, eq=False)
class TrainingSet:
    """n spectra before their measurement; ``light`` differs from ``clean`` by the optics."""

    wavenumber: NDArray[np.float64]
    clean: Floats
    light: Floats
    codes: Floats
    counts: Floats
    instrument: Instrument
    noise: NoisePool

    def batch(self, size: int, rng: np.random.Generator) -> Batch:
        """A batch measured afresh."""
        rows = rng.integers(len(self.clean), size=size)
        measured = self.instrument.detect(
            self.light[rows], self.wavenumber, self.counts[rows], rng, self.noise
        )
        mask = np.isfinite(measured)
        measured[~mask] = 0.0
        return Batch(
            torch.from_numpy(measured.astype(np.float32, copy=False)),
            torch.from_numpy(mask.astype(np.float32)),
            torch.from_numpy(self.clean[rows]),
            torch.from_numpy(self.codes[rows]),
        )


def training_codes(n: int, factors: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Codes (n, factors): an even mixture of N(0, 1) and the uniform distribution on ±5."""
    wide = rng.random((n, factors)) < 0.5
    uniform = rng.uniform(-UNIFORM_REACH, UNIFORM_REACH, (n, factors))
    return np.where(wide, uniform, rng.standard_normal((n, factors)))


def training_set(config: TrainConfig) -> TrainingSet:
    """Simulate the spectra of a configuration; float32 throughout."""
    m, x = mineral(config.mineral), default_axis()
    rng = np.random.default_rng(config.seed)
    drawn = training_codes(config.spectra, len(m.factors), rng)
    values = {f.name: f.value(z) for f, z in zip(m.factors, drawn.T, strict=True)}
    values, counts = counted(m, config.instrument, values)
    clean, light = render(m, config.instrument, x, values, rng, np.float32)
    codes = np.zeros((config.spectra, config.latents), np.float32)
    for name, neuron in config.guided.items():
        codes[:, neuron] = drawn[:, _index(m, name)]
    return TrainingSet(
        x,
        clean.astype(np.float32),
        light.astype(np.float32),
        codes,
        counts.astype(np.float32),
        config.instrument,
        NoisePool(rng),
    )


def _index(m: Mineral, name: str) -> int:
    return [f.name for f in m.factors].index(name)
