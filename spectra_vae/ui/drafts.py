"""Drafts of minerals for the page: the same question is fitted once, however often it is drawn."""

from __future__ import annotations

import base64
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..readers import read_spectrum
from .dropped_files import DIGEST, DroppedFiles
from .models import Recent
from .restorations import FileGoneError

if TYPE_CHECKING:
    from ..library.draft import Draft

REMEMBERED_DRAFTS = 24
FITS_AT_ONCE = 2
NAMELESS = "draft"  # until it is saved
MOST_STEPS = 60

Step = tuple[str, int, int]  # "merge" two bands, or "leave" the first out


@dataclass(frozen=True)
class Source:
    """A pure spectrum as the page names it; ``column``: the one that was chosen, if any."""

    name: str
    digest: str
    column: str | None = None


@dataclass(frozen=True)
class Question:
    """Files of one substance, their resolution [cm⁻¹] if it is known, and what was done to the
    fit's bands since, in order.
    """

    files: tuple[Source, ...]
    resolution: float | None = None
    steps: tuple[Step, ...] = ()


class Drafts:
    """Drafts by question; safe to use from several threads."""

    def __init__(self, files: DroppedFiles) -> None:
        self.files = files
        self._fitting = threading.Semaphore(FITS_AT_ONCE)
        self._drafts: Recent[Draft] = Recent(REMEMBERED_DRAFTS)

    def of(self, asked: Question) -> Draft:
        """The draft; raises :class:`FileGoneError`, or what its readers and the fit refuse."""
        known = self._drafts.get(asked)
        if known is not None:
            return known
        return self._drafts.put(asked, self._changed(asked) if asked.steps else self._fit(asked))

    def _fit(self, asked: Question) -> Draft:
        from ..library.fit_mineral import fit_mineral

        spectra = [read_spectrum(self._content(s), s.name, s.column) for s in asked.files]
        with self._fitting:
            return fit_mineral(spectra, NAMELESS, asked.resolution)

    def _changed(self, asked: Question) -> Draft:
        from ..library.refit import merged, without

        before = self.of(replace(asked, steps=asked.steps[:-1]))
        what, first, second = asked.steps[-1]
        with self._fitting:
            return merged(before, first, second) if what == "merge" else without(before, [first])

    def _content(self, source: Source) -> bytes:
        content = self.files.get(source.digest)
        if content is None:
            raise FileGoneError("error.file_gone", name=source.name[:80])
        return content


def question(given: Any, files: DroppedFiles) -> Question | None:
    """What a page asks, or None: what it sends may be anything. A file's content, which is kept,
    comes along once; after that its digest does.
    """
    try:
        sources = tuple(_source(one, files) for one in given["files"])
        known = given.get("resolution")
        resolution = None if known is None else float(known)
        steps = tuple(_step(one) for one in list(given.get("steps") or ())[:MOST_STEPS])
    except (AttributeError, TypeError, KeyError, ValueError, OverflowError):
        return None
    return Question(sources, resolution, steps)


def _source(given: Any, files: DroppedFiles) -> Source:
    column = given.get("column")
    chosen = column[:200] if isinstance(column, str) else None
    if "content" in given:
        digest = files.put(base64.b64decode(given["content"], validate=True))
    else:
        digest = str(given["digest"])
        if not DIGEST.fullmatch(digest):
            raise ValueError("digest")
    return Source(str(given["name"])[:200], digest, chosen)


def _step(given: Any) -> Step:
    what, first, second = given
    if what not in ("merge", "leave"):
        raise ValueError("step")
    return what, int(first), int(second)
