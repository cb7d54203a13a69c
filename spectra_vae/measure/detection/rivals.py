"""Would another mineral explain a file better? Each with its bands as high as they like, on the
same background.

Asked where the strongest band stands so far off that it may be another mineral's: of the table's
lookalikes and neighbours whose own strongest band stands there and, unless most of the mineral's
bands are seen, of all minerals of the library.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from functools import cached_property

from ...minerals import Mineral, MineralError, Phase, mineral
from ...minerals.store import own_minerals, shipped_mineral, shipped_minerals
from ..fitting.fit_result import Fits
from .apex import strongest_at
from .presence import Presence
from .supposed import Recorded, Supposed

LEAST = 4.0  # cm⁻¹ from the table's place: nearer, an axis is out of calibration more often
NEAR = 5.0  # cm⁻¹ between the file's strongest band and where a rival has its own
SURE = 4  # bands more that are seen than missing: no table but a known rival's fits by chance
BETTER = 10.0  # of −2 log evidence: certain


@dataclass(frozen=True)
class Rivalry:
    """The ``phase`` that explains a file best beside the mineral; ``by``: how much better it does,
    of −2 log evidence.
    """

    phase: Phase
    by: float

    @property
    def wins(self) -> bool:
        return self.by > BETTER

    @property
    def open(self) -> bool:
        """Neither the mineral nor the other is certain."""
        return abs(self.by) <= BETTER


@dataclass(frozen=True, eq=False)
class Suspects:
    """The minerals that file k of some fits may be, each supposed once."""

    fits: Fits
    k: int

    @cached_property
    def position(self) -> float | None:
        """Where the band stands that was taken for the strongest, cm⁻¹; None: nowhere."""
        return strongest_at(self.fits, self.k)

    @cached_property
    def own(self) -> Supposed:
        """The mineral that was fitted, its strongest band there."""
        return self._as(self.fits.grid.model.mineral)

    def supposed(self, phase: Phase) -> Supposed | None:
        """The file as if it were a phase of which there is a table; None: there is none."""
        if phase.table not in self._before:
            try:
                self._before[phase.table] = self._as(mineral(phase.table))
            except MineralError:
                self._before[phase.table] = None
        return self._before[phase.table]

    @cached_property
    def _before(self) -> dict[str, Supposed | None]:
        return {}

    def _as(self, other: Mineral) -> Supposed:
        return Supposed(self._file, other)

    @cached_property
    def _file(self) -> Recorded:
        assert self.position is not None
        return Recorded(self.fits, self.k, self.position)


def rivalry(suspects: Suspects, presence: Presence) -> Rivalry | None:
    """The best rival of a fit, of those that show no fewer of their bands: one foreign band may be
    anybody's. None: nothing asks for one.
    """
    fits, k = suspects.fits, suspects.k
    own, position = fits.grid.model.mineral, suspects.position
    if abs(float(fits.main.shift[k])) <= LEAST or not fits.on_main[k] or position is None:
        return None
    known = (*own.lookalikes, *own.neighbours)
    others = _others(own) if presence.surplus < SURE else ()
    found = [
        Rivalry(phase, suspects.own.criterion - rival.criterion)
        for phase in (*known, *others)
        if abs(phase.position - position) < NEAR
        and (rival := suspects.supposed(phase)) is not None
        and rival.bands_that_tell >= presence.surplus  # a table that has fewer can't show as many
        and rival.presence.surplus >= presence.surplus
    ]
    return max(found, key=lambda r: r.by, default=None)


def _others(own: Mineral) -> list[Phase]:
    """All minerals there are tables of, but this one."""
    users = {name: _phase(mineral(name)) for name in own_minerals()}
    return [phase for name, phase in (_shipped() | users).items() if name != own.name]


@functools.cache
def _shipped() -> dict[str, Phase]:
    return {name: _phase(shipped_mineral(name)) for name in shipped_minerals()}


def _phase(one: Mineral) -> Phase:
    return Phase(one.name, one.main.position, one.label)
