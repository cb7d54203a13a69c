"""How somebody wants a file to be identified: which phases are in it, which aren't, which part."""

from __future__ import annotations

from dataclasses import dataclass

from ..library.baseline import AUTOMATIC

Range = tuple[float, float]


@dataclass(frozen=True)
class Wish:
    """``given``: minerals that are phases whatever speaks against them, ``only`` they; ``without``:
    minerals that aren't looked for; ``crop``: the part of the axis that counts, cm⁻¹;
    ``baseline``: one of ``BASELINES``.
    """

    given: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    only: bool = False
    crop: Range | None = None
    baseline: str = AUTOMATIC

    @property
    def is_plain(self) -> bool:
        """Nothing is asked of the phases."""
        return not (self.given or self.without)
