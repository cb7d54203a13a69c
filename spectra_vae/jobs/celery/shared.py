"""The records that servers, workers and jobs of many machines share, and the turns they offer."""

from __future__ import annotations

import contextlib
import json
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...storage.models import home
from ...text.message import SpectraVaeError
from ..outcome import Outcome
from ..record import Job
from ..recorded import RecordedQueue
from ..shelf import T
from .beats import Beats
from .shelf import AwayError, RedisShelf

if TYPE_CHECKING:
    from .turns import Turns

AGAIN_SECONDS = 0.5
MARK = "queue-of-this-folder"


class SharedRecords(RecordedQueue):
    """A queue's records on a Redis, for all who share one folder of runs.

    Raises
    ------
    SpectraVaeError
        The address is none, Redis doesn't answer, or this home isn't the one its jobs work in.
    """

    def __init__(self, url: str) -> None:
        self.shelf = RedisShelf(url)
        super().__init__(self.shelf)
        self.url = url
        self.beats = Beats(self.shelf)
        _check_home(self.shelf)

    @cached_property
    def turns(self) -> Turns:
        """Celery is imported by those who offer and take turns; a job does neither."""
        from .app import celery_app
        from .turns import Turns

        return Turns(celery_app(self.url), self.shelf)

    def add(self, jobs: Sequence[Job]) -> None:
        super().add(jobs)
        self._offer(len(jobs))

    def resume(self, job: str) -> None:
        super().resume(job)
        self._offer(1)

    def tell(self, job: str, progress: Mapping[str, Any]) -> None:
        """A progress that nobody can keep is none: the work goes on without Redis."""
        with contextlib.suppress(AwayError):
            super().tell(job, progress)

    def end(self, job: str, outcome: Outcome, holder: str | None = None) -> None:
        """Written down as soon as Redis answers: what was done must not be lost."""
        patiently(lambda: super(SharedRecords, self).end(job, outcome, holder))

    def hand_back(self, job: str, holder: str) -> None:
        super().hand_back(job, holder)
        self._offer(1)

    def _offer(self, count: int) -> None:
        """The records are safe; what can't be said now is said by a worker that looks around."""
        with contextlib.suppress(AwayError):
            self.turns.offer(count)


def patiently(ask: Callable[[], T]) -> T:
    """The answer, however long Redis is away."""
    while True:
        try:
            return ask()
        except AwayError:
            time.sleep(AGAIN_SECONDS)


def _check_home(shelf: RedisShelf) -> None:
    """Refuse a home that isn't the one which all who share this queue share."""
    mark = home() / "jobs" / MARK
    try:
        mark.parent.mkdir(parents=True, exist_ok=True)
        own = _own_mark(mark)
    except OSError:
        raise SpectraVaeError("error.home", name=str(home())[:80]) from None
    shelf.add(MARK, json.dumps(own))
    if json.loads(shelf.get(MARK) or "null") != own:
        raise SpectraVaeError("error.home_not_shared", name=str(home())[:80])


def _own_mark(file: Path) -> str:
    """What stands in a file that is written once, whoever comes first."""
    if not file.exists():
        draft = file.with_name(f"{file.name}-{secrets.token_hex(8)}")
        draft.write_text(secrets.token_hex(16), encoding="ascii")
        with contextlib.suppress(FileExistsError):
            file.hardlink_to(draft)
        draft.unlink()
    return file.read_text(encoding="ascii")
