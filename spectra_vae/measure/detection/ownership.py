"""Whose is a band that a fit leaves over? The mineral's own, stronger than any crystal makes it or
too weak for its table; perhaps none at all, but a smoothed spike or the background; or foreign:
such as the mineral can't have.
"""

from __future__ import annotations

from dataclasses import replace

from ...minerals import Band, Mineral
from ..fitting.crystals import heights
from ..fitting.fit_result import Fits
from .novelty import main_height
from .presence import Presence
from .residual import BROAD, SHARP, WEAK, Peak
from .software_spikes import SMOOTHED, suspicions

PLACE, ALIKE = 0.35, (0.4, 2.0)  # widths from a band, and of it: it is that, only stronger
LEFT_OUT, BESIDE = 0.04, 30.0  # of ν1, and cm⁻¹ from a known band: tables lack weaker ones
HALF, OFF, SPARE = 0.5, 3.0, 0.01  # widths and cm⁻¹ from a minor band; of ν1 above what it may be
NARROWER = 1.25  # times: widths of single bands scatter by 20 %, areas are kept
HUMP, HUMP_HEIGHT = 60.0, 0.2  # cm⁻¹, of ν1: wider and lower may be the background's
FEW = 2  # smoothed spikes in a file
TOLD = 2  # bands of the mineral that have to be seen: elsewhere, a narrow line may be another's


def owned(fits: Fits, k: int, peaks: tuple[Peak, ...], there: Presence) -> tuple[Peak, ...]:
    """``peaks`` as what they are beside fit k's mineral: ``group`` and ``doubt`` told."""
    told = tuple(_owned(fits, k, p) for p in peaks)
    foreign = tuple(p for p in told if p.foreign)
    if not foreign or not there.seen or there.missing:
        return told
    sharp = _as_spikes(fits, k, foreign)
    if len(sharp) > FEW:
        return told
    return tuple(replace(p, doubt=SHARP) if p in sharp else p for p in told)


def _owned(fits: Fits, k: int, peak: Peak) -> Peak:
    mineral, shift = fits.grid.model.mineral, float(fits.main.shift[k])
    for band in mineral.bands:
        if band.group in mineral.free_groups and _is(peak, band, shift, float(fits.main.width[k])):
            return replace(peak, group=band.group)
    share, position = peak.height / _main_height(fits, k), peak.position - shift
    beside = share < LEFT_OUT and any(abs(position - b.position) < BESIDE for b in mineral.bands)
    others = (b for b in mineral.bands if b != mineral.main)
    most = heights(mineral)[1]
    more = any(_may_be(position, share + b.height, b, most) for b in others)  # than the fit made
    minor = any(_may_be(position, share, b, most) for b in mineral.minor)
    if beside or more or minor or _untold(mineral, position, share / most):
        return replace(peak, doubt=WEAK)
    hump = peak.fwhm > HUMP and share < HUMP_HEIGHT
    return replace(peak, doubt=BROAD) if hump else peak


def _main_height(fits: Fits, k: int) -> float:
    """The strongest band's, as narrow as it is here: the narrower bands are, the higher."""
    return max(float(main_height(fits)[k]), float(fits.explained[k].max()))


def _is(peak: Peak, band: Band, shift: float, wider: float) -> bool:
    """Does it stand on ``band``, about as wide? A coarse instrument widens narrow bands most."""
    near = abs(peak.position - band.position - shift) < PLACE * band.width
    least, most = ALIKE[0] * band.width, ALIKE[1] * band.width * max(wider, 1.0)
    return near and least < peak.fwhm < most


def _untold(mineral: Mineral, position: float, share: float) -> bool:
    """Would what the table was fitted to not have shown it?"""
    return mineral.reference is not None and not mineral.reference.shows(position, share)


def _may_be(position: float, share: float, band: Band, most: float) -> bool:
    """Is it ``band``, in some crystal, and narrower than the table's as far as bands scatter?"""
    near = abs(position - band.position) < HALF * band.width + OFF
    return near and share < most * NARROWER * band.height + SPARE


def _as_spikes(fits: Fits, k: int, peaks: tuple[Peak, ...]) -> list[Peak]:
    """Those of ``peaks`` that the file's software may as well have made of a spike."""
    if fits.correlation[k] <= SMOOTHED:
        return []
    found = suspicions(fits, k, fits.usable[k], peaks)
    return [p for p, one in zip(peaks, found, strict=True) if one and one.open]
