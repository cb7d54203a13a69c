"""What a mineral's table lists: bands and their groups, what figures show, other phases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..text.message import Label
from .profile import unit_area

Range = tuple[float, float]

KINDS = ("water", "anion", "lattice", "hydroxyl", "other")  # of groups
HYDROUS = KINDS[0]  # of the bands that water brings
LINES = dict(zip(KINDS, ("dashed", "solid", "dotted", "dashed", "solid"), strict=True))


@dataclass(frozen=True)
class Band:
    """A band of the table. Position and FWHM ``width`` in cm⁻¹, ``height`` relative to the
    strongest band's. Names may repeat: a band is addressed by its index.
    """

    name: str
    position: float
    height: float
    width: float
    mixing: float
    group: str
    assignment: str = ""
    source: str = ""

    @property
    def area(self) -> float:
        """cm⁻¹ × the height of the strongest band."""
        return float(self.height * self.width * unit_area(self.mixing))


@dataclass(frozen=True)
class Group:
    """Bands that belong together: ``key`` in the band table; ``label`` and ``bands`` ("water" and
    "water bands") in every language; ``kind``: one of ``KINDS``; ``hue`` the palette's
    token; ``span`` [cm⁻¹] where their area is measured, None: it isn't.
    """

    key: str
    label: Label
    bands: Label
    kind: str
    hue: str
    span: Range | None = None

    @property
    def line(self) -> str:
        """How a figure's key draws its kind: a hue is never the only sign."""
        return LINES[self.kind]


@dataclass(frozen=True)
class Window:
    """A stretch of the axis, cm⁻¹, that figures show; ``gain`` times as high as the first one."""

    label: Label
    low: float
    high: float
    gain: float = 1.0


@dataclass(frozen=True)
class Lens:
    """The stretch of the axis, cm⁻¹, that figures show enlarged."""

    low: float
    high: float


@dataclass(frozen=True)
class Preset:
    """A state to start from: factor → value, the others at their reference."""

    name: str
    factors: Mapping[str, float]
    label: Label


@dataclass(frozen=True)
class Note:
    """Words to read while a factor stands below a value: what is virtual there."""

    factor: str
    below: float
    text: Label


@dataclass(frozen=True)
class Phase:
    """Another mineral and its strongest band, cm⁻¹; ``mineral``: its table, if not ``name``."""

    name: str
    position: float
    label: Label
    mineral: str = ""

    @property
    def table(self) -> str:
        """The name under which its table is kept, if there is one."""
        return self.mineral or self.name
