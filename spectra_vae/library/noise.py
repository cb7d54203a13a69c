"""The noise of a curve without bands: its size, and over how many points neighbours share it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri

from ..spectra.saturation import KERNEL, MAD_TO_STD

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

STRIDES = (1, 2, 3, 4, 6, 8, 12)  # points between those that are compared
LONGEST = 9.0  # cm⁻¹ that a comparison may span: beyond, what is left of bands joins in
GROWTH = 1.06  # noise that grows less with the stride is no longer shared by the points compared
CUT = 4.0  # σ to which single points count
FEWEST = 40  # comparisons that tell a spread
SMALLEST = 1e-6  # of the curve's span: rounding, if nothing else
MOST_SHARED = (
    8.0  # cm⁻¹: noise that neighbours share farther looks like bands and is judged as such
)
STRETCH = 60.0  # cm⁻¹ of the stretches that are compared
MOSTLY, FEWEST_STRETCHES = 0.7, 4  # of a stretch that counts; of them
FEWEST_FREE = 5.0
QUIET, ENOUGH_QUIET = 0.02, 0.25  # of the highest signal; of the points


@dataclass(frozen=True)
class Noise:
    """Standard deviation ``sigma`` of a point, in the curve's unit, and ``shared``: how many points
    tell as much as one with noise of its own (1: a raw measurement, more: smoothed, interpolated).
    """

    sigma: float
    shared: float

    def at_least(self, sigma: float) -> Noise:
        """The same, but no less than the rounding of a file's numbers."""
        return replace(self, sigma=max(self.sigma, sigma))


def noise_of(y: Array, usable: Mask, step: float, robust: bool = False) -> Noise:
    """The noise of y (N,) whose points stand ``step`` cm⁻¹ apart, from fourth differences.

    Neighbours that share their noise hide it: points farther and farther apart are compared until
    the noise stops growing. ``robust``: the middle of the spread tells, for a y with bands.
    """
    found = [
        s for k in STRIDES if (s := _spread(y, usable, k, robust)) is not None and _near(k, step)
    ]
    floor = SMALLEST * float(np.ptp(y))
    if not found:
        return Noise(max(float(np.std(y)), floor), 1.0)
    at = 0
    while at + 1 < len(found) and found[at + 1] > GROWTH * found[at]:
        at += 1
    return Noise(max(found[at], floor), float(STRIDES[at]))


def heard(left: Array, signal: Array, usable: Mask, step: float) -> Noise:
    """The noise that a residual ``left`` (N,) tells, where bands, ``signal`` (N,), hardly reach."""
    quiet = _quiet(signal, usable)
    sigma, shared = noise_of(left, usable, step).sigma, shared_by(left, quiet, step)
    return Noise(max(sigma, ripple_of(left, quiet, step, shared)), shared)


def growth_of(left: Array, signal: Array, usable: Mask) -> float:
    """How much larger the noise of all points is than that of the quiet ones: photons make it.

    Nearest neighbours are compared, so that a line shape that the fit misses hardly counts.
    """
    dark = _spread(left, _quiet(signal, usable), 1, False)
    whole = _spread(left, usable, 1, False)
    return max(1.0, whole / dark) if dark and whole else 1.0


def _quiet(signal: Array, usable: Mask) -> Mask:
    """Points that bands hardly reach; all that are usable where those are few."""
    quiet = usable & (signal < QUIET * float(signal.max(initial=0.0)))
    return quiet if quiet.sum() >= ENOUGH_QUIET * len(quiet) else usable


def ripple_of(left: Array, quiet: Mask, step: float, shared: float) -> float:
    """What the residual ``left`` (N,) scatters about a line in short stretches, where ``quiet``.

    Differences of near neighbours miss noise that was smoothed over a band's width. Noise is
    everywhere, a band that nobody fitted is somewhere: the quieter quarter of the stretches tells.
    ``shared``: see :class:`Noise`.
    """
    z, inside = _stretches(left, step), _stretches(quiet, step)
    z = z[inside.mean(axis=1) > MOSTLY]
    if len(z) < FEWEST_STRETCHES:
        return 0.0
    u = np.linspace(-1, 1, z.shape[1])
    z = z - z.mean(axis=1, keepdims=True)
    z = z - (z @ u / (u @ u))[:, None] * u
    free = max(z.shape[1] / shared, FEWEST_FREE)  # points that tell something of their own
    return float(np.quantile(z.std(axis=1), 0.25)) * float(np.sqrt(free / chdtri(free - 2, 0.75)))


def _stretches(values: NDArray[Any], step: float) -> NDArray[Any]:
    """(stretches, points) of ``values`` (N,), what is left at the end apart."""
    points = min(max(int(STRETCH / step), 24), max(len(values), 1))
    count = len(values) // points
    return values[: count * points].reshape(count, points)


def shared_by(left: Array, quiet: Mask, step: float) -> float:
    """How many points of the residual ``left`` (N,) tell as much as one: 1 + 2 Σ ρ, as far as
    neighbours agree beyond chance (M. S. Bartlett 1946, J. R. Stat. Soc. Suppl. 8:27).

    Noise is shared everywhere, a band that nobody fitted is somewhere: the less agreeing quarter of
    the stretches tells.
    """
    z, inside = _stretches(left, step), _stretches(quiet, step)
    z = z[inside.mean(axis=1) > MOSTLY]
    if len(z) < FEWEST_STRETCHES:
        return 1.0
    stretch = z.shape[1]
    z = z - z.mean(axis=1, keepdims=True)
    power, total = np.maximum((z**2).sum(axis=1), 1e-300), 1.0
    for lag in range(1, stretch // 2):
        rho = (z[:, lag:] * z[:, :-lag]).sum(axis=1) / power
        agreed = float(np.quantile(rho, 0.25)) + 0.674 / np.sqrt(stretch)
        if agreed < 2 / np.sqrt(stretch * len(z)):
            break
        total += 2 * agreed
    return min(total, max(1.0, MOST_SHARED / step))


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
