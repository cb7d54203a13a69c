"""Renishaw WiRE WDF: blocks with a name and a length; the axis is one, the intensities another.

Source: the layout as A. Henderson (doi 10.5281/zenodo.495477) and the Gwyddion project describe it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..spectrum import MAX_POINTS, Spectrum, SpectrumError
from .binary import Binary
from .choice import one_of
from .finish import finish

FORMAT = "Renishaw WDF"
MAGIC = b"WDF1"
BLOCK = 16  # bytes of a block's head: name, number, length
HEADER = 512
UNITS = {0: None, 1: "cm", 2: "absolute", 3: "nm", 5: "um"}
NO_UNITS = {4: "eV", 6: "counts", 12: "s", 13: "ms", 16: "pixel"}


def recognises(data: bytes) -> bool:
    return data.startswith(MAGIC)


def read(data: bytes, name: str, column: str | int | None = None) -> Spectrum:
    """Read a WDF file; of a map or a series the mean, or the spectrum of this number."""
    file = Binary(data, name, FORMAT)
    file.check(0, HEADER)
    (points,) = file.unpack("<I", 0x3C)
    capacity, count, _, _, on_axis = file.unpack("<QQ3I", 0x40)
    blocks = _blocks(file)
    if not {b"DATA", b"XLST"} <= blocks.keys() or count == 0 or points == 0:
        raise file.without_spectrum()
    if points > MAX_POINTS:
        raise SpectrumError("error.too_many_points", points=points, limit=MAX_POINTS)
    if count > capacity or on_axis != points:
        raise file.damaged()
    at, length = blocks[b"XLST"]
    if length < BLOCK + 8 + 4 * points:
        raise file.damaged()
    _, unit = file.unpack("<II", at + BLOCK)
    axis = file.array("<f4", points, at + BLOCK + 8).astype(np.float64)
    at, length = blocks[b"DATA"]
    if length < BLOCK + 4 * points * count:
        raise file.damaged()
    spectra = file.array("<f4", points * count, at + BLOCK).reshape(count, points)
    intensity, fixes = one_of(spectra, column)
    meta: dict[str, Any] = {"name": name, "format": "wdf"}
    title = file.text(0xF0, 160)
    if title:
        meta["title"] = title
    (laser,) = file.unpack("<f", 0x9C)  # cm⁻¹
    if 1e7 / 2000 < laser < 1e7 / 150:
        meta["laser_nm"] = round(1e7 / laser, 3)
    if unit not in UNITS:
        raise file.of_unit(NO_UNITS.get(unit, f"WDF {unit}"))
    return finish(axis, intensity, UNITS[unit], meta, fixes)


def _blocks(file: Binary) -> dict[bytes, tuple[int, int]]:
    """Where each block starts and how long it is; the first of a name counts."""
    found: dict[bytes, tuple[int, int]] = {}
    at = 0
    while at + BLOCK <= len(file.data):
        block, _, length = file.unpack("<4sIQ", at)
        if length < BLOCK:
            raise file.damaged()
        file.check(at, length)
        found.setdefault(block, (at, length))
        at += length
    return found
