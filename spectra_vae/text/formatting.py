"""Numbers as people read them."""

from __future__ import annotations

import math

MOST_DIGITS = 3
NARROW = "\u202f"  # stands between thousands


def thousands(value: float, form: str = "") -> str:
    """A number as people read it: ``3 000`` with a narrow space, and a true minus."""
    return f"{value:,{form}}".replace(",", NARROW).replace("-", "−")


def decimals(
    ends: tuple[float, float, float], least: int, sign: str = "", most: int = MOST_DIGITS
) -> list[str]:
    """Value, low and high with as many digits as tell the interval's ends apart."""
    width = max(abs(ends[2] - ends[1]), 1e-9)
    digits = min(max(least, math.ceil(math.log10(2 / width))), most)
    shown = [round(v, digits) + 0.0 for v in ends]  # + 0.0: minus nought is nought
    return [f"{v:{sign if v else ''}.{digits}f}".replace("-", "−") for v in shown]


def percent(fraction: float) -> str:
    """A share in per cent; two digits that count where it is small."""
    value = 100 * fraction
    return f"{value:.0f}" if value >= 9.5 else f"{value:.1f}"
