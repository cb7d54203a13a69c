"""Numbers with their intervals as lines of text, with the page's digits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..measure.report.units import UNITS
from ..text.formatting import decimals

if TYPE_CHECKING:
    from ..measure.report.estimates import Estimate


def shown(name: str, one: Estimate) -> str:
    """The factor or quantity ``name`` with its 90 % interval and its unit, or "unknown"."""
    if one.value is None or one.low is None or one.high is None:
        return "unknown"
    length = UNITS.get(name) == "cm-1"
    sign = "+" if name == "shift" else ""
    value, low, high = decimals((one.value, one.low, one.high), 1 if length else 2, sign)
    return f"{value}{' cm⁻¹' if length else ''}  ({low} to {high})"
