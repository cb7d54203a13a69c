"""What a training sees: pre-computed clean spectra, measured afresh for every batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..minerals import Mineral
from ..simulation.detector import NoisePool, expose
from ..simulation.instrument import Instrument
from ..simulation.simulate import counted, render
from .codes import UNIFORM_REACH, correlated, in_pairs, same_state, training_codes
from .config import TrainConfig
from .ranges import values as taken

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Batch:
    """value, mask, clean (B, N); code (B, latents), 0 where no factor has a neuron.

    ``shared`` (B/2, latents): pairs with a known index, the neurons that the member i and the
    member i + B/2 have in common.
    """

    value: Tensor
    mask: Tensor
    clean: Tensor
    code: Tensor
    shared: Tensor | None = None


@dataclass(frozen=True, eq=False)
class TrainingSet:
    """n spectra before their measurement; ``light`` differs from ``clean`` by the optics.

    With a ``partner``, the second half of the rows is seen through that instrument. In pairs, the
    row i belongs to the row i + n/2, and ``shared`` (n/2, latents) says which neurons they share.
    """

    wavenumber: NDArray[np.float64]
    clean: Floats
    light: Floats
    codes: Floats
    counts: Floats
    instrument: Instrument
    noise: NoisePool
    partner: Instrument | None = None
    paired: bool = False
    shared: NDArray[np.bool_] | None = None

    def batch(self, size: int, rng: np.random.Generator) -> Batch:
        """A batch measured afresh; of pairs or two instruments, half and half."""
        n, half = len(self.clean), len(self.clean) // 2
        if self.paired:
            first = rng.integers(half, size=size // 2)
            rows = np.concatenate([first, first + half])
        elif self.partner is not None:
            rows = rng.integers(half, size=size)
            rows[size // 2 :] += half
        else:
            rows = rng.integers(n, size=size)
        if self.partner is None:
            value, mask = self._measure(self.instrument, rows, rng)
        else:
            halves = rows[: size // 2], rows[size // 2 :]
            devices = self.instrument, self.partner
            both = [self._measure(d, r, rng) for d, r in zip(devices, halves, strict=True)]
            value, mask = (np.concatenate(parts) for parts in zip(*both, strict=True))
        return Batch(
            torch.from_numpy(value),
            torch.from_numpy(mask),
            torch.from_numpy(self.clean[rows]),
            torch.from_numpy(self.codes[rows]),
            None if self.shared is None else torch.from_numpy(self.shared[rows[: size // 2]]),
        )

    def _measure(
        self, device: Instrument, rows: NDArray[np.intp], rng: np.random.Generator
    ) -> tuple[Floats, Floats]:
        """Values, 0 where nothing was recorded, and the mask that says so."""
        measured, recorded = expose(
            device, self.light[rows], self.wavenumber, self.counts[rows], rng, self.noise
        )
        value, mask = measured.astype(np.float32, copy=False), recorded.astype(np.float32)
        value *= mask
        return value, mask


def training_set(config: TrainConfig) -> TrainingSet:
    """Simulate the spectra of a configuration; float32 throughout."""
    m, x = config.substance, config.substance.axis
    rng = np.random.default_rng(config.seed)
    drawn = training_codes(config.spectra, len(m.factors), rng)
    correlation, shared = None, None
    if config.correlation is not None:
        one, other, rank = config.correlation
        correlation = _index(m, one), _index(m, other), rank
    if config.is_paired:
        paired = np.array([_index(m, name) for name in config.paired_factors])
        drawn, changed = in_pairs(drawn, paired, rng, correlation)
        if config.supervision == "pairs":
            shared = np.zeros((len(changed), config.latents), bool)
            for name, neuron in config.guided.items():
                shared[:, neuron] = changed != _index(m, name)
    elif config.is_bridged:
        state = np.array([_index(m, f.name) for f in m.state])
        drawn = same_state(drawn, state)
    elif correlation is not None:
        drawn = correlated(drawn, np.zeros(drawn.shape, bool), *correlation)
    quality = m.the("counts")
    if config.counts is not None and quality is not None:
        low, high = quality.code(np.log10(config.counts))
        share = np.clip(0.5 + drawn[:, _index(m, quality.name)] / (2 * UNIFORM_REACH), 0, 1)
        drawn[:, _index(m, quality.name)] = low + (high - low) * share
    parts = []
    for device, some, optics in _seen(config, drawn, rng):
        varying = config.varying
        values = {f.name: taken(f, z, varying) for f, z in zip(m.factors, some.T, strict=True)}
        values, counts = counted(m, device, values)
        clean, light = render(m, device, x, values, optics, np.float32)
        codes = np.zeros((len(some), config.latents), np.float32)
        for name, neuron in config.guided.items():
            factor = m.factor(name)
            fixed = factor == quality and device.counts
            moved = fixed or varying[name] != (factor.low, factor.high)
            codes[:, neuron] = factor.code(values[name]) if moved else some[:, _index(m, name)]
        parts.append((clean, light, codes, counts))
    targets, lights, told, exposure = map(_joined, zip(*parts, strict=True))
    return TrainingSet(
        x,
        targets,
        lights,
        told,
        exposure,
        config.instrument,
        NoisePool(rng),
        config.partner,
        config.is_paired or config.is_bridged,
        shared,
    )


def _joined(parts: Sequence[NDArray[Any]]) -> Floats:
    """The parts as one float32 array; a single one is not copied."""
    whole = parts[0] if len(parts) == 1 else np.concatenate(parts)
    return whole.astype(np.float32, copy=False)


def _seen(
    config: TrainConfig, drawn: NDArray[np.float64], rng: np.random.Generator
) -> list[tuple[Instrument, NDArray[np.float64], np.random.Generator]]:
    """Through which instrument which codes are seen, and where its optics are drawn from."""
    if not config.is_paired and config.partner is None:
        return [(config.instrument, drawn, rng)]
    devices = config.instrument, config.partner or config.instrument
    # A pair is one sample: its optics are drawn alike, its noise is not.
    optics = [np.random.default_rng([config.seed, 2]) if config.is_paired else rng for _ in devices]
    return list(zip(devices, np.split(drawn, 2), optics, strict=True))


def _index(m: Mineral, name: str) -> int:
    return [f.name for f in m.factors].index(name)
