"""What a draft is made of: rows of its table, the files it was fitted to, doubts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..minerals.profile import unit_area
from ..text.message import Message

Array = NDArray[np.float64]
DRAFT_FILES = 24  # of one substance, at most
SMALLEST = 0.004  # of the strongest band: what is lower is not looked for


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
