"""Fits, and the foreign bands they leave unexplained: left out, and all is fitted again."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..minerals import Band
from .agreement import FAR, Agreement, agreements
from .fits import Fits
from .grid import Model, grid
from .inference import infer
from .intake import Files
from .novelty import standing_out
from .residual import SIGNIFICANT, Peak, filters, listed, scores
from .thin import thinned

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

OWN_BAND = 1.3  # widths around a band of the mineral in which nothing is called foreign
FARTHEST = 40.0  # cm⁻¹, and not beyond however wide it is
CORE = 0.6  # of that: there, no foreign band is centred
NARROW, NARROW_STEPS = 3.0, 1.4  # FWHM in cm⁻¹ and in steps: no band is, so it is a spike
AROUND = 1.5  # FWHM of a foreign band that a second fit leaves out
ENOUGH = 0.5  # of the points have to stay for it


@dataclass(frozen=True, eq=False)
class Judged:
    """A fit, how far its strongest foreign band stands out, and the foreign bands it lists."""

    fits: Fits
    k: int
    standing: float
    peaks: tuple[Peak, ...]
    agreement: Agreement


@dataclass(frozen=True, eq=False)
class Verdicts:
    """B fits on the axis x (N,) of their curves y (B, N), at the usable ``points`` (B, N).

    ``each``: how many of a file's points make one of them.
    """

    files: Files
    x: Array
    y: Array
    points: Mask
    each: int
    judged: list[Judged]


def judge(model: Model, files: Files) -> Verdicts:
    """Fit files on one axis; a second time without the foreign bands that stood out."""
    axis = files.spectra[0].wavenumber
    x, (y, level), points, each = thinned(axis, (files.y, files.level), files.usable)
    on, noise = grid(model, x), files.noise / each
    judged = _judged(infer(on, y, points, level, *noise), points)
    again = [k for k, one in enumerate(judged) if one.peaks]
    points, spiked = _despiked(x, points, judged)
    rest = points & ~np.stack([_near(x, one.peaks) for one in judged])
    again = [k for k in again if _enough(model, x, points[k], rest[k])]
    if again:
        fits = infer(on, y[again], rest[again], level[again], *noise[:, again])
        for k, one in zip(again, _judged(fits, points[again]), strict=True):
            judged[k] = one
    if each == 1:
        files = replace(files, spiked=files.spiked | spiked)
    return Verdicts(files, x, y, points, each, judged)


def _judged(fits: Fits, points: Mask) -> list[Judged]:
    """What stands out of each of B fits, judged at all usable points (B, N)."""
    points = points & fits.grid.inside
    rows = np.arange(len(points))
    own, core = _own(fits, rows, fits.grid.model.mineral.bands)
    f = filters(fits.grid.x)
    heights, significances = scores(f, fits.left, fits.variance, points & ~own, core)
    standing = standing_out(fits, f.width, heights, significances)
    peaks = [_peaks(fits, int(k), significances[k], points[k] & ~own[k]) for k in rows]
    asked = [k for k in rows if peaks[k] or abs(fits.main.shift[k]) > FAR]
    some = agreements(fits, np.array(asked, dtype=int), [bool(peaks[k]) for k in asked])
    told = dict(zip(asked, some, strict=True))
    for k, one in told.items():
        if one.wrong:  # what stands on the places of bands that aren't there is foreign too
            own_k, core_k = _own(fits, np.array([k]), one.agree)
            judged = points[k] & ~own_k[0]
            rest = (fits.left[[k]], fits.variance[[k]], judged[None], core_k)
            peaks[k] = _peaks(fits, int(k), scores(f, *rest)[1][0], judged)
    return [
        Judged(fits, int(k), float(standing[k]), peaks[k], told.get(k, Agreement())) for k in rows
    ]


def _own(fits: Fits, rows: NDArray[np.intp], bands: tuple[Band, ...]) -> tuple[Mask, Mask]:
    """(R, N) where ``bands`` of some fits may be misfitted, and where nothing else is centred."""
    position, width = (np.array([getattr(b, n) for b in bands]) for n in ("position", "width"))
    size = width * np.maximum(fits.main.width[rows], 1.0)[:, None]
    centre = position + fits.main.shift[rows, None]
    reach = np.minimum(OWN_BAND * size, FARTHEST)
    return _within(fits.grid.x, centre, reach), _within(fits.grid.x, centre, reach * CORE)


def _within(x: Array, centre: Array, reach: Array) -> Mask:
    """(R, N) True where x is nearer than ``reach`` to one of its row's centres, both (R, bands)."""
    ends = np.zeros((len(centre), len(x) + 1), dtype=np.int16)
    rows = np.arange(len(centre))[:, None]
    np.add.at(ends, (rows, np.searchsorted(x, centre - reach, side="right")), 1)
    np.add.at(ends, (rows, np.searchsorted(x, centre + reach, side="left")), -1)
    return np.asarray(np.cumsum(ends[:, :-1], axis=1) > 0)


def _peaks(fits: Fits, k: int, significance: Array, judged: Mask) -> tuple[Peak, ...]:
    if significance.max(initial=0.0) < SIGNIFICANT:
        return ()
    f = filters(fits.grid.x)
    return listed(f, significance, fits.left[k], fits.variance[k], judged)


def _despiked(x: Array, points: Mask, judged: list[Judged]) -> tuple[Mask, Mask]:
    """``points`` (B, N) without those of spikes too weak to be seen before the fit, and those."""
    step = np.gradient(x)

    def pointlike(peak: Peak) -> bool:
        return peak.fwhm < max(NARROW, NARROW_STEPS * float(np.interp(peak.position, x, step)))

    narrow = [tuple(p for p in one.peaks if pointlike(p)) for one in judged]
    spiked = points & np.stack([_near(x, some) for some in narrow])
    return points & ~spiked, spiked


def _near(x: Array, peaks: tuple[Peak, ...]) -> Mask:
    """(N,) True around foreign bands."""
    near = np.zeros(len(x), dtype=bool)
    for peak in peaks:
        near |= np.abs(x - peak.position) < AROUND * peak.fwhm
    return near


def _enough(model: Model, x: Array, points: Mask, rest: Mask) -> bool:
    """Is enough left for a second fit, of the file and of its strongest band?"""
    main = np.abs(x - model.mineral.main.position) < 2 * model.mineral.main.width
    some = (points.sum(), rest.sum()), ((points & main).sum(), (rest & main).sum())
    return all(left > ENOUGH * before for before, left in some)
