"""The noise of a measurement, from the measurement itself: variance = floor + slope · signal."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import median_filter
from torch import Tensor

from ...spectra.saturation import KERNEL, MAD_TO_STD
from ...spectra.spectrum import Spectrum

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

BINS = 8
LEVEL_POINTS = 7  # of the running median that says how bright a point is
SMALLEST = 1e-4  # of the spectrum's span: rounding in the file, if nothing else
STRETCH, MOSTLY, FEWEST = 64, 0.7, 4  # points of a stretch, its share that counts; stretches
FARTHEST = 16  # points over which neighbours may share their noise
SURE = 3.0  # standard errors by which neighbours must agree
QUIET = {64: 0.15, 32: 0.45}  # points of a stretch that may be quiet: see :func:`quiet`
ROOM = 12  # stretches; with fewer, shorter ones are looked at
LEAST_KEPT = 0.4  # beyond, noise as slow can't be told from bands
KNOWN = 100  # points whose changes tell a variance
CLIPPED, CLIPPED_SQUARE = 3.0, 0.995  # residuals count to 3 σ; a normal's mean square then


@dataclass(frozen=True)
class Noise:
    """Variance of a point: ``floor`` + ``slope`` · (its level − ``zero``), in the file's units.

    ``zero`` is the file's lowest value: an offset of the whole file changes nothing.
    """

    floor: float
    slope: float
    zero: float = 0.0

    def variance(self, level: Array) -> Array:
        """Variance (N,) at the noise-free ``level`` (N,)."""
        return np.asarray(self.floor + self.slope * np.maximum(level - self.zero, 0.0))


def estimate_noise(spectrum: Spectrum) -> Noise:
    """The noise of one spectrum; clipped points have none and are left out."""
    y, zero = spectrum.intensity, float(spectrum.intensity.min())
    clipped = y >= float(spectrum.meta.get("clipped", np.inf))
    rows = (y - zero)[None]
    level = running_median(rows)
    floor, slope = first_noise(spectrum.segments, rows, level, clipped[None])
    return Noise(float(floor[0]), float(slope[0]), zero)


def running_median(y: Array) -> Array:
    """How bright each point of y (B, N) is, without its noise."""
    # row by row: scipy has a quick way for one dimension
    return np.stack([median_filter(row, LEVEL_POINTS, mode="nearest") for row in y])


def first_noise(
    segments: list[slice], y: Array, level: Array, clipped: Mask
) -> tuple[Array, Array]:
    """Floors and slopes (B,) of y (B, N) from its fourth differences at several levels.

    A robust spread in bins of ``level`` (B, N), y smoothed; no difference reaches over a gap.
    """
    windows = [np.arange(s.start, s.stop - len(KERNEL) + 1) for s in segments]
    start = np.concatenate([w for w in windows if len(w) > len(KERNEL)] or [np.arange(0)])
    spread = sum(c * y[:, start + k] for k, c in enumerate(KERNEL)) + np.zeros((len(y), len(start)))
    whole = ~np.any([clipped[:, start + k] for k in range(len(KERNEL))], axis=0)
    level = level[:, start + len(KERNEL) // 2]
    smallest = (SMALLEST * np.ptp(y, axis=1)) ** 2
    floor, slope = smallest.copy(), np.zeros(len(y))
    for rows, keep in _alike(whole):
        if keep.sum() >= 2 * BINS:
            found = _binned(level[rows][:, keep], spread[rows][:, keep])
            floor[rows], slope[rows] = np.maximum(found[0], smallest[rows]), found[1]
    return floor, slope


def _alike(whole: Mask) -> list[tuple[NDArray[np.intp], Mask]]:
    """Rows that keep every column together, and each other row with the columns it keeps."""
    complete = whole.all(axis=1)
    some = [(np.array([k]), whole[k]) for k in np.flatnonzero(~complete)]
    return [(np.flatnonzero(complete), np.ones(whole.shape[1], dtype=bool)), *some]


def _binned(level: Array, spread: Array) -> tuple[Array, Array]:
    """Floors and slopes (B,) through the robust variances of bins of alike levels (B, M)."""
    order = np.argsort(level, axis=1)
    bins = np.array_split(np.arange(level.shape[1]), BINS)
    at = np.stack([np.append(one, one[:1])[: len(bins[0])] for one in bins])  # of one length
    inside = np.arange(at.shape[1]) < np.array([[len(one)] for one in bins])
    centres, variances = (
        medians(np.take_along_axis(values, order, axis=1)[:, at], inside)
        for values in (level, np.abs(spread))
    )
    return _lines(centres, (MAD_TO_STD * variances) ** 2)


def medians(values: Array, some: Mask) -> Array:
    """(...,) of ``values`` (..., M) where ``some``, which broadcasts to them; inf where none is."""
    ordered = np.sort(np.where(some, values, np.inf), axis=-1)  # faster than numpy's, row by row
    count = np.broadcast_to(some.sum(axis=-1), ordered.shape[:-1])[..., None]
    low, high = np.maximum((count - 1) // 2, 0), np.minimum(count // 2, ordered.shape[-1] - 1)
    middle = [np.take_along_axis(ordered, at, axis=-1)[..., 0] for at in (low, high)]
    return np.asarray((middle[0] + middle[1]) / 2)


def from_residuals(
    left: Tensor, level: Tensor, usable: Tensor, floor: Tensor, slope: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Floor, slope and the slope's relative error (B,), from what B fits left over (B, N).

    Reweighted least squares of squared residuals on the fitted ``level`` (B, N), from where
    ``floor`` and ``slope`` (B,) stand; neither becomes negative. Foreign bands count to 3 σ.
    """
    ones = usable / usable.sum(dim=1, keepdim=True).clamp(min=1)
    squared, tiny = left**2, SMALLEST**2 * torch.ones_like(floor)
    sum00 = sum01 = sum11 = torch.ones_like(floor)
    for _ in range(4):
        variance = (floor[:, None] + slope[:, None] * level).clamp(min=SMALLEST**2)
        square = torch.minimum(squared, CLIPPED**2 * variance).div_(CLIPPED_SQUARE)
        weight = ones / variance.square_()
        leaning = weight * level
        sum00, sum01, sum11 = weight.sum(dim=1), leaning.sum(dim=1), _dot(leaning, level)
        right0, right1 = _dot(weight, square), _dot(leaning, square)
        determinant = (sum00 * sum11 - sum01**2).clamp(min=1e-6 * sum00 * sum11)
        floor = (sum11 * right0 - sum01 * right1) / determinant
        slope = (sum00 * right1 - sum01 * right0) / determinant
        only_slope, only_floor = right1 / sum11.clamp(min=1e-30), right0 / sum00.clamp(min=1e-30)
        floor, slope = (
            torch.where(slope < 0, only_floor, torch.where(floor < 0, tiny, floor)),
            torch.where(slope < 0, 0.0, torch.where(floor < 0, only_slope, slope)),
        )
    alone = floor <= tiny
    count = usable.sum(dim=1)
    informed = torch.where(alone, sum11, sum11 - sum01**2 / sum00.clamp(min=1e-30))
    error = (2 / (count * informed).clamp(min=1e-30)).sqrt() / slope.clamp(min=1e-30)
    return floor, slope, error


