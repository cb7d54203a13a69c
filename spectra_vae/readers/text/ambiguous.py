"""Numbers that can be read in two ways are refused: a wrong spectrum is worse than none."""

from __future__ import annotations

import re

import numpy as np

from ...spectra.spectrum import MIN_POINTS, SpectrumError
from .columns import Columns, Layout
from .names import NO_AXIS, axis_rank, is_title
from .table import Table, tabulate

SAMPLE_ROWS = 2000  # rows that are looked at
MIN_ROWS = 10  # that have to show it
MIN_NAMES = 3  # two may be all that a header names of many columns
TITLE_TRIES = 50  # lines in which names are looked for

_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}")
_DECIMALS = re.compile(r"\d+(?:[eE][+-]?\d+)?\s*")
_LEADING_ZERO = re.compile(r",\s*0\d")


def with_decimals(table: Table) -> Table | None:
    """The table with its numbers whole where the comma parts columns and decimals at once and the
    names in the header tell which is which; None where it doesn't.

    ``n`` names stand above rows of 2 n cells, or of 2 n − 1 where the first column only counts.

    Raises
    ------
    SpectrumError
        The names are fewer than the cells, and nothing tells which commas are decimal signs.
    """
    if table.dialect.delimiter != ",":
        return None
    words = [int(i) for i in np.setdiff1d(np.arange(len(table.lines)), table.rows)[:TITLE_TRIES]]
    for at in reversed([i for i in words if is_title(table.lines[i])]):
        names = [cell.strip() for cell in table.lines[at].strip().rstrip(",").split(",")]
        rows = [_cells(table.lines[i]) for i in table.rows[table.rows > at]]
        if len(names) < MIN_NAMES or not rows:
            continue
        width = max(set(map(len, rows)), key=list(map(len, rows)).count)
        if width <= len(names):
            return None
        rows = [row for row in rows if len(row) == width]
        counted = width == 2 * len(names) - 1 and all(map(str.isdigit, (row[0] for row in rows)))
        told = width == 2 * len(names) or counted
        if not told or len(rows) < MIN_POINTS or not all(_decimals(row, counted) for row in rows):
            raise SpectrumError("error.double_commas")
        lines = [*table.lines[:at], ";".join(names)]
        return tabulate("\n".join([*lines, *(_joined(row, counted) for row in rows)]))
    return None


def _cells(line: str) -> list[str]:
    """The cells of a row, without the empty one that a comma at its end makes."""
    return line.strip().rstrip(",").split(",")


def _decimals(row: list[str], counted: bool) -> bool:
    """Whether every other cell can be the decimals of the one before."""
    return all(map(_DECIMALS.fullmatch, row[1 + counted :: 2]))


def _joined(row: list[str], counted: bool) -> str:
    pairs = zip(row[counted::2], row[1 + counted :: 2], strict=True)
    return ";".join([*row[:counted], *(".".join(pair) for pair in pairs)])


def refuse_double_commas(table: Table, layout: Layout) -> None:
    """Refuse '100,5,200,3', where the comma is decimal sign and delimiter at once.

    Either the header names fewer columns than there are, or all cells are whole numbers:
    an even count of them, or some that start with a zero as only decimals do.
    """
    if table.dialect.delimiter != "," or layout.names is not None or table.values.shape[1] < 3:
        return
    names = [cell for cell in table.header[-1].split(",") if cell.strip()] if table.header else []
    if 2 <= len(names) < table.values.shape[1] and axis_rank(names[0]) < NO_AXIS:
        raise SpectrumError("error.double_commas")
    known = table.values[table.rows]
    whole = (np.isnan(known) | (known == np.floor(known))).all()
    even = table.values.shape[1] % 2 == 0
    if whole and (even or sum(map(bool, map(_LEADING_ZERO.search, _sample(table)))) > MIN_ROWS):
        raise SpectrumError("error.double_commas")


def refuse_thousands(table: Table, columns: Columns) -> None:
    """Refuse '998' next to '1,012': there the sign parts thousands, and 1.012 would be wrong."""
    cells = [table.dialect.cells(line) for line in _sample(table)]
    texts = [row[columns.intensity].strip(' "') for row in cells if len(row) > columns.intensity]
    parted = [text for text in texts if table.dialect.decimal in text]
    whole = [text for text in texts if table.dialect.decimal not in text]
    if len(parted) < MIN_ROWS or not whole or any(len(text.lstrip("-")) > 3 for text in whole):
        return
    if all(_THOUSANDS.fullmatch(text) for text in parted):
        raise SpectrumError("error.thousands", example=parted[0])


def _sample(table: Table) -> list[str]:
    return [table.lines[i] for i in table.rows[:: max(1, len(table.rows) // SAMPLE_ROWS)]]
