"""A model on a file's axis: everything a fit needs that no measurement changes.

The model is interpolated to the file's axis, never the noisy data to the model's.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.interpolate import BSpline, make_interp_spline
from torch import Tensor

from ...model.posterior import Posterior
from ...model.protocols import Trained
from ...vae.network import Decoder
from .background import background_basis

Array = NDArray[np.float64]

DEGREE = 5  # a cubic misses the top of the narrowest ν1 by 0.5 %, a quintic by 0.1 %
WIDTHS, POSITIONS = 5, 13  # of the templates that a fit may start from
REMEMBERED = 8
SAMPLES, LEFT_OUT = 2000, 1e-5  # codes that say which shapes count, and the rms of the others
PRIOR_STD = 2.2  # the spread of the training codes


class Model(Trained, Protocol):
    """What a fit needs of a trained model."""

    def __hash__(self) -> int: ...
    @property
    def network(self) -> Any: ...
    @property
    def trained(self) -> tuple[str, ...]: ...
    def encode(self, spectrum: Array) -> Posterior: ...


def fitted_neurons(model: Model) -> tuple[int, ...]:
    """Neurons that a measurement can move: not inert ones, not the scale (the gain does that)."""
    scale = model.mineral.the("scale")
    skip = {model.controls.get(scale.name)} if scale else set()
    return tuple(n.index for n in model.neurons if not n.inert and n.index not in skip)


def has_scale(model: Model) -> bool:
    """Does a neuron carry the scale, so that without it the gain alone sets the height?"""
    scale = model.mineral.the("scale")
    return scale is not None and scale.name in model.controls


@dataclass(frozen=True, eq=False)
class Grid:
    """``model`` on the points ``x`` (N,) of a file.

    A spectrum is ``level`` (N,) plus a sum of ``shapes`` (R, N), zero beyond the model's axis;
    ``decoder`` makes the R weights from codes (B, free) of the neurons ``free``, the others being
    at the origin. ``inside`` (N,): on the model's axis.
    """

    model: Model
    x: Array
    free: tuple[int, ...]
    decoder: Decoder
    shapes: Tensor
    level: Tensor
    inside: NDArray[np.bool_]

    def decode(self, codes: Tensor) -> Tensor:
        """Codes (B, free) → spectra (B, N), in units of the reference ν1."""
        weights: Tensor = self.decoder(codes)
        return weights @ self.shapes + self.level

    def jacobian(self, codes: Tensor) -> tuple[Tensor, Tensor]:
        """Spectra (B, N) and their slopes (B, free, N) at codes (B, free)."""
        weights, slopes = self.decoder.jacobian(codes)
        flat = slopes.flatten(0, 1) @ self.shapes  # twice as fast as the product of stacks
        return weights @ self.shapes + self.level, flat.reshape(*slopes.shape[:2], -1)

    @cached_property
    def origin(self) -> Tensor:
        """(free,) the origin's code."""
        return torch.from_numpy(self.model.origin[list(self.free)]).float()

    @cached_property
    def basis(self) -> Tensor:
        """(N, K) columns of the background; beyond the model's axis it goes on as it ends there."""
        ends = self.x[self.inside]
        widest = max(band.width for band in self.model.mineral.bands)
        basis = background_basis(np.clip(self.x, ends[0], ends[-1]), widest)
        return torch.from_numpy(basis).float()

    @cached_property
    def pairs(self) -> Tensor:
        """(N, K²) products of the background's columns, for normal matrices by one product."""
        return (self.basis[:, :, None] * self.basis[:, None, :]).flatten(1)

    @cached_property
    def rough(self) -> dict[str, Array]:
        """Factors (T,) of the templates: widths and positions."""
        m = self.model.mineral
        width, position = m.the("width"), m.the("position")
        widths = np.linspace(width.low, width.high, WIDTHS) if width else np.zeros(1)
        positions = np.linspace(position.low, position.high, POSITIONS) if position else np.zeros(1)
        columns = np.meshgrid(widths, positions)
        return {
            f.name: v.ravel()
            for f, v in zip((width, position), columns, strict=True)
            if f is not None
        }

    @cached_property
    def templates(self) -> Tensor:
        """(T, N) spectra of the mineral at :attr:`rough`."""
        parts = self.model.mineral.parts(self.x, self.rough, dtype=np.float32)
        return torch.from_numpy(parts.sum(axis=-2).astype(np.float32))

    @cached_property
    def rough_codes(self) -> Tensor | None:
        """(T, free) codes of :attr:`rough`; None where no neuron carries width or position."""
        codes = np.repeat(self.model.origin[None], len(self.templates), axis=0)
        known = [name for name in self.rough if name in self.model.controls]
        for name in known:
            factor = self.model.mineral.factor(name)
            code = np.clip(factor.code(self.rough[name]), -2.0, 2.0)
            codes[:, self.model.controls[name]] = code
        return torch.from_numpy(codes[:, list(self.free)]).float() if known else None

    def whole(self, codes: Array) -> Array:
        """Codes (B, free) → (B, latents), the others at the origin."""
        full = np.repeat(self.model.origin[None], len(codes), axis=0)
        full[:, list(self.free)] = codes
        return full

    def whole_std(self, std: Array) -> Array:
        """(latents,) from those of the moving neurons, in front; the prior's for the others."""
        full = np.full(len(self.model.origin), PRIOR_STD)
        full[list(self.free)] = std[: len(self.free)]
        return full


