"""Minerals as band tables: one TOML file each, read into frozen data.

>>> gypsum = mineral("gypsum")
>>> gypsum.spectrum(np.arange(100.0, 4000.0), hydration=0).shape
(3900,)
"""

from __future__ import annotations

import functools
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..text.message import SpectraVaeError
from .factor import Factor
from .profile import Profiles, unit_area

__all__ = ["Band", "Factor", "Mineral", "MineralError", "default_axis", "mineral", "minerals"]

Array = NDArray[np.float64]

# Steps of the default axis: ν1's 6.1 cm⁻¹ get five points, the narrowest band (4.3) three.
AXIS = ((100.0, 1300.0, 1.2), (1300.0, 3000.0, 10.0), (3000.0, 3700.0, 3.5), (3700.0, 4000.0, 10.0))


class MineralError(SpectraVaeError):
    """No such mineral, factor, or value."""


@dataclass(frozen=True)
class Band:
    """A band of the table. Position and FWHM ``width`` in cm⁻¹, ``height`` relative to ν1."""

    name: str
    position: float
    height: float
    width: float
    mixing: float
    group: str
    assignment: str
    source: str

    @property
    def area(self) -> float:
        """cm⁻¹ × the height of ν1."""
        return float(self.height * self.width * unit_area(self.mixing))


@dataclass(frozen=True)
class Mineral:
    """A band table and the factors that move it."""

    name: str
    formula: str
    strongest: str
    resolution: float
    bands: tuple[Band, ...]
    factors: tuple[Factor, ...]
    presets: tuple[tuple[str, Mapping[str, float]], ...] = ()
    lookalikes: tuple[tuple[str, float], ...] = ()
    windows: tuple[tuple[str, float, float], ...] = ()
    neighbours: tuple[tuple[str, float], ...] = ()

    def factor(self, name: str) -> Factor:
        for factor in self.factors:
            if factor.name == name:
                return factor
        known = ", ".join(f.name for f in self.factors)
        raise MineralError("error.unknown_factor", name=name, known=known)

    def of_effect(self, effect: str) -> Factor | None:
        """The factor that has ``effect``, if the mineral has one."""
        return next((f for f in self.factors if f.effect == effect), None)

    @cached_property
    def state(self) -> tuple[Factor, ...]:
        """Factors of the mineral itself: the others belong to the instrument and the sample."""
        return tuple(f for f in self.factors if f.effect in ("strength", "width"))

    def band(self, name: str) -> Band:
        return next(b for b in self.bands if b.name == name)

    @cached_property
    def main(self) -> Band:
        """The strongest band: its reference height is the unit of intensity."""
        return self.band(self.strongest)

    @cached_property
    def table(self) -> dict[str, Array]:
        """Positions, heights, widths and mixings as (bands,) arrays."""
        columns = ("position", "height", "width", "mixing")
        return {c: np.array([getattr(b, c) for b in self.bands]) for c in columns}

    def complete(self, factors: Mapping[str, ArrayLike]) -> dict[str, Array]:
        """Every factor as an array, the unnamed ones at their reference; all broadcast alike."""
        for name in factors:
            self.factor(name)
        values = [_numbers(f, factors.get(f.name, f.reference)) for f in self.factors]
        shaped = np.broadcast_arrays(*values)
        return {f.name: v for f, v in zip(self.factors, shaped, strict=True)}

    def parts(
        self,
        wavenumber: ArrayLike,
        factors: Mapping[str, ArrayLike],
        amplitudes: ArrayLike = 1.0,
        resolution: float | None = None,
        stretch: ArrayLike = 0.0,
        dtype: type[np.floating[Any]] = np.float64,
    ) -> Array:
        """Each band on its own, (..., bands, N), for factors of shape (...).

        ``amplitudes`` (..., bands) multiply the heights (crystal orientation); ``resolution``
        (FWHM, cm⁻¹) replaces the table's; ``stretch`` (...) is the relative error of the axis;
        ``dtype`` float32 is four times faster and exact to 1e-6.
        """
        bands = self.profiles(factors, amplitudes, stretch)
        if resolution is not None:
            bands = bands.seen(self.resolution, resolution)
        return bands.at(np.asarray(wavenumber, float), dtype)

    def profiles(
        self,
        factors: Mapping[str, ArrayLike],
        amplitudes: ArrayLike = 1.0,
        stretch: ArrayLike = 0.0,
    ) -> Profiles:
        """The bands' numbers, (..., bands) each, at the table's resolution; as :meth:`parts`."""
        values = self.complete(factors)
        position, height = self._place(values)
        scale = self._width_scale(values)[..., None]
        height = height * np.asarray(amplitudes) / scale
        mixing = np.broadcast_to(self.table["mixing"], height.shape)
        position = position * (1 + np.asarray(stretch)[..., None])
        return Profiles(position, height, self.table["width"] * scale, mixing)

    def spectrum(self, wavenumber: ArrayLike, **factors: ArrayLike) -> Array:
        """The noise-free truth (..., N) on ``wavenumber`` (N,), cm⁻¹; unit: reference ν1 height.

        ``factors`` by name, numbers or arrays that broadcast (...), in the units of the factors;
        the others stand at their reference.

        Raises
        ------
        MineralError
            An unknown factor, a value or an axis that is no finite number.
        """
        try:
            finite = np.isfinite(np.asarray(wavenumber, float)).all()
        except (TypeError, ValueError):
            finite = False
        if not finite or np.ndim(wavenumber) != 1:
            raise MineralError("error.axis")
        return np.asarray(self.parts(wavenumber, factors).sum(axis=-2))

    def widths(self, **factors: ArrayLike) -> Array:
        """FWHM of every band (..., bands), cm⁻¹."""
        scale = self._width_scale(self.complete(factors))
        return np.asarray(self.table["width"] * scale[..., None])

    def _place(self, values: Mapping[str, Array]) -> tuple[Array, Array]:
        """Positions and heights (..., bands) before any widening."""
        position, height = self.table["position"], self.table["height"]
        for factor in self.factors:
            value = values[factor.name][..., None]
            if factor.effect == "position":
                position = position + value
            elif factor.effect == "scale":
                height = height * value
            elif factor.effect == "strength":
                inside = np.array([b.group == factor.group for b in self.bands])
                height = height * np.where(inside, value, 1.0)
        shape = np.broadcast_shapes(position.shape, height.shape)
        return np.broadcast_to(position, shape), np.broadcast_to(height, shape)

    def _width_scale(self, values: Mapping[str, Array]) -> Array:
        factor = self.of_effect("width")
        first = next(iter(values.values()))
        return factor.width_scale(values[factor.name]) if factor else np.ones_like(first)


