"""Formats that are known by their first bytes and refused with a word of advice.

Nothing in here opens a file: archives stay packed, pickles stay pickled.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from ..spectra.spectrum import SpectrumError

HEAD = 4096


@dataclass(frozen=True)
class Format:
    """A format that isn't read: ``code`` is the sentence, ``name`` stands in it."""

    name: str
    code: str
    recognises: Callable[[bytes], bool]


def recognises(data: bytes) -> bool:
    """Whether ``data`` is in one of the known foreign formats."""
    return identify(data) is not None


def read(data: bytes, name: str, column: str | int | None = None) -> NoReturn:
    """Refuse, saying which format it is and what to do instead."""
    found = identify(data)
    if found is None:
        raise SpectrumError("error.binary", name=name)
    raise SpectrumError(found.code, name=name, format=found.name)


def identify(data: bytes) -> Format | None:
    """The foreign format of ``data``, or None."""
    return next((known for known in FORMATS if known.recognises(data)), None)


def _starts(*magic: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(magic)


def _text_starts(pattern: bytes) -> Callable[[bytes], bool]:
    """A pattern at the start of a text, after a byte order mark and blanks."""
    compiled = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:" + pattern + rb")", re.IGNORECASE)
    return lambda data: compiled.match(data[:HEAD]) is not None


def _zip_holds(*names: bytes) -> Callable[[bytes], bool]:
    """A zip archive that lists one of these file names (they are never compressed)."""
    return lambda data: data.startswith(b"PK\x03\x04") and any(name in data for name in names)


def _is_pickle(data: bytes) -> bool:
    return data[:1] == b"\x80" and data[1:2] in (b"\2", b"\3", b"\4", b"\5") and data[-1:] == b"."


def _is_bitmap(data: bytes) -> bool:
    return data.startswith(b"BM") and b"\0" in data[:32]


def _is_webp(data: bytes) -> bool:
    return data.startswith(b"RIFF") and data[8:12] == b"WEBP"


def _is_labspec(data: bytes) -> bool:
    return data.startswith(b"LabSpec") and b"\0" in data[:HEAD]


FORMATS = (
    Format("PNG", "error.picture", _starts(b"\x89PNG")),
    Format("JPEG", "error.picture", _starts(b"\xff\xd8\xff")),
    Format("GIF", "error.picture", _starts(b"GIF87a", b"GIF89a")),
    Format("TIFF", "error.picture", _starts(b"II*\0", b"MM\0*")),
    Format("BMP", "error.picture", _is_bitmap),
    Format("WebP", "error.picture", _is_webp),
    Format("SVG", "error.picture", _text_starts(rb"(?:<\?xml[^>]*>\s*)?<svg")),
    Format("PDF", "error.document", _starts(b"%PDF-")),
    Format("RTF", "error.document", _starts(b"{\\rtf")),
    Format("Word", "error.document", _zip_holds(b"word/document")),
    Format("Excel", "error.sheet", _zip_holds(b"xl/workbook")),
    Format("OpenDocument", "error.sheet", _zip_holds(b"application/vnd.oasis")),
    Format("Microsoft Office 97", "error.sheet", _starts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")),
    Format("NumPy", "error.objects", _starts(b"\x93NUMPY")),
    Format("NumPy", "error.objects", _zip_holds(b".npy")),
    Format("PyTorch", "error.objects", _zip_holds(b"/data.pkl")),
    Format("pickle", "error.objects", _is_pickle),
    Format("ZIP", "error.archive", _starts(b"PK\x03\x04", b"PK\x05\x06")),
    Format("gzip", "error.archive", _starts(b"\x1f\x8b")),
    Format("bzip2", "error.archive", _starts(b"BZh")),
    Format("xz", "error.archive", _starts(b"\xfd7zXZ\0")),
    Format("7z", "error.archive", _starts(b"7z\xbc\xaf\x27\x1c")),
    Format("RAR", "error.archive", _starts(b"Rar!\x1a\x07")),
    Format("HTML", "error.format", _text_starts(rb"<!doctype html|<html|<head|<body")),
    Format("XML", "error.format", _text_starts(rb"<\?xml|<LSX")),
    Format("JSON", "error.format", _text_starts(rb'[{\[]\s*["{\[]')),
    Format("Thermo SPA", "error.format", _starts(b"Spectral Data File")),
    Format("WITec project", "error.format", _starts(b"WIT_P", b"WIT^")),
    Format("Andor SIF", "error.format", _starts(b"Andor Technology Multi-Channel File")),
    Format("HDF5", "error.format", _starts(b"\x89HDF\r\n\x1a\n")),
    Format("MATLAB", "error.format", _starts(b"MATLAB 5.0 MAT-file")),
    Format("Horiba LabSpec", "error.labspec", _is_labspec),
)
