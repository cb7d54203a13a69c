"""Files that were dropped on a page, by their content's digest: each travels once.

The last ones are in memory; all of them stand for a while below the home, where another server
process finds them. A digest is the only address: nothing that a page says becomes a path, and
what is read from the disk is believed only if its digest is right.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
import threading
import time
from collections import OrderedDict
from pathlib import Path

from ..storage.models import home

DIGEST = re.compile(r"[0-9a-f]{64}")
MEMORY_BYTES = 24_000_000  # a large file, or hundreds of usual ones; the rest is on the disk
DISK_BYTES = 1_000_000_000  # five pages full of files
KEPT_SECONDS = 24 * 3600.0  # since they were last asked for
PURGE_SECONDS = 60.0
PURGE_SHARE = 0.01  # of the disk's bytes, written since it was last looked through


def digest_of(content: bytes) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


class DroppedFiles:
    """Contents by digest, a bounded number of bytes of them, in ``folder``.

    Safe to use from several threads and processes.
    """

    def __init__(
        self, folder: Path | None = None, memory: int = MEMORY_BYTES, disk: int = DISK_BYTES
    ) -> None:
        self._given, self.memory, self.disk = folder, memory, disk
        self._lock = threading.Lock()
        self._held: OrderedDict[str, bytes] = OrderedDict()
        self._written, self._purged = 0, -PURGE_SECONDS

    @property
    def folder(self) -> Path:
        return self._given or home() / "cache" / "files"

    def put(self, content: bytes) -> str:
        """Keep a file; its digest. A disk that is full costs no more than a second journey."""
        digest = digest_of(content)
        self._hold(digest, content)
        with contextlib.suppress(OSError):
            self._write(digest, content)
            if self._grown(len(content)):
                self._purge()
        return digest

    def get(self, digest: str) -> bytes | None:
        """The content of a file, or None where it is here no more."""
        if not DIGEST.fullmatch(digest):
            return None
        with self._lock:
            if digest in self._held:
                self._held.move_to_end(digest)
                return self._held[digest]
        try:
            content = (self.folder / digest).read_bytes()
        except OSError:
            return None
        if digest_of(content) != digest:  # cut off, or somebody else's
            return None
        with contextlib.suppress(OSError):
            os.utime(self.folder / digest)
        self._hold(digest, content)
        return content

    def _grown(self, count: int) -> bool:
        """Whether it is time to look through the folder, which may hold thousands of files."""
        now = time.monotonic()
        with self._lock:
            self._written += count
            due = now > self._purged + PURGE_SECONDS or self._written > PURGE_SHARE * self.disk
            if due:
                self._written, self._purged = 0, now
        return due

    def _hold(self, digest: str, content: bytes) -> None:
        with self._lock:
            self._held[digest] = content
            self._held.move_to_end(digest)
            total = sum(map(len, self._held.values()))
            while total > self.memory and self._held:
                total -= len(self._held.popitem(last=False)[1])

    def _write(self, digest: str, content: bytes) -> None:
        """Whole or not at all, whoever reads meanwhile."""
        place = self.folder / digest
        if place.is_file() and place.stat().st_size == len(content):
            os.utime(place)
            return
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, written = tempfile.mkstemp(dir=self.folder, prefix="new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(written).replace(place)
        except BaseException:
            Path(written).unlink(missing_ok=True)
            raise

    def _purge(self) -> None:
        """What nobody has asked for longest goes, and what is too much."""
        found = []
        for file in self.folder.iterdir():
            with contextlib.suppress(OSError):  # another process may have removed it
                found.append((file.stat().st_mtime, file.stat().st_size, file))
        oldest, room = time.time() - KEPT_SECONDS, self.disk
        for used, size, file in sorted(found, key=lambda one: -one[0]):
            room -= size
            if used < oldest or room < 0:
                file.unlink(missing_ok=True)
