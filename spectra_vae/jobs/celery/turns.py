"""Turns: one message for each job that waits, and how many lie there."""

from __future__ import annotations

from celery import Celery
from kombu.exceptions import OperationalError

from .app import QUEUE, TURN
from .shelf import AwayError, RedisShelf


class Turns:
    """Says to all workers that there is something to do; a lost word is said again by a worker."""

    def __init__(self, app: Celery, store: RedisShelf) -> None:
        self.app = app
        self.store = store

    def offer(self, count: int = 1) -> None:
        """Raises :class:`~.shelf.AwayError` when nobody can be told."""
        try:
            for _ in range(count):
                self.app.send_task(TURN, ignore_result=True, retry=False)
        except OperationalError:
            raise AwayError("error.redis_away") from None

    def offered(self) -> int:
        """How many nobody has taken."""
        return self.store.length(QUEUE)
