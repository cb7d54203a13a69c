"""A file identified as somebody asked: with phases chosen by hand, or without some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..library.baseline import AUTOMATIC
from ..library.identify.foreign import with_foreign
from ..library.identify.matching import inside
from ..library.identify.scanned import scanned
from ..library.identify.score import score
from ..library.identify.templates import Templates
from ..measure.mixture.fitted import Fit
from ..measure.mixture.mixture import begin
from ..measure.mixture.part import Part
from ..measure.mixture.phases import MOST, gained, settled
from ..measure.mixture.scan import Scan
from ..minerals import mineral, minerals
from ..spectra.spectrum import Spectrum, SpectrumError
from ..text.message import Message
from .assemble import assembled
from .found import Found
from .identify import identify
from .result import Identification
from .together import is_accepted, whole_evidence
from .why import listed
from .wish import Wish

FAINTEST = 0.02  # of the tallest band: a phase that was asked for starts with no less


def identify_asked(
    spectrum: Spectrum, wish: Wish, resolution: float | None = None
) -> Identification:
    """What ``spectrum`` is made of, as ``wish`` asks.

    Raises
    ------
    SpectrumError
        No point in the part that counts, or no band of a given phase.
    MineralError
        No such mineral.
    """
    cut = _cropped(spectrum, wish)
    given = tuple(dict.fromkeys(wish.given))[:MOST]
    free = tuple(n for n in minerals() if n not in set(wish.without) - set(given))
    found = None
    if not (given and wish.only):
        found = identify(cut, free, resolution)
        if {*given} <= {phase.mineral for phase in found.phases}:
            return _told(found, wish, None)
    others = [p.mineral for p in found.phases if p.mineral not in given] if found else []
    asked = _with(cut, given, others, resolution)
    if found:
        asked = replace(asked, candidates=found.candidates)
    return _told(asked, wish, given)


def _cropped(spectrum: Spectrum, wish: Wish) -> Spectrum:
    """The part that counts, over the baseline that was asked for."""
    if wish.crop is None and wish.baseline == AUTOMATIC:
        return spectrum
    low, high = wish.crop or (-np.inf, np.inf)
    inside = (spectrum.wavenumber >= low) & (spectrum.wavenumber <= high)
    meta = dict(spectrum.meta) | {"baseline": wish.baseline}
    return Spectrum(spectrum.wavenumber[inside], spectrum.intensity[inside], meta, spectrum.fixes)


def _with(
    spectrum: Spectrum, given: Sequence[str], others: Sequence[str], resolution: float | None
) -> Identification:
    """With the given phases, and with others as far as they are worth their parameters."""
    m, scan = scanned(spectrum)
    parts = [_part(name, scan) for name in given]
    done = _fitted(scan, parts)
    for name in others[: MOST - len(parts)]:
        more = _fitted(scan, [*done.mixture.parts, _part(name, scan)])
        done = more if gained(done, more) > 0 else done
    seen = whole_evidence(done)
    value = score(seen)
    verdict = "identified" if is_accepted(done, value, scan.noise) else "partly"
    found = Found(spectrum, m, verdict, with_foreign(m, done), (), {}, None, value, seen)
    return assembled(found, Templates.of([Part.of(mineral(n)) for n in given]), resolution)


def _part(name: str, scan: Scan) -> Part:
    """A mineral's bands, as far as the file can show them."""
    part = inside(Part.of(mineral(name)), scan)
    if not len(part):
        ends = {"low": f"{scan.x[0]:.0f}", "high": f"{scan.x[-1]:.0f}"}
        raise SpectrumError("error.phase_beyond", mineral=mineral(name).label, **ends)
    return part


def _fitted(scan: Scan, parts: Sequence[Part]) -> Fit:
    """All parts together, started where the library's search sees them."""
    ranked = Templates.of(list(parts)).ranked(scan)
    offset = float(ranked[0][1]) if ranked else 0.0
    gains = [max(float(np.interp(p.main + offset, scan.x, scan.y)), FAINTEST) for p in parts]
    return settled(scan, begin(scan, parts, offset, gains))


def _told(found: Identification, wish: Wish, given: Sequence[str] | None) -> Identification:
    """It says what was asked of it; ``given``: the phases that would not have been found."""
    names = [mineral(p.mineral).label for p in found.phases]
    settings = dict(found.settings) | {
        "phases_asked_for": " ".join(wish.given) or "none",
        "minerals_left_out": " ".join(wish.without) or "none",
        "range": "whole" if wish.crop is None else f"{wish.crop[0]:g} to {wish.crop[1]:g} cm-1",
        "baseline": wish.baseline,
    }
    sentence = found.sentence
    if given is not None and names:
        share = f"{100 * found.explained_share:.0f}"
        params = {"minerals": listed(names), "percent": share}
        sentence = Message("identify.asked", params)
        if found.verdict != "identified":
            sentence = Message("identify.asked_doubt", params)
    return replace(found, settings=settings, sentence=sentence)
