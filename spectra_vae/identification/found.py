"""One measurement searched and fitted: what :mod:`.result` is written from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..library.identify.axes import lasers
from ..library.identify.foreign import nothing, with_foreign
from ..library.identify.matching import Alone, alone, inside, is_shown
from ..library.identify.scanned import coarse, scanned
from ..library.identify.score import ACCEPTED, score
from ..library.identify.templates import Templates
from ..library.measurement import Measurement
from ..measure.mixture.evidence import Evidence, evidence, robust_sigma
from ..measure.mixture.fit import fit
from ..measure.mixture.fitted import Fit
from ..measure.mixture.mixture import Mixture
from ..measure.mixture.part import Part
from ..measure.mixture.phases import phases
from ..measure.mixture.scan import Scan
from ..spectra.spectrum import Spectrum

TIED = 1.0  # of the score: nearer than that, the tables can't be told apart here
NEAR = 3.0  # cm⁻¹ between the strongest bands of two that may be tied
NEXT = 4  # minerals that are looked at as the next phase
SHARED, LEAST = 0.3, 0.02  # of what a first phase took, that may be the next one's; at the least
HOPELESS = -4.5  # score of the best one alone: it is no mixture with it either
CHEAPER = 10.0  # of −2 ln of the posterior: so much likelier is another mineral in its place
LESS = 0.3  # of the score that one more phase may cost
FAINT = 8.0  # σ of the tallest band: below, nothing stands out
PARTLY, PARTLY_AREA = 3.0, 0.35  # score without the foreign bands; share of the area
ENOUGH = 4  # bands seen


@dataclass(frozen=True, eq=False)
class Candidate:
    """A mineral that the file may be of; ``single``: it alone, fitted."""

    single: Alone
    score: float


@dataclass(frozen=True, eq=False)
class Found:
    """``verdict``; the ``fit`` of phases and foreign bands; ``candidates``, best first; ``tied``:
    what can't be told from the strongest phase; ``laser`` [nm] that unbends the axis, or None.
    """

    spectrum: Spectrum
    measurement: Measurement
    verdict: str
    fit: Fit
    candidates: tuple[Candidate, ...]
    tied: tuple[str, ...]
    laser: float | None
    score: float
    evidence: Evidence | None


def find(spectrum: Spectrum, templates: Templates, resolution: float | None) -> Found:
    """Search ``spectrum`` among the ``templates`` and fit what it is made of."""
    m, scan = scanned(spectrum)
    some = [Candidate(a, score(a.evidence)) for a in alone(scan, templates, lasers(spectrum))]
    some.sort(key=lambda c: -c.score)
    if not some or scan.noise * FAINT > 1 or some[0].score < HOPELESS:
        return _unknown(spectrum, m, _blank(scan), some, 0.0)
    tied = _tied(some)
    best = min(tied, key=lambda c: float(c.single.part.loose.mean()))
    some = [best, *(c for c in some if c is not best)]
    done = _phases(best.single, some, templates, resolution)
    done = _exchanged(done, templates)
    seen = _whole(done)
    value = score(seen)
    others = tuple(c.single.part.name for c in tied if c is not best)
    with_all = with_foreign(m, done)
    verdict = "identified" if value > ACCEPTED else "unknown"
    if verdict == "unknown" and _is_partly(with_all, seen):
        verdict = "partly"
    if verdict == "unknown":
        return _unknown(spectrum, m, nothing(done), some, value)
    return Found(
        spectrum, m, verdict, with_all, tuple(some), others, best.single.laser, value, seen
    )


def _unknown(
    spectrum: Spectrum, m: Measurement, bare: Fit, some: Sequence[Candidate], value: float
) -> Found:
    bands = with_foreign(m, replace(bare, scan=bare.scan.on(m.x)))
    return Found(spectrum, m, "unknown", bands, tuple(some), (), None, value, None)


def _blank(scan: Scan) -> Fit:
    """The scan's background alone."""
    empty = Mixture(
        (), np.zeros(3), np.zeros((0, 3)), np.zeros((0, 3)), np.zeros(scan.basis.shape[1])
    )
    return fit(scan, empty, np.full(len(scan.x), scan.noise))


def _tied(some: Sequence[Candidate]) -> list[Candidate]:
    """The best and those that the file doesn't tell from it."""
    best = some[0]
    place = _strongest(best.single.part)
    return [
        c
        for c in some
        if best.score - c.score < TIED and abs(_strongest(c.single.part) - place) < NEAR
    ]


