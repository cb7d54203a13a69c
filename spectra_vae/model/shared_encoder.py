"""An encoder for a decoder whose readout was solved, in less than a minute.

The codes of a guided decoder are known, so its encoder is a regression with its uncertainty: the
objective's guidance alone, and no decoder is asked. Its first layer is not trained. It looks along
the directions in which the mineral's own spectra vary and those of what lies under them, so what
it sees of many simulated measurements is computed once, and the rest learns from that, in steps of
a few milliseconds.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.distributions import Normal
from torch.nn.functional import silu

from ..vae.config import TrainConfig
from ..vae.data import TrainingSet, training_set
from ..vae.network import LOG_STD, Encoder
from ..vae.objective import negative_log_density

PARTS, SPECTRA, MEASURED = 9, 2_000, 2  # simulations, spectra in each, and how often each is seen
DIRECTIONS = (44, 44, 40)  # of the bands, of the compressed bands, of what is told by windows
SEEN = 800  # spectra that tell directions
LEAST_SPREAD = (
    1e-3  # along a direction: less is hardly seen, and its weights would overflow float16
)
STEPS, BATCH, WARM_UP = 1_800, 256, 30
LEARNING_RATE, DECAY, CLIP = 2e-3, 0.3, 5.0
TOLD = 100  # steps between two words on how far it is
SIMULATING = 0.6  # share of the time

Tell = Callable[[float], None]


class Measured(NamedTuple):
    """What the first layer makes of measurements (n, width), and their codes (n, latents)."""

    seen: Tensor
    codes: Tensor


def teach(config: TrainConfig, points: int, tell: Tell) -> Encoder:
    """An encoder of the factors on neurons in ``config``, over ``points`` wavenumbers.

    Other neurons say nothing: mean 0, standard deviation 1. ``tell``: gets the share that is done,
    and what it raises ends the training.
    """
    torch.manual_seed(config.seed)
    encoder = Encoder(points, config.encoder, config.latents, config.roughness_floor)
    known = _measured(encoder, config, lambda share: tell(SIMULATING * share))
    named = torch.tensor([j in config.named_neurons for j in range(config.latents)])
    _fit(encoder, known, named, lambda share: tell(SIMULATING + (1 - SIMULATING) * share))
    with torch.no_grad():
        free = ~named.repeat(2)
        encoder.out.weight[free] = 0.0
        encoder.out.bias[free] = 0.0
    return encoder.eval().requires_grad_(False)


def facts() -> dict[str, int]:
    """What a card says of such a training."""
    return {"spectra": PARTS * SPECTRA * MEASURED, "steps": STEPS}


@torch.no_grad()
def _measured(encoder: Encoder, config: TrainConfig, tell: Tell) -> Measured:
    """Simulated measurements as the first layer sees them; the first ones say how it looks."""
    rng = np.random.default_rng([config.seed, 1])
    seen, codes = [], []
    for part in range(PARTS):
        data = training_set(replace(config, spectra=SPECTRA, seed=config.seed + part))
        if part == 0:
            _look(encoder, data, rng)
        for _ in range(MEASURED):
            batch = data.batch(SPECTRA, rng)
            features = encoder.front(batch.value, batch.mask)
            seen.append(silu(encoder.hidden[0](features)))
            codes.append(batch.code)
        tell((part + 1) / PARTS)
    return Measured(torch.cat(seen), torch.cat(codes))


def _look(encoder: Encoder, data: TrainingSet, rng: np.random.Generator) -> None:
    """Point the first layer along directions in which spectra vary, both ways, each scaled to the
    spread of measurements along it.
    """
    clean = torch.from_numpy(data.clean[:SEEN])
    batch = data.batch(SEEN, rng)
    bare = encoder.front(clean, torch.ones_like(clean))
    dirty = encoder.front(batch.value, batch.mask)
    points = clean.shape[-1]
    parts = slice(0, points), slice(points, 2 * points), slice(2 * points, None)
    rows = []
    for part, source, count in zip(parts, (bare, bare, dirty), DIRECTIONS, strict=True):
        row = torch.zeros(min(count, source[:, part].shape[1]), dirty.shape[1])
        row[:, part] = _principal(source[:, part], len(row))
        rows.append(row)
    directions = torch.cat(rows)
    along = dirty @ directions.T
    scale = along.std(dim=0).clamp(min=LEAST_SPREAD)
    weight, bias = directions / scale[:, None], -along.mean(dim=0) / scale
    layer = encoder.hidden[0]
    assert isinstance(layer, torch.nn.Linear)
    layer.weight.zero_()
    layer.bias.zero_()
    both = slice(0, len(weight)), slice(len(weight), 2 * len(weight))
    for rows_of, sign in zip(both, (1.0, -1.0), strict=True):
        layer.weight[rows_of] = sign * weight
        layer.bias[rows_of] = sign * bias
    layer.half().float()  # as it will be stored: the rest learns from what is kept


def _principal(values: Tensor, count: int) -> Tensor:
    """(count, n) the directions along which ``values`` (rows, n) spread most."""
    centred = values - values.mean(dim=0)
    axes: Tensor = torch.linalg.svd(centred, full_matrices=False).Vh
    return axes[:count]


def _fit(encoder: Encoder, known: Measured, named: Tensor, tell: Tell) -> None:
    """Train all but the first layer, in place."""
    rest = [*encoder.hidden[1:].parameters(), *encoder.residual.parameters()]
    rest += encoder.out.parameters()
    optimiser = torch.optim.AdamW(rest, weight_decay=DECAY, fused=True)
    chance = torch.Generator().manual_seed(0)
    for step in range(STEPS):
        falling = 0.5 * (1 + math.cos(math.pi * step / STEPS))
        for group in optimiser.param_groups:
            group["lr"] = LEARNING_RATE * falling * min(1.0, (step + 1) / WARM_UP)
        rows = torch.randint(len(known.codes), (BATCH,), generator=chance)
        q = _posterior(encoder, known.seen[rows])
        loss = negative_log_density(q, known.codes[rows])[:, named].sum(dim=1).mean()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(rest, CLIP)
        optimiser.step()
        if step % TOLD == 0:
            tell(step / STEPS)


def _posterior(encoder: Encoder, seen: Tensor) -> Normal:
    """What the encoder makes of its first layer's output."""
    h = seen
    for layer in encoder.hidden[1:]:
        h = silu(layer(h))
    h = h + silu(encoder.residual(h))
    mean, log_std = encoder.out(h).chunk(2, dim=-1)
    return Normal(mean, log_std.clamp(*LOG_STD).exp(), validate_args=False)
