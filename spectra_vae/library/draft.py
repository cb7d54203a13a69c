"""A band table that was fitted and that nobody accepted yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..minerals import Mineral
from ..minerals.profile import unit_area
from ..text.message import Message
from .band_search import Found

Array = NDArray[np.float64]


@dataclass(frozen=True)
class DraftBand:
    """A row of the table: position and FWHM ``width`` in cm⁻¹, ``height`` relative to the strongest
    band's, ``mixing`` between Gauss (0) and Lorentz (1), and the standard error of each.

    ``scatter``: standard deviation of ln height between files, None for one file.
    """

    position: float
    height: float
    width: float
    mixing: float
    group: str
    position_error: float
    height_error: float
    width_error: float
    mixing_error: float
    scatter: float | None = None

    @property
    def area(self) -> float:
        """cm⁻¹ × the height of the strongest band."""
        return float(self.height * self.width * unit_area(self.mixing))

    def to_dict(self) -> dict[str, Any]:
        return {**vars(self), "area": self.area}


@dataclass(frozen=True, eq=False)
class DraftFile:
    """One measurement that the table was fitted to, all arrays in its own unit and on its own axis.

    ``measured`` (n,) = ``background`` + the sum of ``components`` (K, n) + ``residual``; ``fitted``
    (n,) is False where a spike, a clipped top or a dead point was left out. The file's axis reads
    ``offset`` cm⁻¹ higher than the table's, its strongest band is ``gain`` high. ``misfit`` and
    ``noise`` are RMS, relative to ``gain``.
    """

    name: str
    wavenumber: Array
    measured: Array
    background: Array
    components: Array
    fitted: NDArray[np.bool_]
    offset: float
    gain: float
    misfit: float
    noise: float

    @property
    def residual(self) -> Array:
        return np.asarray(self.measured - self.background - self.components.sum(axis=0))

    def to_dict(self) -> dict[str, Any]:
        arrays = ("wavenumber", "measured", "background", "components", "residual")
        return {
            "name": self.name,
            "offset": self.offset,
            "gain": self.gain,
            "misfit": self.misfit,
            "noise": self.noise,
            "left_out": int((~self.fitted).sum()),
            **{key: getattr(self, key).tolist() for key in arrays},
        }


@dataclass(frozen=True)
class Doubt(Message):
    """A sentence with ``why``, the ``bands`` (indices) it is about, and ``answers`` to choose from.

    None stops anybody: what stays open is written into the mineral's reference.
    """

    why: Message | None = None
    bands: tuple[int, ...] = ()
    answers: tuple[Message, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            **super().to_dict(),
            "why": self.why.to_dict() if self.why else None,
            "bands": list(self.bands),
            "answers": [answer.to_dict() for answer in self.answers],
        }


@dataclass(frozen=True, eq=False)
class Draft:
    """A mineral as fitted from pure spectra, before somebody accepts it.

    ``mineral``: the table with the groups and factors that it gets. ``misfit`` and ``noise`` are
    RMS over the files' points, relative to the strongest band.
    ``resolution`` [FWHM, cm⁻¹] at which the widths hold; ``resolution_told``: not assumed.
    """

    mineral: Mineral
    misfit: float
    noise: float
    doubts: tuple[Doubt, ...]
    bands: tuple[DraftBand, ...]
    files: tuple[DraftFile, ...]
    resolution: float
    resolution_told: bool
    date: str
    found: Found = field(repr=False)

    @property
    def name(self) -> str:
        return self.mineral.name

    @property
    def wavenumber(self) -> Array:
        return self.files[0].wavenumber

    @property
    def measured(self) -> Array:
        return self.files[0].measured

    @property
    def background(self) -> Array:
        return self.files[0].background

    @property
    def components(self) -> Array:
        """(K, n) each band over the first file's axis, in its unit."""
        return self.files[0].components

    @property
    def residual(self) -> Array:
        return self.files[0].residual

    @property
    def strongest(self) -> int:
        """Index of the band of height 1."""
        return int(np.argmax([band.height for band in self.bands]))

    @property
    def settings(self) -> dict[str, Any]:
        """How the table came to be, in plain values."""
        return {
            "date": self.date,
            "resolution": self.resolution,
            "resolution_told": self.resolution_told,
            "files": [one.name for one in self.files],
        }

    def without(self, bands: Sequence[int]) -> Draft:
        """The draft with some bands left out, fitted again.

        Raises
        ------
        LibraryError
            An index of no band, or no band would be left.
        """
        from .refit import without

        return without(self, bands)

    def merged(self, first: int, second: int) -> Draft:
        """The draft with two bands made one, fitted again.

        Raises
        ------
        LibraryError
            An index of no band, or twice the same.
        """
        from .refit import merged

        return merged(self, first, second)

    def save(self, home: Path | str | None = None, replace: bool = False) -> Mineral:
        """Keep the mineral, its measurement, date and settings in ``home``/minerals.

        Raises
        ------
        LibraryError
            The name is taken (``replace``: by one's own mineral, which is replaced), or the folder
            can't be written.
        """
        from .saving import save

        return save(self, home, replace)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "name": self.name,
            "misfit": self.misfit,
            "noise": self.noise,
            "bands": [band.to_dict() for band in self.bands],
            "strongest": self.strongest,
            "doubts": [doubt.to_dict() for doubt in self.doubts],
            "settings": self.settings,
            "files": [one.to_dict() for one in self.files],
        }
