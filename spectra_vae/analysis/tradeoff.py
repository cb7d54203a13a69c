"""What a variational model spends and loses on unseen spectra of its own training's kind.

Also the eigenvalues that bound a linear model of the same data, and the spectra that a sweep of β
is watched on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..minerals import Mineral
from ..simulation.instrument import Instrument
from ..simulation.simulate import simulate
from ..vae.config import TrainConfig
from ..vae.data import TrainingSet, training_set
from .diagnostics import collapse, decompose, kl_per_neuron
from .rate_distortion import Codec, measure
from .sweep import Example

Array = NDArray[np.float64]

SPECTRA = 1_500
FEWEST = 500  # for a score
DECOMPOSED = 1_000
BOUNDING = 6_000  # spectra in each half behind the linear form
RIDGE = 1e-6  # of the mean variance
UNSEEN = 1_000_039  # added to the training's seed
EXAMPLE_COUNTS = 300.0
# Where in its range each effect's factor stands, by example; the others are at their reference.
EXAMPLES: tuple[Mapping[str, float], ...] = (
    {},
    {"strength": 0.25, "width": 0.25, "position": 0.75},
    {"strength": 0.9, "width": 0.95, "position": 0.2, "scale": 0.3},
)


def tradeoff(model: Codec, config: TrainConfig) -> dict[str, Any]:
    """Rate, distortion, KL per neuron and its three parts, collapse; JSON values, nats.

    The distortion is the SSE of spectra decoded from samples, weighted as in training.
    """
    n = examined(config, SPECTRA)
    data = _unseen(config, n)
    dirty, clean = _measured(data, n)
    point = measure(model, dirty, clean, max(config.beta, 1e-12), weights(config, data.wavenumber))
    q = model.encode(dirty)
    assert q.std is not None  # measure would have refused
    kl = kl_per_neuron(q.mean, q.std)
    split = decompose(q.mean[:DECOMPOSED], q.std[:DECOMPOSED])
    return {
        "spectra": n,
        "rate": round(point.rate, 4),
        "distortion": round(point.distortion, 6),
        "kl": [round(float(v), 5) for v in kl],
        "information": round(split.information, 4),
        "total_correlation": round(split.total_correlation, 4),
        "dimension_wise": round(split.dimension_wise, 4),
        "collapse": collapse(kl).to_dict(),
    }


def examined(config: TrainConfig, most: int) -> int:
    """How many spectra a model is examined on: no more than it was trained on, if those do."""
    return min(most, max(FEWEST, config.spectra))


def weights(config: TrainConfig, wavenumber: Array) -> Array:
    """The training's emphasis on each point, (N,)."""
    weight = np.ones(len(wavenumber))
    for low, high, factor in config.emphasis:
        weight[(wavenumber >= low) & (wavenumber < high)] = factor
    return weight


def denoising_eigenvalues(config: TrainConfig, n: int = BOUNDING) -> tuple[Array, float]:
    """Eigenvalues of Σ_yx Σ_xx⁻¹ Σ_xy (N,), the largest first, and tr(Σ_y) minus their sum.

    x: the dirty values, 0 where nothing was recorded; y: the clean ones, weighted. Fitted on ``n``
    spectra and held against ``n`` others, both ways, so that noise explains nothing.
    """
    sets = [_centred(config, n, seed) for seed in (0, 1)]
    maps = [_regression(x, y) for x, y in sets]
    guesses = ((sets[1][0] @ maps[0], sets[1][1]), (sets[0][0] @ maps[1], sets[0][1]))
    told = np.sum([guess.T @ y for guess, y in guesses], axis=0) / (2 * n)
    values = np.maximum(np.linalg.eigvalsh((told + told.T) / 2)[::-1], 0.0)
    total = sum(float((y**2).sum()) for _, y in sets) / (2 * n)
    return values, max(total - float(values.sum()), 0.0)


def _centred(config: TrainConfig, n: int, seed: int) -> tuple[Array, Array]:
    data = _unseen(config, n, seed)
    dirty, clean = _measured(data, n)
    x, y = np.nan_to_num(dirty), clean * weights(config, data.wavenumber)
    return x - x.mean(axis=0), y - y.mean(axis=0)


def _regression(x: Array, y: Array) -> Array:
    xx = x.T @ x
    xx[np.diag_indices_from(xx)] += RIDGE * np.trace(xx) / len(xx)
    return np.asarray(np.linalg.solve(xx, x.T @ y))


def examples(
    mineral: Mineral, wavenumber: Array, varying: Collection[str] | None = None
) -> tuple[Example, ...]:
    """The spectra to look at, at few counts and without a background.

    ``varying``: the factors that may leave their reference; None: all.
    """
    factors: dict[str, Array] = {}
    for factor in mineral.visible:
        low, span = factor.low, factor.high - factor.low
        usual = (factor.reference - low) / span
        moves = varying is None or factor.name in varying
        shares = np.array([one.get(factor.effect, usual) if moves else usual for one in EXAMPLES])
        factors[factor.name] = low + span * shares
    device = Instrument(name="example", fluorescence=(0.0, 0.0), spikes=0.0).at(EXAMPLE_COUNTS)
    seen = simulate(mineral, len(EXAMPLES), device, 5, factors=factors, wavenumber=wavenumber)
    return tuple(
        Example({name: float(v[k]) for name, v in factors.items()}, dirty, clean)
        for k, (dirty, clean) in enumerate(zip(seen.dirty, seen.clean, strict=True))
    )


def through(model: Codec, watched: Sequence[Example]) -> Array:
    """Each example through a model, (k, N), decoded from its mean code."""
    return model.decode(model.encode(np.stack([one.dirty for one in watched])).mean)


def _unseen(config: TrainConfig, n: int, seed: int = 0) -> TrainingSet:
    return training_set(replace(config, spectra=n, seed=(config.seed + UNSEEN + seed) % 2**32))


def _measured(data: TrainingSet, n: int) -> tuple[Array, Array]:
    """Dirty (n, N), NaN where nothing was recorded, and clean."""
    batch = data.batch(n, np.random.default_rng(0))
    dirty = np.where(batch.mask.numpy() > 0, batch.value.numpy(), np.nan)
    return dirty.astype(float), batch.clean.numpy().astype(float)
