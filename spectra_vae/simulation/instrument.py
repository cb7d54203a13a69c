"""What a spectrometer does to a spectrum: optics, axis, counts, noise, background, spikes, ranges.

All intensities are in units of the reference ν1; ``counts`` converts them to detected photons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..minerals import Mineral
from ..text.message import SpectraVaeError

Array = NDArray[Any]  # float64, or float32 where speed matters
Range = tuple[float, float]

POOL = 1 << 21
ROWS = 32  # rows treated at once: they stay in the processor's cache
LARGEST = 1e4
ORIENTATION = (0.4, 2.5)  # what a crystal makes of a band's height


class InstrumentError(SpectraVaeError):
    """A spectrometer that cannot be built."""


@dataclass(frozen=True)
class Instrument:
    """A spectrometer.

    Parameters
    ----------
    power, time
        Laser power [mW] and integration time [s]. ``power=None``: every spectrum gets the counts
        of its own ``purity`` factor instead.
    efficiency
        Counts at the reference ν1 per mW and second.
    readout
        Standard deviation of the read-out noise, counts a point.
    fluorescence
        Range of the background's largest value, × ν1; a smooth positive cubic.
    bare
        Share of spectra that have no background at all.
    spikes
        Mean number of cosmic-ray spikes in a spectrum; each 1 to 3 points wide.
    resolution
        FWHM of the instrument's response, cm⁻¹. Tabulated widths hold at the mineral's own.
    stretch
        Largest relative error of the axis, either way.
    orientation
        Range of one amplitude per band (crystal orientation, log-uniform), ν1 fixed; how much of it
        a spectrum shows is drawn too, from a powder's nothing to all. None: none.
    ranges
        What may be recorded: alternatives, equally likely, of one or more (low, high) stretches.
    saturation
        Photographic plate: the light, × ν1, at which blackening saturates; None: linear.
    exposure
        Range of the exposure of a plate, log-uniform: longer ones saturate earlier. What is read
        is brought back to the units of ``saturation``, as no plate says how long it was exposed.
    grain
        Relative noise of the plate's grain; multiplies the response.

    >>> Instrument(resolution=8.0, spikes=2.0).resolution
    8.0
    """

    name: str = "custom"
    laser: float = 532.0
    power: float | None = None
    time: float = 1.0
    efficiency: float = 100.0
    readout: float = 2.0
    fluorescence: Range = (0.0, 3.0)
    bare: float = 0.0
    spikes: float = 0.3
    resolution: float = 4.0
    stretch: float = 0.0
    orientation: Range | None = None
    ranges: tuple[tuple[Range, ...], ...] = (((100.0, 4000.0),),)
    saturation: float | None = None
    exposure: Range = (1.0, 1.0)
    grain: float = 0.0

    def __post_init__(self) -> None:
        try:
            self._check()
        except InstrumentError:
            raise
        except (TypeError, ValueError, IndexError):
            raise InstrumentError("error.instrument_type") from None

    def _check(self) -> None:
        for name in ("efficiency", "time", "resolution", "laser", "power", "saturation"):
            value = getattr(self, name)
            if value is not None and not (np.isfinite(value) and value > 0):
                raise InstrumentError("error.positive", name=name, value=value)
        for name in ("readout", "spikes", "stretch", "grain"):
            if not 0 <= getattr(self, name) <= LARGEST:
                value = getattr(self, name)
                raise InstrumentError("error.limits", name=name, value=value, low=0, high=LARGEST)
        if not self.ranges or not all(self.ranges):
            raise InstrumentError("error.ranges")
        if not all(np.isfinite(hi - lo) and hi > lo for option in self.ranges for lo, hi in option):
            raise InstrumentError("error.ranges")
        low, high = self.fluorescence
        if not 0 <= low <= high <= LARGEST:
            raise InstrumentError("error.span", name="fluorescence", smallest=0)
        if not 0 <= self.bare <= 1:
            raise InstrumentError("error.limits", name="bare", value=self.bare, low=0, high=1)
        if not 0.01 <= self.exposure[0] <= self.exposure[1] <= 100:
            raise InstrumentError("error.span", name="exposure", smallest=0.01)
        if (
            self.orientation is not None
            and not 0.01 <= self.orientation[0] <= self.orientation[1] <= 100
        ):
            raise InstrumentError("error.span", name="orientation", smallest=0.01)

    @property
    def counts(self) -> float | None:
        """Counts at the reference ν1; None where the purity factor decides."""
        return None if self.power is None else self.power * self.time * self.efficiency

    @staticmethod
    def preset(name: str, mineral: Mineral | None = None) -> Instrument:
        """A known spectrometer: ``lab-532``, ``portable-785`` or ``rasetti``.

        A plate is exposed where the ``mineral`` has bands: in its windows.
        """
        if not isinstance(name, str) or name not in PRESETS:
            known = ", ".join(PRESETS)
            raise InstrumentError("error.unknown_instrument", name=str(name)[:80], known=known)
        found = PRESETS[name]
        if mineral is None or found.ranges != (BOTH_WINDOWS,):
            return found
        return replace(found, ranges=(tuple((w.low, w.high) for w in mineral.windows),))

    def at(self, counts: float) -> Instrument:
        """The same instrument with this many counts at the reference ν1."""
        return replace(self, power=counts / (self.time * self.efficiency))

    def optics(
        self,
        mineral: Mineral,
        wavenumber: ArrayLike,
        factors: Mapping[str, Array],
        rng: np.random.Generator,
        dtype: type[np.floating[Any]] = np.float64,
    ) -> Array:
        """What reaches the detector, (n, N): orientation, resolution and a stretched axis."""
        n = len(next(iter(factors.values())))
        amplitudes = self.amplitudes(mineral, n, rng)
        stretch = rng.uniform(-self.stretch, self.stretch, n)
        parts = mineral.parts(wavenumber, factors, amplitudes, self.resolution, stretch, dtype)
        return np.asarray(parts.sum(axis=-2))

    def amplitudes(self, mineral: Mineral, n: int, rng: np.random.Generator) -> Array:
        """What n crystals' orientation makes of every band's height, (n, bands)."""
        shape = (n, len(mineral.bands))
        if self.orientation is None:
            return np.ones(shape)
        low, high = np.log(self.orientation)
        strength = rng.random((n, 1))  # from a powder to a single crystal
        found = np.exp(strength * rng.uniform(low, high, shape))
        found[:, mineral.bands.index(mineral.main)] = 1.0
        return np.asarray(found)

    def background(
        self,
        wavenumber: Array,
        n: int,
        rng: np.random.Generator,
        dtype: type[np.floating[Any]] = np.float64,
    ) -> Array:
        """Fluorescence (n, N): positive cubics in Bernstein form, largest value in range."""
        u = ((wavenumber - wavenumber.min()) / np.ptp(wavenumber)).astype(dtype)
        v = 1 - u
        basis = np.stack([v * v * v, 3 * u * v * v, 3 * u * u * v, u * u * u])
        # einsum, not @: a threaded BLAS between torch's steps halves the speed of training
        shape = np.einsum("nk,kp->np", rng.random((n, len(basis))).astype(dtype), basis)
        low, high = self.fluorescence
        height = low + (high - low) * rng.random(n) ** 2  # weak backgrounds are the common ones
        if self.bare:
            height *= rng.random(n) >= self.bare
        shape *= (height.astype(dtype) / shape.max(axis=1))[:, None]
        return np.asarray(shape)

    def detect(
        self,
        light: Array,
        wavenumber: Array,
        counts: Array,
        rng: np.random.Generator,
        noise: NoisePool | None = None,
    ) -> Array:
        """A measurement (n, N) of ``light`` (n, N), in units of ν1; NaN where nothing was recorded.

        ``counts`` (n,) per unit of intensity. With a ``noise`` pool, photon noise is Gaussian of
        the right variance and normals are reused: for training, where speed matters.
        """
        measured, recorded = self.expose(light, wavenumber, counts, rng, noise)
        return np.where(recorded, measured, np.array(np.nan, measured.dtype))

    def expose(
        self,
        light: Array,
        wavenumber: Array,
        counts: Array,
        rng: np.random.Generator,
        noise: NoisePool | None = None,
    ) -> tuple[Array, NDArray[np.bool_]]:
        """The reading at every point (n, N) and where it was recorded, for :meth:`detect`."""
        n = len(light)
        if max(self.fluorescence) > 0:
            arriving = self.background(wavenumber, n, rng, light.dtype.type)
            arriving += light
        else:
            arriving = light.copy()
        scale = np.asarray(counts, light.dtype)[:, None]
        if noise is None:
            photons = rng.poisson(arriving * scale) + rng.normal(0, self.readout, light.shape)
            measured = photons / scale
        else:
            measured = arriving
            noise.add(measured, scale, self.readout, rng)
        self.add_spikes(measured, rng)
        if self.saturation is not None:
            level = self._saturation(n, rng, light.dtype.type)
            measured = level * (1 - np.exp(-np.maximum(measured, 0) / level))
            measured *= 1 + self.grain * rng.standard_normal(measured.shape)
        recorded = self.recorded(wavenumber)
        return np.asarray(measured), recorded[rng.integers(len(recorded), size=n)]

    def _saturation(
        self, n: int, rng: np.random.Generator, dtype: type[np.floating[Any]]
    ) -> Array | float:
        """Where n plates saturate, (n, 1); one number where all are exposed alike."""
        assert self.saturation is not None
        low, high = np.log(self.exposure)
        if low == high:
            return float(self.saturation / np.exp(low))
        return np.asarray(self.saturation / np.exp(rng.uniform(low, high, (n, 1))), dtype)

    def recorded(self, wavenumber: Array) -> NDArray[np.bool_]:
        """(alternatives, N) True where a point lies in one of the alternative's stretches."""
        return np.array(
            [
                np.any([(wavenumber >= lo) & (wavenumber <= hi) for lo, hi in option], axis=0)
                for option in self.ranges
            ]
        )

    def add_spikes(self, measured: Array, rng: np.random.Generator) -> None:
        """Cosmic rays in place: positive, rare, 1 to 3 points wide."""
        n, points = measured.shape
        total = rng.poisson(self.spikes * n)
        row, at = rng.integers(n, size=total), rng.integers(points - 2, size=total)
        height = rng.exponential(1.0, total) + 0.2
        width = rng.integers(1, 4, size=total)
        for offset, share in enumerate((1.0, 0.6, 0.3)):
            hit = width > offset
            np.add.at(measured, (row[hit], at[hit] + offset), share * height[hit])


