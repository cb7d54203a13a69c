"""A request while it comes in: how much of it there is, and whether it is whole."""

from __future__ import annotations

import re

HEAD_LIMIT = 64 * 1024  # bytes
BODY_LIMIT = 60 * 1024**2  # a little more than the page's own limit, which says it in words
CUT_LIMIT = 512 * 1024**2  # of a body that is too large: its end is waited for so long
LENGTH_DIGITS = 15
HEAD_SECONDS = 15.0
SLOWEST = 8 * 1024  # bytes a second of a body

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)[ \t]*(?=\r\n)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)


class Gathering:
    """The bytes of one request, and of what may come behind it."""

    def __init__(self, begun: float) -> None:
        self.begun = begun
        self.size = 0  # bytes kept
        self.refused = ""  # a status, where it is not worth waiting for
        self.cut = False  # a body too large to keep: it is counted and thrown away
        self._pieces: list[bytes] = []
        self._head = 0  # length, once it is known
        self._body = 0
        self._came = 0
        self._asks = False

    @property
    def whole(self) -> bool:
        return bool(self._head) and self._came >= min(self._head + self._body, CUT_LIMIT)

    @property
    def asks_to_go_on(self) -> bool:
        """Once: whether the client waits for a word before it sends the body."""
        asks, self._asks = self._asks, False
        return asks and not self.whole

    def is_late(self, now: float) -> bool:
        """Whether it has taken longer than any honest client needs."""
        return now - self.begun > HEAD_SECONDS + (self._came / SLOWEST if self._head else 0.0)

    def content(self) -> tuple[bytes, bytes]:
        """The request, and what came behind it: the beginning of the next."""
        came = b"".join(self._pieces)
        end = len(came) if self.cut else self._head + self._body
        return came[:end], came[end:]

    def feed(self, piece: bytes) -> None:
        """Some more of it."""
        self._came += len(piece)
        if self.cut:
            return
        self._pieces.append(piece)
        self.size += len(piece)
        if not self._head:
            self._look()

    def _look(self) -> None:
        """Once the head is there: how long the body will be."""
        begun = b"".join(self._pieces)
        self._pieces = [begun]
        end = begun.find(b"\r\n\r\n")
        if end < 0:
            if len(begun) > HEAD_LIMIT:
                self.refused = "431 Request Header Fields Too Large"
            return
        head, self._head = begun[: end + 2], end + 4
        if _CHUNKED.search(head):
            self.refused = "411 Length Required"
            return
        lengths = set(_LENGTH.findall(head))
        if any(len(found) > LENGTH_DIGITS for found in lengths):
            self.refused = "413 Content Too Large"
            return
        if len(lengths) == 1:  # none, or several: there is nothing to wait for, or it is refused
            self._body = int(lengths.pop())
        self._asks = bool(_EXPECTS.search(head))
        if self._body > BODY_LIMIT:
            self.cut, self._pieces, self.size = True, [begun[: self._head]], self._head
