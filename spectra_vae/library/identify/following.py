"""Which tables may be a further phase of a fit: all of them at once, by what one would explain.

A score test: how much likelier the file gets with a little of a table, everything that was fitted
following as it would; no table is fitted for it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ...measure.mixture.fitted import Fit
from ...measure.mixture.part import Part
from ...measure.mixture.phases import Next
from .matching import inside, is_shown
from .templates import Templates

Array = NDArray[np.float64]

TESTED = 120  # tables; of more, only the most promising
SHIFTS = (-2.0, 0.0, 2.0)  # cm⁻¹ from where the file's axis puts a table
HIDDEN = 0.02  # of a curve's own weight: below, what was fitted already can be it
WORTH = 8.0  # of −2 ln of the posterior: heights that follow may make much more of it
LEAST = 0.02  # of the tallest band: no phase starts lower


def following(done: Fit, templates: Templates, most: int) -> list[Next]:
    """The tables that explain most of what is left, best first."""
    rows = _promising(done, templates)
    gain, worth = _tested(done, templates, rows)
    best = worth.argmax(axis=0)
    found: list[Next] = []
    for t in np.argsort(-worth.max(axis=0)):
        if len(found) == most or worth[best[t], t] < WORTH:
            break
        part = templates.parts[rows[t]]
        at = best[t], t
        found += _shown(done, part, float(gain[at]), SHIFTS[best[t]], float(worth[at]))
    return found


def _promising(done: Fit, templates: Templates) -> NDArray[np.intp]:
    """The tables that are tested; of many, those most like what is left."""
    if len(templates.parts) <= TESTED:
        return np.arange(len(templates.parts))
    read = _read(done)
    alike = [templates.alike(read - s, done.left, done.weight**2) for s in SHIFTS]
    return np.argsort(-np.max(alike, axis=0))[:TESTED]


def _read(done: Fit) -> Array:
    """(N,) the scan's wavenumbers without the error of the file's axis."""
    scan, file = done.scan, done.mixture.file
    return np.asarray(scan.x - file[0] - file[1] * (scan.x - scan.middle) / scan.half)


def _shown(done: Fit, whole: Part, gain: float, shift: float, worth: float) -> Iterator[Next]:
    part = inside(whole, done.scan)
    if is_shown(part, whole) and all(whole.name != p.name for p in done.mixture.parts):
        yield Next(part, max(gain, LEAST), shift, worth)


def _tested(done: Fit, templates: Templates, rows: NDArray[np.intp]) -> tuple[Array, Array]:
    """(shifts, rows) the likeliest gain of each table, and by how much −2 ln of the posterior
    falls; 0 where it would be negative.
    """
    blur, read = float(np.sqrt(max(done.mixture.file[2], 0.0))), _read(done)
    curves = np.concatenate([templates.drawn(read - shift, blur, rows) for shift in SHIFTS])
    weighted = curves.T * done.weight[:, None]
    shared = done.pulled(weighted)
    power = (weighted**2).sum(axis=0)
    own = power - (shared * np.linalg.solve(done.curvature, shared)).sum(axis=0)
    pulled = weighted.T @ (done.left * done.weight)
    tells = (own > HIDDEN * power) & (pulled > 0)
    gain = np.where(tells, pulled / np.maximum(own, 1e-12), 0.0)
    shape = (len(SHIFTS), len(rows))
    return gain.reshape(shape), (gain * pulled * tells).reshape(shape)
