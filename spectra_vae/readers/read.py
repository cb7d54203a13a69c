"""The one door: takes a path or bytes, decides by content what it is, never by its suffix."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import numpy as np

from ..spectra.spectrum import Spectrum, SpectrumError
from . import unsupported
from .formats import Format, Sureness, known

MAX_MEGABYTES = 20
NAME_LENGTH = 80


def read_spectrum(
    source: str | os.PathLike[str] | bytes,
    name: str | None = None,
    column: str | int | None = None,
) -> Spectrum:
    """Read one measured spectrum.

    Parameters
    ----------
    source
        A path, or the contents of a file as bytes.
    name
        What sentences and ``meta["name"]`` call it; the file's own name unless given.
    column
        Which intensity to read where there are several: the name of a column or its number from 1
        in a table, the number or title of a spectrum in a file of many.

    Returns
    -------
    Spectrum
        Raman shift in cm⁻¹, ascending; intensity in the file's own unit. ``meta`` holds what the
        header said, ``fixes`` what was mended on the way in.

    Raises
    ------
    SpectrumError
        The file is missing, too big or holds no spectrum; the text says why and what to do.
    ColumnsError
        There are several intensities and nothing says which, or not the asked one: its
        ``columns`` are what ``column`` may be.

    >>> rows = [f"{k} {k % 7}" for k in range(200, 400)]
    >>> read_spectrum("\\n".join(rows).encode(), "rows.txt").intensity.shape
    (200,)
    """
    if isinstance(source, bytes | bytearray | memoryview):
        data, label = bytes(source), _label(name or "spectrum")
        _check_size(len(data), label)
    else:
        if not isinstance(source, str | os.PathLike):
            raise SpectrumError("error.no_source", kind=type(source).__name__)
        path = Path(source)
        label = _label(name or path.name or str(path))
        data = _contents(path, label)
    if not data.strip():
        raise SpectrumError("error.empty_file", name=label)
    with np.errstate(over="ignore", invalid="ignore"):  # what isn't finite is told by its name
        return _format(data, label).read(data, label, column)


def _format(data: bytes, label: str) -> Format:
    """The first format that recognises ``data``; what is refused by name is so before any guess."""
    formats = known().values()
    for sureness in Sureness:
        if sureness == Sureness.CLUES:
            unsupported.refuse(data, label)
        for one in formats:
            if sureness == one.SURENESS and one.recognises(data):
                return one
    raise SpectrumError("error.binary", name=label)


def _contents(path: Path, label: str) -> bytes:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise SpectrumError("error.file_folder", name=label)
        if not stat.S_ISREG(status.st_mode):  # a pipe or a device may never end
            raise SpectrumError("error.file_unreadable", name=label)
        _check_size(status.st_size, label)
        with path.open("rb") as file:
            return file.read(MAX_MEGABYTES * 1_000_000)
    except SpectrumError:
        raise
    except FileNotFoundError:
        raise SpectrumError("error.file_missing", name=label) from None
    except (OSError, ValueError):  # ValueError: a NUL inside the path
        raise SpectrumError("error.file_unreadable", name=label) from None


def _check_size(size: int, label: str) -> None:
    if size > MAX_MEGABYTES * 1_000_000:
        raise SpectrumError(
            "error.file_too_big", name=label, size=round(size / 1e6, 1), limit=MAX_MEGABYTES
        )


def _label(name: str) -> str:
    """A name that fits a sentence: short, on one line."""
    return "".join(c if c.isprintable() else "?" for c in name)[:NAME_LENGTH]
