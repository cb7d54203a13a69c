"""How alien a whole file is to the phases that were found in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from .result import Identification


@dataclass(frozen=True)
class WholeNovelty:
    """``score``: the share of the bands' area that no phase has, 0 none and 1 all of it; with a
    90 % interval (``low``, ``high``).
    """

    score: float
    low: float
    high: float

    def to_dict(self) -> dict[str, Any]:
        return dict(vars(self))


def whole_novelty(found: Identification) -> WholeNovelty | None:
    """From the areas of the bands that stand in the file and from the phases' curves; None where
    there is no phase to be alien to.
    """
    if not found.phases:
        return None
    foreign = [band for band in found.bands if band.mineral is None]
    if not foreign:
        return WholeNovelty(0.0, 0.0, 0.0)
    area = sum(band.area for band in foreign)
    own = sum(float(np.trapezoid(one.curve, found.wavenumber)) for one in found.phases)
    halves = [(b.area_interval[1] - b.area_interval[0]) / 2 for b in foreign]
    half = float(np.sqrt(np.sum(np.square(halves))))
    ends = max(area - half, 0.0), area + half
    score, low, high = (_share(part, own) for part in (max(area, 0.0), *ends))
    return WholeNovelty(score, low, high)


def _share(part: float, own: float) -> float:
    return part / max(part + own, 1e-300)