def shared(size: Array, counts: Mask) -> Array:
    """(B,) variance of a sum over many points, relative to that of points with noise of their own.

    ``size`` (B, N) residuals in σ; only points that ``counts`` (B, N) are compared with their
    neighbours. 1 + 2 Σ ρ, as far as neighbours agree beyond chance: 1 for a raw measurement, more
    after smoothing or interpolation (M. S. Bartlett 1946, J. R. Stat. Soc. Suppl. 8:27). Noise is
    shared everywhere and a foreign band is somewhere: the quieter quarter of the stretches tells.
    """
    blocks = size.shape[1] // STRETCH
    if blocks < FEWEST:
        return np.ones(len(size))
    shape = (len(size), blocks, STRETCH)
    inside = counts[:, : blocks * STRETCH].reshape(shape)
    some = inside.sum(axis=2)
    whole = some >= MOSTLY * STRETCH
    z = np.where(inside, size[:, : blocks * STRETCH].reshape(shape), 0.0)
    z = np.where(inside, z - (z.sum(axis=2) / np.maximum(some, 1))[..., None], 0.0)
    power = np.maximum((z**2).sum(axis=2), 1e-30)
    points = (some * whole).sum(axis=1) / np.maximum(whole.sum(axis=1), 1)
    points = np.maximum(points, 1.0)
    scatter = 1 / np.sqrt(points)  # of a stretch's ρ, and of what they tell together
    by_chance = SURE * 1.36 * scatter / np.sqrt(np.maximum(whole.sum(axis=1), 1))
    total, going = np.ones(len(size)), whole.sum(axis=1) >= FEWEST
    for lag in range(1, FARTHEST):
        rho = (z[:, :, lag:] * z[:, :, :-lag]).sum(axis=2) / power
        rho = rho * some / np.maximum(some - lag, 1) + 1 / np.maximum(some, 1)  # its mean is gone
        quiet = _quartile(rho, whole) + 0.674 * scatter
        going = going & (quiet > by_chance)
        if not going.any():
            break
        total += np.where(going, 2 * quiet, 0.0)
    return total


