"""The objective, in nats per spectrum, summed over the points.

    loss = Σ (x̂ − x)² w² / 2σ²  +  β Σ_free KL  +  β_guided Σ_guided KL  +  γ Σ_guided −log q(ṽ|x)

The reconstruction is compared with the *clean* spectrum x; its constant ½ N ln 2πσ² is left out.
Guidance is the labelled-data objective of Kingma et al. 2014 (arXiv:1406.5298, eq. 9): the decoder
is given the true code ṽ of a guided neuron and samples of the free ones, and the encoder learns
the posterior of ṽ by its log density. So the posterior's width is what the data say, not what
a quadratic penalty fixes, and reconstruction never narrows it.

Where two instruments see the same mineral states, γ₂ Σ_state −log N(μ₁ − μ₂; 0, s₁² + s₂²) is
added: a difference of codes beyond its own uncertainty costs, and so does doubt. The posteriors
are not averaged: the mean of two measurements is surer than either, and each would learn to be
surer than it can be alone.

In pairs, q is averaged over what the two members share (:mod:`.pairs`). A β-TCVAE has
Σ KL + (β − 1) TC in place of Σ β KL: of index-code information, total correlation and the
neurons' own divergence only the second is weighed (Chen et al. 2018, arXiv:1802.04942).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.distributions import Normal

from .config import TrainConfig
from .data import Batch
from .network import SpectraVAE
from .pairs import average, disagreement, similar

FREE_REACH = 3.0


@dataclass(frozen=True)
class Loss:
    """Batch means in nats: scalars, and ``kl`` (latents,) one entry per neuron."""

    total: Tensor
    reconstruction: Tensor
    kl: Tensor
    guidance: Tensor
    total_correlation: Tensor

    def numbers(self) -> dict[str, Any]:
        """The same as plain numbers, the total as ``loss``."""
        return {
            "loss": self.total.item(),
            "reconstruction": self.reconstruction.item(),
            "kl": self.kl.detach().tolist(),
            "guidance": self.guidance.item(),
            "total_correlation": self.total_correlation.item(),
        }


def kl_to_prior(q: Normal) -> Tensor:
    """KL(q ‖ N(0, 1)) per neuron, (B, latents): ½(μ² + s² − 1 − ln s²)."""
    return 0.5 * (q.mean**2 + q.variance - 1) - q.stddev.log()


def reconstruction(decoded: Tensor, clean: Tensor, weight: Tensor) -> Tensor:
    """½ Σ ((x̂ − x)·weight)² per spectrum, (B,); weight (N,) = emphasis / σ. Slopes by x̂ only."""
    squares: Tensor = _HalfSquares.apply(decoded, clean, weight)  # type: ignore[no-untyped-call]
    return squares


class _HalfSquares(torch.autograd.Function):
    """:func:`reconstruction`; by itself autograd would pass twice as often over (B, N)."""

    @staticmethod
    def forward(ctx: Any, decoded: Tensor, clean: Tensor, weight: Tensor) -> Tensor:
        error = (decoded - clean).mul_(weight)
        ctx.save_for_backward(error, weight)
        squares: Tensor = torch.linalg.vecdot(error, error)
        return 0.5 * squares

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor, None, None]:
        error, weight = ctx.saved_tensors
        return (error * weight).mul_(slope[..., None]), None, None


def negative_log_density(q: Normal, code: Tensor) -> Tensor:
    """−log q(code) without its constant, per neuron (B, latents)."""
    return 0.5 * ((code - q.mean) / q.stddev) ** 2 + q.stddev.log()


def weigh_kl(kl: Tensor, beta: float, capacity: float, capacity_active: bool) -> Tensor:
    """β·ΣKL, or β·|ΣKL − C| under a capacity schedule; kl (latents,) is the batch mean."""
    total = kl.sum()
    return beta * (total - capacity).abs() if capacity_active else beta * total


def mixed_code(q: Normal, truth: Tensor, guided: Tensor, variational: bool) -> Tensor:
    """What the decoder is given: the true code where guided (latents,), a sample elsewhere.

    Beside guided neurons, every second spectrum gets free codes drawn far beyond the prior: what
    the guided neurons explain, the decoder learns to leave alone whatever the free ones say.
    """
    drawn = q.rsample() if variational else q.mean
    if bool(guided.any()):
        wide = FREE_REACH * torch.randn_like(drawn)
        every_second = (torch.arange(len(drawn), device=drawn.device) % 2 == 0)[:, None]
        drawn = torch.where(every_second, wide, drawn)
    return torch.where(guided, truth, drawn)


def total_correlation(q: Normal, z: Tensor, spectra: int) -> Tensor:
    """Total correlation of the aggregate posterior, nats, from a batch of ``spectra``.

    log q(z) and log q(z_j) are mixtures over the batch, weighted so that the sum expects the
    mixture over the whole set: a spectrum's own posterior counts 1/N, the others
    (N − 1)/(N (B − 1)) each. ``z`` (B, latents) are samples of ``q``.
    """
    rows = len(z)
    own, others = 1 / spectra, (spectra - 1) / (spectra * (rows - 1))
    weight = torch.full((rows, rows), others, device=z.device).fill_diagonal_(own)
    mean, std, at = q.mean.T[:, None], q.stddev.T[:, None], z.T[..., None]
    density = -0.5 * ((at - mean) / std).square() - std.log()  # (neuron, of, under)
    joint = (density.sum(dim=0) + weight.log()).logsumexp(dim=-1)
    # One neuron's density is at most e⁷ (LOG_STD), so its exponential needs no care.
    marginal = (density.exp() * weight).sum(dim=-1).log()
    return (joint - marginal.sum(dim=0)).mean()


def loss_of(
    model: SpectraVAE,
    batch: Batch,
    config: TrainConfig,
    number: int,
    weight: Tensor,
    named: Tensor,
) -> Loss:
    """The objective of a batch at step ``number``; ``named`` (latents,): neurons with a factor."""
    where = weight.device
    code, guided = batch.code.to(where), named & config.is_guided
    q = model.encoder(batch.value.to(where), batch.mask.to(where))
    if config.is_paired:
        q = average(q, similar(q) if batch.shared is None else batch.shared.to(where))
    z = mixed_code(q, code, guided, config.variational)
    rec = reconstruction(model.decoder(z), batch.clean.to(where), weight).mean()
    nothing = torch.zeros((), device=where)
    if not config.variational:
        return Loss(rec, rec, nothing.expand(config.latents), nothing, nothing)
    kl = kl_to_prior(q).mean(dim=0)
    schedule = config.schedule
    beta = schedule.beta(number, config.steps, config.beta)
    if config.total_correlation:
        correlation = total_correlation(q, z, config.spectra)
        total = rec + kl.sum() + (beta - 1) * correlation
        return Loss(total, rec, kl, nothing, correlation)
    target = schedule.target(number, config.steps)
    total = rec + weigh_kl(kl[~named], beta, target, schedule.kind == "capacity")
    total = total + config.beta_guided * kl[named].sum()
    guidance = nothing
    if config.is_guided:
        guidance = negative_log_density(q, code)[:, named].sum(dim=-1).mean()
        total = total + config.guidance * guidance
    if config.is_bridged:
        state = list(config.state_neurons)
        total = total + config.agreement * disagreement(q)[:, state].sum(dim=-1).mean()
    return Loss(total, rec, kl, guidance, nothing)
