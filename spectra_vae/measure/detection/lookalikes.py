"""Phases that pass for the mineral with a shifted axis, and others that lie beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..fitting.fit_result import Z90, Fits
from .agreement import Agreement
from .residual import Peak

REACH = 3.0  # cm⁻¹
LEAST_SHIFT = 4.0  # cm⁻¹: below, an axis is out of calibration more often than a mineral is another
WEAK = 0.6  # of the reference strength


@dataclass(frozen=True)
class Lookalike:
    """Phase ``name`` has its strongest band at ``other``; the file's stands at ``position``."""

    name: str
    position: float
    other: float


def lookalikes(fits: Fits, k: int) -> tuple[Lookalike, ...]:
    """The phases whose strongest band stands where fit k's does, cm⁻¹."""
    mineral, shift = fits.grid.model.mineral, float(fits.main.shift[k])
    position = mineral.main.position + shift
    return tuple(
        Lookalike(name, position, other)
        for name, other in mineral.lookalikes
        if shift > LEAST_SHIFT and abs(position - other) < REACH
    )


def neighbours(fits: Fits, peaks: Sequence[Peak]) -> tuple[tuple[str, float], ...]:
    """Name and strongest band, cm⁻¹, of the minerals that the tallest foreign band may be."""
    tallest = max(peaks, key=lambda p: p.height, default=None)
    known = fits.grid.model.mineral.neighbours
    return tuple(
        (name, other) for name, other in known if tallest and abs(tallest.position - other) < REACH
    )


def transformed(fits: Fits, k: int, agreement: Agreement) -> tuple[Lookalike, ...]:
    """The phases that fit k may rather be: its shift has no witnesses, and its water is weak."""
    strength = fits.grid.model.mineral.of_effect("strength")
    if agreement.factor is None or strength is None or strength.name not in fits.factors:
        return ()
    value, deviation = (float(v[k]) for v in fits.factors[strength.name])
    weak = value + Z90 * deviation < WEAK * strength.reference
    return lookalikes(fits, k) if weak else ()
