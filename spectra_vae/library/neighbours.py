"""Which known mineral has its strongest band at a place."""

from __future__ import annotations

from ..minerals import mineral, minerals

NEAR = 2.5  # cm⁻¹ between axes that agree


def strongest_near(position: float, width: float) -> str | None:
    """The name of the mineral whose strongest band stands at ``position``, not much narrower or
    wider than ``width`` [cm⁻¹]; the nearest one, None where there is none.
    """
    found = []
    for name in minerals():
        main = mineral(name).main
        away = abs(main.position - position)
        if away < NEAR and 0.5 < width / main.width < 2:
            found.append((away, name))
    return min(found)[1] if found else None
