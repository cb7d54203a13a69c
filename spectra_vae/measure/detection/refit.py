"""Fits, and the foreign bands they leave unexplained: left out, and all is fitted again."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from ...minerals import Band
from ...spectra.defects import SHARPER
from ..fitting.crystals import heights as crystal_heights
from ..fitting.fit import infer
from ..fitting.fit_result import Fits
from ..fitting.grid import Model, grid
from ..fitting.thinning import thinned
from .agreement import FAR, Agreement, agreements
from .band_fit import fit_together
from .evidence import WIDEST
from .judged import Judged
from .novelty import ALIEN, main_height, standing_out
from .ownership import TOLD, owned
from .preparation import Files
from .presence import presences
from .residual import SHARP, SIGNIFICANT, WEAK, Peak, filters, listed, scores
from .software_spikes import suspicions

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

OWN_SHARE = 0.5  # of a band's height that another family's line shape may leave at it
GLANCE, GLANCE_POINTS = 3.0, 5  # σ of a mean of so many points: less isn't worth a closer look
OWN_BAND = 1.3  # widths around a band of the mineral in which nothing is called foreign
FARTHEST = 40.0  # cm⁻¹, and not beyond however wide it is
SLIVER = 25.0  # cm⁻¹: a narrower gap between two bands of the mineral belongs to them
TALLEST = 8.0  # cm⁻¹ either side in which a band's own height is looked for
CORE = 0.6  # of that: there, no foreign band is centred
NARROW, NARROW_STEPS = 3.0, 1.4  # FWHM in cm⁻¹ and in steps: no band is, so it is a spike
SEEN_BEFORE = 50.0  # σ: a spike as high was found before the fit; this is a band as narrow
AROUND = 1.5  # FWHM of a foreign band that a second fit leaves out
LACKED = 0.05  # of ν1: less may be the mineral's own where its table is silent, and needs raw noise
NOT_TALL = 0.99  # times what stands out
WINGS = 4.0  # widths either side of such a band
ENOUGH = 0.5  # of the points have to stay for it


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
    few = [k for k in again if not _enough(model, x, points[k], rest[k])]
    rest[few] = points[few]
    again = [k for k in again if k not in few or spiked[k].any()]
    if again:
        beside = np.stack([0 * x if k in few else _beside(judged[k], points[k]) for k in again])
        fits = infer(on, y[again] - beside, rest[again], level[again], *noise[:, again])
        fits = replace(fits, left=fits.left + beside, usable=points[again])
        for k, one in zip(again, _judged(fits, points[again]), strict=True):
            judged[k] = one
    if each == 1:
        files = replace(files, spiked=files.spiked | spiked)
    return Verdicts(files, x, y, points, each, judged)


def _judged(fits: Fits, points: Mask) -> list[Judged]:
    """What stands out of each of B fits, judged at all usable points (B, N)."""
    points = points & fits.grid.inside
    rows = np.arange(len(points))
    heights, significances, peaks = _found(fits, rows, points, fits.grid.model.mineral.bands)
    there = presences(fits)
    tall = ALIEN * main_height(fits)
    for k in rows:
        peaks[k] = owned(fits, int(k), peaks[k], there[k])
        for p in (p for p in peaks[k] if not p.foreign):
            near = np.abs(filters(fits.grid.x).centre - p.position) < WINGS * p.fwhm
            if p.doubt == WEAK:  # a filter that isn't as wide as the band makes it tall
                heights[k, near] = np.minimum(heights[k, near], NOT_TALL * tall[k])
            else:
                significances[k, near] = 0
    standing = standing_out(fits, filters(fits.grid.x).width, heights, significances)
    far = np.abs(fits.main.shift) > FAR
    asked = [k for k in rows if peaks[k] or far[k] or there[k].absent]
    foreign = [any(p.foreign for p in peaks[k]) for k in asked]
    some = agreements(fits, np.array(asked, dtype=int), foreign)
    told = dict(zip(asked, some, strict=True))
    for k, one in told.items():
        there[k] = there[k].with_moved(one.agree)
        if one.wrong:  # what stands on the places of bands that aren't there is foreign too
            peaks[k] = _found(fits, np.array([k]), points, one.agree)[2][0]
    fine = bool((filters(fits.grid.x).width <= WIDEST).any())
    plain = Agreement()
    return [
        Judged(
            fits,
            int(k),
            float(standing[k]),
            peaks[k],
            told.get(k, plain),
            there[k],
            fine,
        )
        for k in rows
    ]


def _found(
    fits: Fits, rows: NDArray[np.intp], points: Mask, bands: tuple[Band, ...]
) -> tuple[Array, Array, list[tuple[Peak, ...]]]:
    """What the filters say (R, C) of some fits where none of ``bands`` is, and what is listed."""
    f = filters(fits.grid.x)
    left, noise, points = fits.left[rows], fits.together[rows], points[rows]
    own, core, slivers = _own(fits, rows, bands)
    heights, significances = scores(f, left, noise, points & ~own, core)
    tall = heights > LACKED * main_height(fits)[rows, None]
    significances = np.where(tall, significances * fits.sharper[rows, None], significances)
    noise = noise / fits.sharper[rows, None] ** 2
    hidden = _hidden(fits, rows, points, own | slivers)
    peaks = []
    for r, found in enumerate(significances):
        judged = points[r] if r in hidden else points[r] & ~own[r]
        found = np.maximum(found, hidden.get(r, 0.0))
        some = found.max(initial=0.0) >= SIGNIFICANT
        peaks.append(listed(f, found, left[r], noise[r], judged) if some else ())
    return heights, significances, peaks


def _hidden(fits: Fits, rows: NDArray[np.intp], points: Mask, own: Mask) -> dict[int, Array]:
    """Significances (C,) of what stands at or between the mineral's own bands and is far too much
    for them, by row of some fits; most have nothing of the kind.

    A sample may differ from its table there, and crystals make bands as high as orientation can:
    only what is higher by half the band itself, and than any crystal's, is another mineral's.
    """
    f = filters(fits.grid.x)
    size = np.where(points, fits.left[rows] / np.sqrt(fits.together[rows]), 0.0)
    glance = uniform_filter1d(size, GLANCE_POINTS, axis=1) * np.sqrt(GLANCE_POINTS)
    some = np.flatnonzero((own & (glance > GLANCE)).any(axis=1))
    if not len(some):
        return {}
    at, nowhere = rows[some], np.zeros_like(own[some])
    heights, found = scores(f, fits.left[at], fits.together[at], points[some], nowhere)
    main = fits.grid.model.mineral.bands.index(fits.grid.model.mineral.main)
    others = np.delete(fits.table[at], main, axis=1).sum(axis=1)
    crystal = (
        crystal_heights(fits.grid.model.mineral)[1] * fits.gain[at, None] * others
        - fits.explained[at]
    )
    own_height = np.maximum(OWN_SHARE * fits.explained[at], crystal)
    reach = 2 * int(TALLEST / np.median(np.diff(f.x))) + 1
    tallest = maximum_filter1d(own_height, reach, axis=1)
    foreign = (heights > tallest[:, f.nearest]) & own[some][:, f.nearest]
    found = np.where(foreign, found, 0.0)
    tall = found.max(axis=1, initial=0.0) >= SIGNIFICANT
    return {int(r): one for r, one in zip(some[tall], found[tall], strict=True)}


def _own(fits: Fits, rows: NDArray[np.intp], bands: tuple[Band, ...]) -> tuple[Mask, Mask, Mask]:
    """(R, N) where ``bands`` of some fits may be misfitted, where nothing else is centred, and what
    lies between two of them and is too little to judge a band by.
    """
    position, width = (np.array([getattr(b, n) for b in bands]) for n in ("position", "width"))
    size = width * np.maximum(fits.main.width[rows], 1.0)[:, None]
    centre = position + fits.main.shift[rows, None]
    reach = np.minimum(OWN_BAND * size, FARTHEST)
    x = fits.grid.x
    end, start = (centre + reach)[:, :-1], (centre - reach)[:, 1:]  # the table is in order
    half = np.where(start - end < SLIVER, (start - end) / 2, 0.0)
    slivers = _within(x, (start + end) / 2, np.maximum(half, 0.0))
    return _within(x, centre, reach), _within(x, centre, reach * CORE), slivers


def _within(x: Array, centre: Array, reach: Array) -> Mask:
    """(R, N) True where x is nearer than ``reach`` to one of its row's centres, both (R, bands)."""
    ends = np.zeros((len(centre), len(x) + 1), dtype=np.int16)
    rows = np.arange(len(centre))[:, None]
    np.add.at(ends, (rows, np.searchsorted(x, centre - reach, side="right")), 1)
    np.add.at(ends, (rows, np.searchsorted(x, centre + reach, side="left")), -1)
    return np.asarray(np.cumsum(ends[:, :-1], axis=1) > 0)


