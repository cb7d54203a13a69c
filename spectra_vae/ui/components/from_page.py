"""Codes and neurons as a page sends them: what comes in may be anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...model.neuron import Neuron

FARTHEST_CODE = 8.0  # beyond it no slider goes


def chosen_neuron(given: Any, neurons: Sequence[Neuron]) -> int:
    """A neuron from a page: an index, or the first that moves something."""
    if isinstance(given, int) and not isinstance(given, bool) and 0 <= given < len(neurons):
        return given
    return next((n.index for n in neurons if not n.inert), 0)


def checked_code(code: Any, latents: int, origin: Any) -> NDArray[np.float64]:
    """A code from a page, (latents,): finite, within ±8, or the origin."""
    if not isinstance(code, list) or len(code) != latents:
        return np.array(origin, float)
    try:
        z = np.array([float(v) for v in code])
    except (TypeError, ValueError, OverflowError):
        return np.array(origin, float)
    if not np.isfinite(z).all():
        return np.array(origin, float)
    clipped: NDArray[np.float64] = np.clip(z, -FARTHEST_CODE, FARTHEST_CODE)
    return clipped


def names_in(given: Any) -> list[str]:
    """The names of a store's list."""
    return [g for g in given if isinstance(g, str)] if isinstance(given, list) else []
