"""One fit and what is held against it; what takes long is found only where it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..fitting.fit_result import Fits
from .agreement import Agreement
from .doubled import Doubled, doubled
from .lookalikes import Lookalike, lookalikes
from .novelty import Novelty, is_another, novelty
from .presence import Presence
from .residual import Peak
from .rivals import Rivalry, Suspects, rivalry

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Judged:
    """A fit, how far its strongest foreign band stands out, and the bands it leaves unexplained.

    ``fine``: points stand close enough together to tell a band at all.
    """

    fits: Fits
    k: int
    standing: float
    peaks: tuple[Peak, ...]
    agreement: Agreement
    presence: Presence
    fine: bool

    @cached_property
    def doubled(self) -> Doubled | None:
        """The two bands that the strongest one is; asked of the last fit alone."""
        return doubled(self.fits, self.k)

    @cached_property
    def rivalry(self) -> Rivalry | None:
        """Another mineral that may explain the file better; asked of the last fit alone."""
        return rivalry(self.suspects, self.presence)

    @cached_property
    def lookalikes(self) -> tuple[Lookalike, ...]:
        """The phases that pass for the mineral with a shifted axis."""
        return lookalikes(self.suspects)

    @cached_property
    def suspects(self) -> Suspects:
        """What else the file may be."""
        return Suspects(self.fits, self.k)

    @property
    def is_another(self) -> bool:
        """Is the file another mineral's?"""
        judged = (self.agreement, self.presence, self.foreign, self.rivalry)
        return is_another(self.fits, self.k, *judged)

    def novelty(self, kl: Array | None = None) -> Novelty:
        """How alien the file is; ``kl`` (latents,) of the encoder's posterior, if it was asked."""
        judged = (self.peaks, self.agreement, self.presence, self.doubled, self.rivalry)
        return novelty(self.suspects, self.standing, *judged, kl)

    @property
    def foreign(self) -> tuple[Peak, ...]:
        """The peaks that are no bands of the mineral."""
        return tuple(p for p in self.peaks if p.foreign)
