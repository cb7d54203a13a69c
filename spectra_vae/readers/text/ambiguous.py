"""Numbers that can be read in two ways are refused: a wrong spectrum is worse than none."""

from __future__ import annotations

import re

import numpy as np

from ...spectra.spectrum import SpectrumError
from .columns import Columns, Layout
from .names import NO_AXIS, axis_rank
from .table import Table

SAMPLE_ROWS = 2000  # rows that are looked at
MIN_ROWS = 10  # rows

_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}")
_LEADING_ZERO = re.compile(r",\s*0\d")


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
