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

# How likely it is beforehand that bands are the table's: both in shape and place, in shape but not
# in place, in place but not in shape, in neither.
AS_TABLE = np.array([[0.125, 0.125], [0.01, 0.74]])
PLACES = Scatters.of(typical=1.2, exact=0.0)  # cm⁻¹: ν3 of three measured gypsums lies within 4
SIZES = Scatters.of(typical=0.25, exact=0.0)  # of the log of the widths
TILT = 3e-4  # σ of an axis' relative error
REACH = 10.0  # cm⁻¹ of an axis' offset beforehand
TABULATED = 0.5  # probability that an instrument not told has the table's resolution
STEPS = 45  # values of a factor, denser around the likely one
NARROW = 3.0  # of them: how much denser
MOST, TINY = 50.0, 1e-300  # of a log that is told; no sum is 0


@dataclass(frozen=True, eq=False)
class Evidence:
    """Logs (R,) of how likely R files are, if their bands are the ``table``'s and if each may be
    ``apart``.
    """

    table: Array
    apart: Array

    @property
    def both(self) -> Array:
        """(R, 2) the likelihoods, the larger being 1."""
        logs = np.column_stack([self.table, self.apart])
        return np.asarray(np.exp(logs - logs.max(axis=1, keepdims=True)))


@dataclass(frozen=True, eq=False)
class Alike:
    """How likely the bands of R files are the table's, (R,) each: in ``place``, in ``shape``, in
    both.
    """

    place: Array
    shape: Array
    both: Array

    @classmethod
    def of(cls, place: Evidence, shape: Evidence) -> Alike:
        """Bands that are somewhere else rarely have the table's widths, and the other way."""
        joint = AS_TABLE * shape.both[:, :, None] * place.both[:, None, :]
        joint /= joint.sum(axis=(1, 2), keepdims=True)
        return cls(joint[:, :, 0].sum(axis=1), joint[:, 0].sum(axis=1), joint[:, 0, 0])


@dataclass(frozen=True, eq=False)
class Places:
    """What R files say of their bands' common offset from the start: by how likely scatters if each
    band may be off by itself, and of whether they are.
    """

    apart: Offsets
    evidence: Evidence


def places(mineral: Mineral, local: LocalBands) -> Places:
    moved, variance = local.likelihood(POSITION)
    known = moved, variance, mineral.table["position"] - mineral.main.position
    table = offsets(*known, np.zeros(1), TILT, REACH).evidence[:, 0]
    apart = with_strangers(*known, PLACES.sizes, TILT, REACH)
    return Places(apart, Evidence(table, _log_mean(apart.evidence, PLACES.prior)))


def shift(found: Places, half: Array, ninety: float, exact: Array) -> list[Together]:
    """The common offset of each of R files from the start, cm⁻¹. ``half`` (R,): half the 90 %
    interval of the fit that holds all bands together, true if they stand where the table has them,
    which is likely by ``exact`` (R,); ``ninety``: σ that it is.
    """
    share = shares(PLACES.prior, found.apart.evidence) * (1 - exact[:, None])
    means = np.pad(found.apart.means, ((0, 0), (1, 0)))
    deviations = np.column_stack([half / ninety, np.sqrt(found.apart.variances)])
    ends = mixed(means, deviations, np.column_stack([exact, share]))
    return Together.each(ends, share @ PLACES.sizes, exact)


def scatters(moved: Places, wide: Factors | None) -> Array:
    """(R, 3) by how much bands of R files scatter, if they do: in place [cm⁻¹], log of the width
    and mixing, of which no file tells much.
    """
    place = shares(PLACES.prior, moved.apart.evidence) @ PLACES.sizes
    width = np.full_like(place, SIZES.prior @ SIZES.sizes) if wide is None else wide.scatter
    return np.column_stack([place, width, np.full_like(place, MIXES)])


