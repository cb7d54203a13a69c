"""The noise of a curve without bands: its size, and over how many points neighbours share it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

from ..spectra.saturation import KERNEL, MAD_TO_STD

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

STRIDES = (1, 2, 3, 4, 6, 8, 12)  # points between those that are compared
LONGEST = 9.0  # cm⁻¹ that a comparison may span: beyond, what is left of bands joins in
GROWTH = 1.06  # noise that grows less with the stride is no longer shared by the points compared
CUT = 4.0  # σ to which single points count
FEWEST = 40  # comparisons that tell a spread
SMALLEST = 1e-6  # of the curve's span: rounding, if nothing else
MOST_SHARED = 24.0
STRETCH = 60.0  # cm⁻¹ that are compared with themselves
SLOW = 60.0  # cm⁻¹: what changes more slowly is background


@dataclass(frozen=True)
class Noise:
    """Standard deviation ``sigma`` of a point, in the curve's unit, and ``shared``: how many points
    tell as much as one with noise of its own (1: a raw measurement, more: smoothed, interpolated).
    """

    sigma: float
    shared: float


def noise_of(y: Array, usable: Mask, step: float, robust: bool = False) -> Noise:
    """The noise of y (N,) whose points stand ``step`` cm⁻¹ apart, from fourth differences.

    Neighbours that share their noise hide it: points farther and farther apart are compared until
    the noise stops growing. ``robust``: the middle of the spread tells, for a y with bands.
    """
    found = [s for k in STRIDES if (s := _spread(y, usable, k, robust)) is not None and _near(k, step)]
    floor = SMALLEST * float(np.ptp(y))
    if not found:
        return Noise(max(float(np.std(y)), floor), 1.0)
    at = 0
    while at + 1 < len(found) and found[at + 1] > GROWTH * found[at]:
        at += 1
    return Noise(max(found[at], floor), float(STRIDES[at]))


def ripple_of(left: Array, quiet: Mask, step: float) -> float:
    """What the residual ``left`` (N,) scatters where it is ``quiet``, however slowly it does.

    Differences of near neighbours miss noise that was smoothed over a band's width. What lies below
    a running median tells it: bands that nobody fitted stand above.
    """
    if quiet.sum() < FEWEST:
        return 0.0
    slow = median_filter(left, max(3, int(SLOW / step)), mode="nearest")
    below = (left - slow)[quiet]
    below = below[below < 0]
    return MAD_TO_STD * float(np.median(-below)) if len(below) else 0.0


def shared_by(left: Array, quiet: Mask, step: float) -> float:
    """How many points of the residual ``left`` (N,) tell as much as one: 1 + 2 Σ ρ, as far as
    neighbours agree beyond chance (M. S. Bartlett 1946, J. R. Stat. Soc. Suppl. 8:27).

    Noise is shared everywhere, a band that nobody fitted is somewhere: the less agreeing quarter of
    the stretches tells.
    """
    stretch = max(int(STRETCH / step), 32)
    blocks = len(left) // stretch
    if blocks < 4:
        return 1.0
    shape = (blocks, stretch)
    inside = quiet[: blocks * stretch].reshape(shape)
    z = left[: blocks * stretch].reshape(shape)[inside.mean(axis=1) > 0.7]
    if len(z) < 4:
        return 1.0
    z = z - z.mean(axis=1, keepdims=True)
    power, total = np.maximum((z**2).sum(axis=1), 1e-300), 1.0
    for lag in range(1, stretch // 2):
        rho = (z[:, lag:] * z[:, :-lag]).sum(axis=1) / power
        agreed = float(np.quantile(rho, 0.25)) + 0.674 / np.sqrt(stretch)
        if agreed < 2 / np.sqrt(stretch * len(z)):
            break
        total += 2 * agreed
    return min(total, MOST_SHARED)


def _near(stride: int, step: float) -> bool:
    return stride == 1 or stride * step * (len(KERNEL) - 1) <= LONGEST


def _spread(y: Array, usable: Mask, stride: int, robust: bool) -> float | None:
    count = len(y) - (len(KERNEL) - 1) * stride
    if count < FEWEST:
        return None
    ends = [slice(k * stride, k * stride + count) for k in range(len(KERNEL))]
    whole = np.all([usable[s] for s in ends], axis=0)
    if whole.sum() < FEWEST:
        return None
    size = np.abs(sum(c * y[s] for c, s in zip(KERNEL, ends, strict=True))[whole])
    middle = MAD_TO_STD * float(np.median(size))
    if robust:
        return middle
    return float(np.sqrt(np.mean(np.minimum(size, CUT * max(middle, 1e-300)) ** 2)))
