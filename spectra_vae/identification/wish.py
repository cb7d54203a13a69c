"""How somebody wants a file to be identified: which phases are in it, which aren't, which part."""

from __future__ import annotations

from dataclasses import dataclass

Range = tuple[float, float]


@dataclass(frozen=True)
class Wish:
    """``given``: minerals that are phases whatever speaks against them, ``only`` they; ``without``:
    minerals that aren't looked for; ``crop``: the part of the axis that counts, cm⁻¹.
    """

    given: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    only: bool = False
    crop: Range | None = None

    @property
    def is_plain(self) -> bool:
        """Nothing is asked of the phases."""
        return not (self.given or self.without)
