"""How much of each phase: gains from all of its bands, and fractions with 90 % intervals.

A band's area over its reference's tells a phase's gain, as far as orientation and the table leave
it alone; how far they do, the scatter between a phase's bands says (random effects: R. DerSimonian,
N. Laird 1986, Control. Clin. Trials 7:177).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...minerals.profile import unit_area
from .fitted import Fit

Array = NDArray[np.float64]

Z90 = 1.6449  # a normal's central 90 %
USUAL = 0.25  # of ln area, σ between the bands of one phase, where few tell it
DOUBT = 3.0  # bands that the usual scatter counts for
FOREIGN = 0.02  # of the strongest band: what a weak one may owe to something else
TABLE = 0.1  # of ln gain, σ: a reference is one sample's
FAINTEST = 0.8  # of ln area, σ: what is less sure says nothing


@dataclass(frozen=True)
class Fraction:
    """A phase's share, with a 90 % interval."""

    value: float
    low: float
    high: float


def fractions(done: Fit) -> list[Fraction]:
    """Of all minerals' band area, each relative to its reference: one for each, in their order;
    they add up to 1.
    """
    return _shares(*_of_minerals(done))


def of_mass(done: Fit, per_mass: Array, error: Array) -> list[Fraction]:
    """Of the mass, as :func:`fractions`: ``per_mass`` (P,) is the gain that a unit of mass gives,
    ``error`` (P,) its relative one σ.
    """
    gain, covariance = _of_minerals(done)
    return _shares(gain - np.log(per_mass), covariance + np.diag(error**2))


def _of_minerals(done: Fit) -> tuple[Array, Array]:
    """The :func:`gains` without bands of no mineral."""
    only = list(done.mixture.minerals)
    gain, covariance = gains(done)
    return gain[only], covariance[np.ix_(only, only)]


def _shares(gain: Array, covariance: Array) -> list[Fraction]:
    """Of ln gains (P,) and their covariance (P, P)."""
    if len(gain) == 1:
        return [Fraction(1.0, 1.0, 1.0)]
    share = np.exp(gain - gain.max(initial=0.0))
    share /= share.sum()
    found = []
    for p, value in enumerate(share):
        slope = -share / (1 - value)
        slope[p] = 1.0
        half = Z90 * float(np.sqrt(slope @ covariance @ slope))
        logit = float(np.log(value / (1 - value)))
        low, high = (float(1 / (1 + np.exp(-(logit + s * half)))) for s in (-1, 1))
        found.append(Fraction(float(value), low, high))
    return found


def gains(done: Fit) -> tuple[Array, Array]:
    """ln gain (P,) of each phase from its bands' areas, and their covariance (P, P)."""
    m = done.mixture
    count, every = len(m.bands), range(len(m.parts))
    ratio, covariance = log_areas(done)
    spread = np.diag(covariance)
    sure = spread < FAINTEST**2
    design = np.zeros((count, len(m.parts)))
    design[np.arange(count), m.owner] = 1.0
    for p in every:
        mine = (m.owner == p) & sure
        if not mine.any():
            sure |= (m.owner == p) & (spread == spread[m.owner == p].min())
    between = np.array([_between(ratio, spread, (m.owner == p) & sure) for p in every])
    apart = between[m.owner] + (FOREIGN / m.table.height) ** 2
    weight = covariance[np.ix_(sure, sure)] + np.diag(apart[sure])
    inverse = np.linalg.inv(weight)
    x = design[sure]
    wide = np.linalg.inv(x.T @ inverse @ x)
    table = TABLE**2 * np.eye(len(m.parts))
    return np.asarray(wide @ x.T @ inverse @ ratio[sure]), wide + table


def log_areas(done: Fit) -> tuple[Array, Array]:
    """ln of every band's area over its reference's (K,), and their covariance (K, K)."""
    m = done.mixture
    count = len(m.bands)
    _, height, width, mixing = m.placed(done.scan)
    reference = np.concatenate([p.area for p in m.parts])
    ratio = np.log(np.maximum(height * width * unit_area(mixing), 1e-12) / reference)
    tell = np.zeros((count, 3 * count))
    tell[np.arange(count), np.arange(count)] = 1.0
    tell[np.arange(count), 2 * count + np.arange(count)] = 1.0
    return ratio, np.asarray(tell @ done.of_bands @ tell.T)


def _between(ratio: Array, spread: Array, mine: NDArray[np.bool_]) -> float:
    """Variance between the bands of one phase beyond their own errors."""
    some, error = ratio[mine], spread[mine]
    weight = 1 / error
    mean = float(weight @ some / weight.sum())
    free = len(some) - 1
    excess = float(weight @ (some - mean) ** 2) - free
    scale = float(weight.sum() - (weight @ weight) / weight.sum())
    found = max(excess / scale, 0.0) if free and scale > 0 else 0.0
    return (free * found + DOUBT * USUAL**2) / (free + DOUBT)
