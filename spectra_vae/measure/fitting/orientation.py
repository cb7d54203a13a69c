"""Crystal orientation: does a file's own bands ask for an amplitude each, and what does it hide?

Fit A is the decoder alone, fit B adds one amplitude per band but the strongest. B is chosen where
it lowers the Bayesian information criterion (G. Schwarz 1978, Ann. Stat. 6:461).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...minerals import Band, Mineral
from ...simulation.instrument import ORIENTATION
from .crystals import heights
from .gauss_newton import HUBER, Problem, State, information
from .grid import REMEMBERED, Grid

Array = NDArray[np.float64]

FREE = 1.0  # prior standard deviation of an amplitude while it is only asked for
STRENGTHS = np.linspace(0.0, 1.0, 11)
FULL = np.log(ORIENTATION[1])  # largest log amplitude at full strength; uniform either side
POWDER = 0.5  # prior probability of no orientation at all


@dataclass(frozen=True)
class Amplitude:
    """A band's height over the one without orientation, with its 90 % interval."""

    name: str
    position: float
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Orientation:
    """What fit B found: an amplitude per band, and by how much it lowered the BIC."""

    amplitudes: tuple[Amplitude, ...]
    bic: float

    @property
    def farthest(self) -> Amplitude:
        return max(self.amplitudes, key=lambda a: abs(np.log(max(a.value, 1e-3))))

    def to_dict(self) -> dict[str, Any]:
        return {"amplitudes": [vars(a) for a in self.amplitudes], "bic": self.bic}


@dataclass(frozen=True, eq=False)
class Asked:
    """What one linear step from fit A says: ``gained`` (B,) BIC, ``hidden`` (B,) variance.

    ``hidden`` is the mean square that orientation may change an amplitude by, given those of the
    bands that no factor moves on its own; ``missed`` (B, A) the mean square of each change that
    fit A leaves out.
    """

    gained: Array
    hidden: Array
    missed: Array


def changeable(mineral: Mineral, x: Array) -> tuple[Band, ...]:
    """The bands that orientation changes and x (N,) covers; the strongest is the unit."""
    near = [b for b in mineral.bands if b != mineral.main]
    return tuple(b for b in near if (np.abs(x - b.position) < b.width).sum() >= 3)


def combinations(mineral: Mineral, bands: tuple[Band, ...]) -> Array:
    """(A, bands) what an amplitude changes: first, a band; in groups whose strength is a factor,
    a band at the cost of the group's largest. The group as a whole, in a row of its own, is that
    factor's, as far as its range goes.
    """
    groups = set(mineral.free_groups)
    one = dict(zip(bands, np.eye(len(bands)), strict=True))
    rows = [one[band] for band in bands if band.group not in groups]
    for group in sorted(groups & {b.group for b in bands}):
        own = [b for b in bands if b.group == group]
        largest = max(own, key=lambda b: b.area)
        rows += [one[b] - one[largest] * b.area / largest.area for b in own if b != largest]
    rows += [whole_group(bands, group) for group in sorted(groups & {b.group for b in bands})]
    return np.array(rows).reshape(len(rows), len(bands))


def whole_group(bands: tuple[Band, ...], group: str | None) -> Array:
    """(bands,) the combination that makes all bands of a group stronger."""
    return np.array([float(b.group == group) for b in bands])


def least(mineral: Mineral, bands: tuple[Band, ...]) -> Tensor:
    """(A,) lowest changes of the combinations: a whole group becomes stronger only, beyond what
    its factor can; weaker is the factor's.
    """
    groups = set(mineral.free_groups)
    wholes = [whole_group(bands, group) for group in groups]
    mix = combinations(mineral, bands)
    only_up = [any(np.array_equal(row, one) for one in wholes) for row in mix]
    return torch.from_numpy(np.where(only_up, 0.0, heights(mineral)[0] - 1)).float()


