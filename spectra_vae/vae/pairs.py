"""Weak supervision by pairs: what two members share, their posteriors say with one voice.

A batch holds the first members in its first half and the second ones in its second half.
Averages as in Locatello et al. 2020 (arXiv:2002.02886): mean of the means, mean of the variances.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.distributions import Normal, kl_divergence


def average(q: Normal, shared: Tensor) -> Normal:
    """Posteriors (2n, latents) whose ``shared`` neurons (n, latents) are those of both members."""
    mean, variance = (_averaged(values, shared) for values in (q.mean, q.variance))
    return Normal(mean, variance.sqrt(), validate_args=False)


def similar(q: Normal) -> Tensor:
    """Which neurons (n, latents) a pair seems to share when nobody says: the Ada-GVAE rule.

    Those whose KL between the two members lies below the middle of the pair's smallest and largest.
    """
    mean, std = q.mean.detach().chunk(2), q.stddev.detach().chunk(2)
    one, two = (Normal(m, s, validate_args=False) for m, s in zip(mean, std, strict=True))
    apart = kl_divergence(one, two)
    middle = 0.5 * (apart.amin(dim=-1, keepdim=True) + apart.amax(dim=-1, keepdim=True))
    return apart < middle


def disagreement(q: Normal) -> Tensor:
    """−log density (n, latents), without its constant, that the members' codes are one.

    The difference of two independent measurements has the sum of their variances.
    """
    (one, other), (variance, more) = q.mean.chunk(2), q.variance.chunk(2)
    both = variance + more
    apart: Tensor = 0.5 * ((one - other).square() / both + both.log())
    return apart


def _averaged(values: Tensor, shared: Tensor) -> Tensor:
    first, second = values.chunk(2)
    both = 0.5 * (first + second)
    return torch.cat([torch.where(shared, both, first), torch.where(shared, both, second)])
