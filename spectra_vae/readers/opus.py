"""Bruker OPUS: a directory of blocks; a Raman block of numbers has a block of parameters.

The layout isn't published; it is as the readers for R and Python have found it. Of the bits of a
block's type, 4 to 9 say which parameters it holds (1: those of a spectrum) and 10 to 14 which
spectrum it is (10: Raman).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..spectrum import MAX_POINTS, Array, Spectrum, SpectrumError
from .binary import Binary
from .choice import ColumnsError, find
from .finish import finish

FORMAT = "Bruker OPUS"
MAGIC = b"\n\n\xfe\xfe"
MAX_BLOCKS = 1000
MAX_PARAMETERS = 1000
RAMAN = 10
STATUS = 1 << 4  # in the type of the parameters of a spectrum
SERIES, COMPACT = 2, 4
UNITS = {"WN": "cm", "MI": "um"}
TOLD = {"SNM": "sample", "SFM": "form", "INS": "instrument", "RES": "resolution"}


@dataclass(frozen=True)
class Block:
    """One entry of the directory; start and length in bytes."""

    type: int
    start: int
    length: int

    @property
    def parameters(self) -> int:
        return self.type >> 4 & 63

    @property
    def spectrum(self) -> int:
        return self.type >> 10 & 31

    @property
    def form(self) -> int:
        return self.type >> 19 & 7


def recognises(data: bytes) -> bool:
    return data.startswith(MAGIC)


def read(data: bytes, name: str, column: str | int | None = None) -> Spectrum:
    """Read the Raman spectrum of an OPUS file; of several the one of this number."""
    file = Binary(data, name, FORMAT)
    blocks = _directory(file)
    raman = [b for b in blocks if b.spectrum == RAMAN and not b.parameters]
    if not raman:
        raise file.without_spectrum()
    if any(block.form == SERIES for block in raman):
        raise SpectrumError("error.several_spectra")
    labels = {i: str(i) for i in range(1, len(raman) + 1)}
    if column is None and len(raman) > 1:
        names = tuple(labels.values())
        raise ColumnsError("error.which_spectrum", names)
    chosen = 0 if column is None else find(column, labels) - 1
    block = raman[chosen]
    # Spectra of one type and their parameters stand in the same order.
    alike = [b for b in raman if b.type == block.type]
    status = [b for b in blocks if b.type == block.type | STATUS]
    if len(status) != len(alike):
        raise file.damaged()
    said = _parameters(file, status[alike.index(block)])
    axis, intensity = _spectrum(file, block, said)
    general: dict[str, Any] = {}
    for other in blocks:
        if other.parameters > 1:
            general |= _parameters(file, other)
    meta: dict[str, Any] = {"name": name, "format": "opus"}
    meta |= {key: general[code] for code, key in TOLD.items() if general.get(code)}
    laser = general.get("RLW")  # cm⁻¹
    if isinstance(laser, float) and 1e7 / 2000 < laser < 1e7 / 150:
        meta["laser_nm"] = round(1e7 / laser, 3)
    unit = said.get("DXU")
    if unit not in UNITS:
        raise file.of_unit(str(unit))
    return finish(axis, intensity, UNITS[unit], meta)


def _directory(file: Binary) -> list[Block]:
    start, _, count = file.unpack("<3i", 12)
    if not 0 <= count <= MAX_BLOCKS:
        raise file.damaged()
    blocks = []
    for i in range(count):
        kind, words, at = file.unpack("<Iii", start + 12 * i)
        if at <= 0:
            break
        file.check(at, 4 * words)
        blocks.append(Block(kind, at, 4 * words))
    return blocks


def _parameters(file: Binary, block: Block) -> dict[str, Any]:
    """Names of three letters with whole numbers, floats or texts, up to END."""
    found: dict[str, Any] = {}
    at, end = block.start, block.start + block.length
    while at + 8 <= end and len(found) < MAX_PARAMETERS:
        key, kind, words = file.unpack("<3sxhh", at)
        if key == b"END":
            break
        at += 8
        if words < 0 or at + 2 * words > end:
            raise file.damaged()
        code = key.decode("latin-1")
        if kind == 0 and words == 2:
            (found[code],) = file.unpack("<i", at)
        elif kind == 1 and words == 4:
            (found[code],) = file.unpack("<d", at)
            if not np.isfinite(found[code]):
                raise file.damaged()
        else:
            found[code] = file.text(at, 2 * words)
        at += 2 * words
    return found


def _spectrum(file: Binary, block: Block, said: Mapping[str, Any]) -> tuple[Array, Array]:
    """Axis and intensity (N,): N, the two ends and the scale are parameters."""
    points, first, last = said.get("NPT"), said.get("FXV"), said.get("LXV")
    scale = said.get("CSF", 1.0)
    if not (isinstance(points, int) and isinstance(first, float) and isinstance(last, float)):
        raise file.damaged()
    if not isinstance(scale, float):
        raise file.damaged()
    if points > MAX_POINTS:
        raise SpectrumError("error.too_many_points", points=points, limit=MAX_POINTS)
    if not 0 < points <= block.length // 4:
        raise file.damaged()
    at = block.start + (block.length - 4 * points if block.form == COMPACT else 0)
    kind = "<i4" if said.get("DPF") == 2 else "<f4"
    values = file.array(kind, points, at).astype(np.float64)
    return np.linspace(first, last, points), scale * values
