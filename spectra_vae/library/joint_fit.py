"""Bands and backgrounds of several files fitted together: Levenberg–Marquardt with priors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .baseline import AUTOMATIC
from .measurement import Measurement
from .model import MIXING_ENDS, Bands, State, shapes, sigma_of
from .noise import heard

Array = NDArray[np.float64]

NARROWEST, WIDEST, WIDEST_OH = 1.5, 125.0, 260.0  # FWHM of bands, cm⁻¹
WIDEST_FITTED = 300.0  # what is wider than a band is told apart by its width
IN_STEPS = 1.2  # FWHM in points of the finest file: what is narrower stands between them
OH = 2900.0  # cm⁻¹: from there on, hydrogen bonds make bands wide
USUAL_WIDTH, WIDTH_SPREAD = np.log(12.0), 1.2  # of ln FWHM
USUAL_LEAN, LEAN_SPREAD = 0.4, 1.0  # mixing .6 give or take .22
OFFSET_SPREAD = 6.0  # cm⁻¹ between axes of instruments
FALL, RISE = 0.002, 0.02  # of the file's span: how far the background leaves its start
APART, STRENGTH = 0.67, 0.004  # widths between bands, and how much less is one σ
MOST_STEPS = 25
STRETCH, REACH = 128, 2e-3  # points; of a column's largest value: what counts in the curvature
CONVERGED, ROUGHLY = 1e-4, 2e-3  # of the cost: what the last steps may gain, in the end, in between


@dataclass(frozen=True, eq=False)
class Problem:
    """The files, their backgrounds' bases (N, B) and where those start, their σ (N,).

    ``price``: what a band must explain, × BIC's; ``baseline``: one of ``baseline.BASELINES``.
    """

    files: Sequence[Measurement]
    bases: Sequence[Array]
    begin: Sequence[Array]
    sigma: Sequence[Array]
    price: float = 1.0
    baseline: str = AUTOMATIC

    @cached_property
    def narrowest(self) -> float:
        """FWHM [cm⁻¹] of the narrowest band that the points can show."""
        return max(NARROWEST, IN_STEPS * min(file.step for file in self.files))

    def reweighted(self, state: State) -> Problem:
        """With the σ that the bands of ``state`` ask for."""
        signals = [
            state.bands.curves(file.x, state.offset[f], f).sum(axis=1)
            for f, file in enumerate(self.files)
        ]
        files = [
            file.with_noise(heard(self.residual(state, f), signals[f], file.usable, file.step))
            for f, file in enumerate(self.files)
        ]
        sigma = [sigma_of(file, signal) for file, signal in zip(files, signals, strict=True)]
        return replace(self, files=files, sigma=sigma)

    def residual(self, state: State, f: int) -> Array:
        """(N,) what is left of file ``f``."""
        file = self.files[f]
        curve = state.bands.curves(file.x, state.offset[f], f).sum(axis=1)
        return np.asarray(file.y - curve - self.bases[f] @ state.background[f])

    def weight(self, f: int) -> Array:
        """(N,) √(information) of a point."""
        file = self.files[f]
        return np.asarray(file.usable / (self.sigma[f] * np.sqrt(file.noise.shared)))


@dataclass(frozen=True, eq=False)
class Normal:
    """The normal equations at a state: shared parameters (3 K), and each file's own."""

    shared: Array
    right: Array
    own: list[Array]
    own_right: list[Array]
    mixed: list[Array]
    cost: float


def fit(problem: Problem, state: State, steps: int = MOST_STEPS) -> State:
    """The state of the least cost near ``state``; fewer ``steps`` than usual end roughly, too."""
    enough = CONVERGED if steps >= MOST_STEPS else ROUGHLY
    here = _normal(problem, state)
    damping = 1e-2
    for _ in range(steps):
        better = None
        for _ in range(6):
            there = _moved(problem, state, here, damping)
            value = cost(problem, there)
            if value < here.cost:
                better = there
                damping = max(damping / 5, 1e-9)
                break
            damping *= 6
        if better is None:
            return state
        gain = here.cost - value
        state, here = better, _normal(problem, better)
        if gain < enough * here.cost:
            break
    return state


def errors(problem: Problem, state: State) -> tuple[Array, Array]:
    """Standard errors of positions, log widths and leans (3, K), and of heights (F, K)."""
    n = _normal(problem, state)
    k = len(state.bands)
    inverse = [np.linalg.pinv(a) for a in n.own]
    schur = n.shared - sum(m.T @ i @ m for m, i in zip(n.mixed, inverse, strict=True))
    covariance = np.linalg.pinv(schur)
    table = np.sqrt(np.maximum(np.diag(covariance), 0)).reshape(3, k)
    heights = []
    for m, i in zip(n.mixed, inverse, strict=True):
        reach = i @ m
        spread = np.diag(i)[:k] + np.einsum("ij,jk,ik->i", reach[:k], covariance, reach[:k])
        heights.append(np.sqrt(np.maximum(spread, 0)))
    return table, np.array(heights)


