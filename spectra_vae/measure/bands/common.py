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
from .together import ENDS, Offsets, Scatters, Together, mixed, offsets, shares, with_strangers
from .widths import Widths, widths

Array = NDArray[np.float64]

# How likely all lines of a file are the table's, in place, width and shape; if they aren't, how
# likely it is that their places don't scatter, or their widths.
CLEAN, STILL = 0.5, 0.05
PLACES = Scatters.of(typical=1.2, exact=STILL)  # cm⁻¹: ν3 of three measured gypsums is within 4
SIZES = Scatters.of(typical=0.25, exact=STILL)  # of the log of the widths
TILT = 3e-4  # σ of an axis' relative error
REACH = 10.0  # cm⁻¹ of an axis' offset beforehand
TABULATED = 0.5  # probability that an instrument not told has the table's resolution
STEPS = 45  # values of a factor, denser around the likely one
NARROW = 3.0  # of them: how much denser


@dataclass(frozen=True, eq=False)
class Evidence:
    """Logs (R,) of how likely R files are, if their bands are the ``table``'s and if each may be
    ``apart``.
    """

    table: Array
    apart: Array


def clean(local: LocalBands, *told: Evidence) -> Array:
    """(R,) how likely all bands are the table's, by everything that tells of them; those of a
    filtered file, which no simulation made, aren't.
    """
    odds = _mixings(local) + sum(one.table - one.apart for one in told)
    share = CLEAN * np.exp(np.clip(odds, -50, 50))
    return np.where(local.raw, share / (share + 1 - CLEAN), 0.0)


@dataclass(frozen=True, eq=False)
class Places:
    """What R files say of their common offset: see :class:`Offsets`; the last is ``evidence``."""

    offsets: Offsets
    evidence: Evidence


def places(mineral: Mineral, local: LocalBands) -> Places:
    """The common offset, from the start, by the scatter that bands may have."""
    moved, variance = local.likelihood(POSITION)
    away = mineral.table["position"] - mineral.main.position
    known = moved, variance, away
    found = with_strangers(*known, PLACES.sizes, TILT, REACH)
    table = offsets(*known, np.zeros(1), TILT, REACH).evidence[:, 0]
    return Places(found, Evidence(table, _log_sum(found.evidence + np.log(PLACES.prior))))


def shift(found: Places, half: Array, ninety: float, exact: Array) -> list[Together]:
    """The common offset of each of R files from the start, cm⁻¹. ``half`` (R,): half the 90 %
    interval of the fit that holds all bands together, true if their family is exact, which it is
    with a probability ``exact`` (R,); ``ninety``: σ that it is.
    """
    by_size, apart = found.offsets, 1 - exact[:, None]
    share = shares(PLACES.prior, by_size.evidence) * apart
    means = np.pad(by_size.means, ((0, 0), (1, 0)))
    deviations = np.column_stack([half / ninety, np.sqrt(by_size.variances)])
    ends = mixed(means, deviations, np.column_stack([exact, share]))
    return Together.each(ends, share @ PLACES.sizes, exact + share[:, 0])


@dataclass(frozen=True)
class Width:
    """The width's factor, and the instrument's ``resolution`` that goes with it, cm⁻¹."""

    factor: Together
    resolution: tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class Factors:
    """What R files say of the width's factor: ``joint`` (R, C, slits, sizes), how likely each of
    its ``values`` (R, C) is with a resolution and a scatter, if bands may differ; their sum is 1.
    ``tabulated``: which of the ``slits`` is the table's.
    """

    values: Array
    slits: Array
    tabulated: int
    joint: Array
    evidence: Evidence


def factors(model: Model, local: LocalBands, told: float | None) -> Factors | None:
    """The common width of R files; ``told``: the resolution, if it was; None: no factor widens
    bands.
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
    log = -0.5 * (square - np.log(weight).sum(axis=2)[:, None, None])
    top = log.max(axis=(1, 2, 3))
    steps = _steps(near)
    joint = np.exp(log - top[:, None, None, None])
    joint *= (steps / steps.sum(axis=1, keepdims=True))[:, :, None, None]
    tabulated = int(np.argmin(np.abs(family.slits - (told or tabular))))
    table = joint[:, :, tabulated, 0].sum(axis=1)
    joint *= _slits(family, tabular)[:, None] * SIZES.prior
    apart = joint.sum(axis=(1, 2, 3))
    evidence = Evidence(top + _log(table), top + _log(apart))
    joint /= apart[:, None, None, None]
    return Factors(family.values[near], family.slits, tabulated, joint, evidence)


def width(found: Factors, plain: tuple[Array, Array], exact: Array) -> list[Width]:
    """The common width of each of R files. ``plain``: the factor's values and one σ (R,) by the fit
    that holds all bands together, true if their family is exact, which it is with a probability
    ``exact`` (R,).
    """
    sums = (found.joint.sum(axis=axes) for axes in ((2, 3), (1, 3), (1, 2)))
    by_value, by_slit, by_size = sums
    ends = [_quantiles(*one) for one in zip(found.values, by_value, *plain, exact, strict=True)]
    by_slit = by_slit * (1 - exact)[:, None]
    by_slit[:, found.tabulated] += exact
    each = Together.each(np.array(ends), (by_size @ SIZES.sizes) * (1 - exact), exact)
    slits = [_of_slits(found.slits, one) for one in by_slit]
    return [Width(*both) for both in zip(each, slits, strict=True)]


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


def _mixings(local: LocalBands) -> Array:
    """(R,) log of how much likelier the mixings are if all are the table's than if each is its
    own.
    """
    moved, variance = local.likelihood(MIXING)
    free = variance + MIXES**2
    log = -0.5 * (moved**2 / variance - moved**2 / free + np.log(variance / free)).sum(axis=1)
    return np.asarray(log)


def _log_sum(log: Array) -> Array:
    """(R,) log of the sums of exponentials of (R, S)."""
    top = log.max(axis=1, keepdims=True)
    return np.asarray(top[:, 0] + np.log(np.exp(log - top).sum(axis=1)))


def _log(values: Array) -> Array:
    return np.log(np.maximum(values, 1e-300))


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
