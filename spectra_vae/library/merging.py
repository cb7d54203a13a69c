"""Bands that stand too near one another become one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .candidates import NEAREST
from .joint_fit import Problem, fit
from .model import Bands, State

STEPS = 8
ALIKE = 2.0  # times as wide: a wider one than that is no half of a pair


def merge(problem: Problem, state: State, merged: list[tuple[float, float]]) -> State:
    """Bands nearer than 0.6 widths of the wider one become one, and are fitted again."""
    while True:
        bands = state.bands
        order = np.argsort(bands.position)
        lack = [
            (bands.position[b] - bands.position[a]) / max(bands.width[a], bands.width[b])
            for a, b in zip(order[:-1], order[1:], strict=True)
        ]
        if not lack or min(lack) >= NEAREST:
            return state
        at = int(np.argmin(lack))
        pair = order[at : at + 2]
        merged.append((float(bands.position[pair[0]]), float(bands.position[pair[1]])))
        state = fit(problem, state.with_bands(as_one(bands, pair)), STEPS)


def as_one(bands: Bands, pair: NDArray[np.intp]) -> Bands:
    """The bands with two of them, ``pair`` (2,), made one."""
    height = bands.height.mean(axis=0)
    keep, gone = pair if height[pair[0]] >= height[pair[1]] else pair[::-1]
    share = bands.area.mean(axis=0)[pair] / bands.area.mean(axis=0)[pair].sum()
    position, log_width, lean, heights = (
        a.copy() for a in (bands.position, bands.log_width, bands.lean, bands.height)
    )
    if np.abs(bands.log_width[pair[0]] - bands.log_width[pair[1]]) < np.log(ALIKE):
        position[keep] = float(share @ bands.position[pair])
        heights[:, keep] = bands.height[:, pair].max(axis=1)
    rest = np.arange(len(bands)) != gone
    return Bands(position, log_width, lean, heights).take(rest)