def _numbers(factor: Factor, given: ArrayLike) -> Array:
    """Values of a factor, any finite numbers."""
    try:
        value = np.asarray(given, float)
    except (TypeError, ValueError):
        raise MineralError("error.factor_value", name=factor.name) from None
    if not np.isfinite(value).all():
        raise MineralError("error.factor_value", name=factor.name)
    return value


def default_axis() -> Array:
    """The models' wavenumbers (N,), 100 to 4000 cm⁻¹, dense where minerals have narrow bands."""
    pieces = [low + step * np.arange(round((high - low) / step)) for low, high, step in AXIS]
    return np.concatenate([*pieces, [AXIS[-1][1]]])


def minerals() -> tuple[str, ...]:
    """Names of the minerals that ship with the package."""
    files = resources.files(__package__).iterdir()
    return tuple(sorted(f.name.removesuffix(".toml") for f in files if f.name.endswith(".toml")))


def mineral(name: str) -> Mineral:
    """The mineral called ``name``; :class:`MineralError` lists those there are."""
    known = _read(name) if isinstance(name, str) else None
    if known is None:
        names = ", ".join(minerals())
        raise MineralError("error.unknown_mineral", name=str(name)[:80], known=names)
    return known


@functools.cache
def _read(name: str) -> Mineral | None:
    """Once from its file; None: there is no such mineral."""
    if name not in minerals():
        return None
    path = resources.files(__package__).joinpath(f"{name}.toml")
    return parse(tomllib.loads(path.read_text(encoding="utf-8")))


def parse(table: Mapping[str, Any]) -> Mineral:
    """A mineral from the content of its TOML file."""
    return Mineral(
        name=table["name"],
        formula=table["formula"],
        strongest=table["strongest"],
        resolution=table["resolution"],
        bands=tuple(Band(**band) for band in table["bands"]),
        factors=tuple(Factor(**factor) for factor in table["factors"]),
        presets=tuple((p["name"], p["factors"]) for p in table.get("presets", ())),
        lookalikes=tuple((p["name"], p["position"]) for p in table.get("lookalikes", ())),
        windows=tuple((w["group"], w["low"], w["high"]) for w in table.get("windows", ())),
        neighbours=tuple((n["name"], n["position"]) for n in table.get("neighbours", ())),
    )


class _Callable(ModuleType):
    """``sv.minerals`` is this package once anything imported it, and must still be a function."""

    __call__ = staticmethod(minerals)


sys.modules[__name__].__class__ = _Callable
