"""(value, mask) → encoder → normal distribution over the neurons → decoder → clean spectrum."""

from __future__ import annotations

import itertools

import torch
from torch import Tensor, nn
from torch.distributions import Normal
from torch.nn.functional import linear, pad, silu

from .config import TrainConfig

LOG_STD = (-7.0, 2.0)  # nothing is known to e⁻⁷ of a code, and nothing worse than e² of it
SMOOTHING = 60  # points either side of the running mean that is taken off
WEAK = 0.05  # × ν1: the size of the weak bands that a strong background would drown
WINDOW = 32  # points a window of the coarse channels


class FrontEnd(nn.Module):
    """What is known without learning: a spectrum is bands on something smooth, in noise.

    Four channels: bands (value minus running mean) in full resolution, once as they are and once
    compressed so that weak bands count; and by windows the running mean, the share of measured
    points and the log roughness. With the plain (value, mask) an encoder of the same size had
    learnt nothing of hydration or noise after 9 000 steps. Roughness below ``floor`` looks like
    none: without a background, noise shows only where the floor is below it.
    """

    def __init__(self, points: int, floor: float) -> None:
        super().__init__()
        self.floor = floor
        self.windows = -(-points // WINDOW)
        self.size = 2 * points + 3 * self.windows

    def forward(self, value: Tensor, mask: Tensor) -> Tensor:
        """value, mask (..., N) → features (..., size)."""
        value = value * mask
        base = _running_sum(value) / _running_sum(mask).clamp(min=1.0)
        bands = (value - base) * mask
        jump = (value[..., 1:] - value[..., :-1]).abs() * mask[..., 1:] * mask[..., :-1]
        covered = self._by_window(mask)
        roughness = (self._by_window(pad(jump, (0, 1))) / (covered + 1e-3) + self.floor).log()
        compressed = bands * (bands.square() + WEAK**2).rsqrt()
        coarse = (self._by_window(base * mask), covered, roughness)
        return torch.cat([4 * bands, compressed, *coarse], dim=-1)

    def _by_window(self, values: Tensor) -> Tensor:
        whole = pad(values, (0, self.windows * WINDOW - values.shape[-1]))
        means: Tensor = whole.reshape(*values.shape[:-1], self.windows, WINDOW).mean(dim=-1)
        return means


def _running_sum(values: Tensor) -> Tensor:
    """Sum over SMOOTHING points either side, (..., N)."""
    total = pad(values, (SMOOTHING + 1, SMOOTHING)).cumsum(dim=-1)
    return total[..., 2 * SMOOTHING + 1 :] - total[..., : -(2 * SMOOTHING + 1)]


class Encoder(nn.Module):
    """Spectrum and mask to mean and log standard deviation of the code."""

    def __init__(self, points: int, widths: tuple[int, ...], latents: int, floor: float) -> None:
        super().__init__()
        self.front = FrontEnd(points, floor)
        sizes = (self.front.size, *widths)
        pairs = zip(sizes[:-1], sizes[1:], strict=True)
        self.hidden = nn.ModuleList(nn.Linear(a, b) for a, b in pairs)
        self.residual = nn.Linear(sizes[-1], sizes[-1])
        self.out = nn.Linear(sizes[-1], 2 * latents)

    def forward(self, value: Tensor, mask: Tensor) -> Normal:
        """value, mask (..., N) → Normal with mean and std (..., latents)."""
        h = self.front(value, mask)
        for layer in self.hidden:
            h = silu(layer(h))
        h = h + silu(self.residual(h))
        mean, log_std = self.out(h).chunk(2, dim=-1)
        return Normal(mean, log_std.clamp(*LOG_STD).exp(), validate_args=False)


class Decoder(nn.Module):
    """Code to spectrum: hidden layers, one residual layer of the last width, a linear output.

    The output layer is linear on purpose: a spectrum is a sum of learnt shapes.
    """

    def __init__(self, latents: int, widths: tuple[int, ...], points: int) -> None:
        super().__init__()
        sizes = (latents, *widths)
        pairs = zip(sizes[:-1], sizes[1:], strict=True)
        self.hidden = nn.ModuleList(nn.Linear(a, b) for a, b in pairs)
        self.residual = nn.Linear(sizes[-1], sizes[-1])
        self.out = nn.Linear(sizes[-1], points)

    def features(self, z: Tensor) -> Tensor:
        """Code (..., latents) → what the output layer sees (..., width)."""
        h = z
        for layer in self.hidden:
            h = silu(layer(h))
        return h + silu(self.residual(h))

    def forward(self, z: Tensor) -> Tensor:
        """Code (..., latents) → spectrum (..., N)."""
        out: Tensor = self.out(self.features(z))
        return out

    def jacobian(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """Code (B, latents) → spectrum (B, N) and its exact slopes (B, latents, N).

        Forward differentiation by hand: one tangent per neuron goes along. Five times faster
        than the automatic one, which a fit calls dozens of times a spectrum.
        """
        h, tangent = _along(self.hidden[0], z, None)
        for layer in itertools.islice(self.hidden, 1, None):
            h, tangent = _along(layer, h, tangent)
        more, more_tangent = _along(self.residual, h, tangent)
        h, tangent = h + more, tangent + more_tangent
        return linear(h, self.out.weight, self.out.bias), tangent @ self.out.weight.T


def _along(layer: nn.Module, h: Tensor, tangent: Tensor | None) -> tuple[Tensor, Tensor]:
    """silu(layer(h)) and what it makes of the tangents, None being one along each input;
    silu'(a) = σ(a)(1 + a(1 − σ(a))).
    """
    weight: Tensor = layer.weight  # type: ignore[assignment]
    bias: Tensor = layer.bias  # type: ignore[assignment]
    a = linear(h, weight, bias)  # without the overhead of a module's call
    gate = torch.sigmoid(a)
    along = weight.T.contiguous() if tangent is None else tangent @ weight.T
    steep = (1 - gate).mul_(a).add_(1).mul_(gate)
    return a * gate, along * steep[:, None]


class DecoderOnly(nn.Module):
    """The decoder of a configuration alone: nobody has trained an encoder for it."""

    def __init__(self, config: TrainConfig, points: int) -> None:
        super().__init__()
        self.points, self.latents = points, config.latents
        self.decoder = Decoder(config.latents, config.decoder, points)


class SpectraVAE(nn.Module):
    """The encoder and decoder of a configuration, over ``points`` wavenumbers."""

    def __init__(self, config: TrainConfig, points: int) -> None:
        super().__init__()
        c = config
        self.points, self.latents = points, c.latents
        self.encoder = Encoder(points, c.encoder, c.latents, c.roughness_floor)
        self.decoder = Decoder(c.latents, c.decoder, points)
