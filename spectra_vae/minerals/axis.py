"""The wavenumbers that a mineral's models live on: dense where bands are, coarse elsewhere."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Piece = tuple[float, float, float]  # low, high, step, cm⁻¹

LOW, HIGH = 100.0, 4000.0  # cm⁻¹ that every axis covers
COARSEST = 10.0  # cm⁻¹ between points where no band is
ACROSS, ACROSS_MAIN = 4.0, 5.0  # points over a narrowest band, over the strongest one as tabulated
FLANK = 6.0  # widths of a band, either side, that are dense
LEAST_GAP = 60.0  # cm⁻¹ between dense pieces: a smaller one is as dense as they are


def points(pieces: tuple[Piece, ...]) -> Array:
    """The axis (N,) of ascending pieces that touch, both ends included."""
    parts = [low + step * np.arange(round((high - low) / step)) for low, high, step in pieces]
    return np.concatenate([*parts, [pieces[-1][1]]])


def derived(
    position: Array, narrowest: Array, width: Array, strongest: int, shift: float
) -> tuple[Piece, ...]:
    """Pieces for bands at ``position`` (bands,) whose FWHM is ``width`` (bands,), ``narrowest``
    (bands,) at the least; they move by ``shift`` either way. All in cm⁻¹.
    """
    step = np.minimum(narrowest / ACROSS, COARSEST)
    step[strongest] = min(step[strongest], width[strongest] / ACROSS_MAIN)
    reach = shift + FLANK * width
    lowest = float((position - shift - width).min())
    first = max(min(LOW, math.floor(lowest)), 0.0)
    low = np.maximum(np.floor(position - reach), first)
    high = np.ceil(position + reach)
    found: list[Piece] = []
    for k in (k for k in np.argsort(low) if step[k] < COARSEST):
        one = float(low[k]), float(high[k]), float(step[k])
        if found and one[0] - found[-1][1] < LEAST_GAP:
            a, b, finest = found.pop()
            one = a, max(b, one[1]), min(finest, one[2])
        found.append(one)
    return tuple(_whole(piece) for piece in _filled(found, first))


def _filled(dense: list[Piece], first: float) -> list[Piece]:
    """The dense pieces with coarse ones between them and to the ends."""
    found, at = [], first
    for low, high, step in dense:
        if low > at:
            found.append((at, low, COARSEST))
        found.append((max(low, at), high, step))
        at = high
    return found if at >= HIGH else [*found, (at, HIGH, COARSEST)]


def _whole(piece: Piece) -> Piece:
    """A piece of a whole number of steps."""
    low, high, step = piece
    return low, high, (high - low) / math.ceil((high - low) / step - 1e-9)
