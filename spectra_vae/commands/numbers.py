"""Numbers with their intervals as lines of text, with the page's digits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..measure.summary import UNITS

if TYPE_CHECKING:
    from ..measure.estimates import Estimate

MOST_DIGITS = 3


def shown(name: str, one: Estimate) -> str:
    """The factor or quantity ``name`` with its 90 % interval and its unit, or "unknown"."""
    if one.value is None or one.low is None or one.high is None:
        return "unknown"
    length = UNITS.get(name) == "cm-1"
    sign = "+" if name == "shift" else ""
    value, low, high = decimals((one.value, one.low, one.high), 1 if length else 2, sign)
    return f"{value}{' cm⁻¹' if length else ''}  ({low} to {high})"


def decimals(ends: tuple[float, float, float], least: int, sign: str = "") -> list[str]:
    """Value, low and high with as many digits as tell the interval's ends apart.

    As ``decimals`` of the page's numbers does; that one can't be had without Dash.
    """
    width = max(abs(ends[2] - ends[1]), 1e-9)
    digits = min(max(least, math.ceil(math.log10(2 / width))), MOST_DIGITS)
    rounded = [round(v, digits) + 0.0 for v in ends]  # + 0.0: minus nought is nought
    return [f"{v:{sign if v else ''}.{digits}f}".replace("-", "−") for v in rounded]
