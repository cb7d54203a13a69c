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

PLACES = Scatters.of(typical=1.2, exact=0.25)  # cm⁻¹: ν3 of three measured gypsums lies within 4
SIZES = Scatters.of(typical=0.25, exact=0.5)  # of the log of the widths
TILT = 3e-4  # σ of an axis' relative error
REACH = 10.0  # cm⁻¹ of an axis' offset beforehand
TABULATED = 0.5  # probability that an instrument not told has the table's resolution
STEPS = 45  # values of a factor, denser around the likely one
NARROW = 3.0  # of them: how much denser
EXACT = 0.5  # probability that all lines have the table's shape


def shift(mineral: Mineral, local: LocalBands, half: Array, ninety: float) -> list[Together]:
    """The common offset of each of R files from the start, cm⁻¹. ``half`` (R,): half the 90 %
    interval of the fit that holds all bands together, if the family of spectra is exact;
    ``ninety``: σ that it is.
    """
    moved, variance = local.likelihood(POSITION)
    away = mineral.table["position"] - mineral.main.position
    means, spread, evidence = offsets(moved, variance, away, PLACES.sizes, TILT, REACH)
    share = shares(PLACES.prior, evidence)
    deviations = np.sqrt(spread)
    means[:, 0], deviations[:, 0] = 0.0, half / ninety
    return Together.each(mixed(means, deviations, share), share @ PLACES.sizes, share[:, 0])


@dataclass(frozen=True)
class Width:
    """The width's factor, and the instrument's ``resolution`` that goes with it, cm⁻¹."""

    factor: Together
    resolution: tuple[float, float, float]


def width(
    model: Model, local: LocalBands, told: float | None, plain: tuple[Array, Array], exact: Array
) -> list[Width] | None:
    """The common width of each of R files; ``told``: the resolution, if it was; ``plain``: the
    factor's values and one σ (R,) by the fit that holds all bands together, true if their family is
    exact, which it is with a probability ``exact`` (R,).
    """
    family, tabular = widths(model, told), model.mineral.resolution
    if family is None:
        return None
    moved, variance = local.likelihood(WIDTH)
    seen = moved + local.start[..., WIDTH]
    near = _indices(family, seen, variance)
    weight = 1 / (variance[:, None] + SIZES.sizes[:, None] ** 2)  # (R, sizes, K)
    square = np.square(seen[:, None, None] - family.log_fwhm[near])
    square = square.reshape(len(seen), -1, seen.shape[1]) @ weight.swapaxes(1, 2)
    square = square.reshape(*near.shape, len(family.slits), -1)
    log = -0.5 * (square - np.log(weight).sum(axis=2)[:, None, None]) + np.log(SIZES.prior)
    log += np.log(_slits(family, tabular))[:, None]
    joint = np.exp(log - log.max(axis=(1, 2, 3), keepdims=True))
    joint *= _steps(near)[:, :, None, None]
    joint /= joint.sum(axis=(1, 2, 3), keepdims=True)
    tabulated = int(np.argmin(np.abs(family.slits - (told or tabular))))
    share = exact * joint[:, :, tabulated, 0].sum(axis=1) * _as_tabulated(local)
    share = share / (share + 1 - exact)
    by_value, by_slit, by_size = (joint.sum(axis=axes) for axes in ((2, 3), (1, 3), (1, 2)))
    ends = [
        _quantiles(family.values[at], *rest)
        for at, *rest in zip(near, by_value, *plain, share, strict=True)
    ]
    by_slit = by_slit * (1 - share)[:, None]
    by_slit[:, tabulated] += share
    scatter = (by_size @ SIZES.sizes) * (1 - share)
    factors = Together.each(np.array(ends), scatter, share)
    slits = [_of_slits(family.slits, one) for one in by_slit]
    return [Width(*both) for both in zip(factors, slits, strict=True)]


def _indices(family: Widths, seen: Array, variance: Array) -> NDArray[np.intp]:
    """(R, C) ascending values of the factor to look at, densest where a single resolution has them;
    those beyond an end are the end again.
    """
    weight = 1 / (variance + SIZES.sizes[2] ** 2)
    count, slits, _ = family.log_fwhm.shape
    flat = family.log_fwhm.reshape(count * slits, -1)
    # the square of a difference, but for what doesn't depend on the value
    square = weight @ (flat**2).T - 2 * (weight * seen) @ flat.T
    best = square.argmin(axis=1) // slits
    side = np.sinh(NARROW * np.linspace(-1, 1, STEPS)) / np.sinh(NARROW)
    found = np.rint(best[:, None] + side * count).astype(np.intp)
    return np.asarray(np.clip(found, 0, count - 1), dtype=np.intp)


def _steps(near: NDArray[np.intp]) -> Array:
    """(R, C) how many values of the factor each one stands for; of equal ones, the last does."""
    apart = np.diff(near, axis=1).astype(float)
    left, right = np.pad(apart, ((0, 0), (1, 0))), np.pad(apart, ((0, 0), (0, 1)))
    end = near[:, -1:]
    left[:, -1] = end[:, 0] - np.where(near < end, near, -1).max(axis=1)
    found = (left + right) / np.where((left > 0) & (right > 0), 2.0, 1.0)
    found[:, :-1][apart == 0] = 0.0
    return np.asarray(found)


def _slits(family: Widths, tabulated: float) -> Array:
    """(S,) how likely each resolution is beforehand: log-uniform, but for the table's."""
    if len(family.slits) == 1:
        return np.ones(1)
    spread = np.gradient(np.log(family.slits))
    return np.asarray(
        (1 - TABULATED) * spread / spread.sum() + TABULATED * (family.slits == tabulated)
    )


def _as_tabulated(local: LocalBands) -> Array:
    """(R,) how much likelier the mixings are if all are the table's than if each is its own."""
    moved, variance = local.likelihood(MIXING)
    free = variance + MIXES**2
    log = -0.5 * (moved**2 / variance - moved**2 / free + np.log(variance / free)).sum(axis=1)
    return np.asarray(np.exp(np.clip(log, -50, 50)))


def _quantiles(values: Array, weight: Array, value: float, deviation: float, share: float) -> Array:
    """(3,) of the distribution ``weight`` on ``values``, with a ``share`` of a normal one."""
    deviation = max(deviation, 1e-6)
    around = value + deviation * np.linspace(-4, 4, 65)
    at = np.sort(np.clip(np.concatenate([values, around]), values[0], values[-1]))
    below = np.interp(at, values, np.cumsum(weight) - 0.5 * weight, left=0.0)
    below = (1 - share) * below + share * ndtr((at - value) / deviation)
    return np.asarray(np.interp(ENDS, below, at))


def _of_slits(slits: Array, weight: Array) -> tuple[float, float, float]:
    """5 %, 50 % and 95 % of a distribution on few values, each standing for those around it."""
    if len(slits) == 1:
        return (float(slits[0]),) * 3
    edges = np.exp(np.interp(np.arange(len(slits) + 1) - 0.5, np.arange(len(slits)), np.log(slits)))
    low, middle, high = np.interp(ENDS, np.concatenate([[0.0], np.cumsum(weight)]), edges)
    return float(low), float(middle), float(high)
