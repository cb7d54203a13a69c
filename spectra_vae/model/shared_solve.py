"""The readout of given features: a linear regression, solved exactly."""

from __future__ import annotations

import torch
from torch import Tensor

ROUNDING = 4e-8  # mean square of what float16 takes off a weight, relative
LEAST = 1e-10  # of the mean feature's power: keeps the matrix regular where features are alike


def readout(features: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """Weights (F, N) and bias (N,) for features (n, F) and target (n, N).

    The ridge is what rounding the weights to float16 will cost: large weights that cancel one
    another would lose more by it than they gain.
    """
    seen = torch.cat([features, torch.ones_like(features[:, :1])], dim=1)
    exact = seen.double()
    gram = exact.T @ exact
    power = gram.diagonal()
    gram = gram + torch.diag(ROUNDING * power + LEAST * power.mean())
    moment = (seen.T @ target).double()
    solved = torch.cholesky_solve(moment, torch.linalg.cholesky(gram)).to(target.dtype)
    return solved[:-1], solved[-1]
