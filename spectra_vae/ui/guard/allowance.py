"""How much a person of a shared server may send and keep, so that there is some for everybody."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

import flask

from ...storage.room import free_bytes
from ...storage.runs import listing
from ...text.message import Message, SpectraVaeError
from .people import who
from .refusals import sentence

SMALL_BYTES = 64 * 1024  # what every click sends is not counted
UPLOAD_BYTES_LIMIT = 600 * 1024**2  # of a person
UPLOAD_SECONDS = 60.0
PERSONS_LIMIT = 5_000
RUNS_LIMIT = 200  # of a person
FREE_BYTES = 300 * 1024**2  # of the disk, that no new training may use up


class Uploads:
    """What everybody sent lately: a bucket that empties within a minute. Safe in threads."""

    def __init__(self, limit: int = UPLOAD_BYTES_LIMIT, seconds: float = UPLOAD_SECONDS) -> None:
        self.limit, self.seconds = limit, seconds
        self._lock = threading.Lock()
        self._sent: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, person: str, size: int, now: float | None = None) -> bool:
        """Whether ``size`` bytes more are still all right; they count only then."""
        moment = time.monotonic() if now is None else now
        with self._lock:
            sent, then = self._sent.pop(person, (0.0, moment))
            left = max(0.0, sent - (moment - then) * self.limit / self.seconds)
            fits = left + size <= self.limit
            self._sent[person] = (left + size * fits, moment)
            while len(self._sent) > PERSONS_LIMIT:
                self._sent.popitem(last=False)
        return fits

    def register(self, server: flask.Flask) -> None:
        """Refuse in words what is too much."""

        @server.before_request
        def weigh() -> flask.Response | None:
            size = flask.request.content_length or 0
            if size <= SMALL_BYTES or self.take(who().id, size):
                return None
            return sentence(Message("error.upload_rate"), 429)


def check_disk() -> None:
    """Refuse what would fill a disk that is nearly full."""
    if free_bytes() < FREE_BYTES:
        raise SpectraVaeError("error.disk_low", free=FREE_BYTES // 1024**2)


def check_room(owner: str) -> None:
    """Refuse one more training where the disk is nearly full, or somebody keeps very many runs.

    Raises
    ------
    SpectraVaeError
        Which of them, and what to do.
    """
    check_disk()
    if owner and sum(note.get("owner") == owner for note in listing()) >= RUNS_LIMIT:
        raise SpectraVaeError("error.many_runs", count=RUNS_LIMIT)