def _despiked(x: Array, points: Mask, judged: list[Judged]) -> tuple[Mask, Mask]:
    """``points`` (B, N) without those of spikes too weak to be seen before the fit, and those."""
    step = np.gradient(x)

    def pointlike(peak: Peak) -> bool:
        steps = NARROW_STEPS * float(np.interp(peak.position, x, step))
        return peak.fwhm < (steps if peak.significance > SEEN_BEFORE else max(NARROW, steps))

    narrow = [tuple(p for p in one.peaks if pointlike(p)) for one in judged]
    spiked = points & np.stack([_near(x, some) for some in narrow])
    for row, one, own in zip(spiked, judged, points, strict=True):
        row |= _smoothed_spikes(one, own)
    return points & ~spiked, spiked


def _smoothed_spikes(one: Judged, points: Mask) -> Mask:
    """(N,) those of the usable ``points`` (N,) that software put a cosmic ray into; where the
    mineral's bands are missing, nothing is one.
    """
    found = np.zeros_like(points)
    doubtful = tuple(p for p in one.peaks if p.foreign or p.doubt == SHARP)
    if not doubtful or not one.presence.seen or one.presence.missing:
        return found
    some, narrow = suspicions(one.fits, one.k, points, doubtful), _narrow(one)
    for peak, suspicion in zip(doubtful, some, strict=True):
        if suspicion and suspicion.certain(peak.fwhm < narrow):
            found |= suspicion.reached
    return found


