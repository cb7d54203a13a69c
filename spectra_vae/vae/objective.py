"""The objective, in nats per spectrum, summed over the points.

    loss = Σ (x̂ − x)² w² / 2σ²  +  β Σ_free KL  +  β_guided Σ_guided KL  +  γ Σ_guided −log q(ṽ|x)

The reconstruction is compared with the *clean* spectrum x; its constant ½ N ln 2πσ² is left out.
Guidance is the labelled-data objective of Kingma et al. 2014 (arXiv:1406.5298, eq. 9): the decoder
is given the true code ṽ of a guided neuron and samples of the free ones, and the encoder learns
the posterior of ṽ by its log density. So the posterior's width is what the data say, not what
a quadratic penalty fixes, and reconstruction never narrows it.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.distributions import Normal

FREE_REACH = 3.0


@dataclass(frozen=True)
class Loss:
    """Batch means in nats: scalars, and ``kl`` (latents,) one entry per neuron."""

    total: Tensor
    reconstruction: Tensor
    kl: Tensor
    guidance: Tensor


def kl_to_prior(q: Normal) -> Tensor:
    """KL(q ‖ N(0, 1)) per neuron, (B, latents): ½(μ² + s² − 1 − ln s²)."""
    return 0.5 * (q.mean**2 + q.variance - 1) - q.stddev.log()


def reconstruction(decoded: Tensor, clean: Tensor, weight: Tensor) -> Tensor:
    """½ Σ ((x̂ − x)·weight)² per spectrum, (B,); weight (N,) = emphasis / σ."""
    return 0.5 * ((decoded - clean) * weight).square().sum(dim=-1)


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
