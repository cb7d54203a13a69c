"""Where fits start: a matched filter on the mineral's bands, and the encoder's mean where there
is an encoder.

Never the maximum of a file: there, a Rayleigh line or a spike would win.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...spectra.spectrum import interpolate
from .gauss_newton import Problem, State, cost, evaluate
from .grid import Grid

Array = NDArray[np.float64]

FARTHEST = 2.0  # of a code to start from: beyond, factors saturate and a search is stuck
ITS_OWN = 1e-3  # share of a template that no background explains: less is rounding
TINY = 1e-12  # files without a usable point have no normal matrix


@dataclass(frozen=True, eq=False)
class Guess:
    """What the matched filter saw in B spectra: gain (B,), template (B,), significance (B,) [σ].

    ``factor`` (B, K, K): Cholesky's, of the background's normal matrix.
    """

    factor: Tensor
    gain: Tensor
    template: Tensor
    significance: Tensor


def matched(grid: Grid, y: Tensor, weight: Tensor) -> Guess:
    """Templates over widths and positions, each fitted to y (B, N) together with a background.

    The gain is at least a tiny positive.
    """
    basis, templates = grid.basis, grid.templates
    k = basis.shape[1]
    normal = (weight @ grid.pairs).reshape(-1, k, k).double()
    normal += 1e-7 * torch.diag_embed(normal.diagonal(dim1=1, dim2=2)) + TINY * torch.eye(k)
    cross = torch.stack([(weight * column) @ templates.T for column in basis.T], dim=2).double()
    pulled = (weight * y) @ basis
    factor = torch.linalg.cholesky_ex(normal).L
    solved = torch.cholesky_solve(cross.transpose(1, 2), factor)  # (B, K, T)
    whole = (weight @ (templates**2).T).double()
    power = whole - (cross.transpose(1, 2) * solved).sum(dim=1)
    match = ((weight * y) @ templates.T).double()
    match = match - torch.einsum("bk,bkt->bt", pulled.double(), solved)
    seen = (match > 0) & (power > ITS_OWN * whole)
    power = power.clamp(min=1e-30)
    score = torch.where(seen, match**2 / power, 0.0)
    best = score.argmax(dim=1)
    rows = torch.arange(len(y))
    smallest = 1e-6 * (y.amax(dim=1) - y.amin(dim=1)).double()
    found = torch.where(seen[rows, best], match[rows, best] / power[rows, best], 0.0)
    gain = torch.maximum(found, smallest)
    return Guess(factor, gain.float(), best, score[rows, best].sqrt())


def first_state(p: Problem, guess: Guess, usable: NDArray[np.bool_]) -> State:
    """The better of the encoder's mean and the filter's template, each with the gain and the
    background that fit it best.
    """
    starts = [_encoded(p, guess, usable)] if "encoder" in p.grid.model.trained else []
    if p.grid.rough_codes is None:
        starts.append(p.grid.origin.expand(len(p.y), -1))
    else:
        starts.append(p.grid.rough_codes[guess.template])
    ends = []
    for codes in starts:
        shape = p.grid.decode(codes)
        gain, background = _linear(p, shape, guess)
        moving = torch.cat([codes, gain[:, None]], dim=1)
        left = p.y - gain[:, None] * shape - background @ p.grid.basis.T
        ends.append((cost(p, moving, left), moving, background))
    best, moving, background = ends[0]
    for other, there, ground in ends[1:]:
        better = other < best
        moving = torch.where(better[:, None], there, moving)
        background = torch.where(better[:, None], ground, background)
    return evaluate(p, moving, background)


def _linear(p: Problem, shape: Tensor, guess: Guess) -> tuple[Tensor, Tensor]:
    """Gain (B,) and background (B, K) that fit y best with the mineral's ``shape`` (B, N).

    A gain is at least a tenth of the filter's.
    """
    weighted = p.weight * shape
    pulled = torch.stack([(p.weight * p.y) @ p.grid.basis, weighted @ p.grid.basis], dim=2).double()
    of_y, of_shape = torch.cholesky_solve(pulled, guess.factor).unbind(dim=2)
    whole = (weighted * shape).sum(dim=1).double()
    power = whole - (pulled[..., 1] * of_shape).sum(dim=1)
    match = (weighted * p.y).sum(dim=1).double() - (pulled[..., 1] * of_y).sum(dim=1)
    found = torch.where(power > ITS_OWN * whole, match / power.clamp(min=1e-30), 0.0)
    gain = torch.maximum(found, 0.1 * guess.gain.double())
    return gain.float(), (of_y - gain[:, None] * of_shape).float()


def _encoded(p: Problem, guess: Guess, usable: NDArray[np.bool_]) -> Tensor:
    """(B, free) the encoder's means."""
    model, x = p.grid.model, p.grid.x
    bare = (p.y / guess.gain[:, None]).double().numpy()
    for row, mask in zip(bare, usable, strict=True):
        if not mask.all() and mask.any():
            row[~mask] = np.interp(x[~mask], x[mask], row[mask])
    mean = model.encode(interpolate(x, bare, model.wavenumber)).mean
    return torch.from_numpy(np.clip(mean, -FARTHEST, FARTHEST)[:, list(p.grid.free)]).float()
