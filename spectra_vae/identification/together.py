"""The phases that a file shows together, begun with the best single table or with a pair."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..library.identify.following import following
from ..library.identify.matching import Alone
from ..library.identify.pairs import Pair, pairs
from ..library.identify.scanned import coarse
from ..library.identify.score import accepted, score
from ..library.identify.templates import Templates
from ..measure.mixture.evidence import Evidence, evidence, robust_sigma
from ..measure.mixture.fit import fit
from ..measure.mixture.fitted import Fit
from ..measure.mixture.further import further
from ..measure.mixture.mixture import Mixture, begin
from ..measure.mixture.phases import QUICK, Better, Mixed, Next, is_worth, phases, settled
from ..measure.mixture.scan import Scan

PAIRS = 2  # that are fitted
NEXT = 4  # minerals that are looked at as the next phase
TOLD = 3.0  # cm⁻², σ of the squared resolution where it was told
UNTOLD = 80.0  # the same where it wasn't: all phases tell it together, so it may be far off
LESS = 0.5  # of the score that one more phase may cost
MORE = 1.0  # of the score that one phase less may: several tables fit more often than one
FEW_STEPS = 5  # of a fit that is judged

# Of several phases' odds, what one counts for in units of the score, and what they have to be: a
# logistic regression on answers of several phases, 855 right ones of dirty made mixtures and 88 of
# such whose minerals were taken out of the library (13 of these are accepted; a fixed price for
# each further phase accepted 25, and refused 22 of the right ones instead of 9).
SURELY, MOSTLY = 7.5, 0.53
SUREST = 6.0  # log odds beyond which a phase makes up for no other


def together(best: Alone, templates: Templates, resolution: float | None) -> Mixed:
    """Best as the first phase, and others as far as they are worth it."""
    scan = coarse(best.scan)
    background = np.zeros(scan.basis.shape[1])
    blur = (0.0, UNTOLD) if resolution is None else (resolution**2 - best.part.resolution**2, TOLD)
    start = replace(best.fit.mixture, background=background, blur=blur)

    @functools.cache
    def likely(done: Fit) -> float:
        return score(whole_evidence(done))

    def is_better(before: Fit, after: Fit) -> bool:
        """Is the whole not less likely, or still accepted?"""
        many, few = len(after.mixture.parts), len(before.mixture.parts)
        if many > few and is_accepted(after, likely(after), scan.noise):
            return True
        return likely(after) > likely(before) - LESS - (MORE if many < few else 0.0)

    @functools.cache
    def beside_alone() -> list[Next]:
        return following(best.fit, templates, 1)

    def search(done: Fit) -> list[Next]:
        """What explains most of what is left: also by the fit in which strong bands don't decide
        alone, as a first phase that bends to explain all takes the axis from the others.
        """
        found = following(done, templates, NEXT)
        if [p.name for p in done.mixture.parts] == [best.part.name]:
            names = {one.part.name for one in found}
            most = max((one.worth for one in found), default=0.0)
            more = (one for one in beside_alone() if one.part.name not in names)
            found += [replace(one, worth=max(one.worth, most)) for one in more]
        return found

    single = settled(scan, start)
    two = _two(single, pairs(best.scan, templates, PAIRS), is_better)
    return phases(single if two is None else two, search, is_better)


def _two(single: Fit, some: Sequence[Pair], is_better: Better) -> Fit | None:
    """The likelier of the pairs where both of its phases are surely there: a ``single`` mineral may
    be what is most like the sum of two others.
    """
    scan, blur = single.scan, single.mixture.blur
    starts = (replace(begin(scan, p.parts, p.shift, p.gains), blur=blur) for p in some)
    quick = [fit(scan, start, single.sigma, QUICK) for start in starts]
    if not quick:
        return None
    two = settled(scan, min(quick, key=lambda one: one.surprise).mixture)
    first, second = (is_worth(single, two, p) for p in (0, 1))
    return two if first and second and is_better(single, two) else None


def is_accepted(done: Fit, value: float, noise: float) -> bool:
    """Does the score of the whole, at that noise, say that the phases are there?

    Several tables fit a stranger more often than one does, so each has to be likely beside the
    others as well.
    """
    if len(done.mixture.minerals) < 2:
        return accepted(value, noise)
    odds = [min(further(done, p).odds, SUREST) for p in done.mixture.minerals]
    return accepted(value + SURELY * (float(np.mean(odds)) - MOSTLY), noise)


def whole_evidence(done: Fit) -> Evidence:
    """What speaks for all phases together, judged as single ones are."""
    return seen_in(done.mixture, done.scan)


def seen_in(m: Mixture, scan: Scan) -> Evidence:
    few = coarse(scan)
    return evidence(fit(few, m, robust_sigma(few), FEW_STEPS))
