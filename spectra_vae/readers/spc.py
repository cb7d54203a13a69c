"""Galactic (Thermo, GRAMS) SPC: a header, an axis or its two ends, and one or many subfiles.

Source: "A Brief Guide to SPC File Format", Galactic Industries; the versions 0x4B and 0x4C (little
and big endian) and the older 0x4D, whose 32-bit words come with their halves swapped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..message import Message
from ..spectrum import MAX_POINTS, Array, Spectrum, SpectrumError
from . import header
from .binary import Binary, readable
from .choice import ColumnsError, find, one_of
from .finish import finish
from .names import axis_unit

FORMAT = "Galactic SPC"
VERSIONS = {0x4B: "<", 0x4C: ">", 0x4D: "<"}
OLD = 0x4D
HEADER, OLD_HEADER = 512, 224
SHORT_INTEGERS, SEVERAL, LABELS, OWN_AXES, AXIS = 1, 4, 32, 64, 128  # flags
FLOATS = -128  # this exponent says that the intensities are floats
SUBHEADER = 32
UNITS = {1: "cm", 2: "um", 3: "nm", 13: "cm"}
# Of an axis that is none of Raman's.
NO_UNITS = dict(enumerate(("s", "min", "Hz", "kHz", "MHz", "m/z", "ppm", "d", "a"), start=4))
NO_UNITS |= {14: "eV", 18: "°", 19: "°F", 20: "°C", 21: "K", 25: "h"}
LOG_LINES = 200


@dataclass(frozen=True)
class Header:
    """What both versions of the header say."""

    flags: int
    order: str  # of the bytes: '<' or '>'
    old: bool
    exponent: int
    points: int
    first: float
    last: float
    count: int
    unit: int
    start: int  # of what follows the header


def recognises(data: bytes) -> bool:
    # The version byte is a letter, so the zeros of the binary header have to confirm it.
    return len(data) >= 256 and data[1] in VERSIONS and b"\0" in data[:32]


def read(data: bytes, name: str, column: str | int | None = None) -> Spectrum:
    """Read an SPC file; of several subfiles on one axis the mean, or the one of this number."""
    file = Binary(data, name, FORMAT)
    head = _header(file)
    lines = _log(file, head)
    said = header.metadata(lines)
    laser = header.laser(said, lines)
    room = header.MAX_KEYS - 6  # for ours below and 'clipped'
    meta: dict[str, Any] = dict(list(said.items())[:room]) | {"name": name, "format": "spc"}
    for key, (at, length) in {"comment": (88, 130), "source": (45, 9)}.items():
        text = "" if head.old else file.text(at, length)
        if text:
            meta[key] = text
            laser = laser or header.laser({}, [text])
    if laser is not None:
        meta["laser_nm"] = laser
    unit = _unit(file, head)
    if head.flags & OWN_AXES:
        axis, intensity, fixes = _own_axes(file, head, column)
        return finish(axis, intensity, unit, meta, fixes)
    axis, start = _axis(file, head)
    intensity, fixes = one_of(_intensities(file, head, start), column)
    return finish(axis, intensity, unit, meta, fixes)


def _header(file: Binary) -> Header:
    flags, version = file.unpack("<BB", 0)
    order = VERSIONS[version]
    if version == OLD:
        exponent, points, first, last, unit = file.unpack("<hfffB", 2)
        if not 0 <= points <= MAX_POINTS:  # a float; NaN is refused too
            raise file.damaged()
        points, start = int(points), OLD_HEADER
        size = SUBHEADER + points * (2 if flags & SHORT_INTEGERS else 4)
        count = (len(file.data) - start) // size if flags & SEVERAL else 1
    else:
        exponent, points, first, last, count, unit = file.unpack(order + "bIddIB", 3)
        start = HEADER
        file.check(start, max(count, 1) * SUBHEADER)
    # Where every subfile has an axis of its own, this is the place of a directory.
    if points > MAX_POINTS and not flags & OWN_AXES:
        raise SpectrumError("error.too_many_points", points=points, limit=MAX_POINTS)
    if not (np.isfinite(first) and np.isfinite(last)):
        raise file.damaged()
    return Header(
        flags, order, version == OLD, exponent, points, first, last, max(count, 1), unit, start
    )


def _unit(file: Binary, head: Header) -> str | None:
    if head.unit in NO_UNITS:
        raise file.of_unit(NO_UNITS[head.unit])
    label = file.text(218, 30) if head.flags & LABELS and not head.old else ""
    return UNITS.get(head.unit) or axis_unit(label)


def _axis(file: Binary, head: Header) -> tuple[Array, int]:
    """The axis that all subfiles share, and where they start."""
    if head.flags & AXIS and not head.old:
        axis = file.array(head.order + "f4", head.points, head.start).astype(np.float64)
        return axis, head.start + 4 * head.points
    file.check(head.start, head.points * (2 if head.flags & SHORT_INTEGERS else 4))
    return np.linspace(head.first, head.last, head.points), head.start


def _intensities(file: Binary, head: Header, start: int) -> Array:
    """(subfiles, points); a subfile is a header with an exponent, then the intensities."""
    kind = head.order + ("i2" if head.flags & SHORT_INTEGERS else "i4")
    if head.exponent == FLOATS:
        kind = head.order + "f4"
    fields = [("head", "V1"), ("exponent", "i1"), ("rest", "V30"), ("y", kind, head.points)]
    found = file.array(np.dtype(fields), head.count, start)
    own = found["exponent"].astype(np.float64)
    exponents = own if head.flags & SEVERAL else np.full(head.count, float(head.exponent))
    spectra = _scaled(found["y"], exponents, head)
    floats = np.flatnonzero(exponents == FLOATS)
    if head.exponent != FLOATS and len(floats):  # a subfile may differ from the others
        if head.flags & SHORT_INTEGERS:
            raise file.damaged()
        spectra[floats] = found["y"].view(head.order + "f4")[floats]
    return spectra


def _scaled(values: Array, exponents: Array, head: Header) -> Array:
    """Fractions of a power of two as numbers: ``values`` (M, N), ``exponents`` (M,)."""
    if values.dtype.kind == "f":
        return values
    bits = 8 * values.dtype.itemsize
    if head.old and bits == 32:
        halves = values.astype("<i4").view("<u4")
        values = ((halves << 16) | (halves >> 16)).view("<i4")
    scaled: Array = np.ldexp(values.astype(np.float64), (exponents - bits).astype(int)[:, None])
    return scaled


def _own_axes(
    file: Binary, head: Header, column: str | int | None
) -> tuple[Array, Array, tuple[Message, ...]]:
    """Axis and intensity of the subfile ``column``; several have to be told apart by a number."""
    if head.old:
        raise SpectrumError("error.format", name=file.name, format=FORMAT)
    labels = {i: str(i) for i in range(1, head.count + 1)}
    if column is None and head.count > 1:
        names = tuple(labels.values())
        raise ColumnsError("error.which_spectrum", names)
    wanted = 1 if column is None else find(column, labels)
    at = head.start
    for _ in range(wanted - 1):
        points, kind, _ = _subfile(file, head, at)
        at += SUBHEADER + points * (4 + np.dtype(kind).itemsize)
    points, kind, exponent = _subfile(file, head, at)
    axis = file.array(head.order + "f4", points, at + SUBHEADER).astype(np.float64)
    values = file.array(kind, points, at + SUBHEADER + 4 * points)[None]
    fix = Message("fix.one_spectrum", {"number": wanted, "count": head.count})
    intensity = _scaled(values, np.array([exponent]), head)[0].astype(np.float64)
    return axis, intensity, (fix,) if head.count > 1 else ()


def _subfile(file: Binary, head: Header, at: int) -> tuple[int, str, int]:
    """Points, kind of number and exponent of the subfile at ``at``."""
    own, points = file.unpack(head.order + "xb14xI", at)
    exponent = own if head.flags & SEVERAL else head.exponent
    kind = "i2" if head.flags & SHORT_INTEGERS else "i4"
    if FLOATS in (head.exponent, own):
        kind = "f4"
    if points > MAX_POINTS:
        raise SpectrumError("error.too_many_points", points=points, limit=MAX_POINTS)
    return points, head.order + kind, exponent


def _log(file: Binary, head: Header) -> Sequence[str]:
    """The lines of the log's text, if there is a log; it never stops a reading."""
    if head.old:
        return ()
    (at,) = file.unpack(head.order + "I", 248)
    if not HEADER <= at <= len(file.data) - 64:
        return ()
    size, _, text = file.unpack(head.order + "3I", at)
    lines = file.data[at + min(text, size) : at + size].split(b"\0", 1)[0].splitlines()
    return [readable(line[:1000].decode("cp1252", "replace")) for line in lines[:LOG_LINES]]