@dataclass(frozen=True, eq=False)
class Freedom:
    """What orientation may change on an axis: the ``mix`` (A, bands) of ``bands``, each as low as
    ``least`` (A,); the first ``single`` rows are a band each that no factor moves on its own.
    """

    bands: tuple[Band, ...]
    mix: Array
    least: Tensor
    single: int

    def shares(self, table: NDArray[np.float32], mineral: Mineral) -> Tensor:
        """(B, A, N) the parts of the mineral that change. ``table`` (B, all bands, N): its bands,
        by the table.
        """
        chosen = [mineral.bands.index(b) for b in self.bands]
        total = np.maximum(table.sum(axis=-2, keepdims=True), np.float32(1e-12))
        mix = torch.from_numpy(self.mix).float()
        return torch.einsum("ak,bkn->ban", mix, torch.from_numpy(table[:, chosen] / total))


@lru_cache(maxsize=REMEMBERED)
def freedom(on: Grid) -> Freedom:
    """What a mineral's orientation may change on the points of a file."""
    mineral = on.model.mineral
    bands, groups = changeable(mineral, on.x), set(mineral.free_groups)
    single = sum(b.group not in groups for b in bands)
    return Freedom(bands, combinations(mineral, bands), least(mineral, bands), single)


def ask(p: Problem, state: State, parts: Tensor, correlation: Array) -> Asked:
    """Would amplitudes of bands, with their shares ``parts``, explain more than they cost?

    ``correlation`` (B,): as many points count as one, as far as neighbours share their noise.
    """
    b, n, count = len(p.y), len(p.grid.free) + 1, parts.shape[1]
    p = replace(p, shares=parts, spread=p.y.new_full((b, count), FREE))
    still = torch.cat([state.moving, state.moving.new_zeros(b, count)], dim=1)
    height = state.moving[:, n - 1 : n] * state.shape
    here = replace(
        state, moving=still, slopes=torch.cat([state.slopes, parts * height[:, None]], dim=1)
    )
    inverse = torch.linalg.inv(information(p, here, robust=True))
    of_bands = slice(n, n + count)
    size = here.left.abs() * p.weight.sqrt()
    pull = p.weight * here.left * (HUBER / size.clamp(min=HUBER))
    slope = torch.einsum("ban,bn->ba", here.slopes[:, of_bands], pull).double()
    covariance = inverse[:, of_bands, of_bands]
    amplitude = torch.einsum("bac,bc->ba", covariance, slope)
    chi2 = (amplitude * slope).sum(dim=1).numpy() / correlation
    points = np.maximum((p.weight > 0).sum(dim=1).numpy() / correlation, 2)
    free = freedom(p.grid)
    variance = covariance.diagonal(dim1=1, dim2=2).numpy()
    hidden = _hidden(amplitude[:, : free.single].numpy(), variance[:, : free.single])
    believed = hidden[:, None] / (hidden[:, None] + variance)
    missed = (believed * amplitude.numpy()) ** 2 + believed * variance
    missed[:, (free.least == 0).numpy()] = 0.0
    return Asked(chi2 - count * np.log(points), hidden, missed)


def spread_at(strength: Array) -> Array:
    """Mean square of amplitude − 1, the log amplitude uniform within ± ``strength`` · FULL."""
    reach = np.maximum(strength * FULL, 1e-6)
    first, second = np.sinh(reach) / reach, np.sinh(2 * reach) / (2 * reach)
    return np.asarray(np.maximum(second - 2 * first + 1, 0.0))


def _hidden(amplitude: Array, variance: Array) -> Array:
    """(B,) expected square of what orientation does; amplitudes − 1 (B, A) and their variances."""
    squares = spread_at(STRENGTHS)
    spread = variance[:, None] + squares[:, None]
    likelihood = -0.5 * (amplitude[:, None] ** 2 / spread + np.log(spread)).sum(axis=-1)
    prior = np.full(len(STRENGTHS), (1 - POWDER) / (len(STRENGTHS) - 1))
    prior[0] = POWDER
    weight = prior * np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
    return np.asarray((weight @ squares) / weight.sum(axis=1))
