"""One measurement searched and fitted: what :mod:`.result` is written from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..library.identify.axes import lasers
from ..library.identify.foreign import OF_TALLEST, nothing, with_foreign
from ..library.identify.matching import Alone, alone
from ..library.identify.scanned import coarse, scanned
from ..library.identify.score import score
from ..library.identify.searched import searched
from ..library.identify.templates import Templates
from ..library.identify.towering import beside
from ..library.measurement import Measurement
from ..measure.mixture.evidence import Evidence
from ..measure.mixture.fit import fit
from ..measure.mixture.fitted import Fit
from ..measure.mixture.further import further
from ..measure.mixture.mixture import Mixture
from ..measure.mixture.phases import misfit_of, settled, sigma_of
from ..measure.mixture.scan import Scan
from ..spectra.spectrum import Spectrum
from .together import is_accepted, seen_in, together, whole_evidence

Array = NDArray[np.float64]

TIED = 1.0  # of the score: nearer than that, the tables can't be told apart here
NEAR = 3.0  # cm⁻¹ between the strongest bands of two that may be tied
HOPELESS = -4.5  # score of the best one alone: it is no mixture with it either
FAINT = 8.0  # σ of the tallest band: below, nothing stands out
PARTLY, PARTLY_AREA = 3.0, 0.35  # score without the foreign bands; share of the area
ENOUGH = 4  # bands seen
PROMISING = -1.5  # the same, where a structure was left out
TOWERS = 2  # structures that are left out in turn


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
    """Search ``spectrum`` among the ``templates`` and fit what it is made of.

    A structure that towers over all others and that no phase explains is left out for another
    search: where that finds phases beyond doubt, they are told, and it as a band of none.
    """
    m, scan = scanned(spectrum)
    search = _Search(spectrum, templates, resolution)
    some = search.candidates(scan)
    hopeless = not some or scan.noise * FAINT > 1 or some[0].score < HOPELESS
    first = None if hopeless else search.mixed(some)
    verdict, told = ("unknown", None) if first is None else _judged(m, first)
    sure = _without_towers(search, scan, told)
    if sure is not None:
        return _with_towers(spectrum, m, sure, scan.usable)
    if first is None:
        return _unknown(spectrum, m, _blank(scan), some, 0.0)
    if told is None:
        return _unknown(spectrum, m, nothing(first.whole), some, first.value)
    return _found(spectrum, m, verdict, first, told)


@dataclass(frozen=True, eq=False)
class _Tried:
    """What a scan is of at best: ``candidates``, the best first, the phases ``mixed``, fitted to a
    coarse scan, the ``whole`` scan's fit, what speaks for it, ``seen``, and its score, ``value``.
    """

    candidates: tuple[Candidate, ...]
    tied: dict[str, tuple[str, ...]]
    mixed: Fit
    whole: Fit
    seen: Evidence
    value: float

    @property
    def is_accepted(self) -> bool:
        return is_accepted(self.mixed, self.value, self.whole.scan.noise)


@dataclass(frozen=True, eq=False)
class _Search:
    """For what a ``spectrum`` may be of; ``resolution`` [cm⁻¹] where it was told."""

    spectrum: Spectrum
    templates: Templates
    resolution: float | None

    def candidates(self, scan: Scan) -> list[Candidate]:
        """Those fitted alone, the best first; of tied ones that whose table is surest."""
        some = alone(scan, self.templates, lasers(self.spectrum))
        ranked = sorted((Candidate(a, score(a.evidence)) for a in some), key=lambda c: -c.score)
        if not ranked:
            return []
        best = min(_tied(ranked), key=lambda c: float(c.single.part.loose.mean()))
        return [best, *(c for c in ranked if c is not best)]

    def mixed(self, some: Sequence[Candidate]) -> _Tried:
        """The phases that the first of ``some`` and others make."""
        best = some[0].single
        mixed = together(best, self.templates, self.resolution)
        done, likes = mixed.fit, dict(mixed.tied)
        tied = _tied(sorted(some, key=lambda c: -c.score))
        if len(done.mixture.parts) == 1 and len(tied) > 1:
            likes = {best.part.name: tuple(c.single.part.name for c in tied if c is not some[0])}
        seen = whole_evidence(done)
        whole = fit(best.scan, done.mixture, sigma_of(best.scan, misfit_of(done), OF_TALLEST))
        return _Tried(tuple(some), likes, done, whole, seen, score(seen))


def _without_towers(search: _Search, scan: Scan, told: Fit | None) -> _Tried | None:
    """What is beyond doubt in the scan without the structures that tower over all others; None if
    nothing is, or if the phases of what was ``told`` explain them.
    """
    explained = np.zeros(len(scan.x))
    if told is not None:
        explained = sum((told.phase(p) for p in told.mixture.minerals), explained)
    sure, rest = None, scan
    for _ in range(TOWERS):
        less = beside(rest, explained)
        if less is None:
            break
        rest, explained = less, np.zeros(len(scan.x))
        some = search.candidates(rest)
        if some and some[0].score > PROMISING and rest.noise * FAINT < 1:
            again = search.mixed(some)
            if again.value > PARTLY and again.is_accepted:
                sure, explained = again, again.whole.bands
    return sure


def _found(spectrum: Spectrum, m: Measurement, verdict: str, tried: _Tried, told: Fit) -> Found:
    laser, perhaps = tried.candidates[0].single.laser, on_one_band(tried.mixed)
    return Found(
        *(spectrum, m, verdict, told, tried.candidates, tried.tied, laser),
        *(tried.value, tried.seen, perhaps),
    )


def _with_towers(
    spectrum: Spectrum, m: Measurement, tried: _Tried, usable: NDArray[np.bool_]
) -> Found:
    """What was ``tried`` in all ``usable`` points (N,): its phases as they explain what was left
    out as well, or it as bands of no phase.
    """
    scan = replace(tried.whole.scan, usable=usable)
    done = settled(coarse(scan), tried.mixed.mixture)
    sigma = sigma_of(scan, misfit_of(done), OF_TALLEST)
    whole, seen = fit(scan, done.mixture, sigma), whole_evidence(done)
    more = _Tried(tried.candidates, tried.tied, done, whole, seen, score(seen))
    if more.is_accepted and beside(scan, whole.bands) is None:
        return _found(spectrum, m, "identified", more, with_foreign(m, whole))
    whole = fit(scan, tried.whole.mixture, sigma, 0)
    return _found(spectrum, m, "partly", replace(tried, seen=seen), with_foreign(m, whole))


def on_one_band(done: Fit) -> tuple[str, ...]:
    """Further phases with several bands, of which hardly more than one stands out: a band
    that no table lists explains as much.
    """
    found = []
    for p, part in enumerate(done.mixture.parts):
        if p and len(part) > 1 and further(done, p).seen <= 0:
            found.append(part.name)
    return tuple(found)


def _judged(m: Measurement, tried: _Tried) -> tuple[str, Fit | None]:
    """The verdict, and the fit with the bands that no phase has; None where no phase is told."""
    if not tried.is_accepted and tried.seen.area < PARTLY_AREA:
        return "unknown", None
    with_all = with_foreign(m, tried.whole)
    if tried.is_accepted:
        return "identified", with_all
    return ("partly", with_all) if _is_partly(with_all) else ("unknown", None)


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


def _is_partly(done: Fit) -> bool:
    """Are the phases there beyond doubt once the foreign bands are taken off?"""
    foreign = [p for p, part in enumerate(done.mixture.parts) if part.free]
    if not foreign:
        return False
    again = seen_in(done.mixture.listed, done.scan.without(done.phase(foreign[0])))
    return score(again) > PARTLY and np.expm1(again.seen) >= ENOUGH
