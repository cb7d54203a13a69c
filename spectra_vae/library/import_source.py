"""A folder or a zip as a list of files. Nothing of a zip is unpacked: each file is read where it
lies, into memory, up to what a spectrum may have.
"""

from __future__ import annotations

import lzma
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from ..readers import MAX_MEGABYTES
from ..spectra.spectrum import SpectrumError
from ..text.message import SpectraVaeError
from .error import LibraryError

MOST_FILES = 20_000
MOST_MEGABYTES = 2_000  # of all files of a zip together
MOST_TIMES = 100  # that they may be larger than the zip
ALWAYS_MEGABYTES = 5  # a zip may hold that much however small it is
NAME_LENGTH = 120

_UNREADABLE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError)


@dataclass(frozen=True)
class Entry:
    """A file of a collection: its path inside, and its content or a refusal when it is read."""

    name: str
    read: Callable[[], bytes]


class Share(NamedTuple):
    """One of ``of`` parts of a collection: whole minerals, the same ones whoever looks."""

    number: int = 0
    of: int = 1

    def holds(self, name: str) -> bool:
        """Whether what is called ``name`` is in this part; each name is in one."""
        return zlib.crc32(name.encode()) % self.of == self.number


WHOLE = Share()


@contextmanager
def opened(source: Path) -> Iterator[list[Entry]]:
    """The files of a folder or a zip, by name.

    Raises
    ------
    LibraryError
        It is neither, can't be read, or is larger than a collection of spectra can be.
    """
    try:
        if source.is_dir():
            yield _of_folder(source)
        elif source.is_file() and zipfile.is_zipfile(source):
            with zipfile.ZipFile(source) as archive:
                yield _of_zip(archive, source)
        else:
            raise LibraryError("error.import_source", name=source.name[:80])
    except (zipfile.BadZipFile, OSError, ValueError) as wrong:
        if isinstance(wrong, SpectraVaeError):
            raise
        raise LibraryError("error.import_source", name=source.name[:80]) from None


def _of_folder(folder: Path) -> list[Entry]:
    root = folder.resolve()
    there = [p for p in sorted(folder.rglob("*")) if not p.is_dir() and not _hidden(p, folder)]
    _check_count(len(there), folder.name)
    return [Entry(p.relative_to(folder).as_posix(), _reader(p, root)) for p in there]


def _hidden(path: Path, folder: Path) -> bool:
    return _is_hidden(path.relative_to(folder).as_posix())


def _is_hidden(name: str) -> bool:
    """What systems leave beside files, and nobody put there."""
    parts = name.replace("\\", "/").split("/")
    return any(p.startswith(".") or p == "__MACOSX" for p in parts if p != "..")


def _reader(path: Path, root: Path) -> Callable[[], bytes]:
    def read() -> bytes:
        if not path.resolve().is_relative_to(root):
            raise LibraryError("error.import_outside", name=_short(path.name))
        try:
            if not stat.S_ISREG(path.stat().st_mode):  # a pipe may never end
                raise SpectrumError("error.file_unreadable", name=path.name)
            with path.open("rb") as file:
                return file.read(MAX_MEGABYTES * 1_000_000 + 1)
        except OSError:
            raise SpectrumError("error.file_unreadable", name=path.name) from None

    return read


def _of_zip(archive: zipfile.ZipFile, source: Path) -> list[Entry]:
    infos = [i for i in archive.infolist() if not i.is_dir() and not _is_hidden(i.filename)]
    _check_count(len(infos), source.name)
    size = sum(i.file_size for i in infos)
    least = ALWAYS_MEGABYTES * 1_000_000
    if size > max(MOST_TIMES * source.stat().st_size, least) or size > MOST_MEGABYTES * 1_000_000:
        raise LibraryError("error.zip_bomb", name=source.name[:80], size=round(size / 1e6))
    return [
        Entry(_short(i.filename), _unpacker(archive, i))
        for i in sorted(infos, key=lambda i: i.filename)
    ]


def _unpacker(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], bytes]:
    name = _short(info.filename)

    def read() -> bytes:
        if _leaves(info):
            raise LibraryError("error.import_outside", name=name)
        if info.flag_bits & 1:
            raise LibraryError("error.zip_locked", name=name)
        try:
            with archive.open(info) as file:
                return file.read(MAX_MEGABYTES * 1_000_000 + 1)
        except _UNREADABLE:
            raise SpectrumError("error.damaged", name=name, format="ZIP") from None

    return read


def _leaves(info: zipfile.ZipInfo) -> bool:
    """Would it land outside, were it unpacked: an absolute path, one that goes up, or a link."""
    name = info.filename.replace("\\", "/")
    absolute = name.startswith("/") or re.match(r"[A-Za-z]:", name) is not None
    return absolute or ".." in PurePosixPath(name).parts or stat.S_ISLNK(info.external_attr >> 16)


def _check_count(count: int, name: str) -> None:
    if count > MOST_FILES:
        raise LibraryError("error.import_many", name=name[:80], count=count, limit=MOST_FILES)
    if not count:
        raise LibraryError("error.import_empty", name=name[:80])


def _short(name: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in name)[-NAME_LENGTH:]
