"""One measurement searched and fitted: what :mod:`.result` is written from."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..library.identify.axes import lasers
from ..library.identify.following import following
from ..library.identify.foreign import OF_TALLEST, nothing, with_foreign
from ..library.identify.matching import Alone, alone
from ..library.identify.scanned import coarse, scanned
from ..library.identify.score import accepted, score
from ..library.identify.searched import searched
from ..library.identify.templates import Templates
from ..library.measurement import Measurement
from ..measure.mixture.evidence import Evidence, evidence, robust_sigma
from ..measure.mixture.fit import fit
from ..measure.mixture.fitted import Fit
from ..measure.mixture.further import further
from ..measure.mixture.mixture import Mixture
from ..measure.mixture.phases import Mixed, misfit_of, phases, settled, sigma_of
from ..measure.mixture.scan import Scan
from ..spectra.spectrum import Spectrum

TIED = 1.0  # of the score: nearer than that, the tables can't be told apart here
NEAR = 3.0  # cm⁻¹ between the strongest bands of two that may be tied
NEXT = 4  # minerals that are looked at as the next phase
HOPELESS = -4.5  # score of the best one alone: it is no mixture with it either
TOLD = 3.0  # cm⁻², σ of the squared resolution where it was told
UNTOLD = 80.0  # the same where it wasn't: all phases tell it together, so it may be far off
LESS = 0.5  # of the score that one more phase may cost
FAINT = 8.0  # σ of the tallest band: below, nothing stands out
PARTLY, PARTLY_AREA = 3.0, 0.35  # score without the foreign bands; share of the area
ENOUGH = 4  # bands seen
FEW_STEPS = 5  # of a fit that is judged


@dataclass(frozen=True, eq=False)
class Candidate:
    """A mineral that the file may be of; ``single``: it alone, fitted."""

    single: Alone
    score: float


@dataclass(frozen=True, eq=False)
class Found:
    """``verdict``; the ``fit`` of phases and foreign bands; ``candidates``, best first; ``tied``:
    what can't be told from a phase; ``laser`` [nm] that unbends the axis, or None; ``perhaps``:
    phases of whose bands a single one stands out.
    """

    spectrum: Spectrum
    measurement: Measurement
    verdict: str
    fit: Fit
    candidates: tuple[Candidate, ...]
    tied: dict[str, tuple[str, ...]]
    laser: float | None
    score: float
    evidence: Evidence | None
    perhaps: tuple[str, ...] = ()


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
    mixed = _phases(best.single, templates, resolution)
    done = mixed.fit
    seen = whole_evidence(done)
    value = score(seen)
    likes = dict(mixed.tied)
    if len(done.mixture.parts) == 1 and len(tied) > 1:
        likes = {best.single.part.name: tuple(c.single.part.name for c in tied if c is not best)}
    sigma = sigma_of(best.single.scan, misfit_of(done), OF_TALLEST)
    whole = fit(best.single.scan, done.mixture, sigma)
    verdict, told = _judged(m, whole, seen)
    if verdict == "unknown":
        return _unknown(spectrum, m, nothing(whole), some, value)
    laser, perhaps = best.single.laser, on_one_band(done)
    return Found(spectrum, m, verdict, told, tuple(some), likes, laser, value, seen, perhaps)


def on_one_band(done: Fit) -> tuple[str, ...]:
    """Further phases with several bands, of which hardly more than one stands out: a band
    that no table lists explains as much.
    """
    found = []
    for p, part in enumerate(done.mixture.parts):
        if p and len(part) > 1 and further(done, p).seen <= 0:
            found.append(part.name)
    return tuple(found)


def _judged(m: Measurement, done: Fit, seen: Evidence) -> tuple[str, Fit]:
    """The verdict, and the fit with the bands that no phase has, where phases are told."""
    is_accepted = accepted(score(seen), done.scan.noise, len(done.mixture.parts))
    if not is_accepted and seen.area < PARTLY_AREA:
        return "unknown", done
    with_all = with_foreign(m, done)
    if is_accepted:
        return "identified", with_all
    return ("partly" if _is_partly(with_all) else "unknown"), with_all


def _unknown(
    spectrum: Spectrum, m: Measurement, bare: Fit, some: Sequence[Candidate], value: float
) -> Found:
    bands = with_foreign(m, searched(m, replace(bare, scan=bare.scan.on(m.x))))
    return Found(spectrum, m, "unknown", bands, tuple(some), {}, None, value, None)


def _blank(scan: Scan) -> Fit:
    """The scan's background alone."""
    empty = Mixture(
        (), np.zeros(3), np.zeros((0, 3)), np.zeros((0, 3)), np.zeros(scan.basis.shape[1])
    )
    return fit(scan, empty, np.full(len(scan.x), scan.noise))


def _tied(some: Sequence[Candidate]) -> list[Candidate]:
    """The best and those that the file doesn't tell from it."""
    best = some[0]
    place = best.single.part.main
    return [
        c for c in some if best.score - c.score < TIED and abs(c.single.part.main - place) < NEAR
    ]


def _phases(best: Alone, templates: Templates, resolution: float | None) -> Mixed:
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
        many = len(after.mixture.parts)
        if many > len(before.mixture.parts) and accepted(likely(after), scan.noise, many):
            return True
        return likely(after) > likely(before) - LESS

    return phases(settled(scan, start), lambda done: following(done, templates, NEXT), is_better)


def whole_evidence(done: Fit) -> Evidence:
    """What speaks for all phases together, judged as single ones are."""
    return _seen(done.mixture, done.scan)


def _seen(m: Mixture, scan: Scan) -> Evidence:
    few = coarse(scan)
    return evidence(fit(few, m, robust_sigma(few), FEW_STEPS))


def _is_partly(done: Fit) -> bool:
    """Are the phases there beyond doubt once the foreign bands are taken off?"""
    foreign = [p for p, part in enumerate(done.mixture.parts) if part.free]
    if not foreign:
        return False
    m = done.mixture
    keep = ~m.table.free
    alone = Mixture(m.parts[:-1], m.file, m.phases[:-1], m.bands[keep], m.background, m.blur)
    again = _seen(alone, done.scan.without(done.phase(foreign[0])))
    return score(again) > PARTLY and np.expm1(again.seen) >= ENOUGH
