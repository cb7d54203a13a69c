"""Drafts of minerals for the page: a job fits what is asked, once, however often it is drawn."""

from __future__ import annotations

import base64
import math
import threading
import zipfile
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..jobs.queue import Queue, QueueError
from ..jobs.record import Job
from ..jobs.tasks.fit_mineral import TASK, Given, fit_of, fitting, lay_out
from ..library.baseline import AUTOMATIC, BASELINES
from ..readers import read_spectrum
from .dropped_files import DIGEST, DroppedFiles
from .guard.people import may_change
from .models import Recent
from .restorations import FileGoneError

if TYPE_CHECKING:
    from ..library.draft import Draft
    from ..spectra.spectrum import Spectrum

REMEMBERED_DRAFTS = 24
FITS_AT_ONCE = 2
NAMELESS = "draft"  # until it is saved
MOST_STEPS = 60

Step = tuple[str, float, float]  # "merge" two bands, "leave" the first out, "add" one at a place
STEPS = ("merge", "leave", "add")


@dataclass(frozen=True)
class Source:
    """A pure spectrum as the page names it; ``column``: the one that was chosen, if any."""

    name: str
    digest: str
    column: str | None = None


@dataclass(frozen=True)
class Question:
    """Files of one substance, their resolution [cm⁻¹] if it is known, what is taken off as a
    background, and what was done to the fit's bands since, in order.
    """

    files: tuple[Source, ...]
    resolution: float | None = None
    steps: tuple[Step, ...] = ()
    baseline: str = AUTOMATIC


class Drafts:
    """Drafts by question; safe to use from several threads."""

    def __init__(self, files: DroppedFiles, queue: Queue) -> None:
        self.files, self.queue = files, queue
        self._fitting = threading.Semaphore(FITS_AT_ONCE)
        self._drafts: Recent[Draft] = Recent(REMEMBERED_DRAFTS)

    def asked(self, asked: Question, owner: str = "") -> Job | None:
        """The job that fits, or couldn't fit, what is asked; None once it costs nothing to draw.

        Raises :class:`FileGoneError`, or what the files' readers and the queue refuse.
        """
        start = replace(asked, steps=())
        if self._drafts.get(start) is not None:
            return None
        given = [Given(s.name, self._content(s), s.column) for s in asked.files]
        job = fitting(given, asked.resolution, asked.baseline, owner)
        if fit_of(job.id).exists():
            return None
        known = self.queue.get(job.id)
        if known is None or known.state in ("cancelled", "died"):
            self._spectra(asked)  # a question about a column is asked at once
            lay_out(job, given)
            if known is not None:
                self.queue.forget(job.id)
            self.queue.add([job])
        self.queue.ensure_worker()
        return self.queue.get(job.id)

    def cancel(self, job: str) -> None:
        """Nobody waits for that fit any more."""
        with suppress(QueueError):
            known = self.queue.get(job)
            if known is None or known.kind != TASK.kind:
                return
            if known.busy and may_change(known.owner):
                self.queue.cancel(job)

    def of(self, asked: Question) -> Draft:
        """The draft, fitted here where no job left it; raises :class:`FileGoneError`, or what its
        readers and the fit refuse.
        """
        known = self._drafts.get(asked)
        if known is not None:
            return known
        return self._drafts.put(asked, self._changed(asked) if asked.steps else self._fit(asked))

    def _fit(self, asked: Question) -> Draft:
        from ..library.fit_mineral import draft_of, fit_mineral, prepared
        from ..library.kept_fit import found_in

        spectra = self._spectra(asked)
        given = [Given(s.name, self._content(s), s.column) for s in asked.files]
        kept = fit_of(fitting(given, asked.resolution, asked.baseline).id)
        with self._fitting:
            if kept.exists():
                with suppress(ValueError, KeyError, OSError, zipfile.BadZipFile):
                    found = found_in(kept, prepared(spectra, asked.baseline))
                    return draft_of(found, NAMELESS, asked.resolution)
            return fit_mineral(spectra, NAMELESS, asked.resolution, asked.baseline)

    def _changed(self, asked: Question) -> Draft:
        from ..library.refit import added, merged, without

        before = self.of(replace(asked, steps=asked.steps[:-1]))
        what, first, second = asked.steps[-1]
        with self._fitting:
            if what == "add":
                return added(before, first)
            one, other = int(first), int(second)
            return merged(before, one, other) if what == "merge" else without(before, [one])

    def _spectra(self, asked: Question) -> list[Spectrum]:
        return [read_spectrum(self._content(s), s.name, s.column) for s in asked.files]

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
        baseline = given.get("baseline") or AUTOMATIC
    except (AttributeError, TypeError, KeyError, ValueError, OverflowError):
        return None
    known_baseline = isinstance(baseline, str) and baseline in BASELINES
    return Question(sources, resolution, steps, baseline) if known_baseline else None


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
    what, *places = given
    if what not in STEPS:
        raise ValueError("step")
    first, second = map(float, places)
    if not (math.isfinite(first) and math.isfinite(second)):
        raise ValueError("step")
    return what, first, second
