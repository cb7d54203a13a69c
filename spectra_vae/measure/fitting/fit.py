"""Inference through the decoder: B measurements on one axis, fitted together.

Encoder and matched filter start it, Gauss–Newton refines it, the noise is estimated again from
what the fit leaves over, and the bands' amplitudes are freed where crystal orientation shows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .crystals import spread as crystal_spread
from .fit_result import MODEL_ERROR, Fits
from .gauss_newton import Problem, State, evaluate, information, reweighted, search
from .grid import Grid
from .main_band import main_band
from .noise import SMALLEST, from_residuals, shared
from .orientation import Asked, ask, freedom
from .start import first_state, matched

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

ITERATIONS = 12
ROUGH = 0.05  # nats: near enough for a first look at the noise
ROUNDS, AGAIN = 2, 4  # times that the noise is estimated anew, and steps after each
HELD = 1e-3  # spread of a change that stays at its bound
PRESENT = 0.02  # of ν1: where the table's bands are as high, the mineral is looked at


@torch.inference_mode()
def infer(grid: Grid, y: Array, used: Mask, level: Array, floor: Array, slope: Array) -> Fits:
    """Fit y (B, N) ≥ 0 at the points ``used`` (B, N), with a first guess of the noise.

    That is ``floor`` + ``slope`` (B,) × ``level`` (B, N), y smoothed.
    """
    used = used & grid.inside
    usable = torch.from_numpy(used).float()
    noise = Estimated(*(torch.from_numpy(v).float() for v in (floor, slope, np.ones_like(floor))))
    p = Problem(
        grid,
        torch.from_numpy(y).float(),
        usable / _variance(noise, torch.from_numpy(level).float(), None),
    )
    guess = matched(grid, p.y, p.weight)
    state = search(p, first_state(p, guess, used), ITERATIONS, ROUGH)
    for _ in range(ROUNDS):
        p, state, noise = _again(p, state, usable, noise)
    mineral = grid.model.mineral
    free = freedom(grid)
    main = main_band(grid, state.moving[:, : len(grid.free)])
    table = mineral.parts(grid.x, main.factors, dtype=np.float32).astype(np.float32, copy=False)
    parts = free.shares(table, mineral)
    on_bands = used & (table.sum(axis=1) >= PRESENT)
    correlation = _correlation(p, state, used & ~on_bands)
    asked = ask(p, state, parts, correlation)
    count = parts.shape[1]
    found = _summary(p, state, noise, count)
    found["spread"] = _widened(found, parts, asked)
    chosen = np.flatnonzero(asked.gained > 0)
    if len(chosen):
        rows = torch.from_numpy(chosen)
        spread = p.y.new_full((len(rows), count), crystal_spread(mineral))
        p = replace(p.rows(rows), shares=parts[rows], spread=spread, least=free.least)
        inner = _inner(grid, state.moving[rows])  # at an end, a search would be stuck
        moving = torch.cat([inner, p.y.new_zeros(len(rows), count)], dim=1)
        state = search(p, evaluate(p, moving, state.background[rows]), ITERATIONS)
        p, state, noise = _again(p, state, usable[rows], noise.rows(rows))
        bound = (free.least == 0) & (state.moving[:, len(grid.free) + 1 :] == 0)
        better = _summary(replace(p, spread=spread.masked_fill(bound, HELD)), state, noise, count)
        for name, value in found.items():
            value[chosen] = better[name]
        main = main_band(grid, torch.from_numpy(found["codes"]).float())
        correlation[chosen] = _correlation(p, state, (used & ~on_bands)[chosen])
    return Fits(
        grid=grid,
        used=used,
        usable=used,
        table=table,
        main=main,
        asked=asked,
        significance=guess.significance.numpy(),
        on_bands=on_bands,
        correlation=correlation,
        **found,
    )


def _correlation(p: Problem, state: State, empty: Mask) -> Array:
    """(B,) how much neighbours share their noise, where there is nothing but background."""
    return shared((state.left * p.root).double().numpy(), empty)


def _widened(found: dict[str, Array], parts: Tensor, asked: Asked) -> Array:
    """(B, N) one σ of the curve with what fit A may have missed of orientation."""
    missed = torch.from_numpy(asked.missed).float()
    changes = torch.einsum("ban,ba->bn", parts**2, missed).double().numpy()
    return np.asarray(np.sqrt(found["spread"] ** 2 + changes * found["explained"] ** 2))


@dataclass(frozen=True, eq=False)
class Estimated:
    """Noise of B files: variance = floor + slope · level, and the slope's relative error, (B,)."""

    floor: Tensor
    slope: Tensor
    error: Tensor

    def rows(self, keep: Tensor) -> Estimated:
        return Estimated(self.floor[keep], self.slope[keep], self.error[keep])


