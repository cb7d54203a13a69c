"""Controlled synthetic spectra: factors → clean → dirty, seeded and batched."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..minerals import Mineral, mineral
from ..spectra.spectrum import as_floats
from ..text.message import SpectraVaeError
from .detector import detect
from .instrument import Instrument
from .optics import through_optics

Array = NDArray[np.float64]

MOST = 1_000_000  # spectra at once
MOST_COUNTS = 12  # log₁₀, either way
CHUNK = 16  # spectra rendered at once: their bands stay in the processor's cache


class SimulationError(SpectraVaeError):
    """A simulation that cannot be run."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """n simulated measurements.

    ``wavenumber`` (N,) cm⁻¹; ``dirty`` (n, N) with NaN where nothing was recorded; ``clean``
    (n, N), the targets; ``factors`` name → (n,). Intensities in units of the reference ν1.
    """

    wavenumber: Array
    dirty: Array
    clean: Array
    factors: Mapping[str, Array]

    def __len__(self) -> int:
        return len(self.dirty)


def simulate(
    name: str | Mineral,
    n: int,
    instrument: Instrument | str | None = None,
    seed: int = 0,
    *,
    factors: Mapping[str, ArrayLike] | None = None,
    wavenumber: ArrayLike | None = None,
) -> Dataset:
    """``n`` spectra of a mineral through an instrument.

    ``instrument``: one, or the name of a preset. ``factors`` fixes some: a number, or n of them;
    the others are drawn uniformly over their range. An instrument with a laser power sets
    ``purity`` itself.

    Raises
    ------
    SpectraVaeError
        An unknown mineral, instrument or factor; numbers that can't be meant.

    >>> simulate("calcite", 5, "lab-532", seed=1).dirty.shape[0]
    5
    """
    return measure(*drawn(name, n, instrument, seed, factors, wavenumber))


class Drawn(NamedTuple):
    """What is to be measured: ``factors`` (n,) each on an axis (N,), and where chance goes on."""

    mineral: Mineral
    device: Instrument
    wavenumber: Array
    factors: dict[str, Array]
    rng: np.random.Generator


def drawn(
    name: str | Mineral,
    n: int,
    instrument: Instrument | str | None,
    seed: int,
    factors: Mapping[str, ArrayLike] | None,
    wavenumber: ArrayLike | None,
) -> Drawn:
    """What :func:`simulate` was asked for, checked, and the factors of n spectra."""
    m = as_mineral(name)
    device, x = _device(instrument, m), _axis(wavenumber, m)
    n, seed = _whole("error.count", n, 1, MOST), _whole("error.seed", seed, 0, None)
    rng = np.random.default_rng(seed)
    fixed = factors or {}
    if not isinstance(fixed, Mapping):
        raise SimulationError("error.factors_shape")
    for one in fixed:
        if m.factor(one) in m.having("counts") and device.counts is not None:
            raise SimulationError("error.counts_twice", name=one)
    return Drawn(m, device, x, draw(m, n, rng, fixed), rng)


def pairs(
    name: str | Mineral,
    n: int,
    differ: str,
    instrument: Instrument | str | None = None,
    seed: int = 0,
    *,
    wavenumber: ArrayLike | None = None,
) -> tuple[Dataset, Dataset]:
    """Two sets of ``n``, row by row the same sample except for the factor ``differ``.

    >>> one, other = pairs("gypsum", 3, "hydration")
    >>> bool((one.factors["shift"] == other.factors["shift"]).all())
    True
    """
    m = as_mineral(name)
    device, x = _device(instrument, m), _axis(wavenumber, m)
    if m.factor(differ) in m.having("counts") and device.counts is not None:
        raise SimulationError("error.fixed_counts", name=differ)
    n, seed = _whole("error.count", n, 1, MOST), _whole("error.seed", seed, 0, None)
    rng = np.random.default_rng(seed)
    first = draw(m, n, rng, {})
    other = draw(m, n, rng, {k: v for k, v in first.items() if k != differ})
    # The same crystals on the same axis: the optics are drawn alike, the noise is not.
    optics = [np.random.default_rng([seed, 2]) for _ in range(2)]
    return tuple(  # type: ignore[return-value]
        measure(m, device, x, factors, rng, light)
        for factors, light in zip((first, other), optics, strict=True)
    )


def draw(
    m: Mineral, n: int, rng: np.random.Generator, fixed: Mapping[str, ArrayLike]
) -> dict[str, Array]:
    """Factors name → (n,): the fixed ones as given, the others uniform over their range."""
    drawn: dict[str, ArrayLike] = {f.name: rng.uniform(f.low, f.high, n) for f in m.factors}
    try:
        values = m.complete({**drawn, **fixed})
        return {k: np.array(np.broadcast_to(v, (n,))) for k, v in values.items()}
    except SpectraVaeError:
        raise
    except ValueError:
        raise SimulationError("error.lengths", n=n) from None


def measure(
    m: Mineral,
    device: Instrument,
    x: Array,
    factors: dict[str, Array],
    rng: np.random.Generator,
    optics: np.random.Generator | None = None,
) -> Dataset:
    """The clean spectra of ``factors`` and a measurement of each; ``optics`` may be drawn apart."""
    factors, counts = counted(m, device, factors)
    clean, light = render(m, device, x, factors, optics or rng)
    return Dataset(x, detect(device, light, x, counts, rng), clean, factors)


def counted(
    m: Mineral, device: Instrument, factors: dict[str, Array]
) -> tuple[dict[str, Array], Array]:
    """Counts per unit of intensity (n,), and the factors with the purity that goes with them."""
    purity = m.the("counts")
    n = len(next(iter(factors.values())))
    if device.counts is not None:
        counts = np.full(n, device.counts)
        if purity is not None:
            factors = {**factors, purity.name: np.log10(counts)}
        return factors, counts
    if purity is None:
        raise SimulationError("error.no_counts")
    power = factors[purity.name]
    if (np.abs(power) > MOST_COUNTS).any():
        raise SimulationError("error.counts_range", name=purity.name, limit=MOST_COUNTS)
    return factors, 10.0**power


def render(
    m: Mineral,
    device: Instrument,
    x: Array,
    factors: Mapping[str, Array],
    rng: np.random.Generator,
    dtype: type[np.floating[Any]] = np.float64,
) -> tuple[Array, Array]:
    """The clean targets (n, N) and the light that reaches the detector (n, N)."""
    n = len(next(iter(factors.values())))
    clean, light = np.empty((n, len(x)), dtype), np.empty((n, len(x)), dtype)
    for start in range(0, n, CHUNK):
        rows = slice(start, start + CHUNK)
        some = {k: v[rows] for k, v in factors.items()}
        clean[rows] = m.parts(x, some, dtype=dtype).sum(axis=-2)
        light[rows] = through_optics(device, m, x, some, rng, dtype)
    return clean, light


def as_mineral(name: str | Mineral) -> Mineral:
    return name if isinstance(name, Mineral) else mineral(str(name))


def _device(given: Instrument | str | None, m: Mineral) -> Instrument:
    if given is None or isinstance(given, Instrument):
        return given or Instrument()
    return Instrument.preset(given, m)


def _axis(given: ArrayLike | None, m: Mineral) -> Array:
    """(N,) cm⁻¹: any finite numbers, or where the mineral's models look."""
    if given is None:
        return m.axis
    x = as_floats(given)
    if x.ndim != 1 or len(x) < 2 or not np.isfinite(x).all() or not np.ptp(x):
        raise SimulationError("error.axis")
    return x


def _whole(code: str, given: Any, low: int, high: int | None) -> int:
    whole = isinstance(given, int | np.integer) and not isinstance(given, bool)
    if not whole or given < low or (high is not None and given > high):
        raise SimulationError(code, value=str(given)[:40])
    return int(given)


class _Callable(ModuleType):
    """``sv.simulate`` is this module once anything imported it, and must still be a function."""

    __call__ = staticmethod(simulate)


sys.modules[__name__].__class__ = _Callable
