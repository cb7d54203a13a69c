"""What an instrument makes of the mineral, and of the same mineral in another state."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray

from ..minerals import Factor
from .fitting.grid import grid
from .report.restoration import Restoration
from .report.state import Comparable, Reading

Array = NDArray[np.float64]


def seen_by(
    model: Comparable, r: Restoration, own: Mapping[str, Reading], other: Mapping[str, Reading]
) -> Array:
    """The measurement ``r``, noise-free, had the mineral been in the ``other`` state (N,).

    Its own fitted curve, moved by what the difference of the states makes under this instrument's
    shift, gain, background and response. Factors that either doesn't know stay as they were.
    """
    fitted = r.code.mean
    moved = fitted.copy()
    for factor in model.mineral.state:
        neuron, mine, theirs = model.controls.get(factor.name), own[factor.name], other[factor.name]
        if neuron is None or mine.estimate.value is None or theirs.estimate.value is None:
            continue
        seen = float(factor.value(fitted[neuron]))
        value = respond(factor, mine.estimate.value, seen, theirs.estimate.value)
        moved[neuron] = float(factor.code(value))
    here = grid(model, r.wavenumber)
    codes = np.stack([fitted, moved])[:, list(here.free)]
    with torch.inference_mode():
        before, after = here.decode(torch.from_numpy(codes).float()).double().numpy()
    return np.asarray(r.background + r.explained + r.gain * (after - before))


def respond(factor: Factor, state: float, seen: float, other: float) -> float:
    """What an instrument would show of the value ``other``, as it shows ``seen`` of ``state``.

    Within the factor's range; how an instrument changes it is its effect's.
    """
    return float(np.clip(factor.respond(state, seen, other), factor.low, factor.high))
