"""How well factors can be known at all: the Cramér–Rao bound of a noisy spectrum."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.polynomial.legendre import legvander
from numpy.typing import ArrayLike, NDArray

from ..minerals import Mineral
from ..simulation.instrument import Instrument
from ..simulation.simulate import CHUNK, counted

Array = NDArray[np.float64]

BACKGROUND = 9  # Legendre coefficients of an unknown background, degrees 0 to 8
STEP = 1e-4  # of a factor's range, for its slope
RIDGE = 1e-13  # on a unit diagonal: keeps directions without information invertible


def shaping(mineral: Mineral) -> tuple[str, ...]:
    """Names of the factors that shape the spectrum: all but the counts, in the mineral's order."""
    return tuple(f.name for f in mineral.visible)


def cramer_rao(
    mineral: Mineral,
    wavenumber: ArrayLike,
    factors: Mapping[str, ArrayLike],
    instrument: Instrument,
    light: ArrayLike | None = None,
    background: bool = True,
) -> Array:
    """Smallest standard deviation (n, k) of any unbiased estimate of the factors of n spectra.

    Fisher information J W Jᵀ with J the slopes of the spectrum by the k factors of
    :func:`shaping` (and by the Legendre polynomials of the background) and W the inverse
    variance of :meth:`Instrument.detect <spectra_vae.simulation.instrument.Instrument.detect>`:
    light/c + (readout/c)², c the counts per unit of intensity. The bound is the root of the
    inverse's diagonal. Orientation, spikes and the axis error are not among the unknowns.

    Parameters
    ----------
    wavenumber
        (N,) cm⁻¹.
    factors
        Name → number or (n,), each in its own unit; the unnamed ones at their reference. Counts
        are the instrument's, or without a laser power those of the purity factor.
    light
        (n, N) or (N,) noise-free intensity with its background, × ν1; NaN where nothing was
        recorded. None: the mineral alone.
    background
        Nine unknown Legendre coefficients over the axis go along; False: the background is known.

    Returns
    -------
    (n, k) array in the factors' own units; inf where a spectrum says nothing of a factor.
    """
    x = np.asarray(wavenumber, float)
    values, counts = counted(mineral, instrument, _rows(mineral, factors))
    names, n = shaping(mineral), len(counts)
    u = 2 * (x - x[0]) / (x[-1] - x[0]) - 1
    known = legvander(u, BACKGROUND - 1).T if background else np.empty((0, len(x)))
    given = None if light is None else np.broadcast_to(np.asarray(light, float), (n, len(x)))
    out = np.empty((n, len(names)))
    for start in range(0, n, CHUNK):
        rows = slice(start, start + CHUNK)
        some = {name: value[rows] for name, value in values.items()}
        clean = _spectrum(mineral, x, some, instrument)
        seen = clean if given is None else given[rows]
        c = counts[rows, None]
        with np.errstate(divide="ignore"):
            weight = 1 / (np.maximum(seen, 0) / c + (instrument.readout / c) ** 2)
        slopes = np.stack([_slope(mineral, x, some, instrument, name) for name in names], axis=1)
        fixed = np.broadcast_to(known, (len(clean), *known.shape))
        columns = np.concatenate([slopes, fixed], axis=1)
        weighted = columns * np.where(np.isfinite(weight), weight, 0.0)[:, None]
        out[rows] = _deviations(weighted @ columns.transpose(0, 2, 1))[:, : len(names)]
    return out


def _rows(mineral: Mineral, factors: Mapping[str, ArrayLike]) -> dict[str, Array]:
    """Every factor as (n,)."""
    return {name: np.atleast_1d(value) for name, value in mineral.complete(factors).items()}


def _spectrum(
    mineral: Mineral, x: Array, factors: Mapping[str, Array], instrument: Instrument
) -> Array:
    return np.asarray(mineral.parts(x, factors, resolution=instrument.resolution).sum(axis=-2))


def _slope(
    mineral: Mineral, x: Array, factors: Mapping[str, Array], instrument: Instrument, name: str
) -> Array:
    """∂ spectrum / ∂ factor (n, N), central differences."""
    factor = mineral.factor(name)
    step = STEP * (factor.high - factor.low)
    above, below = (
        _spectrum(mineral, x, {**factors, name: factors[name] + d}, instrument)
        for d in (step, -step)
    )
    return (above - below) / (2 * step)


def _deviations(information: Array) -> Array:
    """Roots of the diagonals of the inverses (n, p) of information matrices (n, p, p)."""
    scale = np.sqrt(np.diagonal(information, axis1=1, axis2=2))
    divisor = np.where(scale > 0, scale, 1.0)
    unit = information / (divisor[:, :, None] * divisor[:, None, :])
    inverse = np.linalg.inv(unit + RIDGE * np.eye(unit.shape[-1]) + _identity(scale == 0))
    deviation = np.sqrt(np.diagonal(inverse, axis1=1, axis2=2)) / divisor
    return np.where(scale > 0, deviation, np.inf)


def _identity(empty: NDArray[np.bool_]) -> Array:
    """Ones on the diagonal (n, p, p) where a column is empty."""
    return np.asarray(empty[:, :, None] * np.eye(empty.shape[-1]))
