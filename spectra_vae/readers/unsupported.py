"""Formats that are known by their first bytes and refused with a word of advice.

Nothing in here opens a file: archives stay packed, pickles stay pickled.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ..spectra.spectrum import SpectrumError

SIGNATURE_BYTES = 4096


@dataclass(frozen=True)
class UnsupportedFormat:
    """A format that isn't read: ``code`` is the sentence, ``name`` stands in it."""

    name: str
    code: str
    recognises: Callable[[bytes], bool]


def refuse(data: bytes, name: str) -> None:
    """Refuse ``data`` in one of the known formats, saying which it is and what to do instead."""
    found = identify(data)
    if found is not None:
        raise SpectrumError(found.code, name=name, format=found.name)


def identify(data: bytes) -> UnsupportedFormat | None:
    """The unsupported format of ``data``, or None."""
    return next((known for known in UNSUPPORTED_FORMATS if known.recognises(data)), None)


def _starts(*magic: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(magic)


def _text_starts(pattern: bytes) -> Callable[[bytes], bool]:
    """A pattern at the start of a text, after a byte order mark and blanks."""
    compiled = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:" + pattern + rb")", re.IGNORECASE)
    return lambda data: compiled.match(data[:SIGNATURE_BYTES]) is not None


def _zip_holds(*names: bytes) -> Callable[[bytes], bool]:
    """A zip archive that lists one of these file names (they are never compressed)."""
    return lambda data: data.startswith(b"PK\x03\x04") and any(name in data for name in names)


def _is_xml(data: bytes) -> bool:
    """Told by its first line, or by a tag at either end."""
    told = _text_starts(rb"<\?xml|<LSX|<!--")(data)
    return told or (_text_starts(rb"<[a-z][\w:.-]*[\s/>]")(data) and data.rstrip().endswith(b">"))


def _is_pickle(data: bytes) -> bool:
    return data[:1] == b"\x80" and data[1:2] in (b"\2", b"\3", b"\4", b"\5") and data[-1:] == b"."


def _is_bitmap(data: bytes) -> bool:
    return data.startswith(b"BM") and b"\0" in data[:32]


def _is_webp(data: bytes) -> bool:
    return data.startswith(b"RIFF") and data[8:12] == b"WEBP"


def _is_labspec(data: bytes) -> bool:
    return data.startswith(b"LabSpec") and b"\0" in data[:SIGNATURE_BYTES]


UNSUPPORTED_FORMATS = (
    UnsupportedFormat("PNG", "error.picture", _starts(b"\x89PNG")),
    UnsupportedFormat("JPEG", "error.picture", _starts(b"\xff\xd8\xff")),
    UnsupportedFormat("GIF", "error.picture", _starts(b"GIF87a", b"GIF89a")),
    UnsupportedFormat("TIFF", "error.picture", _starts(b"II*\0", b"MM\0*")),
    UnsupportedFormat("BMP", "error.picture", _is_bitmap),
    UnsupportedFormat("WebP", "error.picture", _is_webp),
    UnsupportedFormat("SVG", "error.picture", _text_starts(rb"(?:<\?xml[^>]*>\s*)?<svg")),
    UnsupportedFormat("PDF", "error.document", _starts(b"%PDF-")),
    UnsupportedFormat("RTF", "error.document", _starts(b"{\\rtf")),
    UnsupportedFormat("Word", "error.document", _zip_holds(b"word/document")),
    UnsupportedFormat("Excel", "error.sheet", _zip_holds(b"xl/workbook")),
    UnsupportedFormat("OpenDocument", "error.sheet", _zip_holds(b"application/vnd.oasis")),
    UnsupportedFormat(
        "Microsoft Office 97", "error.sheet", _starts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    ),
    UnsupportedFormat("NumPy", "error.objects", _starts(b"\x93NUMPY")),
    UnsupportedFormat("NumPy", "error.objects", _zip_holds(b".npy")),
    UnsupportedFormat("PyTorch", "error.objects", _zip_holds(b"/data.pkl")),
    UnsupportedFormat("pickle", "error.objects", _is_pickle),
    UnsupportedFormat("ZIP", "error.archive", _starts(b"PK\x03\x04", b"PK\x05\x06")),
    UnsupportedFormat("gzip", "error.archive", _starts(b"\x1f\x8b")),
    UnsupportedFormat("bzip2", "error.archive", _starts(b"BZh")),
    UnsupportedFormat("xz", "error.archive", _starts(b"\xfd7zXZ\0")),
    UnsupportedFormat("7z", "error.archive", _starts(b"7z\xbc\xaf\x27\x1c")),
    UnsupportedFormat("RAR", "error.archive", _starts(b"Rar!\x1a\x07")),
    UnsupportedFormat("HTML", "error.format", _text_starts(rb"<!doctype html|<html|<head|<body")),
    UnsupportedFormat("TriVista", "error.format", _text_starts(rb"<!--\s*TriVista|<XmlMain\b")),
    UnsupportedFormat("XML", "error.format", _is_xml),
    UnsupportedFormat("JSON", "error.format", _text_starts(rb'[{\[]\s*["{\[]')),
    UnsupportedFormat("Thermo SPA", "error.format", _starts(b"Spectral Data File")),
    UnsupportedFormat("WITec project", "error.format", _starts(b"WIT_P", b"WIT^")),
    UnsupportedFormat("Andor SIF", "error.format", _starts(b"Andor Technology Multi-Channel File")),
    UnsupportedFormat("HDF5", "error.format", _starts(b"\x89HDF\r\n\x1a\n")),
    UnsupportedFormat("MATLAB", "error.format", _starts(b"MATLAB 5.0 MAT-file")),
    UnsupportedFormat("Horiba LabSpec", "error.labspec", _is_labspec),
)