class NoisePool:
    """Standard normals, drawn once and handed out in random slices: fifty times faster."""

    def __init__(self, rng: np.random.Generator) -> None:
        # Freeing a block this large tells the C library to keep what a batch gives back: asking
        # the system for it again would cost a batch as much as all its arithmetic.
        once = rng.standard_normal(POOL, dtype=np.float32)
        self._pool = np.concatenate([once, once])

    def add(self, light: Array, scale: Array, readout: float, rng: np.random.Generator) -> None:
        """Photon and read-out noise onto ``light`` (n, N) in place; ``scale`` (n, 1) in counts.

        Every row takes its normals from its own place of the pool.
        """
        start = rng.integers(POOL, size=len(light))
        windows = np.lib.stride_tricks.sliding_window_view(self._pool, light.shape[1])
        for first in range(0, len(light), ROWS):
            rows = slice(first, first + ROWS)
            deviation = light[rows] / scale[rows]
            deviation += np.square(readout / scale[rows])
            np.sqrt(deviation, out=deviation)
            deviation *= windows[start[rows]]
            light[rows] += deviation


# Fingerprint and OH stretch, for want of a mineral.
BOTH_WINDOWS = ((100.0, 1300.0), (3000.0, 3800.0))

# "rasetti": crystals lit by the mercury resonance line, 2537 Å, on a photographic plate (R. S.
# Krishnan 1945, Nature 156:267, on Rasetti's spectrum of rock-salt and his own after it). Slit,
# plate response and grain are our estimates of such an arrangement, not taken from a paper.
PRESETS = {
    "lab-532": Instrument(
        "lab-532", laser=532.0, power=10.0, stretch=2e-4, orientation=ORIENTATION
    ),
    "portable-785": Instrument(
        "portable-785",
        laser=785.0,
        power=1.0,
        resolution=8.0,
        readout=6.0,
        fluorescence=(0.3, 3.0),
        stretch=5e-4,
        orientation=ORIENTATION,
        ranges=(((100.0, 3000.0),),),
    ),
    "rasetti": Instrument(
        "rasetti",
        laser=253.65,
        power=3.0,
        resolution=10.0,
        fluorescence=(0.0, 0.3),
        spikes=0.0,
        stretch=5e-4,
        saturation=1.5,
        grain=0.03,
        ranges=(BOTH_WINDOWS,),
    ),
}
