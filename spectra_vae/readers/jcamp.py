"""JCAMP-DX 4 and 5: labelled records, of which one is the table of the spectrum.

Source: R. S. McDonald and P. A. Wilks, Appl. Spectrosc. 42 (1988) 151.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import numpy as np

from ..message import Message
from ..spectrum import Array, Spectrum, SpectrumError
from . import header, text
from .asdf import MalformedError, Ordinates, decode, pairs
from .binary import Binary, readable
from .choice import ColumnsError, find, short, unique
from .finish import finish
from .names import axis_unit
from .table import MAX_LINES

FORMAT = "JCAMP-DX"
HEAD = 4096
MAX_RECORDS = 2000  # vendors write hundreds of their own
TABLES = ("XYDATA", "XYPOINTS")
TOLD = {"TITLE": "title", "ORIGIN": "origin", "OWNER": "owner", "DATE": "date"}
MAX_STEPS_OFF = 1.0  # a line's x may be off by this many steps and its own rounding

_SIGNATURE = re.compile(rb"^\s*##\s*JCAMP-?DX\s*=|^##\s*XY(?:DATA|POINTS)\s*=\s*\(", re.I | re.M)
_RECORD = re.compile(r"##([^=]{0,80})=(.*)")
_UNITS = {"NANOM": "nm", "MICROM": "um"}
_LASER = re.compile(r"laser|excit", re.IGNORECASE)


@dataclass
class Block:
    """The records of one spectrum: labels without blanks and dashes; its table."""

    said: dict[str, str] = field(default_factory=dict)
    form: str = ""
    lines: list[str] = field(default_factory=list)
    ended: bool = False

    def number(self, label: str) -> float | None:
        """The number of a label, None where there is none."""
        try:
            value = float(self.said.get(label, "").split()[0].replace(",", "."))
        except (IndexError, ValueError):
            return None
        return value if isfinite(value) else None


def recognises(data: bytes) -> bool:
    return _SIGNATURE.search(data[:HEAD].replace(b"\r", b"\n")) is not None


def read(data: bytes, name: str, column: str | int | None = None) -> Spectrum:
    """Read a JCAMP-DX file; of several linked spectra the one of this title or number."""
    file = Binary(data, name, FORMAT)
    blocks = [block for block in _blocks(text.decode(data, name)[0]) if block.form]
    raman = [block for block in blocks if "RAMAN" in block.said.get("DATATYPE", "").upper()]
    blocks = raman or blocks
    if not blocks:
        raise file.without_spectrum()
    labels = unique(
        {i: short(readable(b.said.get("TITLE", ""))) for i, b in enumerate(blocks, start=1)}
    )
    if column is None and len(blocks) > 1:
        names = tuple(labels.values())
        raise ColumnsError("error.which_spectrum", names)
    block = blocks[0 if column is None else find(column, labels) - 1]
    unit = _unit(file, block)
    try:
        axis, intensity, fixes = _spectrum(file, block)
    except MalformedError:
        raise file.damaged() from None
    kind = block.said.get("DATATYPE", "")
    if kind and "RAMAN" not in kind.upper():
        fixes += (Message("fix.data_type", {"type": short(readable(kind))}),)
    return finish(axis, intensity, unit, _meta(block, name), fixes)


def _blocks(contents: str) -> list[Block]:
    """The blocks of a file; records of the block around linked ones belong to none."""
    lines = contents.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > MAX_LINES:
        raise SpectrumError("error.too_many_lines", lines=len(lines), limit=MAX_LINES)
    blocks: list[Block] = []
    reading = False
    for line in lines:
        line = line.split("$$", 1)[0].rstrip()
        record = _RECORD.match(line.lstrip()) if "##" in line[:8] else None
        if record is None:
            if reading and line:
                blocks[-1].lines.append(line)
            continue
        label = re.sub(r"[\s\-/_]", "", record[1]).upper()
        if label == "TITLE" or not blocks:
            blocks.append(Block())
        block = blocks[-1]
        reading = label in TABLES and not block.form
        if reading:
            block.form = re.sub(r"\s", "", record[2]).upper()
        block.ended |= label == "END"
        if len(block.said) < MAX_RECORDS:
            block.said.setdefault(label, record[2].strip())
    return blocks


def _spectrum(file: Binary, block: Block) -> tuple[Array, Array, tuple[Message, ...]]:
    """Axis and intensity, in the file's units, without the points that are marked as missing."""
    if block.form.startswith("(XY"):
        numbers = np.array(pairs(block.lines)).reshape(-1, 2)
        axis, intensity = numbers[:, 0] * (block.number("XFACTOR") or 1.0), numbers[:, 1]
    elif block.form.startswith("(X++(Y..Y))"):
        found = decode(block.lines)
        axis, intensity = _axis(block, found), np.array(found.values)
    else:
        raise MalformedError
    told = block.number("NPOINTS")
    if told is not None and len(intensity) < told and not block.ended:
        raise SpectrumError("error.cut_short", name=file.name, format=FORMAT)
    fixes: tuple[Message, ...] = ()
    if told is not None and told != len(intensity):
        fixes = (Message("fix.points_told", {"told": f"{told:g}", "found": len(intensity)}),)
    good = ~np.isnan(intensity)
    if not good.all():
        fixes += (Message("fix.rows_dropped", {"count": int((~good).sum())}),)
    scale = block.number("YFACTOR") or 1.0
    return axis[good], intensity[good] * scale, fixes


def _axis(block: Block, found: Ordinates) -> Array:
    """Evenly spaced from the records; what the lines say of it must agree."""
    first, last, step = (block.number(label) for label in ("FIRSTX", "LASTX", "DELTAX"))
    told = block.number("NPOINTS")
    factor = block.number("XFACTOR") or 1.0
    index = np.array([i for i, _ in found.starts], dtype=float)
    starts = np.array([x for _, x in found.starts]) * factor
    if len(starts) == 0:
        raise MalformedError
    if first is None:
        first = float(starts[0])
    if last is not None and told is not None and told > 1:
        step = (last - first) / (told - 1)
    elif step is None and index[-1] > 0:
        step = float((starts[-1] - starts[0]) / index[-1])
    if not step:
        raise MalformedError
    off = np.abs(first + step * index - starts)
    rounding = abs(factor) * max(1.0, float(np.abs(starts / factor).max()) * 1e-5)
    if (off > MAX_STEPS_OFF * abs(step) + rounding).any():
        raise MalformedError
    return np.asarray(first + step * np.arange(len(found.values)), dtype=np.float64)


def _unit(file: Binary, block: Block) -> str | None:
    told = block.said.get("XUNITS", "")
    named = next((unit for start, unit in _UNITS.items() if told.upper().startswith(start)), None)
    unit = named or axis_unit(told)
    if unit is None and told and not told.upper().startswith("ARB"):
        raise file.of_unit(told)
    return unit


def _meta(block: Block, name: str) -> Mapping[str, Any]:
    meta: dict[str, Any] = {"name": name, "format": "jcamp"}
    meta |= {key: readable(block.said[told]) for told, key in TOLD.items() if block.said.get(told)}
    laser = header.laser({}, [f"{k} {v}" for k, v in block.said.items() if _LASER.search(k + v)])
    laser = laser or header.laser(block.said, [])
    if laser is not None:
        meta["laser_nm"] = laser
    return meta
