"""Bands that stand for several narrower ones: tried again where the fit misses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .candidates import Candidate, candidates
from .joint_fit import Problem, cost, fit
from .model import Bands, State

Array = NDArray[np.float64]

MISFIT = 3.0  # times what is allowed: the residual under a band that may be several
MOST_SPLITS, MOST_PARTS = 16, 8  # tried in a file; bands for one
CLUSTER = 0.9  # widths between bands that are tried together
MARGIN = 1.5  # widths either side of them that are fitted
LOOKS, STEPS = 4, 16


def split(problem: Problem, state: State, resolution: float, price: float) -> State:
    """``state`` with bands replaced by narrower ones where that explains more than their price."""
    done: list[float] = []
    for _ in range(MOST_SPLITS):
        worst = _worst(problem, state, done)
        if worst is None:
            break
        done.append(worst)
        state = _tried(problem, state, worst, resolution, price)
    return state


def _tried(problem: Problem, state: State, at: float, resolution: float, price: float) -> State:
    """With the band at ``at`` and those on it found anew, if that is better; nothing else moves."""
    bands = state.bands
    k = int(np.argmin(np.abs(bands.position - at)))
    away = np.abs(bands.position - bands.position[k]) / np.maximum(bands.width, bands.width[k])
    cluster = away < CLUSTER
    reach = MARGIN * float(bands.width[cluster].max())
    low, high = bands.position[cluster].min() - reach, bands.position[cluster].max() + reach
    here = (bands.position > low) & (bands.position < high)
    local = _window(problem, state, here, low, high)
    empty = tuple(np.zeros(0) for _ in problem.files)
    before = State(bands.take(here), state.offset, empty)
    after = before.with_bands(bands.take(here & ~cluster))
    for _ in range(LOOKS):
        more = _new(local, after, resolution, float(bands.width[cluster].max()))
        room = MOST_PARTS - len(after.bands)
        if more is None or room <= 0:
            break
        after = fit(
            local,
            after.with_bands(after.bands.with_more(more.take(np.arange(len(more))[:room]))),
            STEPS,
        )
    before = fit(local, before, STEPS)
    added = len(after.bands) - len(before.bands)
    if cost(local, after) + price * added >= cost(local, before):
        return state
    return state.with_bands(bands.take(~here).with_more(after.bands))


def _window(
    problem: Problem, state: State, here: NDArray[np.bool_], low: float, high: float
) -> Problem:
    """The files between two wavenumbers, without background and bands that aren't ``here``."""
    files, sigma = [], []
    for f, file in enumerate(problem.files):
        inside = (file.x >= low + state.offset[f]) & (file.x <= high + state.offset[f])
        others = state.bands.take(~here).curves(file.x, state.offset[f], f).sum(axis=1)
        y = file.y - others - problem.bases[f] @ state.background[f]
        files.append(replace(file, x=file.x[inside], y=y[inside], usable=file.usable[inside]))
        sigma.append(problem.sigma[f][inside])
    nothing = [np.zeros((len(file.x), 0)) for file in files]
    return Problem(files, nothing, [np.zeros(0) for _ in files], sigma)


def _new(problem: Problem, state: State, resolution: float, width: float) -> Bands | None:
    """Bands narrower than ``width`` that the first file's residual shows."""
    file, offset = problem.files[0], float(state.offset[0])
    taken = state.bands.position + offset, state.bands.width
    left = problem.residual(state, 0)
    found = candidates(file, left, problem.sigma[0], taken, 0.8 * resolution, 2 * MOST_PARTS)
    chosen = [c for c in found if c.width < width and c.height > 0]
    return started(chosen, len(problem.files), offset) if chosen else None


def started(new: list[Candidate], files: int, offset: float = 0.0) -> Bands:
    """Bands where a fit begins."""
    return Bands(
        np.array([c.position - offset for c in new]),
        np.log([c.width for c in new]),
        np.full(len(new), 0.4),
        np.tile(np.array([max(c.height, 1e-6) for c in new]), (files, 1)),
    )


def _worst(problem: Problem, state: State, done: list[float]) -> float | None:
    """Where a band stands that misses most, and that wasn't tried."""
    file, bands = problem.files[0], state.bands
    size = np.abs(problem.residual(state, 0) / problem.sigma[0]) * file.usable
    worst, place = 0.0, None
    for position, width, height in zip(bands.position, bands.width, bands.height[0], strict=True):
        near = np.abs(file.x - position - state.offset[0]) < 0.7 * width
        tried = any(abs(position - d) < 0.3 * width for d in done)
        if near.sum() > 4 and width > 3 * file.step and not tried:
            miss = float(np.sqrt(np.mean(size[near] ** 2)))
            if miss > MISFIT and miss * height > worst:
                worst, place = miss * height, float(position)
    return place
