"""Which two tables a measurement may be made of: all pairs at once, none of them fitted.

A mineral that looks like the sum of two others comes first among single ones, and hides both. The
linear problem of two gains has a closed form, and all tables' products with each other are one
matrix: a pair costs no more than a few numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...measure.mixture.part import Part
from ...measure.mixture.scan import Scan
from .matching import inside, is_shown
from .scanned import coarse
from .templates import BLURS, Templates

Array = NDArray[np.float64]

TESTED = 120  # tables; of more, those most alike
SHIFTS = np.arange(-6.0, 6.1, 2.0)  # cm⁻¹, of the file's axis
AXIS = 2.8  # cm⁻¹, σ of it
LINE_SHAPE, OF_HEIGHT = 0.01, 0.5  # of the tallest; of a point's own: heights aren't the tables'
ALIKE = 1e-3  # 1 − squared likeness: nearer than that, two tables are one


@dataclass(frozen=True, eq=False)
class Pair:
    """Two that may be in the file together, the stronger first; ``worth``: by how much −2 ln of
    the likelihood is lower than with the best of all single tables.
    """

    parts: tuple[Part, Part]
    gains: tuple[float, float]
    shift: float
    worth: float


def pairs(scan: Scan, templates: Templates, most: int) -> list[Pair]:
    """The pairs that explain most, best first."""
    few = coarse(scan)
    weight = _weight(few)
    rows = _promising(few, templates, weight)
    best = _Best.of_nothing(len(rows))
    for shift in SHIFTS:
        for blur in BLURS:
            curves = templates.drawn(few.x - shift, blur, rows) * weight
            best = best.or_with(*_products(few, curves, weight), shift)
    first, second = np.triu_indices(len(rows), 1)
    worth = best.explained[first, second] - best.alone
    found: list[Pair] = []
    for k in np.argsort(-worth):
        if len(found) == most or worth[k] <= 0:
            break
        i, j = first[k], second[k]
        if best.gain[i, j] < best.gain[j, i]:
            i, j = j, i
        whole = [templates.parts[rows[t]] for t in (i, j)]
        one, other = (inside(part, scan) for part in whole)
        if is_shown(one, whole[0]) and is_shown(other, whole[1]):
            gains = float(best.gain[i, j]), float(best.gain[j, i])
            found.append(Pair((one, other), gains, float(best.shift[i, j]), float(worth[k])))
    return found


def _weight(scan: Scan) -> Array:
    """(N,) 1/σ with which no strong band decides alone."""
    own = OF_HEIGHT * np.maximum(scan.y, 0.0)
    sigma = np.sqrt((2 * scan.noise) ** 2 + LINE_SHAPE**2 + own**2)
    return np.asarray(np.where(scan.usable, 1 / (sigma * np.sqrt(scan.shared)), 0.0))


def _promising(scan: Scan, templates: Templates, weight: Array) -> NDArray[np.intp]:
    if len(templates.parts) <= TESTED:
        return np.arange(len(templates.parts))
    alike = [templates.alike(scan.x - s, scan.y, weight**2) for s in SHIFTS]
    return np.argsort(-np.max(alike, axis=0))[:TESTED]


def _products(scan: Scan, curves: Array, weight: Array) -> tuple[Array, Array]:
    """Of curves (T, N) [σ] with each other (T, T) and with the scan (T,), what a background
    explains of them taken out.
    """
    under = scan.basis * weight[:, None]
    whole = under.T @ under + np.diag(1 / scan.slack**2)
    shared, y = curves @ under, scan.y * weight
    free = np.linalg.solve(whole, shared.T)
    return curves @ curves.T - shared @ free, curves @ y - free.T @ (under.T @ y)


@dataclass(frozen=True, eq=False)
class _Best:
    """Of each pair of T tables (T, T): what it explains at best, the first one's gain and the
    shift where it does; ``alone``: what the best single table explains.
    """

    explained: Array
    gain: Array
    shift: Array
    alone: float

    @staticmethod
    def of_nothing(count: int) -> _Best:
        nought = np.zeros((count, count))
        return _Best(nought, nought, nought, 0.0)

    def or_with(self, own: Array, pulled: Array, shift: float) -> _Best:
        """Or with products ``own`` (T, T) and ``pulled`` (T,) at that shift, where that is more."""
        power = np.maximum(np.diag(own), 1e-12)
        both = power[:, None] * power
        apart = both - own**2
        gain = (power * pulled[:, None] - own * pulled) / np.maximum(apart, ALIKE * both)
        there = (gain > 0) & (gain.T > 0) & (apart > ALIKE * both)
        priced = (shift / AXIS) ** 2
        explained = np.where(there, gain * pulled[:, None] + gain.T * pulled - priced, 0.0)
        more = explained > self.explained
        single = float((np.maximum(pulled, 0.0) ** 2 / power).max(initial=0.0)) - priced
        return _Best(
            np.where(more, explained, self.explained),
            np.where(more, gain, self.gain),
            np.where(more, shift, self.shift),
            max(self.alone, single),
        )
