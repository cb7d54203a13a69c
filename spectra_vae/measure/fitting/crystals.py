"""How far a sample's heights may be from its table's.

A crystal makes of a powder's heights what the instrument's ``ORIENTATION`` says. The samples that a
table was fitted to were crystals, too, and nobody knows how those lay: between two of them heights
may differ by as much again, less where the table is the mean of several.
"""

from __future__ import annotations

import math

from ...minerals import Mineral
from ...simulation.instrument import ORIENTATION, Range

SPREAD = 0.35  # of a crystal's: log-uniform between 0.4 and 2.5, in every strength up to that


def heights(mineral: Mineral) -> Range:
    """What a band beside the strongest may be of its table's height, at the least and most."""
    low, high = ORIENTATION
    more = 1 + _of_reference(mineral)
    return low**more, high**more


def spread(mineral: Mineral) -> float:
    """The standard deviation of that."""
    return SPREAD * math.sqrt(1 + _of_reference(mineral))


def _of_reference(mineral: Mineral) -> float:
    """How much of one crystal's way to lie is in the table."""
    return 1 / mineral.reference.files if mineral.reference else 0.0