def _variance(noise: Estimated, level: Tensor, gain: Tensor | None) -> Tensor:
    variance = noise.floor[:, None] + noise.slope[:, None] * level.clamp(min=0)
    if gain is not None:
        variance = variance + (MODEL_ERROR * gain[:, None]) ** 2
    return variance.clamp(min=SMALLEST**2)


def _again(
    p: Problem, state: State, usable: Tensor, noise: Estimated
) -> tuple[Problem, State, Estimated]:
    """The noise from what is left, and a few steps with the weights that follow."""
    level = (p.y - state.left).clamp(min=0)
    noise = Estimated(*from_residuals(state.left, level, usable, noise.floor, noise.slope))
    gain = state.moving[:, len(p.grid.free)]
    p = replace(p, weight=usable / _variance(noise, level, gain))
    return p, search(p, reweighted(p, state), AGAIN), noise


def _summary(p: Problem, state: State, noise: Estimated, changes: int) -> dict[str, Array]:
    """What :class:`Fits` holds of B fits, by name; of changes, zeros where there are none."""
    n = len(p.grid.free)
    b, moving = state.moving.shape
    gain = state.moving[:, n : n + 1]
    covariance = torch.linalg.inv(information(p, state))[:, :moving, :moving]
    central = torch.linalg.inv(information(p, _central(p, state)))[:, :n, :n]
    rotated = torch.einsum("bpq,bqn->bpn", covariance.float(), state.slopes)
    spread = (rotated * state.slopes).sum(dim=1).clamp(min=0).sqrt()
    own = torch.zeros(b, n + 1 + changes, n + 1 + changes, dtype=torch.float64)
    own[:, :moving, :moving] = covariance
    slopes = torch.zeros(b, n + 1 + changes, state.shape.shape[1])
    slopes[:, :moving] = state.slopes
    changed = torch.zeros(b, changes)
    changed[:, : moving - n - 1] = state.moving[:, n + 1 :]
    background = state.background @ p.grid.basis.T
    level = (p.y - state.left).clamp(min=0)
    arrays = {
        "codes": state.moving[:, :n],
        "gain": gain[:, 0],
        "covariance": own,
        "slopes": slopes,
        "central": central.diagonal(dim1=1, dim2=2),
        "changes": changed,
        "explained": gain * state.shape,
        "background": background,
        "left": state.left,
        "variance": _variance(noise, level, gain[:, 0]),
        "spread": spread,
        "noise": torch.stack([noise.floor, noise.slope, noise.error], dim=1),
    }
    return {
        name: value.numpy() if name == "slopes" else value.double().numpy().copy()
        for name, value in arrays.items()
    }


def _central(p: Problem, state: State) -> State:
    """The same with every code within the middle of its factor's range.

    At an end of the range a code may go anywhere and its own variance says nothing; the
    factor's does, from the slope a little inside.
    """
    moving = _inner(p.grid, state.moving)
    outer = torch.nonzero((moving != state.moving).any(dim=1))[:, 0]
    if not len(outer):
        return state
    inner = evaluate(p.rows(outer), moving[outer], state.background[outer])
    return state.map(lambda value, name: value.index_copy(0, outer, getattr(inner, name)))


def _inner(grid: Grid, moving: Tensor) -> Tensor:
    """``moving`` (B, P) with its codes in the middle of their factors."""
    moving = moving.clone()
    for name, neuron in grid.model.controls.items():
        if neuron in grid.free:
            factor = grid.model.mineral.factor(name)
            low, high = (float(v) for v in factor.code(factor.middle))
            k = grid.free.index(neuron)
            moving[:, k] = moving[:, k].clamp(low, high)
    return moving