@dataclass(frozen=True)
class Width:
    """The width's factor, and the instrument's ``resolution`` that goes with it, cm⁻¹."""

    factor: Together
    resolution: tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class Factors:
    """What R files say of the width's factor: how likely each of its ``values`` (R, C) is together
    with each of the resolutions ``slits`` (S,), if shapes are the ``table``'s and if each may be
    ``apart``, (R, C, S); both sum to 1. ``tabulated``: which of the slits is the table's;
    ``scatter`` (R,) of the logs of widths, if they may be apart.
    """

    values: Array
    slits: Array
    tabulated: int
    table: Array
    apart: Array
    scatter: Array
    evidence: Evidence

    @property
    def plain(self) -> Array:
        """(R,) how likely, if shapes are the table's, the resolution is, too."""
        return np.asarray(self.table[:, :, self.tabulated].sum(axis=1))


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
    sizes = np.append(0.0, SIZES.sizes)
    weight = 1 / (variance[:, None] + sizes[:, None] ** 2)  # (R, sizes, K)
    square = np.square(seen[:, None, None] - family.log_fwhm[near])
    square = square.reshape(len(seen), -1, seen.shape[1]) @ weight.swapaxes(1, 2)
    square = square.reshape(*near.shape, len(family.slits), -1)
    log = -0.5 * (square - np.log(weight).sum(axis=2)[:, None, None])
    top = log.max(axis=(1, 2, 3))
    joint = np.exp((log - top[:, None, None, None]).astype(np.float32))  # twice as fast as doubles
    joint *= _slits(family, tabular)[:, None].astype(np.float32)
    steps = _steps(near)
    joint *= (steps / steps.sum(axis=1, keepdims=True)).astype(np.float32)[:, :, None, None]
    tabulated = int(np.argmin(np.abs(family.slits - (told or tabular))))
    table, apart = joint[..., 0].astype(np.float64), joint[..., 1:]
    shapes = np.clip(mixings(local).table, -MOST, MOST)  # another resolution changes all shapes
    table[:, :, tabulated] *= np.exp(shapes)[:, None]
    by_size = apart.sum(axis=(1, 2)) * SIZES.prior
    whole = table.sum(axis=(1, 2)), by_size.sum(axis=1)
    logs = (top + np.log(np.maximum(one, TINY)) for one in whole)
    table, apart = (
        part / np.maximum(one, TINY)[:, None, None]
        for part, one in zip((table, apart @ SIZES.prior), whole, strict=True)
    )
    scatter = by_size @ SIZES.sizes / np.maximum(whole[1], TINY)
    return Factors(
        family.values[near], family.slits, tabulated, table, apart, scatter, Evidence(*logs)
    )


def mixings(local: LocalBands) -> Evidence:
    """Of R files, whether the mixings are all the table's or each its own."""
    moved, variance = local.likelihood(MIXING)
    free = variance + MIXES**2
    log = -0.5 * (moved**2 / variance - moved**2 / free + np.log(variance / free)).sum(axis=1)
    return Evidence(log, np.zeros_like(log))


def width(
    found: Factors, plain: tuple[Array, Array], exact: Array, raw: NDArray[np.bool_]
) -> list[Width]:
    """The common width of each of R files, whose shapes are the table's by ``exact`` (R,).
    ``plain``: the factor's values and one σ (R,) by the fit that holds all bands together, true
    where these are seen at the table's resolution and the file is ``raw`` (R,).
    """
    held = np.where(raw, exact * found.plain, 0.0)
    joint = exact[:, None, None] * found.table + (1 - exact[:, None, None]) * found.apart
    by_slit = joint.sum(axis=1)
    joint[raw, :, found.tabulated] -= (exact[:, None] * found.table[:, :, found.tabulated])[raw]
    by_value = np.maximum(joint.sum(axis=2), 0.0)
    by_value /= np.maximum(by_value.sum(axis=1, keepdims=True), TINY)
    ends = [_quantiles(*one) for one in zip(found.values, by_value, *plain, held, strict=True)]
    each = Together.each(np.array(ends), found.scatter * (1 - exact), exact)
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


def _log_mean(log: Array, weight: Array) -> Array:
    """(R,) log of the mean of exponentials of (R, S)."""
    top = log.max(axis=1, keepdims=True)
    return np.asarray(top[:, 0] + np.log(np.exp(log - top) @ weight))


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
