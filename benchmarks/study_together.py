"""Many models at once on the same batches: a sweep of small networks at a fifth of the work.

Simulating, measuring and the encoder's fixed front end are done once for all, and the layers of all
models are one matrix product each. Every model has its own weights, slopes, clipping and Adam
moments, and its own β; it is what :func:`spectra_vae.vae.train.steps` makes of the same batches.
Spectra and measurements are those of seed 0 for all: a model's own seed draws its weights.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import silu

from spectra_vae.vae.config import TrainConfig
from spectra_vae.vae.data import TrainingSet, training_set
from spectra_vae.vae.finalise import disconnect_silent
from spectra_vae.vae.network import LOG_STD, SpectraVAE
from spectra_vae.vae.objective import reconstruction

Stacked = dict[str, Tensor]


def alike(config: TrainConfig) -> TrainConfig:
    """What models must have in common to be trained together."""
    return replace(config, beta=1.0, seed=0, variational=True)


def train_together(configs: Sequence[TrainConfig]) -> tuple[list[SpectraVAE], TrainingSet]:
    """Plain autoencoders and β-VAEs under a constant β, of :func:`alike` configurations."""
    shared = alike(configs[0])
    assert all(alike(c) == shared and c.schedule.kind == "constant" for c in configs)
    assert shared.supervision == "none" and not shared.emphasis
    data = training_set(shared)
    models = [_fresh(c, data) for c in configs]
    weights = _stacked(models)
    optimiser = torch.optim.Adam(list(weights.values()), lr=shared.learning_rate, fused=True)
    beta = torch.tensor([c.beta if c.variational else 0.0 for c in configs])
    sampled = torch.tensor([float(c.variational) for c in configs])[:, None, None]
    weight = torch.full((len(data.wavenumber),), 1 / shared.sigma)
    rng = np.random.default_rng([shared.seed, 1])
    for number in range(1, shared.steps + 1):
        share = 0.5 * (1 + math.cos(math.pi * (number - 1) / shared.steps))
        optimiser.param_groups[0]["lr"] = shared.learning_rate * share
        batch = data.batch(shared.batch, rng)
        with torch.no_grad():
            features = models[0].encoder.front(batch.value, batch.mask)
        mean, log_std = _encoded(weights, features).chunk(2, dim=-1)
        log_std = log_std.clamp(*LOG_STD)
        z = mean + sampled * log_std.exp() * torch.randn_like(mean)
        clean = batch.clean.expand(len(models), -1, -1)
        spent = reconstruction(_decoded(weights, z), clean, weight).mean(dim=1)
        kl = 0.5 * (mean.square() + (2 * log_std).exp() - 1) - log_std
        loss = spent + beta * kl.mean(dim=1).sum(dim=-1)
        optimiser.zero_grad(set_to_none=True)
        loss.sum().backward()  # type: ignore[no-untyped-call]
        for part in ("encoder", "decoder"):
            _clip([w for name, w in weights.items() if name.startswith(part)], shared.clip)
        optimiser.step()
        assert bool(loss.isfinite().all()), f"no number at step {number}"
    for k, (model, config) in enumerate(zip(models, configs, strict=True)):
        _finish(model, config, {name: w[k].detach() for name, w in weights.items()}, data)
    return models, data


def _fresh(config: TrainConfig, data: TrainingSet) -> SpectraVAE:
    """As a training begins."""
    torch.manual_seed(config.seed)
    model = SpectraVAE(config, len(data.wavenumber))
    with torch.no_grad():
        model.decoder.out.bias.copy_(torch.from_numpy(data.clean.mean(axis=0)))
    return model


def _stacked(models: Sequence[SpectraVAE]) -> Stacked:
    """Every weight of all models, (models, …)."""
    states = [dict(m.named_parameters()) for m in models]
    return {
        name: torch.stack([s[name].detach() for s in states]).requires_grad_() for name in states[0]
    }


def _layer(weights: Stacked, name: str, h: Tensor) -> Tensor:
    """A linear layer of all models: (models, B, in) → (models, B, out)."""
    w, b = weights[f"{name}.weight"], weights[f"{name}.bias"]
    return torch.baddbmm(b[:, None], h, w.transpose(1, 2))


def _encoded(weights: Stacked, features: Tensor) -> Tensor:
    """features (B, size), the same for all models → (models, B, 2 latents)."""
    w, b = weights["encoder.hidden.0.weight"], weights["encoder.hidden.0.bias"]
    first = features @ w.flatten(0, 1).T  # one product for all
    h = silu(first.reshape(len(features), *b.shape).transpose(0, 1) + b[:, None])
    for name in _hidden(weights, "encoder")[1:]:
        h = silu(_layer(weights, name, h))
    h = h + silu(_layer(weights, "encoder.residual", h))
    return _layer(weights, "encoder.out", h)


def _decoded(weights: Stacked, z: Tensor) -> Tensor:
    """Codes (models, B, latents) → spectra (models, B, N)."""
    h = z
    for name in _hidden(weights, "decoder"):
        h = silu(_layer(weights, name, h))
    h = h + silu(_layer(weights, "decoder.residual", h))
    return _layer(weights, "decoder.out", h)


def _hidden(weights: Stacked, part: str) -> list[str]:
    names = (name.removesuffix(".weight") for name in weights if name.endswith(".weight"))
    return [name for name in names if name.startswith(f"{part}.hidden.")]


def _clip(weights: Sequence[Tensor], limit: float) -> None:
    """Shorten each model's own slope to ``limit`` at most, in place."""
    slopes = [w.grad for w in weights if w.grad is not None]
    squares = sum(torch.linalg.vecdot(g.flatten(1), g.flatten(1)) for g in slopes)
    share = (limit / (torch.as_tensor(squares).sqrt() + 1e-6)).clamp(max=1.0)
    if bool((share < 1).any()):
        for g in slopes:
            g.mul_(share.reshape(-1, *[1] * (g.ndim - 1)))


def _finish(model: SpectraVAE, config: TrainConfig, own: Stacked, data: TrainingSet) -> None:
    """Give a model its weights, and end as a training ends."""
    model.load_state_dict(own, strict=True)
    if config.variational:
        disconnect_silent(model, data, torch.zeros(config.latents, dtype=torch.bool))
