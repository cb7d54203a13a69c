"""A factor: one thing that the simulator varies, and the smooth map between it and a code.

What a factor does to the bands is its *effect*: :mod:`~spectra_vae.minerals.effects` has one class
of factors an effect.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..text.message import Label, Message
from .estimate import TOO_WIDE, Estimate, Fitted, unknown

Array = NDArray[np.float64]

SLOPE = 1.25
EDGE = 0.08  # of the range: nearer to its end a code saturates
FARTHEST_CODE = 4.0  # the code of an end itself would be infinite; here it is within 1e-5 of it


class Placed(NamedTuple):
    """A table's bands as factors leave them: positions [cm⁻¹], heights and widths relative to the
    table (areas are kept), each (..., bands) or what broadcasts to it; ``groups`` (bands,) names.
    """

    position: Array
    height: Array
    wider: Array
    groups: NDArray[np.str_]


@dataclass(frozen=True)
class Factor:
    """A physical quantity between ``low`` and ``high``, ``reference`` in the Platonic mineral.

    ``effect`` is what it does, and the name of the subclass's file; ``group`` the bands it does it
    to, None: all; ``widest`` how many times wider bands are at ``low``; ``label`` its name in every
    language, where the page doesn't know it.

    A subclass says what its effect does to bands (:meth:`place`), how a measured value is read
    (:meth:`estimate`), how a scan of it shows (``moves``, ``phrase``) and in which ``hue``.
    """

    name: str
    effect: str
    low: float
    reference: float
    high: float
    unit: str = ""
    group: str | None = None
    widest: float = 1.0
    label: Label | None = None

    hue: ClassVar[str] = "instrument"  # the palette's token; "" is the group's own
    phrase: ClassVar[str] = "value"  # of the role that a neuron with this effect plays
    once: ClassVar[bool] = True  # a mineral has one such factor at most
    grouped: ClassVar[bool] = False  # names a group of bands
    of_mineral: ClassVar[bool] = False  # a state of the mineral, not of instrument or sample
    visible: ClassVar[bool] = True  # changes the noise-free spectrum
    moves: ClassVar[str] = ""  # the measured property: "area", "total", "width", "position"
    neuron: ClassVar[int | None] = None  # it gets in guided trainings; None: one that is free
    digits: ClassVar[int] = 1  # of that property in a sentence

    def place(self, bands: Placed, value: Array) -> Placed:
        """The bands with this factor at ``value`` (..., 1)."""
        del value
        return bands

    def reach(self, moved: str, group: str | None = None) -> float:
        """How far the whole range takes a property ("area" of ``group``, "width": its logarithm,
        "position" [cm⁻¹]); 0: it doesn't move it.
        """
        mine = self.moves == moved and self.group in (None, group)
        return self.high - self.low if mine else 0.0

    @property
    def rises(self) -> bool:
        """Does the property that it moves rise with it?"""
        return True

    def respond(self, state: float, seen: float, other: float) -> float:
        """What an instrument shows of the value ``other``, as it shows ``seen`` of ``state``."""
        return other + seen - state

    def note(self, row: Fitted) -> Message:
        """What a known value means."""
        del row
        return Message("note.value")

    def read(self, row: Fitted) -> tuple[float, float, float]:
        """Low end, value and high end off a fit that carried this factor."""
        value, deviation = row.fitted(self.name)
        half = row.half(self.name, deviation)
        return max(value - half, self.low), value, min(value + half, self.high)

    def estimate(self, row: Fitted) -> Estimate:
        """The value in one measurement, or why it is unknown."""
        if not row.carried(self.name):
            return unknown("note.no_neuron")
        low, value, high = self.read(row)
        if high - low > TOO_WIDE * (self.high - self.low):
            return unknown("note.no_information")
        return Estimate(value, low, high, True, self.note(row))

    @property
    def middle(self) -> tuple[float, float]:
        """Values between which the code doesn't saturate."""
        margin = EDGE * (self.high - self.low)
        return self.low + margin, self.high - margin

    # Factor and code

    @cached_property
    def offset(self) -> float:
        """c of :meth:`value`: where in its range the reference stands, as a normal score."""
        from scipy.special import ndtri  # 0.3 s: not for everybody who names a mineral

        return float(ndtri((self.reference - self.low) / (self.high - self.low)))

    def value(self, code: ArrayLike) -> Array:
        """Factor at a code: low + (high − low)·Φ(1.25 z + c); any shape, z = 0 at the reference."""
        from scipy.special import ndtr

        share = ndtr(SLOPE * np.asarray(code, float) + self.offset)
        return np.asarray(self.low + (self.high - self.low) * share)

    def code(self, value: ArrayLike) -> Array:
        """Code of a value: the inverse of :meth:`value`; the ends and what is beyond map to ∓4."""
        from scipy.special import ndtri

        share = (np.asarray(value, float) - self.low) / (self.high - self.low)
        z = (ndtri(np.clip(share, 0.0, 1.0)) - self.offset) / SLOPE
        return np.asarray(np.clip(z, -FARTHEST_CODE, FARTHEST_CODE))

    def slope(self, code: ArrayLike) -> Array:
        """d value / d code, any shape."""
        u = SLOPE * np.asarray(code, float) + self.offset
        return np.asarray((self.high - self.low) * SLOPE * np.exp(-0.5 * u**2) / np.sqrt(2 * np.pi))

    def width_scale(self, value: ArrayLike) -> Array:
        """Band width over the table's: ``widest`` at low, 1 at the reference, logarithmic."""
        span = self.reference - self.low
        return np.asarray(self.widest ** ((self.reference - np.asarray(value, float)) / span))

    def of_width_scale(self, scale: ArrayLike) -> Array:
        """The value at which bands are ``scale`` × as wide: the inverse of :meth:`width_scale`."""
        span = self.reference - self.low
        return np.asarray(self.reference - span * np.log(scale) / np.log(self.widest))

    def to_dict(self) -> Mapping[str, Any]:
        """The fields that aren't at their defaults, as a TOML file has them."""
        given = {f.name: getattr(self, f.name) for f in fields(self)}
        given["label"] = dict(self.label.texts) if self.label else None
        standard = {f.name: f.default for f in fields(self)}
        return {k: v for k, v in given.items() if v != standard[k]}
