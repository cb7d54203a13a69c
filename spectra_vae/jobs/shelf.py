"""What records lie on: texts by key, shared by processes; every change is whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")


class Shelf(Protocol):
    """Texts by key; each backend of the queue brings its own."""

    def get(self, key: str, /) -> str | None: ...

    def several(self, keys: Sequence[str], /) -> list[str | None]:
        """What :meth:`get` says of each, in one question."""

    def set(self, key: str, value: str, /, *, expire: float | None = None) -> object:
        """Keep a text, for ``expire`` seconds only where they are told."""

    def add(self, key: str, value: str, /) -> object:
        """Keep a text unless there is one."""

    def pop(self, key: str, /) -> str | None:
        """Take a text away."""

    def delete(self, key: str, /) -> object: ...

    def __contains__(self, key: str, /) -> bool: ...

    def together(self, change: Callable[[], T], /) -> T:
        """What ``change`` does, all or nothing; it may be called again when others came first."""
