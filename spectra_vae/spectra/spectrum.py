"""A Raman spectrum as data: wavenumber, intensity, where it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..text.message import Message, SpectraVaeError
from .saturation import clipped

Array = NDArray[np.float64]

MIN_POINTS = 20
MAX_POINTS = 100_000
MAX_WAVENUMBER = 1e7  # cm⁻¹: far beyond any Raman shift
MIN_VALUE = 1e-100
MAX_VALUE = 1e100  # squares must stay finite in float64
# A jump this many times the typical step is a gap: nothing is interpolated across it.
GAP_STEPS = 8.0
GAP_CM = 12.0


class SpectrumError(SpectraVaeError):
    """What was given is not a spectrum; the text says why and what to do."""


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Intensity over Raman shift.

    Parameters
    ----------
    wavenumber
        (N,) Raman shift in cm⁻¹, any order; it is sorted.
    intensity
        (N,) in any unit. Points that share a wavenumber are averaged.
    meta
        What the file said about itself (laser, sample, columns), as plain text and numbers.
        ``clipped`` is the level from which points stand at the detector's limit: found, or given.
    fixes
        What was mended on the way in, one :class:`~spectra_vae.text.message.Message` each.

    Raises
    ------
    SpectrumError
        Fewer than 20 or more than 100 000 points, unequal lengths, values that are not
        finite or beyond 1e100, complex ones, wavenumbers beyond ±10 000 000, a constant intensity.

    >>> spectrum = Spectrum(range(400, 300, -1), [k % 7 for k in range(100)])
    >>> float(spectrum.wavenumber[0])
    301.0
    """

    wavenumber: Array
    intensity: Array
    meta: Mapping[str, Any] = field(default_factory=dict)
    fixes: tuple[Message, ...] = ()

    def __init__(
        self,
        wavenumber: ArrayLike,
        intensity: ArrayLike,
        meta: Mapping[str, Any] | None = None,
        fixes: tuple[Message, ...] = (),
    ) -> None:
        x, y = as_floats(wavenumber), as_floats(intensity)
        if x.ndim != 1 or x.shape != y.shape:
            raise SpectrumError("error.shape", x=str(x.shape), y=str(y.shape))
        if len(x) > MAX_POINTS:
            raise SpectrumError("error.too_many_points", points=len(x), limit=MAX_POINTS)
        bad = ~(np.isfinite(x) & np.isfinite(y)) | (np.abs(x) > MAX_VALUE) | (np.abs(y) > MAX_VALUE)
        if bad.any():
            raise SpectrumError("error.not_finite", count=int(bad.sum()))
        if len(y) and 0 < np.max(np.abs(y)) < MIN_VALUE:
            raise SpectrumError("error.tiny", limit=MIN_VALUE)
        if len(x) and np.max(np.abs(x)) > MAX_WAVENUMBER:
            raise SpectrumError("error.axis_range", limit=MAX_WAVENUMBER)
        x, y, found = _in_order(x, y)
        if len(x) < MIN_POINTS:
            raise SpectrumError("error.too_few_points", points=len(x), limit=MIN_POINTS)
        if np.ptp(y) <= 1e-12 * np.max(np.abs(y)):
            raise SpectrumError("error.constant")
        said, full = _limit(y, meta or {})
        for array in (x, y):
            array.setflags(write=False)
        object.__setattr__(self, "wavenumber", x)
        object.__setattr__(self, "intensity", y)
        object.__setattr__(self, "meta", MappingProxyType(said))
        object.__setattr__(self, "fixes", tuple(fixes) + found + full)

    def __reduce__(self) -> tuple[Any, ...]:
        """Copies and other processes get the same, read-only again."""
        return Spectrum, (self.wavenumber, self.intensity, dict(self.meta), self.fixes)

    def __len__(self) -> int:
        return len(self.wavenumber)

    @property
    def step(self) -> float:
        """The typical distance between points, cm⁻¹ (the median)."""
        return float(np.median(np.diff(self.wavenumber)))

    @property
    def segments(self) -> list[slice]:
        """Stretches without a gap, as slices in ascending order."""
        return stretches(self.wavenumber)

    def at(self, wavenumber: ArrayLike) -> Array:
        """Intensity at ``wavenumber`` (M,), cubic within a stretch; NaN outside and in gaps."""
        return interpolate(self.wavenumber, self.intensity, np.asarray(wavenumber, float))

    def read_as(self) -> dict[str, Any]:
        """What was read, in plain numbers: points, range, step, stretches, fixes."""
        return {
            "points": len(self),
            "range": [float(self.wavenumber[0]), float(self.wavenumber[-1])],
            "step": round(self.step, 4),
            "segments": [
                [float(self.wavenumber[s][0]), float(self.wavenumber[s][-1])] for s in self.segments
            ],
            "fixes": [fix.to_dict() for fix in self.fixes],
        }