def grid(model: Model, x: Array) -> Grid:
    """The model on x (N,); the last few are remembered."""
    return _grid(model, x.tobytes())


@lru_cache(maxsize=REMEMBERED)
def _grid(model: Model, points: bytes) -> Grid:
    x = np.frombuffer(points)
    axis = model.wavenumber
    inside = (x >= axis[0]) & (x <= axis[-1])
    decoder, knots, coefficients = _shapes(model)
    onto = BSpline.design_matrix(np.clip(x, axis[0], axis[-1]), knots, DEGREE)
    columns = (np.asarray(onto @ coefficients) * inside[:, None]).T.astype(np.float32)
    shapes, level = torch.from_numpy(columns[:-1].copy()), torch.from_numpy(columns[-1].copy())
    return Grid(model, x, fitted_neurons(model), decoder, shapes, level, inside)


@lru_cache(maxsize=REMEMBERED)
def _shapes(model: Model) -> tuple[Decoder, Array, Array]:
    """A decoder to the weights of few shapes, and these as splines: knots, coefficients (N, R + 1).

    The model's linear output layer makes a spectrum of as many shapes as it has inputs; the
    principal ones of what its codes decode to are enough. The last column is their mean.
    """
    free = fitted_neurons(model)
    features = _narrowed(model, free)
    draw = np.random.default_rng(0).normal(size=(SAMPLES, len(free))) * PRIOR_STD
    seen = features.features(torch.from_numpy(draw.clip(-5, 5)).float()).double()
    weight, bias = features.out.weight.double(), features.out.bias.double()
    mean = seen.mean(dim=0)
    q, r = torch.linalg.qr(weight)
    spread, axes = torch.linalg.eigh(r @ torch.cov(seen.T) @ r.T)
    rest = torch.cumsum(spread.clamp(min=0), dim=0)  # the variance that is left out
    keep = rest > LEFT_OUT**2 * len(weight)
    shapes = q @ axes[:, keep]
    features.out = torch.nn.Linear(weight.shape[1], shapes.shape[1])
    features.out.weight.data = (shapes.T @ weight).float()
    features.out.bias.data = -(shapes.T @ (weight @ mean)).float()
    columns = torch.cat([shapes, (weight @ mean + bias)[:, None]], dim=1).numpy()
    spline = make_interp_spline(model.wavenumber, columns, k=DEGREE)
    return features.requires_grad_(False), spline.t, spline.c


def _narrowed(model: Model, free: tuple[int, ...]) -> Decoder:
    """The model's decoder as a function of the neurons ``free`` alone."""
    whole = model.network.decoder
    origin = torch.from_numpy(model.origin).float()
    origin[list(free)] = 0.0
    state = dict(whole.state_dict())
    first = state["hidden.0.weight"]
    state["hidden.0.bias"] = state["hidden.0.bias"] + first @ origin
    state["hidden.0.weight"] = first[:, list(free)]
    widths = tuple(layer.out_features for layer in whole.hidden)
    narrowed = Decoder(len(free), widths, len(model.wavenumber))
    narrowed.load_state_dict(state)
    return narrowed.eval().requires_grad_(False)
