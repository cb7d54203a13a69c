"""Phases that pass for the mineral with a shifted axis, and others that lie beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...minerals import Group, Phase
from ..fitting.fit_result import Z90, Fits
from .agreement import Agreement
from .residual import Peak
from .rivals import BETTER, Suspects

NEAR = 3.0  # cm⁻¹ between a band and where a phase has its strongest
LEAST_SHIFT = 4.0  # cm⁻¹: below, an axis is out of calibration more often than a mineral is another
WEAK = 0.6  # of the reference strength


@dataclass(frozen=True)
class Lookalike:
    """A phase whose strongest band the file's may be, which stands at ``position``, cm⁻¹."""

    phase: Phase
    position: float


def lookalikes(suspects: Suspects) -> tuple[Lookalike, ...]:
    """The phases whose strongest band stands where a file's does, on their side of the table's, and
    whose other bands are there.
    """
    own, position = suspects.fits.grid.model.mineral, suspects.position
    if position is None:
        return ()
    shift = position - own.main.position
    return tuple(
        Lookalike(phase, position)
        for phase in own.lookalikes
        if abs(shift) > LEAST_SHIFT
        and shift * (phase.position - own.main.position) > 0
        and abs(position - phase.position) < NEAR
        and _fits(suspects, phase)
    )


def _fits(suspects: Suspects, phase: Phase) -> bool:
    """Are other bands of ``phase`` in the file, and do they explain it about as well as its own?"""
    other = suspects.supposed(phase)
    if other is None or not other.presence.seen:
        return False
    return other.criterion < suspects.own.criterion + BETTER


def neighbours(fits: Fits, peaks: Sequence[Peak]) -> tuple[Phase, ...]:
    """The minerals whose strongest band the tallest foreign one may be."""
    tallest = max(peaks, key=lambda p: p.height, default=None)
    known = fits.grid.model.mineral.neighbours
    return tuple(p for p in known if tallest and abs(tallest.position - p.position) < NEAR)


def weakened(fits: Fits, k: int) -> Group | None:
    """The group of bands that fit k shows weak with certainty, if any."""
    own = fits.grid.model.mineral
    for factor in own.strengths:
        if factor.name not in fits.factors:
            continue
        value, deviation = (float(v[k]) for v in fits.factors[factor.name])
        if value + Z90 * deviation < WEAK * factor.reference:
            return own.group(str(factor.group))
    return None


def transformed(suspects: Suspects, agreement: Agreement) -> tuple[Lookalike, ...]:
    """The phases that a file may rather be: its shift has no witnesses, and where groups of bands
    vary in strength, one of them is weak.
    """
    fits, k = suspects.fits, suspects.k
    if agreement.factor is None or not fits.grid.model.mineral.strengths:
        return ()
    return lookalikes(suspects) if weakened(fits, k) else ()
