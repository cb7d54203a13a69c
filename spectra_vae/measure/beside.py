"""What of a file is the mineral's: is it there, what stands beside it, and its bands one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..minerals import NEAR_MAIN
from .bands.local_fit import LocalBands, local_bands
from .detection.alone import alone
from .detection.band_fit import BandFit, fit_together
from .detection.judged import Judged
from .detection.novelty import is_faint
from .detection.refit import OWN_BAND, Verdicts
from .report.estimates import ANOTHER, FAINT, LACKING

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


def gone(one: Judged) -> str | None:
    """Why nothing is said of the mineral; None: it is there."""
    fits, k = one.fits, one.k
    main = fits.grid.model.mineral.main.position
    if not fits.used[k][np.abs(fits.grid.x - main) < NEAR_MAIN].any():
        return LACKING
    if is_faint(fits, k):
        return FAINT if fits.on_main[k] else LACKING
    return ANOTHER if one.is_another else None


@dataclass(frozen=True, eq=False)
class Beside:
    """What stands beside the mineral: a ``background`` (N,) and bands; ``gone``: why nothing is
    said of the mineral itself.
    """

    gone: str | None
    background: Array
    fit: BandFit


def beside(one: Judged, points: Mask) -> Beside:
    """The background and the bands beside the mineral, or without it where it is gone."""
    fits, k, why = one.fits, one.k, gone(one)
    if why:
        without = alone(fits, k, points)
        return Beside(why, without.background, without.fit)
    points = points & fits.grid.inside
    return Beside(None, fits.background[k], fit_together(fits, k, fits.left[k], points, one.peaks))


def each_by_itself(v: Verdicts, parts: Sequence[Beside]) -> list[LocalBands | None]:
    """The mineral's bands of every file where it is there, each measured by itself."""
    found: list[LocalBands | None] = [None] * len(parts)
    for fits in {id(one.fits): one.fits for one in v.judged}.values():
        some = [i for i, one in enumerate(v.judged) if one.fits is fits and parts[i].gone is None]
        if not some:
            continue
        foreign = np.stack([_foreign(v.judged[i], parts[i].fit) for i in some])
        local = local_bands(fits, [v.judged[i].k for i in some], foreign)
        for r, i in enumerate(some):
            found[i] = local[r]
    return found


def _foreign(one: Judged, fit: BandFit) -> Array:
    """(N,) the bands that are none of the mineral's; what stands within one of its bands is that
    band's own shape.
    """
    x = one.fits.grid.x
    away = [p for p in fit.bands if not p.group and not _is_within(one, p.position)]
    return sum((p.curve(x) for p in away), np.zeros_like(x))


def _is_within(one: Judged, position: float) -> bool:
    """Does that place, cm⁻¹, lie on a band of the mineral, as wide and where the fit has it?"""
    main, k = one.fits.main, one.k
    table = one.fits.grid.model.mineral.table
    off = np.abs(position - table["position"] - float(main.shift[k]))
    return bool((off < OWN_BAND * table["width"] * max(float(main.width[k]), 1.0)).any())
