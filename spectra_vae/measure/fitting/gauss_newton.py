"""Gauss–Newton through the decoder, batched: code, gain and background against the points.

Where crystal orientation asks for it, one amplitude per band goes along.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import torch
from torch import Tensor

from .crystals import heights
from .grid import PRIOR_STD, Grid

REACH = 5.0  # and how far they go
HUBER = 4.0  # residuals beyond this many σ pull linearly only: foreign bands mustn't bend the fit
STUCK = 1e5
SMALL_GAIN = 1e-3  # nats: a search that gains less is over


@dataclass(frozen=True, eq=False)
class Problem:
    """What B fits share and have: y (B, N) measured, ``weight`` (B, N) one over variance.

    ``shares`` (B, A, N) are the parts of the spectrum that amplitude changes, with the prior
    standard deviations ``spread`` (B, A) and lowest changes ``least`` (A,); None: the decoder
    alone.
    """

    grid: Grid
    y: Tensor
    weight: Tensor
    shares: Tensor | None = None
    spread: Tensor | None = None
    least: Tensor | None = None

    def rows(self, keep: Tensor) -> Problem:
        """Some of the B fits."""
        shares = None if self.shares is None else self.shares[keep]
        spread = None if self.spread is None else self.spread[keep]
        return Problem(self.grid, self.y[keep], self.weight[keep], shares, spread, self.least)

    @property
    def ends(self) -> tuple[Tensor, float] | None:
        """Lowest changes (A,) and the highest."""
        if self.least is None:
            return None
        return self.least, heights(self.grid.model.mineral)[1] - 1

    @cached_property
    def root(self) -> Tensor:
        """(B, N) one over the noise."""
        return self.weight.sqrt()

    @cached_property
    def precision(self) -> Tensor:
        """(B, P) of the prior on codes, gain, amplitudes."""
        codes = self.y.new_full((len(self.y), len(self.grid.free)), PRIOR_STD**-2)
        parts = [codes, torch.zeros_like(codes[:, :1])]
        if self.spread is not None:
            parts.append(self.spread**-2)
        return torch.cat(parts, dim=1)


@dataclass(frozen=True, eq=False)
class State:
    """Points of B searches and the model there.

    ``moving`` (B, P) codes, gain, amplitudes − 1; ``background`` (B, K); ``shape`` (B, N) the
    mineral at gain 1, ``slopes`` (B, P, N); ``left`` (B, N) what is not explained; ``cost`` (B,).
    """

    moving: Tensor
    background: Tensor
    shape: Tensor
    slopes: Tensor
    left: Tensor
    cost: Tensor

    def map(self, f: Callable[[Tensor, str], Tensor]) -> State:
        return State(**{name: f(value, name) for name, value in vars(self).items()})

    def rows(self, keep: Tensor) -> State:
        return self.map(lambda value, _: value[keep])


def evaluate(p: Problem, moving: Tensor, background: Tensor) -> State:
    """The model and its cost at B points."""
    n = len(p.grid.free)
    z, gain = moving[:, :n], moving[:, n : n + 1]
    shape, of_codes = p.grid.jacobian(z)
    slopes = shape.new_empty(*moving.shape, shape.shape[1])  # filled in place: large, and often
    torch.mul(of_codes, gain[:, None], out=slopes[:, :n])
    slopes[:, n] = shape
    if p.shares is not None:
        change = 1 + torch.einsum("ba,ban->bn", moving[:, n + 1 :], p.shares)
        slopes[:, : n + 1] *= change[:, None]
        torch.mul(p.shares, (gain * shape)[:, None], out=slopes[:, n + 1 :])
        shape = shape * change
    left = torch.addmm(p.y, background, p.grid.basis.T, alpha=-1).addcmul_(gain, shape, value=-1)
    return State(moving, background, shape, slopes, left, cost(p, moving, left))


def reweighted(p: Problem, state: State) -> State:
    """The same points, judged by the weights of p."""
    return replace(state, cost=cost(p, state.moving, state.left))


def cost(p: Problem, moving: Tensor, left: Tensor) -> Tensor:
    """(B,) Huber's, and the prior's."""
    size = left.abs().mul_(p.root)
    bounded = size.clamp(max=HUBER)
    robust = size.sub_(bounded, alpha=0.5).mul_(bounded).sum(dim=1, dtype=torch.float64)
    return robust + 0.5 * (p.precision * _away(p, moving) ** 2).sum(dim=1)


def search(p: Problem, state: State, iterations: int, enough: float = SMALL_GAIN) -> State:
    """Levenberg–Marquardt with reweighting; codes stay within their reach, the gain positive.

    A search is over after ``iterations``, when the cost falls by less than ``enough``, or when
    the next step promises next to nothing.
    """
    n = len(p.grid.free)
    end = {name: torch.empty_like(value) for name, value in vars(state).items()}
    damping = torch.full_like(state.cost, 1e-3)
    least = 0.02 * state.moving[:, n]  # what holds no mineral mustn't divide by zero
    active = torch.arange(len(p.y))

    def leave(over: Tensor, step: Tensor) -> Tensor:
        """Go on without those that are over, where they are many; the steps of the others."""
        nonlocal p, state, damping, least, active
        if int(over.sum()) <= len(over) // 4:
            return step
        stay = ~over
        _put(end, active[over], state.rows(over))
        p, state, damping = p.rows(stay), state.rows(stay), damping[stay]
        least, active = least[stay], active[stay]
        return step[stay]

    for _ in range(iterations):
        step, promised = _step(p, state, damping)
        over = (promised < SMALL_GAIN) & (damping < 1)  # a damped step promises little
        if bool(over.all()):
            break
        step = leave(over, step)
        moving = _bounded(state.moving, step[:, : state.moving.shape[1]], n, least, p.ends)
        background = state.background + step[:, state.moving.shape[1] :]
        trial = evaluate(p, moving, background)
        gained = state.cost - trial.cost
        better = gained >= 0
        state = _better(better, trial, state)
        damping = torch.where(better, damping / 4, damping * 8)
        over = torch.where(better, gained < enough, damping > STUCK)
        if bool(over.all()):
            break
        leave(over, step)
    _put(end, active, state)
    return State(**end)


def _put(end: dict[str, Tensor], rows: Tensor, state: State) -> None:
    for name, value in end.items():
        value[rows] = getattr(state, name)


def information(p: Problem, state: State, robust: bool = False) -> Tensor:
    """(B, P + K, P + K) Hessian of the cost, Gauss–Newton, float64; with the prior."""
    weight = _robust(p, state) if robust else p.weight
    moving, k = state.moving.shape[1], state.background.shape[1]
    weighted = state.slopes * weight[:, None]
    cross = weighted @ p.grid.basis
    out = torch.empty(len(p.y), moving + k, moving + k, dtype=torch.float64)
    out[:, :moving, :moving] = weighted @ state.slopes.transpose(1, 2)
    out[:, :moving, moving:] = cross
    out[:, moving:, :moving] = cross.transpose(1, 2)
    out[:, moving:, moving:] = (weight @ p.grid.pairs).reshape(-1, k, k)
    diagonal = out.diagonal(dim1=1, dim2=2)
    diagonal[:, :moving] += p.precision
    diagonal += 1e-8 * diagonal.clone() + 1e-12 * diagonal.amax(dim=1, keepdim=True)
    return out


def _robust(p: Problem, state: State) -> Tensor:
    """(B, N) weights with which Huber's residuals pull."""
    size = state.left.abs().mul_(p.root).clamp_(min=HUBER)
    return size.reciprocal_().mul_(p.weight).mul_(HUBER)


