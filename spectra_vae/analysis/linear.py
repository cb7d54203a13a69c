"""A linear β-VAE on Gaussian data, trained: what the closed forms of rate_distortion are about.

x ~ N(0, diag λ), z = W x + s ε, x̂ = V z. The expected loss needs only the covariance:
E SSE = tr Σ − 2 tr(V W Σ) + tr(V (W Σ Wᵀ + S) Vᵀ).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
GUIDANCE = 0.02  # enough to choose axes among equals, too little to move rate or distortion


@dataclass(frozen=True, eq=False)
class LinearVAE:
    """``encoder`` W (latents, N), ``decoder`` V (N, latents), ``std`` s (latents,)."""

    eigenvalues: Array
    encoder: Array
    decoder: Array
    std: Array

    @property
    def rate(self) -> float:
        """Σ KL to N(0, 1), nats."""
        mean = np.diag(self.encoder @ np.diag(self.eigenvalues) @ self.encoder.T)
        return float(np.sum(0.5 * (mean + self.std**2 - 1) - np.log(self.std)))

    @property
    def distortion(self) -> float:
        """E SSE."""
        w, v, x = self.encoder, self.decoder, np.diag(self.eigenvalues)
        code = w @ x @ w.T + np.diag(self.std**2)
        return float(np.trace(x) - 2 * np.trace(v @ w @ x) + np.trace(v @ code @ v.T))

    def axes(self) -> Array:
        """The direction in the data that each latent moves, (latents, N), of length 1."""
        return np.asarray(self.decoder.T / np.linalg.norm(self.decoder.T, axis=1, keepdims=True))


def train_linear(
    eigenvalues: ArrayLike, beta: float, sigma2: float, latents: int, seed: int, guided: bool
) -> LinearVAE:
    """Minimise SSE/(2σ²) + β·KL from random weights.

    ``guided``: latent j is also drawn a little towards the j-th direction of the data, as a label
    would: GUIDANCE/2 · E(z_j − x_j/√λ_j)².
    """
    values = torch.tensor(np.asarray(eigenvalues, float))
    x, n = torch.diag(values), len(values)
    generator = torch.Generator().manual_seed(seed)
    w = (0.3 * torch.randn(latents, n, generator=generator, dtype=x.dtype)).requires_grad_()
    v = (0.3 * torch.randn(n, latents, generator=generator, dtype=x.dtype)).requires_grad_()
    log_s = torch.zeros(latents, dtype=x.dtype, requires_grad=True)
    told = torch.eye(n, dtype=x.dtype)[:latents] / values.sqrt()
    optimiser = torch.optim.LBFGS(
        [w, v, log_s],
        max_iter=5000,
        tolerance_grad=1e-9,
        tolerance_change=1e-15,  # turning the axes gains little, and takes its time
        line_search_fn="strong_wolfe",
    )

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        variance = (2 * log_s).exp()
        code = w @ x @ w.T + torch.diag(variance)
        sse = torch.trace(x) - 2 * torch.trace(v @ w @ x) + torch.trace(v @ code @ v.T)
        kl = 0.5 * (torch.diagonal(code) - 1).sum() - log_s.sum()
        total = sse / (2 * sigma2) + beta * kl
        if guided:
            off = w - told
            total = total + GUIDANCE / 2 * (torch.trace(off @ x @ off.T) + variance.sum())
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimiser.step(loss)  # type: ignore[no-untyped-call]
    parts = (w, v, log_s.exp())
    encoder, decoder, std = (part.detach().numpy().astype(float) for part in parts)
    return LinearVAE(values.numpy(), encoder, decoder, std)