def gaps(wavenumber: Array) -> NDArray[np.intp]:
    """Indices i after which nothing was measured: the step to i+1 is far beyond its neighbours'."""
    return _gaps(np.asarray(wavenumber, float).tobytes())


@lru_cache(maxsize=8)
def _gaps(points: bytes) -> NDArray[np.intp]:
    """Of an axis, which is asked for many times while a file is looked at."""
    step = np.diff(np.frombuffer(points))
    usual = _running_median(step)
    found = np.flatnonzero((step > GAP_STEPS * usual) & (step > GAP_CM))
    found.setflags(write=False)
    return found


def stretches(wavenumber: Array) -> list[slice]:
    """Stretches of ``wavenumber`` (N,) without a gap, in ascending order."""
    edges = [0, *(gaps(wavenumber) + 1), len(wavenumber)]
    return [slice(a, b) for a, b in zip(edges[:-1], edges[1:], strict=True)]


def interpolate(x: Array, y: Array, at: Array) -> Array:
    """Cubic interpolation of y(x) (..., N) to ``at`` (M,), stretch by stretch; NaN elsewhere."""
    from scipy.interpolate import make_interp_spline  # 0.1 s: not at the package's own import

    out = np.full((*y.shape[:-1], len(at)), np.nan)
    for s in stretches(x):
        inside = (at >= x[s][0]) & (at <= x[s][-1])
        if inside.any():
            degree = min(3, s.stop - s.start - 1)
            out[..., inside] = make_interp_spline(x[s], y[..., s], degree, axis=-1)(at[inside])
    return out


def as_floats(values: ArrayLike) -> Array:
    """A copy of ``values`` as real numbers; SpectrumError where they are none."""
    try:
        if np.ma.isMaskedArray(values):  # what somebody masked is no measurement
            values = np.ma.filled(values.astype(float), np.nan)
        given = np.asarray(values)
        if not np.iscomplexobj(given):
            return np.array(given, dtype=np.float64)
    except OverflowError:  # whole numbers of hundreds of digits
        return np.asarray(np.vectorize(_as_float, otypes=[np.float64])(given))
    except (TypeError, ValueError):
        raise SpectrumError("error.no_numbers") from None
    raise SpectrumError("error.complex")


def _as_float(value: Any) -> float:
    """A number as a float; infinite where it has hundreds of digits."""
    try:
        return float(value)
    except OverflowError:
        return np.inf


def _limit(y: Array, meta: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Message, ...]]:
    """``meta`` with the detector's limit, where points stand at one, and the sentence."""
    said = dict(meta)
    given = said.pop("clipped", None)  # a word of a file's header is no level
    a_number = isinstance(given, float | int | np.number) and not isinstance(given, bool)
    if a_number and np.isfinite(given):
        open_points = int((y < given).sum())
        if open_points < MIN_POINTS:
            raise SpectrumError("error.all_clipped", level=f"{given:g}", count=open_points)
        return said | {"clipped": float(given)}, ()
    found = clipped(y)
    if found is None:
        return said, ()
    level, count = found
    return said | {"clipped": level}, (Message("fix.clipped", {"level": level, "count": count}),)


def _in_order(x: Array, y: Array) -> tuple[Array, Array, tuple[Message, ...]]:
    """Sort by x and average the points that share one."""
    fixes: tuple[Message, ...] = ()
    step = np.diff(x)
    if len(x) > 1 and (step < 0).any():
        fixes += (Message("fix.reversed" if (step <= 0).all() else "fix.sorted"),)
        order = np.argsort(x, kind="stable")
        x, y = x[order], y[order]
    unique, where, count = np.unique(x, return_inverse=True, return_counts=True)
    if len(unique) < len(x):
        fixes += (Message("fix.duplicates", {"count": len(x) - len(unique)}),)
        x, y = unique, np.bincount(where, weights=y) / count
    return x, y, fixes


def _running_median(step: Array, width: int = 15) -> Array:
    """Median of each step's neighbours, so that an axis of several densities has no false gaps."""
    if len(step) < width:
        return np.full(len(step), np.median(step) if len(step) else 0.0)
    padded = np.pad(step, width // 2, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, width)
    return np.asarray(np.median(windows, axis=-1))
