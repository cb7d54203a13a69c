"""Bands that no mineral of a fit has: found in what it leaves over, fitted with it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ...measure.mixture.fit import fit
from ...measure.mixture.fitted import Fit
from ...measure.mixture.mixture import EACH, Mixture
from ...measure.mixture.part import Part
from ...measure.mixture.phases import misfit_of, refined, sigma_of
from ..candidates import Candidate, candidates
from ..measurement import Measurement

Array = NDArray[np.float64]

LOOKS, A_LOOK, MOST = 3, 12, 24
QUICK = 5  # steps of a fit in between
LEAST = 5.0  # σ
SMALLEST = 0.015  # of the tallest band
MIXING, LOOSE = 0.5, 3.0  # cm⁻¹, σ of where the search saw it
NARROWEST = 3.0  # cm⁻¹
ON_BROAD = 0.5  # of a band's width: a narrower one may stand on it, where no mineral says otherwise
OWN, ALIKE = 0.5, 1.5  # widths of a mineral's band: so near and at most so wide is its line shape
OF_TALLEST = 0.003  # σ of a point, at the least: all bands are in the fit


def with_foreign(m: Measurement, done: Fit) -> Fit:
    """``done`` with bands of no mineral, as far as there are."""
    found = False
    for _ in range(LOOKS):
        more = _found(m, done)
        count = sum(len(p) for p in done.mixture.parts if p.free)
        if not more or count + len(more) > MOST:
            break
        done = fit(done.scan, _joined(done.mixture, more), done.sigma, QUICK)
        found = True
    return refined(done, OF_TALLEST) if found else done


def apart(done: Fit) -> Fit:
    """Without bands that the fit moved into a mineral's own: those are that band's line shape."""
    m, last = done.mixture, len(done.mixture.parts) - 1
    position, _, width, _ = m.placed(done.scan)
    free, own = m.table.free, ~m.table.free
    near = np.abs(position[free, None] - position[own]) < OWN * width[own]
    keep = np.asarray(~(near & (width[free, None] < ALIKE * width[own])).any(axis=1))
    if keep.all():
        return done
    if not keep.any():
        return fit(done.scan, m.without(last), done.sigma, QUICK)
    parts = (*m.parts[:-1], m.parts[-1].take(keep))
    fewer = replace(m, parts=parts, bands=np.vstack([m.bands[own], m.bands[free][keep]]))
    return fit(done.scan, fewer, done.sigma, QUICK)


def nothing(done: Fit) -> Fit:
    """The same scan and background without any phase."""
    m = done.mixture
    empty = Mixture((), np.zeros(3), np.zeros((0, EACH)), np.zeros((0, 3)), m.background, m.blur)
    return fit(done.scan, empty, sigma_of(done.scan, misfit_of(done), OF_TALLEST))


def _found(m: Measurement, done: Fit) -> list[Candidate]:
    scan, mixture = done.scan, done.mixture
    position, height, width, _ = mixture.placed(scan)
    there = height > done.sigma.min()
    file = replace(m, x=scan.x)
    taken = position[there], width[there]
    carried = ON_BROAD * mixture.table.free[there]
    some = candidates(file, done.left, done.sigma, taken, NARROWEST, A_LOOK, carried)
    return [c for c in some if c.significance > LEAST and c.height > SMALLEST]


def _joined(m: Mixture, more: list[Candidate]) -> Mixture:
    """With the new bands beside those of no mineral that it has."""
    columns = {
        "position": np.array([c.position for c in more]),
        "height": np.array([max(c.height, 1e-4) for c in more]),
        "width": np.array([c.width for c in more]),
        "mixing": np.full(len(more), MIXING),
    }
    return with_bands(m, columns)


def with_bands(m: Mixture, columns: dict[str, Array]) -> Mixture:
    """With bands of no mineral, ``position``, ``height``, ``width`` and ``mixing`` (n,), beside
    those that it has; all of these are one part.
    """
    count = len(columns["position"])
    columns = {**columns, "loose": np.full(count, LOOSE)}
    old = [p for p in m.parts if p.free]
    if old:
        columns = {k: np.concatenate([getattr(old[0], k), v]) for k, v in columns.items()}
    resolution = m.parts[0].resolution if m.parts else 4.0
    part = Part(name="", resolution=resolution, free=True, **columns)
    bands = np.vstack([m.bands, np.zeros((count, 3))])
    if old:
        return replace(m, parts=(*m.parts[:-1], part), bands=bands)
    return replace(
        m, parts=(*m.parts, part), phases=np.vstack([m.phases, np.zeros(EACH)]), bands=bands
    )
