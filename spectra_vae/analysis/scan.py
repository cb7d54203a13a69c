"""A neuron scanned from end to end, with the mineral's bands fitted in every spectrum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..minerals import Mineral
from ..minerals.profile import pseudo_voigt
from ..spectra.bands import FittedBand, fit_bands, locate
from .knobs import Scannable, inert

Array = NDArray[np.float64]

POSITIONS = 9
JACOBIANS = 7  # codes a neuron at which it is asked whether anything moves


class Model(Scannable, Protocol):
    """What a scan needs of a model."""

    def sensitivity(self, z: ArrayLike | None = None) -> Array: ...


@dataclass(frozen=True, eq=False)
class Measured:
    """What fitted bands say of K spectra.

    ``areas`` group → (K,) and ``total`` (K,), all bands together, relative to the mineral's
    table; ``width`` (FWHM) and ``position`` (K,) of the strongest band, cm⁻¹; ``shape`` (K,)
    the share of the curve that no band explains (root sum of squares).
    """

    areas: Mapping[str, Array]
    total: Array
    width: Array
    position: Array
    shape: Array

    @property
    def columns(self) -> Array:
        """(K, properties) in the order of :func:`properties`; the width as its logarithm."""
        columns = [*self.areas.values(), np.log(self.width), self.position, self.shape]
        return np.stack(columns, axis=1)


@dataclass(frozen=True, eq=False)
class Scan:
    """One neuron at ``values`` (K,), the others at the origin; ``measured`` has K rows."""

    neuron: int
    values: Array
    measured: Measured


def properties(mineral: Mineral) -> tuple[str, ...]:
    """What of a spectrum a neuron may move: each group's area, then width, position, shape."""
    return (*groups(mineral), "width", "position", "shape")


def groups(mineral: Mineral) -> tuple[str, ...]:
    return tuple(dict.fromkeys(b.group for b in mineral.bands))


def reach(mineral: Mineral) -> Array:
    """How far the mineral's factors take each property from end to end (properties,).

    Areas × the table's, ln width, cm⁻¹. Where no factor moves it: one area, a factor of
    two in width, one width of the strongest band; for the shape all of the curve.
    """

    def span(moved: str, group: str | None = None) -> float:
        return max((f.reach(moved, group) for f in mineral.factors), default=0.0)

    areas = [span("area", g) or 1.0 for g in groups(mineral)]
    width, position = span("width") or np.log(2.0), span("position") or mineral.main.width
    return np.array([*areas, width, position, 1.0])


def scan(model: Model, neuron: int, values: ArrayLike | None = None) -> Scan:
    """Scan ``neuron`` over ``values`` (K,), by default from its low to its high end."""
    n = model.neurons[neuron]
    z = np.linspace(n.low, n.high, POSITIONS) if values is None else np.asarray(values, float)
    return Scan(neuron, z, measured(model.mineral, model.wavenumber, model.scan(neuron, z)))


def moving(model: Model) -> tuple[int, ...]:
    """Neurons that move a spectrum, by the decoder's own slopes along every neuron's scan."""
    codes = []
    for n in model.neurons:
        z = np.repeat(model.origin[None], JACOBIANS, axis=0)
        z[:, n.index] = np.linspace(n.low, n.high, JACOBIANS)
        codes.append(z)
    still = inert(model.sensitivity(np.concatenate(codes)))
    return tuple(n.index for n in model.neurons if not still[n.index])


def measured(mineral: Mineral, x: Array, curves: Array) -> Measured:
    """Fit ``mineral``'s bands in background-free ``curves`` (K, N) on ``x`` (N,), cm⁻¹."""
    found = [fit_bands(mineral, x, y, *locate(mineral, x, y)) for y in curves]
    main = [next(b for b in bands if b.index == mineral.strongest) for bands in found]
    left = [y - _drawn(mineral, x, bands) for y, bands in zip(curves, found, strict=True)]
    areas = {
        g: np.array([sum(b.area for b in bands if b.group == g) for bands in found], dtype=float)
        for g in groups(mineral)
    }
    table = {g: sum(b.area for b in mineral.bands if b.group == g) for g in areas}
    return Measured(
        areas={g: a / table[g] for g, a in areas.items()},
        total=np.sum(list(areas.values()), axis=0) / sum(table.values()),
        width=np.array([b.fwhm for b in main]),
        position=np.array([b.position for b in main]),
        shape=np.linalg.norm(left, axis=1) / np.linalg.norm(curves, axis=1),
    )


def _drawn(mineral: Mineral, x: Array, bands: tuple[FittedBand, ...]) -> Array:
    """The sum (N,) of fitted bands."""
    height, position, fwhm = (
        np.array([getattr(b, name) for b in bands])[:, None]
        for name in ("height", "position", "fwhm")
    )
    mixing = mineral.table["mixing"][[b.index for b in bands], None]
    return np.asarray((height * pseudo_voigt(x - position, fwhm, mixing)).sum(axis=0))
