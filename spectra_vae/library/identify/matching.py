"""The tables that a measurement may be of, each fitted alone, best first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...measure.mixture.evidence import Evidence, bare, evidence, robust_sigma
from ...measure.mixture.fit import fit
from ...measure.mixture.fitted import Fit
from ...measure.mixture.mixture import begin
from ...measure.mixture.part import Part
from ...measure.mixture.scan import Scan
from .axes import unbent
from .scanned import coarse
from .templates import Templates

Array = NDArray[np.float64]

MOST, WORSE = 5, 0.2  # tables that are fitted; likeness below the best one's
BENT = 0.02  # of likeness: what a bent axis must gain
MARGIN = 2.0  # cm⁻¹ beyond the file's ends in which a band still shows
QUICK = 7  # steps
SHOWN, TALL = 0.4, 0.5  # of the roots of the bands' heights: of all, of the strongest one's


@dataclass(frozen=True, eq=False)
class Alone:
    """One table fitted alone: to ``scan``, on the axis that ``laser`` [nm] unbends, None: as read.

    ``quick``: likeness in the search over all tables; ``shift`` [cm⁻¹] there.
    """

    part: Part
    scan: Scan
    laser: float | None
    quick: float
    shift: float
    fit: Fit
    evidence: Evidence


def alone(scan: Scan, templates: Templates, lasers: Sequence[float]) -> list[Alone]:
    """The few tables most alike, each fitted; in the order of the search."""
    found: dict[int, tuple[float, float, float | None, Scan]] = {}
    for laser in (None, *lasers):
        one = scan if laser is None else scan.on(unbent(scan.x, laser))
        for t, shift, likeness in templates.ranked(one):
            value = likeness - (BENT if laser else 0.0)
            if t not in found or value > found[t][0]:
                found[t] = value, shift, laser, one
    first = sorted(found.items(), key=lambda item: -item[1][0])[:MOST]
    best = first[0][1][0] if first else 0.0
    fitted = []
    for t, (value, shift, laser, one) in first:
        part = inside(templates.parts[t], one)
        if value > best - WORSE and is_shown(part, templates.parts[t]):
            fitted.append(_fitted(part, one, laser, value, shift))
    return fitted


def inside(part: Part, scan: Scan) -> Part:
    """The bands that the file can show."""
    near = [np.abs(scan.x - p).min() < MARGIN + scan.step for p in part.position]
    return part.take(np.array(near, dtype=bool))


def is_shown(part: Part, whole: Part) -> bool:
    """Does a file that shows only the bands of ``part`` say anything of the ``whole``?"""
    shown, there = np.sqrt(part.height), np.sqrt(whole.height)
    return bool(shown.sum() > SHOWN * there.sum() and shown.max() > TALL * there.max())


def _fitted(part: Part, scan: Scan, laser: float | None, quick: float, shift: float) -> Alone:
    few = coarse(scan)
    sigma = robust_sigma(few)
    gain = max(float(np.interp(part.main + shift, few.x, few.y)), 0.05) / float(part.height.max())
    done = fit(few, begin(few, [part], shift, [gain]), sigma, QUICK)
    return Alone(part, scan, laser, quick, shift, done, evidence(done, bare(few, sigma)))
