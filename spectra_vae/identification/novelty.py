"""How alien a whole file is to the phases that were found in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class WholeNovelty:
    """``score``: the share of the bands' area that no phase has, 0 none and 1 all of it; with a
    90 % interval (``low``, ``high``).
    """

    score: float
    low: float
    high: float

    @classmethod
    def of_areas(cls, own: float, foreign: Sequence[tuple[float, float, float]]) -> WholeNovelty:
        """``own``: of the phases; ``foreign``: of each band that is none's, (area, low, high)."""
        area = sum(one[0] for one in foreign)
        half = float(np.sqrt(sum(((high - low) / 2) ** 2 for _, low, high in foreign)))
        shares = (_share(part, own) for part in (area, area - half, area + half))
        return cls(*shares)

    def to_dict(self) -> dict[str, Any]:
        return dict(vars(self))


def _share(part: float, own: float) -> float:
    return max(part, 0.0) / max(max(part, 0.0) + own, 1e-300)
