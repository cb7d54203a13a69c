"""A mineral: its band table and the factors that move the bands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..text.message import Label, SpectraVaeError
from .axis import Piece, derived, points
from .entries import Band, Group, Lens, Note, Phase, Preset, Range, Window
from .factor import Array, Factor, Placed
from .profile import Profiles
from .reference import Reference
from .scattering import Scattering

NEAR_MAIN = 40.0  # cm⁻¹ either side of the strongest band's place: it is looked for there


class MineralError(SpectraVaeError):
    """No such mineral, factor or value, or a table that holds no mineral."""


@dataclass(frozen=True)
class Mineral:
    """A band table and the factors that move it.

    ``label``: its name in every language. ``family`` and ``hydration_number``: CaSO4·nH2O, n.
    ``strongest``: index of the band whose reference height is the unit of intensity. ``resolution``
    [FWHM, cm⁻¹] at which tabulated widths hold. ``pieces`` of the models' axis. ``lookalikes`` are
    phases that pass for this one with a shifted axis, ``neighbours`` such as lie beside it.
    ``minor``: weak bands that measured spectra show as well; no model draws them. ``scattering``:
    what a mass of it scatters, where somebody measured that. ``reference``: what the table was
    fitted to; None: nothing is known of it, it is believed.
    """

    name: str
    label: Label
    formula: str
    family: str
    hydration_number: float
    resolution: float
    strongest: int
    bands: tuple[Band, ...]
    groups: tuple[Group, ...]
    factors: tuple[Factor, ...]
    windows: tuple[Window, ...]
    lens: Lens
    pieces: tuple[Piece, ...] = ()
    presets: tuple[Preset, ...] = ()
    notes: tuple[Note, ...] = ()
    lookalikes: tuple[Phase, ...] = ()
    neighbours: tuple[Phase, ...] = ()
    minor: tuple[Band, ...] = ()
    scattering: Scattering | None = None
    reference: Reference | None = None

    # Names

    def factor(self, name: str) -> Factor:
        """The factor called so.

        Raises
        ------
        MineralError
            There is none; the text lists those there are.
        """
        for factor in self.factors:
            if factor.name == name:
                return factor
        known = ", ".join(f.name for f in self.factors)
        raise MineralError("error.unknown_factor", name=str(name)[:80], known=known)

    def having(self, effect: str) -> tuple[Factor, ...]:
        """The factors that have ``effect``, in the table's order."""
        return tuple(f for f in self.factors if f.effect == effect)

    def the(self, effect: str) -> Factor | None:
        """The factor of an effect that a mineral has once at most."""
        return next(iter(self.having(effect)), None)

    def group(self, key: str) -> Group:
        return next(g for g in self.groups if g.key == key)

    def hue(self, factor: Factor) -> str:
        """The palette's token of what a factor does."""
        return factor.hue or self.group(str(factor.group)).hue

    @cached_property
    def state(self) -> tuple[Factor, ...]:
        """Factors of the mineral itself: the others belong to the instrument and the sample."""
        return tuple(f for f in self.factors if f.of_mineral)

    @cached_property
    def visible(self) -> tuple[Factor, ...]:
        """Factors that change the noise-free spectrum."""
        return tuple(f for f in self.factors if f.visible)

    @cached_property
    def strengths(self) -> tuple[Factor, ...]:
        """Factors that make one group of bands stronger or weaker."""
        return tuple(f for f in self.factors if f.moves == "area")

    @cached_property
    def free_groups(self) -> tuple[str, ...]:
        """Keys of the groups whose strength is a factor."""
        return tuple(dict.fromkeys(str(f.group) for f in self.strengths))

    @cached_property
    def spans(self) -> dict[str, Range]:
        """Group → the stretch, cm⁻¹, in which its area is measured; of those that have one."""
        return {g.key: g.span for g in self.groups if g.span is not None}

    # Bands

    @cached_property
    def main(self) -> Band:
        """The strongest band: its reference height is the unit of intensity."""
        return self.bands[self.strongest]

    @cached_property
    def main_group(self) -> Group:
        return self.group(self.main.group)

    @cached_property
    def table(self) -> dict[str, Array]:
        """Positions, heights, widths and mixings as (bands,) arrays."""
        columns = ("position", "height", "width", "mixing")
        return {c: np.array([getattr(b, c) for b in self.bands]) for c in columns}

    def inside(self, group: str | None) -> NDArray[np.bool_]:
        """(bands,) True for the bands of a group."""
        return np.array([b.group == group for b in self.bands])

    @cached_property
    def axis(self) -> Array:
        """The models' wavenumbers (N,), cm⁻¹: dense where bands are narrow, coarse elsewhere."""
        return points(self.pieces) if self.pieces else np.round(points(self._derived()), 6)

    def _derived(self) -> tuple[Piece, ...]:
        ends = {f.name: [f.low, f.reference, f.high] for f in self.having("position")}
        far = max((abs(v) for values in ends.values() for v in values), default=0.0)
        sharpest = {f.name: np.array([f.low, f.reference, f.high]) for f in self.having("width")}
        narrowest = self.widths(**sharpest).reshape(-1, len(self.bands)).min(axis=0)
        return derived(self.table["position"], narrowest, self.table["width"], self.strongest, far)

    # Spectra

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
        placed = self.placed(factors)
        position = placed.position * (1 + np.asarray(stretch)[..., None])
        height = placed.height * np.asarray(amplitudes) / placed.wider
        mixing = np.broadcast_to(self.table["mixing"], height.shape)
        return Profiles(position, height, self.table["width"] * placed.wider, mixing)

    def spectrum(self, wavenumber: ArrayLike, **factors: ArrayLike) -> Array:
        """The noise-free truth (..., N) on ``wavenumber`` (N,), cm⁻¹; unit: the strongest band's
        reference height.

        ``factors`` by name, numbers or arrays that broadcast (...), in the units of the factors;
        the others stand at their reference.

        Raises
        ------
        MineralError
            An unknown factor, a value or an axis that is no finite number.

        >>> from spectra_vae.minerals import mineral
        >>> mineral("gypsum").spectrum([1000.0, 1008.0], hydration=[0.0, 1.0]).shape
        (2, 2)
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
        return np.asarray(self.table["width"] * self.placed(factors).wider)

    def placed(self, factors: Mapping[str, ArrayLike]) -> Placed:
        """Positions, heights before any widening, and how much wider: (..., bands) each."""
        groups = np.array([b.group for b in self.bands])
        table, values = self.table, self.complete(factors)
        bands = Placed(table["position"], table["height"], np.ones(1), groups)
        for factor in self.factors:
            bands = factor.place(bands, values[factor.name][..., None])
        outer = next(iter(values.values())).shape
        shape = np.broadcast_shapes(bands.position.shape, bands.height.shape, (*outer, 1))
        position, height = (np.broadcast_to(a, shape) for a in (bands.position, bands.height))
        wider = np.broadcast_to(bands.wider, np.broadcast_shapes(bands.wider.shape, (*outer, 1)))
        return Placed(position, height, wider, groups)


def _numbers(factor: Factor, given: ArrayLike) -> Array:
    """Values of a factor, any finite numbers."""
    try:
        value = np.asarray(given, float)
    except (TypeError, ValueError):
        raise MineralError("error.factor_value", name=factor.name) from None
    if not np.isfinite(value).all():
        raise MineralError("error.factor_value", name=factor.name)
    return value