def _strongest(part: Part) -> float:
    return float(part.position[int(part.height.argmax())])


def _phases(
    best: Alone, some: Sequence[Candidate], templates: Templates, resolution: float | None
) -> Fit:
    """Best as the first phase, and others as far as they are worth it."""
    likely = [c.single.part for c in some if c.single is not best][:2]

    def search(scan: Scan, done: Fit) -> list[tuple[Part, float]]:
        left = np.maximum(done.left, 0.0)
        taken = {p.name for p in done.mixture.parts}
        order = [templates.parts[t] for t, _, _ in templates.ranked(replace(scan, y=left))]
        shown = [(inside(p, scan), p) for p in order[: 2 * NEXT]]
        parts = [*likely, *(p for p, whole in shown if is_shown(p, whole))]
        chosen = list({p.name: p for p in parts if p.name not in taken}.values())
        offset = float(done.mixture.file[0])
        level = np.maximum(left, SHARED * scan.y)
        return [
            (p, max(float(np.interp(_strongest(p) + offset, scan.x, level)), LEAST))
            for p in chosen[: NEXT + len(likely)]
        ]

    scan, offset = best.scan, float(best.fit.mixture.file[0])
    at = float(np.interp(_strongest(best.part) + offset, scan.x, scan.y))
    known = None
    if resolution is not None:
        known = resolution**2 - best.part.resolution**2
    return phases(scan, best.part, offset, max(at, 0.05), search, _is_better, known)


def _exchanged(done: Fit, templates: Templates) -> Fit:
    """With another mineral in a phase's place where the whole is likelier so: what was taken for
    the second phase may have been the nearest thing that an unfinished fit left room for.
    """
    if len(done.mixture.parts) < 2:
        return done
    for p in done.mixture.minerals:
        likelier = min(_instead(done, p, templates), key=lambda one: one.cost, default=done)
        if likelier.cost < done.cost - CHEAPER and _is_better(done, likelier):
            done = likelier
    return done


def _instead(done: Fit, p: int, templates: Templates) -> list[Fit]:
    """Fits with each of a few other minerals as phase ``p``."""
    m, scan = done.mixture, done.scan
    rest = replace(scan, y=np.maximum(done.left + done.phase(p), 0.0))
    taken = {part.name for part in m.parts}
    order = [templates.parts[t] for t, _, _ in templates.ranked(rest)[: 2 * NEXT]]
    pairs = [(inside(whole, scan), whole) for whole in order if whole.name not in taken]
    found = []
    for part in [part for part, whole in pairs if is_shown(part, whole)][:NEXT]:
        at = float(np.interp(_strongest(part) + float(m.file[0]), scan.x, rest.y))
        parts = tuple(part if k == p else one for k, one in enumerate(m.parts))
        phases = m.phases.copy()
        phases[p] = np.log(max(at, LEAST)), 0.0, 0.0
        own = [
            np.zeros((len(one), 3)) if k == p else m.bands[m.owner == k]
            for k, one in enumerate(parts)
        ]
        start = replace(m, parts=parts, phases=phases, bands=np.concatenate(own))
        found.append(fit(scan, start, done.sigma))
    return found


def _is_better(before: Fit, after: Fit) -> bool:
    """Is the whole not less likely with one more phase?"""
    return score(_whole(after)) > score(_whole(before)) - LESS


def _whole(done: Fit) -> Evidence:
    """What speaks for all phases together, judged as single ones are."""
    few = coarse(done.scan)
    return evidence(fit(few, done.mixture, robust_sigma(few), 5))


def _is_partly(done: Fit, seen: Evidence) -> bool:
    """Are the phases there beyond doubt once the foreign bands are taken off?"""
    foreign = [p for p, part in enumerate(done.mixture.parts) if part.free]
    if not foreign or seen.area < PARTLY_AREA:
        return False
    m = done.mixture
    keep = ~m.table.free
    alone = Mixture(m.parts[:-1], m.file, m.phases[:-1], m.bands[keep], m.background, m.blur)
    rest = coarse(done.scan.without(done.phase(foreign[0])))
    again = evidence(fit(rest, alone, robust_sigma(rest), 5))
    return score(again) > PARTLY and np.expm1(again.seen) >= ENOUGH
