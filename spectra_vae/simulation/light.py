"""The light that reaches a detector in a dirty simulation, and the bands in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..minerals import Mineral
from ..minerals.profile import Profiles
from .added_bands import foreign, jittered, second_phase, unlisted
from .axis_error import AxisError
from .instrument import ORIENTATION
from .nuisances import Nuisances
from .optics import fluorescence, orientations
from .response import Response
from .simulate import CHUNK, Drawn
from .slit import shown, through_triangle

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Chance = dict[str, np.random.Generator]  # one for each nuisance

RESOLUTION = (2.0, 20.0)  # FWHM, cm⁻¹


@dataclass(frozen=True, eq=False)
class TrueBands:
    """K bands of n files as those show them before any software: ``position`` and ``fwhm`` [cm⁻¹],
    ``height``, ``area``, (n, K) each; ``kind`` (K,): own (in the table's order), unlisted, foreign
    or second.
    """

    kind: NDArray[np.str_]
    position: Array
    height: Array
    fwhm: Array
    area: Array

    def times(self, gain: Array) -> TrueBands:
        """The bands ``gain`` (n, K) times as high."""
        return replace(self, height=self.height * gain, area=self.area * gain)


@dataclass(frozen=True, eq=False)
class Light:
    """``bands``, ``extra`` of them something else's, and ``background``, (n, N); the bands'
    ``table`` and what else :class:`~.dirty.DirtyTrials` tells of how it came about.
    """

    bands: Array
    extra: Array
    background: Array
    table: TrueBands
    shift: Array
    resolution: Array
    triangular: Mask

    @property
    def total(self) -> Array:
        """(n, N) bands and background."""
        return self.bands + self.background

    def times(self, gain: Array, of_bands: Array) -> Light:
        """The light ``gain`` (n, N) times as strong, ``of_bands`` (n, K) where the bands stand."""
        return replace(
            self,
            bands=self.bands * gain,
            extra=self.extra * gain,
            background=self.background * gain,
            table=self.table.times(of_bands),
        )


def arriving(
    asked: Drawn,
    nuisances: Nuisances,
    second: Mineral | None,
    chance: Chance,
    dtype: type[np.floating[Any]],
) -> Light:
    """What reaches the detector: bands through slit and response, background through the latter."""
    m, device, x, values, rng = asked
    n = len(next(iter(values.values())))
    kind, bands, moved = _bands(asked, nuisances, second, chance)
    resolution, slit = _slits(nuisances, m, device.resolution, n, chance)
    triangular = slit > 0
    seen = bands.seen(m.resolution, np.where(triangular, m.resolution, resolution)[:, None])
    axis = AxisError.draw(nuisances, n, x, device.laser, chance)
    scale = axis.shown(seen.position)[1]
    seen, slits = axis.apply(seen), slit[:, None] * scale
    total, extra = _drawn(seen, slits, kind, x, dtype)
    background = np.zeros_like(total)
    if max(device.fluorescence) > 0:
        background = fluorescence(device, x, n, rng)
    height, fwhm, area = seen.height.copy(), seen.columns[2].copy(), seen.area
    if triangular.any():
        height[triangular], fwhm[triangular] = shown(seen[triangular], slits[triangular])
    table = TrueBands(kind, seen.position, height, fwhm, area)
    shift = axis.shown(moved[:, None])[0][:, 0] - m.main.position
    light = Light(total, extra, background, table, shift, resolution, triangular)
    response = Response.draw(nuisances, n, x, chance)
    return light if response.flat else light.times(response.at(x), response.at(seen.position))


def chunks(n: int) -> Iterator[slice]:
    """Rows treated at once: their bands stay in the processor's cache."""
    return (slice(start, min(start + CHUNK, n)) for start in range(0, n, CHUNK))


def _bands(
    asked: Drawn, nuisances: Nuisances, second: Mineral | None, chance: Chance
) -> tuple[NDArray[np.str_], Profiles, Array]:
    """Kinds (K,) and bands (n, K) at the table's resolution; (n,) where the strongest stands
    without a jitter of its own.
    """
    m, device, x, values, rng = asked
    n = len(next(iter(values.values())))
    amplitudes, stretch = np.ones((n, len(m.bands))), np.empty(n)
    for rows in chunks(n):  # the order in which the plain simulation draws them
        size = rows.stop - rows.start
        amplitudes[rows] = orientations(device, m, size, rng)
        stretch[rows] = rng.uniform(-device.stretch, device.stretch, size)
    if nuisances.orientation and device.orientation is None:
        crystals = replace(device, orientation=ORIENTATION)
        some = chance["orientation"].random((n, 1)) < nuisances.orientation
        amplitudes = np.where(some, orientations(crystals, m, n, chance["orientation"]), amplitudes)
    own = m.profiles(values, amplitudes, stretch)
    main = m.bands.index(m.main)
    place, strongest = own.position[:, main], own.height[:, main]
    parts = {"own": jittered(own, nuisances, chance)}
    if nuisances.unlisted:
        parts["unlisted"] = unlisted(m, strongest, x, nuisances.unlisted, chance["unlisted"])
    if nuisances.foreign:
        parts["foreign"] = foreign(m, strongest, x, nuisances.foreign, chance["foreign"])
    if nuisances.second and second is not None:
        factor = m.the("scale")
        scale = np.ones(n) if factor is None else values[factor.name]
        parts = {k: p.times(1 - nuisances.second) if k == "own" else p for k, p in parts.items()}
        other = second_phase(m, second, nuisances.second, scale)
        parts["second"] = jittered(other, nuisances, chance)
    kind = np.repeat(list(parts), [p.position.shape[1] for p in parts.values()])
    return kind, Profiles.joined(parts.values()), place


def _slits(
    nuisances: Nuisances, m: Mineral, usual: float, n: int, chance: Chance
) -> tuple[Array, Array]:
    """FWHM (n,), cm⁻¹, of each instrument, and of its triangular slit (0: it has none) beside the
    table's resolution.
    """
    low, high = np.log(RESOLUTION)
    another = np.exp(chance["resolution"].uniform(low, high, n))
    some = chance["resolution"].random(n) < nuisances.resolution
    resolution = np.where(some, another, usual)
    beyond = np.sqrt(np.maximum(resolution**2 - m.resolution**2, 0))
    return resolution, np.where(chance["triangle"].random(n) < nuisances.triangle, beyond, 0.0)


def _drawn(
    bands: Profiles,
    slits: Array,
    kind: NDArray[np.str_],
    x: Array,
    dtype: type[np.floating[Any]],
) -> tuple[Array, Array]:
    """All bands and the foreign ones among them, (n, N)."""
    n, others = len(slits), (kind == "foreign") | (kind == "second")
    total, extra = np.empty((n, len(x))), np.zeros((n, len(x)))
    for rows in chunks(n):
        some, slit = bands[rows], slits[rows]
        parts = some.at(x, dtype)
        wide = slit.any(axis=1)
        if wide.any():
            parts[wide] = through_triangle(some[wide], slit[wide], x)
        total[rows] = parts.sum(axis=-2)
        if others.any():
            extra[rows] = parts[:, others].sum(axis=-2)
    return total, extra
