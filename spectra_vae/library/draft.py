"""A band table that was fitted and that nobody accepted yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..minerals import Mineral
from ..minerals.store import home as usual_home
from ..text.message import LANGUAGES, say
from .parts import Doubt, DraftBand, DraftFile
from .saving import save, thinned
from .table import table_of

if TYPE_CHECKING:
    from .band_search import Found  # it imports much of scipy, which the page does without

Array = NDArray[np.float64]


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
            "baseline": self.found.problem.baseline,
            "files": [one.name for one in self.files],
        }

    def save(self, home: Path | str | None = None, replace: bool = False) -> Mineral:
        """Keep the mineral, its measurement, date and settings in ``home``/minerals.

        Raises
        ------
        LibraryError
            The name is taken (``replace``: by one's own mineral, which is replaced), or the folder
            can't be written.
        """
        place = Path(home) if home is not None else usual_home()
        save(self.table, self.reference, place, replace)
        return self.mineral

    @property
    def table(self) -> dict[str, Any]:
        """The content of the mineral's TOML file."""
        return table_of(self.name, self.bands, self.files, self.date, self.resolution)

    @property
    def reference(self) -> dict[str, Any]:
        """What the table was fitted to, in plain values: measurements of at most 4 000 points,
        bands with their errors, settings, the doubts that were left open.
        """
        return {
            "settings": self.settings,
            "misfit": self.misfit,
            "noise": self.noise,
            "bands": [band.to_dict() for band in self.bands],
            "doubts": [{one: say(doubt, one) for one in LANGUAGES} for doubt in self.doubts],
            "files": [thinned(one) for one in self.files],
        }

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
