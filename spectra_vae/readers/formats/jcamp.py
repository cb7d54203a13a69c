"""JCAMP-DX: labelled records, of which one is the table of the spectrum; jcamp decodes the table.

Source: R. S. McDonald and P. A. Wilks, Appl. Spectrosc. 42 (1988) 151. Labels and the blocks of a
file are told apart here, and a table is written plainly, as jcamp alone knows labels in one
spelling, takes the last of several spectra, and repeats differences only, at most nine times.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, field, replace
from math import isfinite
from pathlib import Path
from typing import Any

from ...spectra.spectrum import MAX_POINTS, Spectrum, SpectrumError
from ...text.message import Message
from ..file import File, readable
from ..sandbox import Curve, Package, curves
from ..selection import chosen, shortened, unique
from ..text import header
from ..text.names import axis_unit
from ..text.table import MAX_LINES
from ..to_spectrum import to_spectrum
from . import Sureness, text

LABEL = "JCAMP-DX"
SURENESS = Sureness.CLUES

SIGNATURE_BYTES = 4096
LEFT_OUT = "left out"  # how many of the linked spectra; no label has a blank
MAX_RECORDS = 2000  # vendors write hundreds of their own
TABLES = ("XYDATA", "XYPOINTS")
TOLD = {"TITLE": "title", "ORIGIN": "origin", "OWNER": "owner", "DATE": "date"}
MAX_STEPS_OFF = 1.0  # where a table starts, by its own first number and its rounding

_SIGNATURE = re.compile(rb"^\s*##\s*JCAMP-?DX\s*=|^##\s*XY(?:DATA|POINTS)\s*=\s*\(", re.I | re.M)
_RECORD = re.compile(r"##([^=]{0,80})=(.*)")
_START = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[Ee][+-]\d+)?)")
_APART = re.compile(r"[,;]|(?<=[\d.])(?=[+-])")  # all that may stand between plain numbers
_UNITS = {"NANOM": "nm", "MICROM": "um"}
_LASER = re.compile(r"laser|excit", re.IGNORECASE)

# The letter is the first digit with its sign: squeezed values, differences, repeats. E and e alone
# may be the exponents of plain numbers.
_COMPRESSED = re.compile(r"[@A-DF-Za-df-s%]")
_BLANKS = re.compile(r"\s+(?=[@A-Za-s%])")
_REPEATED = re.compile(r"([@A-Ia-i%J-Rj-r][\d.]*)([S-Zs]\d*)")
_REPEAT = {c: str(i) for i, c in enumerate("STUVWXYZs", start=1)}
# There, jcamp takes the difference for a value.
_AFTER_DIFFERENCE = re.compile(r"[%J-Rj-r][\d.]*[@A-Ia-i]")


@dataclass
class Block:
    """The records of one spectrum: labels without blanks and dashes; its table."""

    said: dict[str, str] = field(default_factory=dict)
    form: str = ""
    lines: list[str] = field(default_factory=list)
    ended: bool = False  # by a label of its own, or by the block that follows

    @property
    def kind(self) -> str:
        return self.said.get("DATATYPE", "")

    def number(self, label: str) -> float | None:
        """The number of a label, None where there is none."""
        try:
            value = float(self.said.get(label, "").split()[0].replace(",", "."))
        except (IndexError, ValueError):
            return None
        return value if isfinite(value) else None


def recognises(data: bytes) -> bool:
    return _SIGNATURE.search(data[:SIGNATURE_BYTES].replace(b"\r", b"\n")) is not None


def read(data: bytes, name: str, column: str | int | None = None) -> Spectrum:
    """Read a JCAMP-DX file; of several linked spectra the one of this title or number."""
    file = File(name, LABEL)
    found = curves(PACKAGE, file, data)
    if not found:
        raise file.without_spectrum()
    titles = {i: shortened(readable(c.said.get("TITLE", ""))) for i, c in enumerate(found, start=1)}
    curve = found[chosen(unique(titles), column) - 1]
    block = Block({label: told for label, told in curve.said.items() if label != LEFT_OUT})
    unit = _unit(file, block.said.get("XUNITS", ""))
    told, fixes = block.number("NPOINTS"), tuple[Message, ...]()
    if told is not None and told != len(curve.x):
        fixes = (Message("fix.points_told", {"told": f"{told:g}", "found": len(curve.x)}),)
    if curve.said[LEFT_OUT]:
        fixes += (Message("fix.blocks", {"count": curve.said[LEFT_OUT]}),)
    if block.kind and "RAMAN" not in block.kind.upper():
        fixes += (Message("fix.data_type", {"type": shortened(readable(block.kind))}),)
    return to_spectrum(curve.x, curve.y[0], unit, _meta(block.said, name), fixes)


def _unit(file: File, told: str) -> str | None:
    named = next((unit for start, unit in _UNITS.items() if told.upper().startswith(start)), None)
    unit = named or axis_unit(told)
    if unit is None and told and not told.upper().startswith("ARB"):
        raise file.of_unit(told)
    return unit


def _meta(said: Mapping[str, str], name: str) -> dict[str, Any]:
    meta: dict[str, Any] = {"name": name, "format": "jcamp"}
    meta |= {key: readable(said[told]) for told, key in TOLD.items() if said.get(told)}
    laser = header.laser({}, [f"{k} {v}" for k, v in said.items() if _LASER.search(k + v)])
    laser = laser or header.laser(said, [])
    if laser is not None:
        meta["laser_nm"] = laser
    return meta


# --- in the other process ----------------------------------------------------------------------


def extract(path: Path) -> list[Curve]:
    """The Raman spectra of a file; where none calls itself so, all."""
    from jcamp import read as decode

    blocks = [block for block in _blocks(text.decode(path.read_bytes(), "")[0]) if block.form]
    found, failures = list[Curve](), list[Exception]()
    for block in [block for block in blocks if "RAMAN" in block.kind.upper()] or blocks:
        try:
            found.append(_decoded(block, decode))
        except Exception as failure:  # whatever a decoder raises on one of several tables
            failures.append(failure)
    if failures and not found:
        raise failures[0]
    return [replace(one, said={**one.said, LEFT_OUT: len(failures)}) for one in found]


def _decoded(block: Block, decode: Callable[[list[str]], dict[str, Any]]) -> Curve:
    with redirect_stdout(io.StringIO()) as complaints:
        table = decode(_pairs(block) if block.form == "(XY..XY)" else _evenly(block))
    if complaints.getvalue():  # it says where a check fails, and goes on
        raise ValueError(complaints.getvalue())
    said = {label: told[:1000] for label, told in block.said.items()}
    told, complete = block.number("NPOINTS"), len(table["x"])
    halved = complete == 2 * (told or 0)  # by decimal commas
    if told is not None and told != complete and (halved or (told > complete and not block.ended)):
        raise ValueError("cut short")
    return Curve(table["x"], table["y"][None], said)


PACKAGE = Package("jcamp", extract)


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
            if blocks:
                blocks[-1].ended = True
            blocks.append(Block())
        block = blocks[-1]
        block.ended |= label == "END"
        reading = label in TABLES and not block.form
        if reading:
            block.form = re.sub(r"\s", "", record[2]).upper()
        if len(block.said) < MAX_RECORDS:
            block.said.setdefault(label, record[2].strip())
    return blocks


def _pairs(block: Block) -> list[str]:
    """The block as jcamp knows it: ``x, y`` in every line."""
    table = "\n".join(block.lines)
    if ";" in table and "." not in table and not re.search(r",\s", table):
        table = table.replace(",", ".")  # decimal ones: other commas stand inside pairs
    numbers = re.split(r"[;,\s]+", table.strip(" ;,\n"))
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    return [*_factors(block), "##XYPOINTS=(XY..XY)", *map(", ".join, pairs)]


def _evenly(block: Block) -> list[str]:
    """The block as jcamp knows it: an axis of even steps, intensities line by line."""
    first, last, step, count = map(block.number, ("FIRSTX", "LASTX", "DELTAX", "NPOINTS"))
    start = _START.match(block.lines[0]) if block.lines else None
    factor = block.number("XFACTOR") or 1.0
    if block.form != "(X++(Y..Y))" or start is None or count is None or count < 2:
        raise ValueError("no table of even steps")
    there = float(start[1]) * factor
    first = there if first is None else first
    if last is None:
        if step is None:
            raise ValueError("no end of the axis")
        last = first + step * (count - 1)
    rounding = abs(factor) * max(1.0, abs(float(start[1])) * 1e-5)
    if abs(first - there) > MAX_STEPS_OFF * abs(last - first) / (count - 1) + rounding:
        raise ValueError("the table starts elsewhere")
    said = [f"##FIRSTX={first!r}", f"##LASTX={last!r}", f"##NPOINTS={count:.0f}"]
    return [*said, *_factors(block), "##XYDATA=(X++(Y..Y))", *_plainly(block.lines)]


def _factors(block: Block) -> list[str]:
    return [f"##{label}={block.number(label) or 1.0!r}" for label in ("XFACTOR", "YFACTOR")]


def _plainly(lines: list[str]) -> list[str]:
    """Plain numbers between blanks; compressed ones without repeats, one blank behind the x."""
    if not any(map(_COMPRESSED.search, lines)):
        return [_APART.sub(" ", line) for line in lines]
    room = MAX_POINTS

    def repeated(match: re.Match[str]) -> str:
        nonlocal room
        times = int(_REPEAT[match[2][0]] + match[2][1:])
        room -= times
        if room < 0:
            raise ValueError("more points than a spectrum has")
        return match[1] * times

    out = []
    for line in lines:
        start = _START.match(line)
        if start is None:
            raise ValueError("a line without its x")
        rest = _REPEATED.sub(repeated, _BLANKS.sub("", line[start.end() :].strip()))
        if _AFTER_DIFFERENCE.search(rest):
            raise ValueError("a value behind a difference")
        out.append(f"{start[1]} {rest}")
    return out
