"""Which factors vary in a training, and how far: the others stand at their reference."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..minerals import Factor, Mineral
from ..simulation.instrument import Range
from ..text.message import SpectraVaeError

Array = NDArray[np.float64]


class ConfigError(SpectraVaeError):
    """A configuration that can't work; the text names the field and the limit."""


def ranges(
    mineral: Mineral, given: Mapping[str, Sequence[Any]] | Sequence[str]
) -> dict[str, Range]:
    """Factor → (low, high) of a mineral's factors; names alone mean whole ranges.

    Raises
    ------
    ConfigError, MineralError
        No table and no list of names, an unknown factor, a range that is empty or no part of the
        factor's own.
    """
    if isinstance(given, str) or not isinstance(given, Mapping | Sequence):
        raise ConfigError("error.vary")
    if not isinstance(given, Mapping):
        factors = [mineral.factor(str(one)[:80]) for one in given]
        return {f.name: (f.low, f.high) for f in factors}
    return {str(k): _inside(mineral.factor(str(k)[:80]), v) for k, v in given.items()}


def read(mineral: Mineral, text: str) -> dict[str, Range]:
    """Factor → range of ``name,name=low:high``; a name alone means its whole range.

    Raises
    ------
    ConfigError, MineralError
        No name at all, an unknown factor, a range that is no part of the factor's own.
    """
    found: dict[str, Range] = {}
    for part in text.split(","):
        name, given, span = (piece.strip() for piece in part.partition("="))
        if not name:
            raise ConfigError("error.vary")
        found |= ranges(mineral, {name: span.split(":")} if given else [name])
    return found


def _inside(factor: Factor, span: Sequence[Any]) -> Range:
    """``span`` where it is a part of the factor's range."""
    ends = {"name": factor.name, "low": factor.low, "high": factor.high}
    try:
        low, high = (float(v) for v in span)
    except (TypeError, ValueError):
        raise ConfigError("error.vary_range", **ends) from None
    if not (math.isfinite(high - low) and factor.low <= low < high <= factor.high):
        raise ConfigError("error.vary_range", **ends)
    return low, high


def values(factor: Factor, codes: Array, varying: Mapping[str, Range]) -> Array:
    """The factor at ``codes`` (n,): its map into the range it varies over, or its reference."""
    if factor.name not in varying:
        return np.full(len(codes), factor.reference)
    low, high = varying[factor.name]
    value = factor.value(codes)
    if (low, high) == (factor.low, factor.high):
        return value
    return low + (value - factor.low) * (high - low) / (factor.high - factor.low)