def _step(p: Problem, state: State, damping: Tensor) -> tuple[Tensor, Tensor]:
    """The step (B, P + K), and the cost (B,) that it promises to save."""
    pull = _robust(p, state).mul_(state.left)
    slope = torch.cat(
        [
            torch.einsum("bpn,bn->bp", state.slopes, pull) - p.precision * _away(p, state.moving),
            pull @ p.grid.basis,
        ],
        dim=1,
    )
    hessian = information(p, state, robust=True)
    diagonal = hessian.diagonal(dim1=1, dim2=2)
    diagonal += damping[:, None] * diagonal.clone()
    # scaled to a unit diagonal: codes and backgrounds differ by orders of magnitude
    scale = diagonal.clone().rsqrt()
    hessian = hessian * scale[:, :, None] * scale[:, None, :]
    factor = torch.linalg.cholesky_ex(hessian).L
    solved = torch.cholesky_solve((slope.double() * scale)[:, :, None], factor)[:, :, 0] * scale
    solved = torch.nan_to_num(solved)
    return solved.float(), 0.5 * (slope * solved).sum(dim=1)


def _away(p: Problem, moving: Tensor) -> Tensor:
    """(B, P) distance from the prior's centre."""
    n = len(p.grid.free)
    return torch.cat([moving[:, :n] - p.grid.origin, moving[:, n:]], dim=1)


def _bounded(
    moving: Tensor, step: Tensor, n: int, least: Tensor, ends: tuple[Tensor, float] | None
) -> Tensor:
    """Codes move by one at most and end at their reach; gain and amplitudes have limits too."""
    z = (moving[:, :n] + step[:, :n].clamp(-1, 1)).clamp(-REACH, REACH)
    gain = torch.maximum(moving[:, n] + step[:, n], least)
    if ends is None:
        return torch.cat([z, gain[:, None]], dim=1)
    others = moving[:, n + 1 :] + step[:, n + 1 :].clamp(-0.5, 0.5)
    others = torch.maximum(others, ends[0]).clamp(max=ends[1])
    return torch.cat([z, gain[:, None], others], dim=1)


def _better(better: Tensor, trial: State, state: State) -> State:
    """``trial``, with the rows of ``state`` where it isn't better put into it."""
    worse = torch.nonzero(~better)[:, 0]
    if len(worse):
        for name, value in vars(trial).items():
            value[worse] = getattr(state, name)[worse]
    return trial
