"""One file on its way into a fit: defects left out, scaled, thinned."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..spectra.defects import constant_blocks, spikes, texture, wild_ends
from ..spectra.spectrum import MIN_POINTS, Spectrum, SpectrumError, stretches
from .noise import Noise, noise_of

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

FINEST = 0.98  # cm⁻¹: neighbours nearer than that are averaged for the fit
ENOUGH = 700  # points that stay at least
MOST_POINTS = 6000  # of a fit
COARSEST = 100.0  # cm⁻¹: what resolves less tells no bands
LASER = 45.0  # cm⁻¹: so far reach the laser's own line and the edge of its filter


@dataclass(frozen=True, eq=False)
class Measurement:
    """A file's points as a fit takes them: x (N,) [cm⁻¹], y (N,) from 0 to 1, those ``usable``.

    ``zero`` and ``span`` undo the scaling. ``clipped``, ``spiked``, ``dead`` and ``laser`` are (n,)
    masks of the file's own points; ``noise`` is of y, never less than its ``rounding``.
    """

    spectrum: Spectrum
    x: Array
    y: Array
    usable: Mask
    zero: float
    span: float
    noise: Noise
    clipped: Mask
    spiked: Mask
    dead: Mask
    laser: Mask
    rounding: float

    @property
    def step(self) -> float:
        return float(np.median(np.diff(self.x)))

    @property
    def kept(self) -> Mask:
        """The file's points (n,) that were fitted."""
        return ~(self.clipped | self.spiked | self.dead | self.laser)

    def with_noise(self, noise: Noise) -> Measurement:
        """The same, of that noise or of its rounding."""
        return replace(self, noise=noise.at_least(self.rounding))

    @property
    def full(self) -> Array:
        """All of the file's points (n,), scaled as y is."""
        return (self.spectrum.intensity - self.zero) / self.span


def prepare(spectrum: Spectrum, from_zero: bool = False) -> Measurement:
    """The measurement in ``spectrum``; ``from_zero``: its zero is that of the bands.

    Raises
    ------
    SpectrumError
        Hardly a point is left when defects are left out.
    """
    x, raw = spectrum.wavenumber, spectrum.intensity
    laser = laser_line(x)
    clipped = (raw >= float(spectrum.meta.get("clipped", np.inf))) & ~laser
    dead = dead_points(x, raw) & ~(clipped | laser)
    alive = ~(clipped | dead | laser)
    if alive.sum() < MIN_POINTS:
        raise SpectrumError("error.nothing_usable", count=int(alive.sum()), limit=MIN_POINTS)
    zero, span = float(raw[alive].min()), float(np.ptp(raw[alive]))
    if span <= 0:
        raise SpectrumError("error.constant")
    if from_zero:
        zero = 0.0
    y = (raw - zero) / span
    rounding = float(np.diff(np.unique(y[alive])).min()) / np.sqrt(12)
    sigma = noise_of(y, alive, spectrum.step, robust=True).at_least(rounding).sigma
    spread = np.full((1, len(x)), sigma)
    spiked = spikes(x, y[None], spread, texture(y[None], spread))[0]
    spiked = (spiked | wild_ends(y, spread[0])) & alive
    usable = alive & ~spiked
    ends = np.flatnonzero(alive)[[0, -1]]
    there = slice(int(ends[0]), int(ends[1]) + 1)
    thin_x, thin_y, thin_usable = _thinned(x[there], y[there], usable[there])
    step = float(np.median(np.diff(thin_x)))
    noise = noise_of(thin_y, thin_usable, step, robust=True).at_least(rounding)
    return Measurement(
        spectrum,
        thin_x,
        thin_y,
        thin_usable,
        zero,
        span,
        noise,
        clipped,
        spiked,
        dead,
        laser,
        rounding,
    )


def laser_line(x: Array) -> Mask:
    """(N,) True where a file that holds the laser's own line shows it, or what its filter left."""
    shown = x[0] <= 0 and x[1] < LASER  # one point at 0, far from the others, is no line
    return np.asarray((x < LASER) & shown)


def dead_points(x: Array, y: Array) -> Mask:
    """(N,) True in blocks of one value, and where a few points stand apart from all others."""
    dead = constant_blocks(y)
    for part in stretches(x):
        if part.stop - part.start < MIN_POINTS:
            dead[part] = True
    return np.asarray(dead)


def _thinned(x: Array, y: Array, usable: Mask) -> tuple[Array, Array, Mask]:
    """Neighbours averaged, never across a gap; what isn't usable joins no average."""
    step = float(np.median(np.diff(x)))
    each = max(1, min(int(FINEST / step), len(x) // ENOUGH), -(-len(x) // MOST_POINTS))
    if each == 1:
        return x, y, usable
    start = np.concatenate([np.arange(s.start, s.stop, each) for s in stretches(x)])
    count = np.diff(np.append(start, len(x)))
    kept = np.add.reduceat(usable, start, dtype=float)
    weight = np.where(np.repeat(kept, count) > 0, usable, 1.0)
    total = np.add.reduceat(weight, start)
    return (
        np.add.reduceat(weight * x, start) / total,
        np.add.reduceat(weight * y, start) / total,
        kept > 0,
    )
