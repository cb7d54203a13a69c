"""The bands' common offset and common width, if each may differ from its table by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from ...minerals import Mineral
from ..fitting.grid import Model
from .local_fit import MIXES, LocalBands
from .shapes import MIXING, POSITION, WIDTH
from .together import ENDS, Scatters, Together, mixed, offsets, shares
from .widths import Widths, widths

Array = NDArray[np.float64]

PLACES = Scatters.of(typical=1.2, exact=0.5)  # cm⁻¹: ν3 of three measured gypsums lies within 4
SIZES = Scatters.of(typical=0.25, exact=0.85)  # of the log of the widths
TILT = 3e-4  # σ of an axis' relative error
REACH = 10.0  # cm⁻¹ of an axis' offset beforehand
TABULATED = 0.5  # probability that an instrument not told has the table's resolution
STEPS = 45  # values of a factor, denser around the likely one
NARROW = 3.0  # of them: how much denser
EXACT = 0.5  # probability that all lines have the table's shape


def shift(mineral: Mineral, local: LocalBands, half: float, ninety: float) -> Together:
    """The common offset from the start, cm⁻¹. ``half``: half the 90 % interval of the fit that
    holds all bands together, if the family of spectra is exact; ``ninety``: σ that it is.
    """
    moved, variance = local.likelihood(POSITION)
    away = mineral.table["position"] - mineral.main.position
    means, spread, evidence = offsets(moved, variance, away, PLACES.sizes, TILT, REACH)
    share = shares(PLACES.prior, evidence)
    deviations = np.sqrt(spread)
    means[0], deviations[0] = 0.0, half / ninety
    low, value, high = mixed(means, deviations, share)
    return Together(low, value, high, float(share @ PLACES.sizes), float(share[0]))


@dataclass(frozen=True)
class Width:
    """The width's factor, and the instrument's ``resolution`` that goes with it, cm⁻¹."""

    factor: Together
    resolution: tuple[float, float, float]


def width(
    model: Model,
    local: LocalBands,
    told: float | None,
    plain: tuple[float, float],
    exact: float = EXACT,
) -> Width | None:
    """The common width; ``told``: the resolution, if it was; ``plain``: the factor's value and one
    σ by the fit that holds all bands together, true if their family is ``exact``.
    """
    family, tabular = widths(model, told), model.mineral.resolution
    if family is None:
        return None
    moved, variance = local.likelihood(WIDTH)
    seen = moved + local.start[:, WIDTH]
    near = _indices(family, seen, variance)
    grid = family.log_fwhm[near]
    steps = np.gradient(family.values[near])
    weight = 1 / (variance + SIZES.sizes[:, None] ** 2)
    square = np.square(seen - grid) @ weight.T
    log = -0.5 * (square - np.log(weight).sum(axis=1)) + np.log(SIZES.prior)
    log = log + np.log(_slits(family, tabular))[:, None] + np.log(steps)[:, None, None]
    joint = np.exp(log - log.max())
    joint /= joint.sum()
    tabulated = int(np.argmin(np.abs(family.slits - (told or tabular))))
    share = exact * float(joint[:, tabulated, 0].sum()) * _as_tabulated(local)
    share = share / (share + 1 - exact)
    by_value, by_slit, by_size = (joint.sum(axis=axes) for axes in ((1, 2), (0, 2), (0, 1)))
    low, value, high = _quantiles(family.values[near], by_value, plain, share)
    scatter = float(by_size @ SIZES.sizes) * (1 - share)
    by_slit = by_slit * (1 - share)
    by_slit[tabulated] += share
    return Width(Together(low, value, high, scatter, share), _of_slits(family.slits, by_slit))


def _indices(family: Widths, seen: Array, variance: Array) -> NDArray[np.intp]:
    """Values of the factor to look at, densest where a single resolution has them."""
    weight = 1 / (variance + SIZES.sizes[2] ** 2)
    square = np.square(seen - family.log_fwhm) @ weight
    best = int(np.unravel_index(np.argmin(square), square.shape)[0])
    side = np.sinh(NARROW * np.linspace(-1, 1, STEPS)) / np.sinh(NARROW)
    found = np.rint(best + side * len(family.values)).astype(int)
    return np.unique(np.clip(found, 0, len(family.values) - 1))


def _slits(family: Widths, tabulated: float) -> Array:
    """(S,) how likely each resolution is beforehand: log-uniform, but for the table's."""
    if len(family.slits) == 1:
        return np.ones(1)
    spread = np.gradient(np.log(family.slits))
    return np.asarray(
        (1 - TABULATED) * spread / spread.sum() + TABULATED * (family.slits == tabulated)
    )


def _as_tabulated(local: LocalBands) -> float:
    """How much likelier the mixings are if all are the table's than if each is its own."""
    moved, variance = local.likelihood(MIXING)
    free = variance + MIXES**2
    log = -0.5 * (moved**2 / variance - moved**2 / free + np.log(variance / free)).sum()
    return float(np.exp(np.clip(log, -50, 50)))


def _quantiles(
    values: Array, weight: Array, plain: tuple[float, float], share: float
) -> tuple[float, float, float]:
    """Of the distribution ``weight`` on ``values``, with a ``share`` of the normal ``plain``."""
    value, deviation = plain
    deviation = max(deviation, 1e-6)
    around = value + deviation * np.linspace(-4, 4, 65)
    at = np.unique(np.clip(np.concatenate([values, around]), values[0], values[-1]))
    below = np.interp(at, values, np.cumsum(weight) - 0.5 * weight, left=0.0)
    low, middle, high = np.interp(
        ENDS, (1 - share) * below + share * ndtr((at - value) / deviation), at
    )
    return float(low), float(middle), float(high)


def _of_slits(slits: Array, weight: Array) -> tuple[float, float, float]:
    """5 %, 50 % and 95 % of a distribution on few values, each standing for those around it."""
    if len(slits) == 1:
        return (float(slits[0]),) * 3
    edges = np.exp(np.interp(np.arange(len(slits) + 1) - 0.5, np.arange(len(slits)), np.log(slits)))
    low, middle, high = np.interp(ENDS, np.concatenate([[0.0], np.cumsum(weight)]), edges)
    return float(low), float(middle), float(high)
