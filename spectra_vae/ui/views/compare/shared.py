"""Two files through what both hold: each is identified, and the phase they share is compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...measurements import Measurement, identified
from .needs import Needs

if TYPE_CHECKING:
    from ....identification.result import Identification
    from ....measure.compare import Comparison

PATIENCE = 90.0  # s, for a file that nobody has looked at yet


@dataclass(frozen=True, eq=False)
class Pair:
    """Two files and what they are; ``shared``: minerals that are in both, first the one of which
    there is most in the file that has less of it; ``phase``: the one whose state is compared;
    None: there is none.
    """

    names: tuple[str, str]
    found: tuple[Identification, Identification]
    shared: tuple[str, ...]
    phase: str | None

    def compared(self, given: Needs) -> Comparison | None:
        """The state of the shared phase in both, each without the other phases."""
        if self.phase is None:
            return None
        restored = [given.identifications.restored(f, _at(f, self.phase)) for f in self.found]
        return given.models.model(self.phase).compare(*restored)


def pair_of(
    given: Needs, files: tuple[Measurement, Measurement], wanted: str | None = None
) -> Pair | None:
    """None where one of them takes too long; ``wanted``: the phase to compare, if both hold it."""
    found = [identified(given.identifications, one, PATIENCE) for one in files]
    a, b = found
    if a is None or b is None:
        return None
    shares = [{p.mineral: p.fraction for p in one.phases} for one in (a, b)]
    both = {name: min(shares[0][name], shares[1][name]) for name in shares[0] if name in shares[1]}
    shared = tuple(sorted(both, key=lambda name: -both[name]))
    phase = wanted if wanted in both else next(iter(shared), None)
    return Pair((files[0].name, files[1].name), (a, b), shared, phase)


def _at(found: Identification, mineral: str) -> int:
    return [p.mineral for p in found.phases].index(mineral)