def _normal(problem: Problem, state: State) -> Normal:
    bands, k = state.bands, len(state.bands)
    shared, right, cost = _priors(bands)
    own, own_right, mixed = [], [], []
    for f, file in enumerate(problem.files):
        weight = problem.weight(f)[:, None]
        centre = bands.position + state.offset[f]
        shape, along, across, lean = shapes(file.x, centre, bands.width, bands.mixing)
        height = bands.height[f]
        table = np.concatenate([along * height, across * height, lean * height * _bend(bands)], 1)
        table *= weight
        columns = [shape, problem.bases[f]]
        if f:
            columns.append((along * height).sum(axis=1, keepdims=True))
        local = np.concatenate(columns, axis=1) * weight
        left = file.y - shape @ height - problem.bases[f] @ state.background[f]
        left = left * weight[:, 0]
        away, stay = _away(problem, state, f)
        prior = np.zeros(local.shape[1])
        prior[k : k + len(away)] = 1 / stay**2
        pull = np.zeros(local.shape[1])
        pull[k : k + len(away)] = -away / stay
        if f:
            prior[-1] = 1 / OFFSET_SPREAD**2
            pull[-1] = -state.offset[f] / OFFSET_SPREAD**2
        products = _products(np.concatenate([table, local], axis=1))
        shared = shared + products[: 3 * k, : 3 * k]
        right = right + table.T @ left
        own.append(products[3 * k :, 3 * k :] + np.diag(prior + 1e-9))
        own_right.append(local.T @ left + pull)
        mixed.append(products[3 * k :, : 3 * k])
        cost += float(left @ left + away @ away + (state.offset[f] / OFFSET_SPREAD) ** 2)
    return Normal(shared, right, own, own_right, mixed, cost)


def _products(columns: Array) -> Array:
    """(P, P) inner products of ``columns`` (N, P), stretch by stretch with those that reach it.

    Far wings are left out of the curvature, not of the slopes: steps differ by nothing one sees.
    """
    size = np.abs(columns)
    reach = REACH * size.max(axis=0, initial=0.0)
    total = np.zeros((columns.shape[1], columns.shape[1]))
    for start in range(0, len(columns), STRETCH):
        part = columns[start : start + STRETCH]
        there = np.flatnonzero(size[start : start + STRETCH].max(axis=0) > reach)
        some = part[:, there]
        total[np.ix_(there, there)] += some.T @ some
    return total


def cost(problem: Problem, state: State) -> float:
    """What the fit makes least: squared residuals in σ, and priors."""
    total = _priors(state.bands)[2]
    for f in range(len(problem.files)):
        left = problem.residual(state, f) * problem.weight(f)
        away, _ = _away(problem, state, f)
        total += float(left @ left + away @ away + (state.offset[f] / OFFSET_SPREAD) ** 2)
    return total


def _away(problem: Problem, state: State, f: int) -> tuple[Array, Array]:
    """How far the background left its start, in the spread that is allowed, and that spread.

    It hardly falls: a dip under the bands would be filled with bands that nobody measured.
    """
    away = state.background[f] - problem.begin[f]
    stay = np.where(away < 0, FALL, RISE)
    return away / stay, stay


def _bend(bands: Bands) -> Array:
    """How the mixing follows the lean."""
    low, high = MIXING_ENDS
    share = (bands.mixing - low) / (high - low)
    return np.asarray((high - low) * share * (1 - share))


def _priors(bands: Bands) -> tuple[Array, Array, float]:
    """What is known beforehand of shapes, and that bands stand apart: normal equations, cost."""
    k = len(bands)
    wide = (bands.log_width - USUAL_WIDTH) / WIDTH_SPREAD
    lean = (bands.lean - USUAL_LEAN) / LEAN_SPREAD
    matrix = np.diag(np.repeat([0.0, 1 / WIDTH_SPREAD**2, 1 / LEAN_SPREAD**2], k) + 1e-9)
    right = np.concatenate([np.zeros(k), -wide / WIDTH_SPREAD, -lean / LEAN_SPREAD])
    cost = float(wide @ wide + lean @ lean)
    order = np.argsort(bands.position)
    for a, b in zip(order[:-1], order[1:], strict=True):
        wider = a if bands.log_width[a] > bands.log_width[b] else b
        distance = (bands.position[b] - bands.position[a]) / bands.width[wider]
        if distance < APART:
            lack = (APART - distance) / STRENGTH
            slope = np.zeros(3 * k)
            slope[a], slope[b] = 1, -1
            slope /= bands.width[wider]
            slope[k + wider] = distance
            slope /= STRENGTH
            matrix += np.outer(slope, slope)
            right -= lack * slope
            cost += lack**2
    return matrix, right, cost


def _moved(problem: Problem, state: State, n: Normal, damping: float) -> State:
    """One damped step; the files' own parameters are eliminated (Schur complement)."""
    bands, k = state.bands, len(state.bands)
    own = [a + np.diag(damping * np.diag(a)) for a in n.own]
    solved = [
        np.linalg.solve(a, np.column_stack([m, r]))
        for a, m, r in zip(own, n.mixed, n.own_right, strict=True)
    ]
    schur = n.shared + np.diag(damping * np.diag(n.shared) + 1e-9)
    right = n.right.copy()
    for m, s in zip(n.mixed, solved, strict=True):
        schur = schur - m.T @ s[:, :-1]
        right = right - m.T @ s[:, -1]
    table = np.linalg.solve(schur, right)
    step = np.concatenate(
        [np.clip(table[:k] / bands.width, -0.3, 0.3) * bands.width, np.clip(table[k:], -0.4, 0.4)]
    )
    height, background, offset = bands.height.copy(), [], state.offset.copy()
    for f, s in enumerate(solved):
        local = s[:, -1] - s[:, :-1] @ step
        height[f] = np.maximum(height[f] + local[:k], 1e-7)
        background.append(state.background[f] + local[k : k + problem.bases[f].shape[1]])
        if f:
            offset[f] += float(np.clip(local[-1], -3, 3))
    position = bands.position + step[:k]
    narrowest, widest = np.log(problem.narrowest), np.log(WIDEST_FITTED)
    log_width = np.clip(bands.log_width + step[k : 2 * k], narrowest, widest)
    lean = np.clip(bands.lean + step[2 * k :], -6, 6)
    return State(Bands(position, log_width, lean, height), offset, tuple(background))