def quiet(size: Array, counts: Mask) -> tuple[Array, Array]:
    """(B,) mean square, and see :func:`shared`, of ``size`` (B, N) in σ where least is going on.

    Bands that a fit leaves over make its residuals large nearly everywhere; noise is what is left
    in the quieter quarter of stretches, a line taken off each. Chance makes a quarter of them
    quieter than the mean, and a line takes the slowest noise along: both are put back, the latter
    as means of 2 to 9 neighbours lost it in simulated noise.
    """
    long, short = QUIET
    length = long if size.shape[1] >= ROOM * long else short
    blocks, one = size.shape[1] // length, np.ones(len(size))
    if blocks < 2 * FEWEST:
        return one, one
    shape = (len(size), blocks, length)
    inside = counts[:, : blocks * length].reshape(shape)
    whole = inside.sum(axis=2) >= MOSTLY * length
    z = np.where(inside, size[:, : blocks * length].reshape(shape), 0.0) @ _without_line(length)
    square = (z**2).sum(axis=2) / np.maximum(inside.sum(axis=2) - 2, 1)
    quarter = _quartile(square, whole)
    z = np.where((whole & (square <= quarter[:, None]))[..., None], z, 0.0)
    power = np.maximum((z**2).sum(axis=(1, 2)), 1e-30)
    by_chance = SURE / np.sqrt(np.maximum((z != 0).sum(axis=(1, 2)), 1))
    enough = whole.sum(axis=1) >= 2 * FEWEST
    total, going = one.copy(), enough
    for lag in range(1, length // 4):
        rho = (z[:, :, lag:] * z[:, :, :-lag]).sum(axis=(1, 2)) / power * length / (length - lag)
        going = going & (rho > by_chance)
        total += np.where(going, 2 * rho, 0.0)
    chance = np.maximum(1 - 0.674 * np.sqrt(2 * total / length), 0.3)
    kept = np.maximum(1 - QUIET[length] * (total - 1), LEAST_KEPT)
    return np.where(enough, quarter / chance, 1.0), total / kept


def changing(size: Array, counts: Mask) -> Array:
    """(B,) variance of what changes from point to point in residuals of ``size`` (B, N), in σ, by
    their fourth differences where all five points count; 1 where too few do.
    """
    last = size.shape[1] - len(KERNEL) + 1
    spans = [slice(k, k + last) for k in range(len(KERNEL))]
    change = sum(c * size[:, s] for c, s in zip(KERNEL, spans, strict=True))
    whole = np.all([counts[:, s] for s in spans], axis=0)
    found = np.ones(len(size))
    enough = whole.sum(axis=1) >= KNOWN
    found[enough] = (MAD_TO_STD * medians(np.abs(change[enough]), whole[enough])) ** 2
    return found


@cache
def _without_line(length: int) -> Array:
    """(length, length) takes the best line off a stretch."""
    line = np.stack([np.ones(length), np.arange(length)], axis=1)
    return np.asarray(np.eye(length) - line @ np.linalg.pinv(line))


def _quartile(values: Array, some: Mask) -> Array:
    """(B,) lower quartiles of values (B, M) where ``some``; 0 where there are none."""
    ordered = np.sort(np.where(some, values, np.inf), axis=1)
    at = 0.25 * np.maximum(some.sum(axis=1) - 1, 0)
    ordered[~some.any(axis=1)] = 0.0
    rows, low = np.arange(len(values)), at.astype(int)
    high = np.minimum(low + 1, np.maximum(some.sum(axis=1) - 1, 0))
    found = ordered[rows, low] + (at - low) * (ordered[rows, high] - ordered[rows, low])
    return np.where(some.any(axis=1), found, 0.0)


def _dot(a: Tensor, b: Tensor) -> Tensor:
    """(B,) products of rows."""
    out: Tensor = torch.linalg.vecdot(a, b)
    return out


def _lines(level: Array, variance: Array) -> tuple[Array, Array]:
    """Non-negative floors and slopes (B,) of variances (B, bins) at levels, errors relative."""
    top = variance.max(axis=1, keepdims=True)
    weight = np.maximum(variance, 1e-6 * top + 1e-150) ** -2
    level = np.maximum(level, 0.0)
    s0, s1, s2 = (np.sum(weight * level**k, axis=1) for k in range(3))
    r0, r1 = (np.sum(weight * variance * level**k, axis=1) for k in range(2))
    determinant = np.maximum(s0 * s2 - s1**2, 1e-12 * s0 * s2 + 1e-300)
    floor, slope = (s2 * r0 - s1 * r1) / determinant, (s0 * r1 - s1 * r0) / determinant
    flat = np.ptp(level, axis=1) <= 0.2 * np.abs(level[:, -1])
    only_slope = np.where(floor < 0, r1 / np.maximum(s2, 1e-300), slope)
    only_floor = np.where(slope < 0, r0 / np.maximum(s0, 1e-300), np.maximum(floor, 0.0))
    return (
        np.where(flat, np.median(variance, axis=1), only_floor),
        np.where(flat | (slope < 0), 0.0, only_slope),
    )
