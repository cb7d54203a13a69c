"""Spectra as text: two columns or more, with or without a header, from whatever wrote them."""

from __future__ import annotations

import codecs
from typing import Any

import numpy as np

from ...spectra.spectrum import MAX_POINTS, Array, Spectrum, SpectrumError
from ...text.message import Message
from ..text import header
from ..text.ambiguous import refuse_double_commas, refuse_thousands, with_decimals
from ..text.columns import Columns, settle, survey
from ..text.names import is_title
from ..text.table import STRAY_ROWS, Table, tabulate
from ..to_spectrum import to_spectrum
from . import Sureness

LABEL = "text"
SURENESS = Sureness.ANYTHING

MAX_BAD = 0.05  # of the rows may hold no numbers
MAX_CONTROL = 0.01  # of the bytes of a text may be control characters
_CONTROL = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a")) + b"\x7f"


def recognises(data: bytes) -> bool:
    """Text is what is left when no other format fits."""
    return True


def read(data: bytes, name: str, column: str | int | None = None) -> Spectrum:
    """Read a text file's contents; ``name`` stands in sentences, ``column`` is the intensity.

    Raises
    ------
    SpectrumError
        It isn't text, or no spectrum can be made of it.
    ColumnsError
        Several columns could be the intensity, or not ``column``.
    """
    text, encoding = decode(data, name)
    table = tabulate(text)
    joined = with_decimals(table)
    table = _one_table(joined or table)
    layout = survey(table.values[table.rows], table.header, table.dialect)
    refuse_double_commas(table, layout)
    columns = settle(layout, column)
    axis, intensity, bad = _pair(table, columns)
    refuse_thousands(table, columns)
    above = [line for i, line in enumerate(table.header) if i not in layout.titles]
    meta = _meta(name, encoding, table, columns, above)
    unit = layout.unit or header.unit(header.metadata(above), table.header)
    if meta["format"] == "rruff":
        unit = "cm"  # all of RRUFF is
    fixes = (*_dialect_fixes(table, encoding), *columns.fixes)
    if joined:
        fixes += (
            Message("fix.double_commas", {"count": len(table.lines[table.rows[0] - 1].split(";"))}),
        )
    if bad:
        fixes += (Message("fix.rows_dropped", {"count": bad}),)
    return to_spectrum(axis, intensity, unit, meta, fixes)


def decode(data: bytes, name: str) -> tuple[str, str]:
    """The text of ``data`` and the encoding that it was in."""
    text, encoding = _decoded(data)
    plain = data if encoding != "utf-16" else text.encode("utf-8", "replace")
    if len(plain) - len(plain.translate(None, _CONTROL)) > MAX_CONTROL * len(plain):
        raise SpectrumError("error.binary", name=name)
    return text.replace("−", "-"), encoding


def _decoded(data: bytes) -> tuple[str, str]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace"), "utf-16"
    data = data.removeprefix(codecs.BOM_UTF8)
    for encoding in ("utf-8", "cp1252"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1"), "latin-1"


def _one_table(table: Table) -> Table:
    """The table below its last title; a few numbers above that belong to the header."""
    titles = [int(i) for i in table.strays[:1000] if is_title(table.lines[i])]
    if not titles:
        return table
    if np.count_nonzero(table.rows < titles[-1]) > STRAY_ROWS:
        raise SpectrumError("error.several_spectra")
    return table.after(titles[-1])


def _pair(table: Table, columns: Columns) -> tuple[Array, Array, int]:
    """The two columns, and how many rows between the first and the last hold no numbers."""
    values = table.values[table.rows[0] : table.rows[-1] + 1]
    axis, intensity = values[:, columns.axis], values[:, columns.intensity]
    good = np.flatnonzero(~(np.isnan(axis) | np.isnan(intensity)))
    if len(good) == 0:
        raise SpectrumError("error.no_numbers")
    if len(good) > MAX_POINTS:
        raise SpectrumError("error.too_many_points", points=len(good), limit=MAX_POINTS)
    rows = int(good[-1] - good[0] + 1)
    bad = rows - len(good)
    if bad > MAX_BAD * rows:
        raise SpectrumError("error.bad_rows", bad=bad, rows=rows)
    return axis[good], intensity[good], bad


def _meta(
    name: str, encoding: str, table: Table, columns: Columns, above: list[str]
) -> dict[str, Any]:
    """What the file says about itself; our own words win over the header's."""
    said = header.metadata(above)
    laser = header.laser(said, above)
    ours: dict[str, Any] = {
        "name": name,
        "format": _format(above),
        "encoding": encoding,
        "delimiter": table.dialect.delimiter,
        "decimal": table.dialect.decimal,
    }
    if columns.names:
        ours["columns"] = list(columns.names)
    if laser is not None:
        ours["laser_nm"] = laser
    return header.kept(said, header.MAX_KEYS - len(ours) - 1) | ours  # one for 'clipped'


def _format(above: list[str]) -> str:
    if any(line.startswith(("##RRUFFID", "##NAMES")) for line in above):
        return "rruff"
    if any(line.startswith("File Version;BWRam") for line in above):
        return "bwtek"
    return "text"


def _dialect_fixes(table: Table, encoding: str) -> list[Message]:
    fixes = []
    if encoding != "utf-8":
        fixes.append(Message("fix.encoding", {"encoding": encoding}))
    if table.dialect.decimal == ",":
        fixes.append(Message("fix.decimal_commas"))
    if table.dialect.thousands:
        fixes.append(Message("fix.thousands"))
    return fixes
