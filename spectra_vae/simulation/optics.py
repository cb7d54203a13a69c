"""What reaches a spectrometer's detector: the bands as its optics show them, and a background.

All intensities are in units of the reference ν1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..minerals import Mineral
from .instrument import Instrument

Array = NDArray[Any]  # float64, or float32 where speed matters


def through_optics(
    device: Instrument,
    mineral: Mineral,
    wavenumber: ArrayLike,
    factors: Mapping[str, Array],
    rng: np.random.Generator,
    dtype: type[np.floating[Any]] = np.float64,
) -> Array:
    """The bands of n samples (n, N): crystals' orientation, resolution and a stretched axis."""
    n = len(next(iter(factors.values())))
    heights = orientations(device, mineral, n, rng)
    stretch = rng.uniform(-device.stretch, device.stretch, n)
    parts = mineral.parts(wavenumber, factors, heights, device.resolution, stretch, dtype)
    return np.asarray(parts.sum(axis=-2))


def orientations(device: Instrument, mineral: Mineral, n: int, rng: np.random.Generator) -> Array:
    """What n crystals' orientation makes of every band's height, (n, bands)."""
    shape = (n, len(mineral.bands))
    if device.orientation is None:
        return np.ones(shape)
    low, high = np.log(device.orientation)
    strength = rng.random((n, 1))  # from a powder to a single crystal
    found = np.exp(strength * rng.uniform(low, high, shape))
    found[:, mineral.bands.index(mineral.main)] = 1.0
    return np.asarray(found)


def fluorescence(
    device: Instrument,
    wavenumber: Array,
    n: int,
    rng: np.random.Generator,
    dtype: type[np.floating[Any]] = np.float64,
) -> Array:
    """A background (n, N): positive cubics in Bernstein form, largest value in range."""
    u = ((wavenumber - wavenumber.min()) / np.ptp(wavenumber)).astype(dtype)
    v = 1 - u
    basis = np.stack([v * v * v, 3 * u * v * v, 3 * u * u * v, u * u * u])
    # einsum, not @: a threaded BLAS between torch's steps halves the speed of training
    shape = np.einsum("nk,kp->np", rng.random((n, len(basis))).astype(dtype), basis)
    low, high = device.fluorescence
    height = low + (high - low) * rng.random(n) ** 2  # weak backgrounds are the common ones
    if device.bare:
        height *= rng.random(n) >= device.bare
    shape *= (height.astype(dtype) / shape.max(axis=1))[:, None]
    return np.asarray(shape)
