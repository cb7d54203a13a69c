"""The training loop: a generator of steps that can be closed at any of them."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..message import SpectraVaeError
from .config import TrainConfig
from .data import Batch, TrainingSet, training_set
from .model import SpectraVAE
from .objective import (
    Loss,
    kl_to_prior,
    mixed_code,
    negative_log_density,
    reconstruction,
    weigh_kl,
)

RIDGE = 1e-6
SILENT_NATS = 0.01
SILENCE_SPECTRA = 2_048
REFIT_SPECTRA = 40_000


class TrainingError(SpectraVaeError):
    """A training that can't go on; the text says why and what is kept."""


@dataclass(frozen=True, eq=False)
class Step:
    """Where a training stands after ``number`` of ``steps`` steps; nats, batch means.

    ``model`` is the live model (it changes with the next step); ``seconds`` since the start.
    """

    number: int
    steps: int
    loss: float
    reconstruction: float
    kl: NDArray[np.float64]
    guidance: float
    beta: float
    seconds: float
    wavenumber: NDArray[np.float64]
    model: SpectraVAE


def device() -> torch.device:
    """CUDA when there, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def steps(config: TrainConfig, data: TrainingSet | None = None) -> Iterator[Step]:
    """Train, one :class:`Step` at a time; the last one holds the finished model.

    Raises
    ------
    TrainingError
        The loss is no longer a number.
    """
    start = time.monotonic()
    data = data or training_set(config)
    torch.manual_seed(config.seed)
    rng = np.random.default_rng([config.seed, 1])
    where = device()
    model = SpectraVAE(len(data.wavenumber), config.latents, config.encoder, config.decoder)
    model.to(where).train()
    with torch.no_grad():  # the mean spectrum is the best first guess
        model.decoder.out.bias.copy_(torch.from_numpy(data.clean.mean(axis=0)))
    weight = _weight(config, data.wavenumber).to(where)
    guided = torch.tensor([j in config.guided.values() for j in range(config.latents)]).to(where)
    guided = guided & config.is_guided
    optimiser = torch.optim.Adam(model.parameters(), lr=config.learning_rate, fused=True)
    for number in range(1, config.steps + 1):
        for group in optimiser.param_groups:
            group["lr"] = _cosine(config.learning_rate, number, config.steps)
        batch = data.batch(config.batch, rng)
        loss = loss_of(model, batch, config, number, weight, guided)
        optimiser.zero_grad(set_to_none=True)
        loss.total.backward()  # type: ignore[no-untyped-call]
        for part in (model.encoder, model.decoder):
            torch.nn.utils.clip_grad_norm_(part.parameters(), config.clip)
        optimiser.step()
        if number == config.steps and config.variational:
            disconnect_silent(model, data, guided)
            if config.is_guided:
                refit_output(model, data, guided)
        yield _report(number, config, loss, time.monotonic() - start, data.wavenumber, model)


def loss_of(
    model: SpectraVAE,
    batch: Batch,
    config: TrainConfig,
    number: int,
    weight: Tensor,
    guided: Tensor,
) -> Loss:
    """The objective of one batch at step ``number``."""
    where = weight.device
    code = batch.code.to(where)
    q = model.encoder(batch.value.to(where), batch.mask.to(where))
    decoded = model.decoder(mixed_code(q, code, guided, config.variational))
    rec = reconstruction(decoded, batch.clean.to(where), weight).mean()
    if not config.variational:
        nothing = torch.zeros(config.latents, device=where)
        return Loss(rec, rec, nothing, torch.zeros((), device=where))
    kl = kl_to_prior(q).mean(dim=0)
    schedule = config.schedule
    beta = schedule.beta(number, config.steps, config.beta)
    target = schedule.target(number, config.steps)
    total = rec + weigh_kl(kl[~guided], beta, target, schedule.kind == "capacity")
    guidance = torch.zeros((), device=where)
    if config.is_guided:
        guidance = negative_log_density(q, code)[:, guided].sum(dim=-1).mean()
        total = total + config.beta_guided * kl[guided].sum() + config.guidance * guidance
    return Loss(total, rec, kl, guidance)


@torch.no_grad()
def disconnect_silent(model: SpectraVAE, data: TrainingSet, guided: Tensor) -> None:
    """Cut free neurons that carry at most 0.01 nats off the decoder, in place.

    Their codes are noise drawn from the prior, so what they still move is a remainder of training
    that shrinks with its length and means nothing.
    """
    batch = data.batch(SILENCE_SPECTRA, np.random.default_rng(0))
    q = model.encoder(batch.value.to(guided.device), batch.mask.to(guided.device))
    silent = (kl_to_prior(q).mean(dim=0) <= SILENT_NATS) & ~guided
    first = model.decoder.hidden[0]
    assert isinstance(first, torch.nn.Linear)
    first.weight[:, silent] = 0.0


@torch.no_grad()
def refit_output(model: SpectraVAE, data: TrainingSet, guided: Tensor) -> None:
    """Solve the decoder's output layer exactly: given the features it is a linear regression.

    Ridge towards the trained weights, in float64, on the true codes with random free neurons;
    what gradient steps leave of the mean error goes, a third of the whole error with it.
    """
    n = min(len(data.clean), REFIT_SPECTRA)
    where = guided.device
    codes = torch.from_numpy(data.codes[:n]).to(where)
    codes = torch.where(guided, codes, torch.randn_like(codes))
    layer = model.decoder.out
    width = layer.in_features + 1
    gram = torch.zeros(width, width, dtype=torch.float64, device=where)
    moment = torch.zeros(width, layer.out_features, dtype=torch.float64, device=where)
    for rows in torch.split(torch.arange(n), 4096):
        h = model.decoder.features(codes[rows])
        error = torch.from_numpy(data.clean[rows.numpy()]).to(where) - layer(h)
        h1 = torch.cat([h, torch.ones_like(h[:, :1])], dim=1).double()
        gram += h1.T @ h1
        moment += h1.T @ error.double()
    gram /= n
    ridge = RIDGE * gram.diagonal().mean() * torch.eye(width, dtype=torch.float64, device=where)
    change = torch.linalg.solve(gram + ridge, moment / n).to(layer.weight.dtype)
    layer.weight.add_(change[:-1].T)
    layer.bias.add_(change[-1])


def _report(
    number: int,
    config: TrainConfig,
    loss: Loss,
    seconds: float,
    wavenumber: NDArray[np.float64],
    model: SpectraVAE,
) -> Step:
    total = loss.total.item()
    if not math.isfinite(total):
        raise TrainingError("error.diverged", step=number)
    return Step(
        number=number,
        steps=config.steps,
        loss=total,
        reconstruction=loss.reconstruction.item(),
        kl=loss.kl.detach().cpu().double().numpy(),
        guidance=loss.guidance.item(),
        beta=config.schedule.beta(number, config.steps, config.beta),
        seconds=seconds,
        wavenumber=wavenumber,
        model=model,
    )


def _weight(config: TrainConfig, wavenumber: NDArray[np.float64]) -> Tensor:
    """Emphasis / σ at every point, (N,)."""
    emphasis = np.ones(len(wavenumber))
    for low, high, factor in config.emphasis:
        emphasis[(wavenumber >= low) & (wavenumber < high)] = factor
    return torch.from_numpy((emphasis / config.sigma).astype(np.float32))


def _cosine(rate: float, step: int, steps: int) -> float:
    return rate * 0.5 * (1 + math.cos(math.pi * (step - 1) / steps))