def _narrow(one: Judged) -> float:
    """FWHM, cm⁻¹, below which no band of the file is; 0 where none of its bands tells."""
    main = one.fits.grid.model.mineral.main.width * float(one.fits.main.width[one.k])
    return SHARPER * main if len(one.presence.seen) >= TOLD else 0.0


def _near(x: Array, peaks: tuple[Peak, ...]) -> Mask:
    """(N,) True around foreign bands."""
    near = np.zeros(len(x), dtype=bool)
    for peak in peaks:
        near |= np.abs(x - peak.position) < AROUND * peak.fwhm
    return near


def _beside(one: Judged, points: Mask) -> Array:
    """(N,) the bands that stand beside the mineral, with the wings that a background would take."""
    fits, k = one.fits, one.k
    found = fit_together(fits, k, fits.left[k], points & fits.grid.inside, one.peaks).bands
    return sum((p.curve(fits.grid.x) for p in found), np.zeros_like(fits.grid.x))


def _enough(model: Model, x: Array, points: Mask, rest: Mask) -> bool:
    """Is enough left for a second fit, of the file and of its strongest band?"""
    main = np.abs(x - model.mineral.main.position) < 2 * model.mineral.main.width
    some = (points.sum(), rest.sum()), ((points & main).sum(), (rest & main).sum())
    return all(left > ENOUGH * before for before, left in some)
