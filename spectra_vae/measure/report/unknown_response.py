"""What an instrument's response may make of a group's strength: no file tells it.

Unless an instrument is calibrated, its response tilts and bends over its range, and groups of bands
far from each other seem stronger or weaker than they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ...minerals import Factor
from ...simulation.nuisances import NATURE
from ..fitting.fit_result import Z90
from .estimates import SIDES, Estimate, Row, Told, with_ends

Array = NDArray[np.float64]

CALIBRATED = 0.5  # probability that an instrument's response is flat


def with_response(
    rows: Sequence[Row], found: Sequence[Mapping[str, Estimate]]
) -> list[dict[str, Estimate]]:
    """What is ``found`` in R files of one axis and mineral, with the strengths' intervals as wide
    as a mixture of calibrated and of other instruments makes them.

    A response and a crystal multiply: a group that seems weak may be much stronger.
    """
    kept = [dict(one) for one in found]
    for factor in rows[0].mineral.strengths:
        told = Told.of(found, factor)
        some = [rows[i] for i in told.rows]
        hidden = np.array([_hidden(row, factor) for row in some])
        noise = np.sqrt(np.maximum(_own(told) ** 2 - (hidden * told.value) ** 2, 0.0))
        spread = _spread(some, str(factor.group))
        times = Z90 * np.hypot(hidden[:, None], np.stack([np.zeros_like(spread), spread], axis=1))
        factors = np.abs(np.expm1(SIDES[:, None] * times[:, None])) * told.value[:, None, None]
        deviations = np.hypot(noise[:, None, None], factors / Z90)
        kept = with_ends(kept, told, told.either(deviations, np.full(len(some), CALIBRATED)))
    return kept


def _own(told: Told) -> Array:
    """(T,) σ of estimates before their range cut them."""
    return np.asarray(np.maximum(told.value - told.low, told.high - told.value) / Z90)


def _hidden(row: Row, factor: Factor) -> float:
    """σ of the logarithm of what crystals may have made of the group, as calibrated."""
    variance = float(row.fits.hidden(factor.group)[row.k])
    return row.deviations(factor.name) / Z90 * float(np.sqrt(variance))


def _spread(rows: Sequence[Row], group: str) -> Array:
    """(T,) σ of the logarithm of a group's response over the strongest band's."""
    if not rows:
        return np.zeros(0)
    mineral, x = rows[0].mineral, rows[0].fits.grid.x
    own = [b for b in mineral.bands if b.group == group]
    place = np.average([b.position for b in own], weights=[b.area for b in own])
    used = np.stack([row.fits.used[row.k] for row in rows])
    low, high = x[used.argmax(axis=1)], x[len(x) - 1 - used[:, ::-1].argmax(axis=1)]
    at = 2 * (np.array([place, mineral.main.position]) - low[:, None]) / (high - low)[:, None] - 1
    return np.asarray(NATURE.response * np.hypot(np.diff(at), np.diff(at**2))[:, 0])
