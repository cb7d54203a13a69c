"""The shelf the records lie on: diskcache that holds text and refuses pickles."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import diskcache
from diskcache.core import MODE_PICKLE, UNKNOWN

from ...text.message import SpectraVaeError
from ..shelf import T

IN_DATABASE = 2**30  # bytes: nothing is put into files beside the database


class StoreError(RuntimeError):
    """Something that is not text in the store."""


class TextDisk(diskcache.Disk):
    """Text in, text out. diskcache pickles by default, and a pickle can run anything."""

    def put(self, key: Any) -> Any:
        if not isinstance(key, str):
            raise StoreError("keys are text")
        return super().put(key)

    def get(self, key: Any, raw: bool) -> Any:
        if not raw:
            raise StoreError("a pickled key is refused")
        return super().get(key, raw)

    def store(self, value: Any, read: bool, key: Any = UNKNOWN) -> Any:
        if not isinstance(value, str) or read:
            raise StoreError("values are text")
        return super().store(value, read, key)

    def fetch(self, mode: int, filename: Any, value: Any, read: bool) -> Any:
        if mode == MODE_PICKLE:
            raise StoreError("a pickled value is refused")
        return super().fetch(mode, filename, value, read)


class Store(diskcache.Cache):
    """Texts by key in a database; who finds it locked waits."""

    def set(
        self,
        key: Any,
        value: Any,
        expire: Any = None,
        read: Any = False,
        tag: Any = None,
        retry: Any = True,
    ) -> Any:
        return super().set(key, value, expire, read, tag, retry)

    def several(self, keys: Sequence[str]) -> list[str | None]:
        """Texts of keys, in their order; asking this database costs no way."""
        return [self.get(key) for key in keys]

    def together(self, change: Callable[[], T]) -> T:
        """One transaction; nobody else writes meanwhile."""
        with self.transact(retry=True):
            return change()


def open_store(folder: Path) -> Store:
    """The store in ``folder``, made when needed; only its owner may look into it.

    Raises
    ------
    SpectraVaeError
        The folder can't be made or written, or its database is broken.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        return Store(
            str(folder), disk=TextDisk, disk_min_file_size=IN_DATABASE, eviction_policy="none"
        )
    except OSError:
        raise SpectraVaeError("error.home", name=str(folder)[:80]) from None
    except sqlite3.DatabaseError:
        raise SpectraVaeError("error.queue_broken", name=str(folder)[:80]) from None
