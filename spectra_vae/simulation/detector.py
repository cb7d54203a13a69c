"""What a spectrometer's detector makes of light: counts, noise, spikes, a plate, ranges.

All intensities are in units of the reference ν1; ``counts`` converts them to detected photons.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .instrument import Instrument
from .optics import fluorescence

Array = NDArray[Any]  # float64, or float32 where speed matters

POOL = 1 << 21
ROWS = 32  # rows treated at once: they stay in the processor's cache


def detect(
    device: Instrument,
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
    measured, recorded = expose(device, light, wavenumber, counts, rng, noise)
    return np.where(recorded, measured, np.array(np.nan, measured.dtype))


def expose(
    device: Instrument,
    light: Array,
    wavenumber: Array,
    counts: Array,
    rng: np.random.Generator,
    noise: NoisePool | None = None,
) -> tuple[Array, NDArray[np.bool_]]:
    """The reading at every point (n, N) and where it was recorded, for :func:`detect`."""
    n = len(light)
    if max(device.fluorescence) > 0:
        arriving = fluorescence(device, wavenumber, n, rng, light.dtype.type)
        arriving += light
    else:
        arriving = light.copy()
    scale = np.asarray(counts, light.dtype)[:, None]
    if noise is None:
        photons = rng.poisson(arriving * scale) + rng.normal(0, device.readout, light.shape)
        measured = photons / scale
    else:
        measured = arriving
        noise.add(measured, scale, device.readout, rng)
    add_cosmic_rays(measured, device.spikes, rng)
    if device.saturation is not None:
        level = _saturation(device, n, rng, light.dtype.type)
        measured = level * (1 - np.exp(-np.maximum(measured, 0) / level))
        measured *= 1 + device.grain * rng.standard_normal(measured.shape)
    recorded = device.recorded(wavenumber)
    return np.asarray(measured), recorded[rng.integers(len(recorded), size=n)]


def _saturation(
    device: Instrument, n: int, rng: np.random.Generator, dtype: type[np.floating[Any]]
) -> Array | float:
    """Where n plates saturate, (n, 1); one number where all are exposed alike."""
    assert device.saturation is not None
    low, high = np.log(device.exposure)
    if low == high:
        return float(device.saturation / np.exp(low))
    return np.asarray(device.saturation / np.exp(rng.uniform(low, high, (n, 1))), dtype)


def add_cosmic_rays(measured: Array, mean: float, rng: np.random.Generator) -> None:
    """Spikes onto ``measured`` (n, N) in place, ``mean`` a row: positive, rare, 1 to 3 points
    wide.
    """
    n, points = measured.shape
    total = rng.poisson(mean * n)
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
