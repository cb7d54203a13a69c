"""What each knob does: areas, width and position of the bands while one neuron moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..minerals import NEAR_MAIN
from ..model.protocols import Trained
from ..spectra.bands import area, peak

Array = NDArray[np.float64]
Span = tuple[float, float]

POSITIONS = 13
SAME = 0.01  # moving a neuron by less than 1 % of the smallest mover moves nothing


class Scannable(Trained, Protocol):
    """What the table needs of a model."""

    def scan(self, neuron: int, values: ArrayLike) -> Array: ...


@dataclass(frozen=True)
class Knob:
    """One neuron from its low to its high end, the others at the origin.

    ``areas``: per group, smallest and largest area relative to the origin's; ``width``: ν1's
    FWHM [cm⁻¹]; ``position``: ν1's [cm⁻¹]; ``height``: ν1's; ``lowest``: smallest value anywhere.
    """

    neuron: int
    factor: str | None
    areas: Mapping[str, Span]
    width: Span
    position: Span
    height: Span
    lowest: float

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def knobs(model: Scannable) -> tuple[Knob, ...]:
    """The table of every neuron of ``model``."""
    return tuple(
        knob(model, n.index, n.factor, np.linspace(n.low, n.high, POSITIONS)) for n in model.neurons
    )


def knob(model: Scannable, neuron: int, factor: str | None, values: Array) -> Knob:
    """One neuron over ``values`` (K,)."""
    x, m = model.wavenumber, model.mineral
    curves = model.scan(neuron, values)
    origin = model.scan(neuron, [model.origin[neuron]])
    low, high = m.main.position - NEAR_MAIN, m.main.position + NEAR_MAIN
    peaks = np.array([peak(x, y, low, high) for y in curves])
    areas = {
        group: _span(area(x, curves, lo, hi) / float(area(x, origin, lo, hi)[0]))
        for group, (lo, hi) in m.spans.items()
    }
    return Knob(
        neuron=neuron,
        factor=factor,
        areas=areas,
        position=_span(peaks[:, 0]),
        height=_span(peaks[:, 1]),
        width=_span(peaks[:, 2]),
        lowest=float(curves.min()),
    )


def inert(jacobians: Array) -> NDArray[np.bool_]:
    """(latents,) True where a neuron moves no spectrum.

    ``jacobians`` (K, latents, N) at several codes. From the strongest mover down, a neuron is
    inert if its effect is under 1 % of the smallest mover's before it; so are all below it.
    """
    effect = np.sqrt(np.mean(jacobians**2, axis=(0, 2)))
    moves = np.zeros(len(effect), dtype=bool)
    smallest = float(effect.max())
    for j in np.argsort(-effect):
        if effect[j] < SAME * smallest or effect[j] == 0.0:
            break
        moves[j], smallest = True, float(effect[j])
    return ~moves


def _span(values: Array) -> Span:
    return float(values.min()), float(values.max())
