"""The shelf on Redis: texts by key; a change is watched, and done again when others came first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import redis
from redis.backoff import ExponentialBackoff
from redis.retry import Retry

from ...text.message import SpectraVaeError
from ..queue import QueueError
from ..records import INDEX
from ..shelf import T

PREFIX = "spectra-vae:"
PATIENCE_SECONDS = 5.0  # for one answer of Redis
TRIES = 2
FAR = (redis.ConnectionError, redis.TimeoutError, redis.BusyLoadingError)

Pending = dict[str, tuple[str | None, float | None]]


class AwayError(QueueError):
    """Redis doesn't answer; it may again."""


class RedisShelf:
    """:class:`~spectra_vae.jobs.shelf.Shelf` under a prefix in one Redis.

    Raises
    ------
    AwayError
        By everything, while Redis doesn't answer.
    """

    def __init__(self, url: str) -> None:
        try:
            self.redis = redis.Redis.from_url(
                url,
                decode_responses=True,
                socket_timeout=PATIENCE_SECONDS,
                socket_connect_timeout=PATIENCE_SECONDS,
                retry=Retry(ExponentialBackoff(cap=0.5, base=0.05), TRIES),
            )
        except ValueError:
            raise SpectraVaeError("error.redis_address") from None
        self._here = threading.local()

    def get(self, key: str) -> str | None:
        pending: Pending = getattr(self._here, "pending", {})
        if key in pending:
            return pending[key][0]
        with _answering():
            return cast("str | None", self.redis.get(PREFIX + key))

    def several(self, keys: Sequence[str]) -> list[str | None]:
        """One way there and back, however many there are."""
        if not keys:
            return []
        pending: Pending = getattr(self._here, "pending", {})
        with _answering():
            found = cast("list[str | None]", self.redis.mget([PREFIX + key for key in keys]))
        pairs = zip(keys, found, strict=True)
        return [pending[key][0] if key in pending else text for key, text in pairs]

    def set(self, key: str, value: str, *, expire: float | None = None) -> None:
        self._change(key, value, expire)

    def add(self, key: str, value: str) -> None:
        with _answering():
            self.redis.set(PREFIX + key, value, nx=True)

    def pop(self, key: str) -> str | None:
        found = self.get(key)
        self._change(key, None)
        return found

    def delete(self, key: str) -> None:
        self._change(key, None)

    def __contains__(self, key: str) -> bool:
        return self.get(key) is not None

    # ---- what a queue of messages and its workers need besides

    def length(self, messages: str) -> int:
        """How many messages lie in a queue of Celery's."""
        with _answering():
            return int(self.redis.llen(messages))

    def now(self) -> float:
        """Redis' clock [s]."""
        with _answering():
            seconds, micro = self.redis.time()
        return seconds + micro / 1e6

    def rank(self, key: str, member: str, score: float) -> None:
        with _answering():
            self.redis.zadd(PREFIX + key, {member: score})

    def unrank(self, key: str, member: str) -> None:
        with _answering():
            self.redis.zrem(PREFIX + key, member)

    def drop_below(self, key: str, score: float) -> None:
        with _answering():
            self.redis.zremrangebyscore(PREFIX + key, "-inf", score)

    def ranked(self, key: str) -> dict[str, float]:
        with _answering():
            return dict(cast("Any", self.redis.zrange(PREFIX + key, 0, -1, withscores=True)))

    # ---- changes

    def together(self, change: Callable[[], T]) -> T:
        """Every change touches the index: who watches it sees whether somebody came first."""
        while True:
            with _answering(), self.redis.pipeline(transaction=True) as pipe:
                pipe.watch(PREFIX + INDEX)
                self._here.pending = {}
                try:
                    changed = change()
                    pipe.multi()
                    for key, (value, expire) in self._here.pending.items():
                        _write(pipe, PREFIX + key, value, expire)
                    pipe.execute()
                except redis.WatchError:
                    continue
                finally:
                    del self._here.pending
                return changed

    def _change(self, key: str, value: str | None, expire: float | None = None) -> None:
        """Now, or with all else that belongs together."""
        if hasattr(self._here, "pending"):
            self._here.pending[key] = (value, expire)
            return
        with _answering():
            _write(self.redis, PREFIX + key, value, expire)


def _write(client: Any, key: str, value: str | None, expire: float | None) -> None:
    if value is None:
        client.delete(key)
    else:
        client.set(key, value, px=None if expire is None else max(int(expire * 1000), 1))


@contextmanager
def _answering() -> Iterator[None]:
    """A Redis that doesn't answer is a sentence."""
    try:
        yield
    except redis.AuthenticationError:
        raise AwayError("error.redis_refused") from None
    except FAR:
        raise AwayError("error.redis_away") from None
    except redis.ResponseError as wrong:  # out of memory, its disk is full
        raise AwayError("error.redis_broken", why=str(wrong)[:120]) from None
