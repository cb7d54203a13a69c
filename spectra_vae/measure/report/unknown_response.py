"""What an instrument's response may make of a group's strength: no file tells it.

Unless an instrument is calibrated, its response tilts and bends over its range, and groups of bands
far from each other seem stronger or weaker than they are.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ...minerals import Factor
from ...simulation.nuisances import NATURE
from ..fitting.fit_result import Z90
from .estimates import Estimate, Row, either

Array = NDArray[np.float64]

CALIBRATED = 0.5  # probability that an instrument's response is flat


def with_response(row: Row, found: Mapping[str, Estimate]) -> dict[str, Estimate]:
    """``found`` with the strengths' intervals as wide as a mixture of calibrated and of other
    instruments makes them.

    A response and a crystal multiply: a group that seems weak may be much stronger.
    """
    kept = dict(found)
    for factor in row.mineral.strengths:
        one = found[factor.name]
        if one.value is None or one.low is None or one.high is None:
            continue
        hidden = _hidden(row, factor)
        noise = np.sqrt(max(_own(one) ** 2 - (hidden * one.value) ** 2, 0.0))
        times = Z90 * np.hypot(hidden, [0.0, _spread(row, str(factor.group))])
        factors = np.abs(np.expm1(np.outer([-1, 1], times))) * one.value
        kept[factor.name] = either(one, factor, np.hypot(noise, factors / Z90), CALIBRATED)
    return kept


def _own(one: Estimate) -> float:
    """σ of an estimate before its range cut it."""
    assert one.value is not None and one.low is not None and one.high is not None
    return max(one.value - one.low, one.high - one.value) / Z90


def _hidden(row: Row, factor: Factor) -> float:
    """σ of the logarithm of what crystals may have made of the group, as calibrated."""
    variance = float(row.fits.hidden(factor.group)[row.k])
    return row.deviations(factor.name) / Z90 * float(np.sqrt(variance))


def _spread(row: Row, group: str) -> float:
    """σ of the logarithm of a group's response over the strongest band's."""
    x = row.fits.grid.x[row.fits.used[row.k]]
    own = [b for b in row.mineral.bands if b.group == group]
    place = np.average([b.position for b in own], weights=[b.area for b in own])
    at = 2 * (np.array([place, row.mineral.main.position]) - x[0]) / (x[-1] - x[0]) - 1
    return float(NATURE.response * np.hypot(np.diff(at), np.diff(at**2))[0])
