"""Dropped files identified, off the threads that answer requests.

A hard file takes seconds: whoever asks waits a moment and, if that isn't enough, asks again. The
last few answers are remembered by content and question.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYetError
from typing import TYPE_CHECKING, Any

from ..identification.wish import Wish
from ..readers import read_spectrum
from .dropped_files import DroppedFiles
from .models import Recent
from .restorations import FileGoneError

if TYPE_CHECKING:
    from ..identification.result import Identification
    from ..measure.report.restoration import Restoration

REMEMBERED_IDENTIFICATIONS = 48  # more than a page holds files
AT_ONCE = 2
PATIENCE = 0.8  # s, that a request waits for an answer


class Identifications:
    """Identifications by content and question; safe to use from several threads."""

    def __init__(self, files: DroppedFiles) -> None:
        self.files = files
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="identify")
        self._lock = threading.Lock()
        self._restoring = threading.Lock()
        self._running: dict[Hashable, Future[Any]] = {}
        self._known: Recent[Identification] = Recent(REMEMBERED_IDENTIFICATIONS)

    def of(
        self,
        digest: str,
        name: str,
        column: str | None,
        resolution: float | None,
        wish: Wish,
        patience: float | None = PATIENCE,
    ) -> Identification | None:
        """What the file with this digest is; None: not found out yet.

        Raises :class:`FileGoneError`, or what its reader and the search refuse.
        """
        key = (digest, name, column, resolution, wish)
        known = self._known.get(key)
        if known is not None:
            return known
        content = self.files.get(digest)
        if content is None:
            raise FileGoneError("error.file_gone", name=name[:80])
        with self._lock:
            running = self._running.get(key)
            if running is None:
                running = self._pool.submit(_identified, content, *key[1:])
                self._running[key] = running
        try:
            found: Identification = running.result(patience)
        except NotYetError:
            return None
        except BaseException:
            self._done(key)
            raise
        self._known.put(key, found)
        self._done(key)
        return found

    def restored(self, found: Identification, phase: int) -> Restoration:
        """One phase through its own decoder, the others taken off; the first time takes a while."""
        with self._restoring:
            return found.phases[phase].restoration

    def _done(self, key: Hashable) -> None:
        with self._lock:
            self._running.pop(key, None)


def _identified(
    content: bytes, name: str, column: str | None, resolution: float | None, wish: Wish
) -> Identification:
    from ..identification.asked import identify_asked

    return identify_asked(read_spectrum(content, name, column), wish, resolution)
