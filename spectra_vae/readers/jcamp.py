"""JCAMP-DX, read by jcamp: labelled records, of which one is the table of the spectrum."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from ..message import Message
from ..spectrum import Spectrum
from . import header, text
from .apart import Curve, Package, curves
from .choice import ColumnsError, find, short, unique
from .file import File, readable
from .finish import finish
from .names import axis_unit

HEAD = 4096
TABLES = {"xydata", "xypoints"}
TOLD = {"title": "title", "origin": "origin", "owner": "owner", "date": "date"}

_SIGNATURE = re.compile(rb"^\s*##\s*JCAMP-?DX\s*=|^##\s*XY(?:DATA|POINTS)\s*=\s*\(", re.I | re.M)
_TABLE = re.compile(r"(##\s*XY(?:DATA|POINTS)\s*=)(.*)", re.I)
_UNITS = {"NANOM": "nm", "MICROM": "um"}
_LASER = re.compile(r"laser|excit", re.IGNORECASE)


def recognises(data: bytes) -> bool:
    return _SIGNATURE.search(data[:HEAD].replace(b"\r", b"\n")) is not None


def extract(path: Path) -> list[Curve]:
    from jcamp import read

    with redirect_stdout(io.StringIO()) as complaints:
        found = read(_lines(path.read_bytes()))
    if complaints.getvalue():  # it says where a check fails, and goes on
        raise ValueError(complaints.getvalue())
    blocks = [block for block in found.get("children", [found]) if TABLES & block.keys()]
    return [Curve(block["x"], block["y"][None], _records(block)) for block in blocks]


PACKAGE = Package("jcamp", __name__, extract)


def _lines(data: bytes) -> list[str]:
    """Lines without comments; the form of a table without the blanks that some write into it."""
    lines = text.decode(data, "")[0].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [_TABLE.sub(_squeezed, line.split("$$", 1)[0]) for line in lines]


def _squeezed(match: re.Match[str]) -> str:
    return match[1] + "".join(match[2].split())


def _records(block: Mapping[str, Any]) -> dict[str, str]:
    return {str(k): str(v)[:1000] for k, v in block.items() if k not in ("x", "y", "children")}


def read(data: bytes, name: str, column: str | int | None = None) -> Spectrum:
    """Read a JCAMP-DX file; of several linked spectra the one of this title or number."""
    file = File(name, "JCAMP-DX")
    found = curves(PACKAGE, file, data)
    found = [curve for curve in found if "RAMAN" in _kind(curve).upper()] or found
    if not found:
        raise file.without_spectrum()
    titles = {i: short(readable(c.said.get("title", ""))) for i, c in enumerate(found, start=1)}
    labels = unique(titles)
    if column is None and len(found) > 1:
        raise ColumnsError("error.which_spectrum", tuple(labels.values()))
    curve = found[0 if column is None else find(column, labels) - 1]
    unit = _unit(file, curve.said.get("xunits", ""))
    fixes = _points(file, curve)
    if _kind(curve) and "RAMAN" not in _kind(curve).upper():
        fixes += (Message("fix.data_type", {"type": short(readable(_kind(curve)))}),)
    return finish(curve.x, curve.y[0], unit, _meta(curve.said, name), fixes)


def _kind(curve: Curve) -> str:
    return str(curve.said.get("data type") or curve.said.get("datatype") or "")


def _points(file: File, curve: Curve) -> tuple[Message, ...]:
    """Refuse a table that ends too early; what is only counted wrong is said."""
    told, ended = curve.said.get("npoints", ""), "end" in curve.said
    if not told.isdigit() or int(told) == len(curve.x):
        return ()
    if len(curve.x) < int(told) and not ended:
        raise file.damaged()
    return (Message("fix.points_told", {"told": told, "found": len(curve.x)}),)


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
