"""From lines to a table of numbers: which delimiter, which decimal sign, where the rows are."""

from __future__ import annotations

import csv
import re
from array import array
from collections import defaultdict
from dataclasses import dataclass
from math import isnan, nan

import numpy as np
from numpy.typing import NDArray

from ...spectra.spectrum import MIN_POINTS, Array, SpectrumError

MAX_LINES = 200_000
MAX_COLUMNS = 64
MAX_LINE = 4096  # characters: no row of 64 numbers is longer
# What decides the dialect: lines spread over the whole file.
SAMPLE_CHARACTERS = 1_000_000
SAMPLE_LINES = 20_000
COMMENTS = ("#", "%", "//")
# Up to this many numbers in a row, apart from the rest, belong to the header or the footer.
STRAY_ROWS = 3

_CHARACTER = {"tab": "\t", ";": ";", ",": ","}
_MIXED = {".": re.compile(r"[;,\s]+"), ",": re.compile(r"[;\s]+")}
_SWAP = str.maketrans(",.", ".,")
# Numbers whose thousands are parted; and, in any file, those that can't be read otherwise.
_THOUSANDS = {
    ".": re.compile(r"[+-]?\d{1,3}(?:[,'’]\d{3})+(?:\.\d*)?"),
    ",": re.compile(r"[+-]?\d{1,3}(?:[.'’]\d{3})+(?:,\d*)?"),
}
_CERTAINLY_PARTED = {
    ".": re.compile(r"(?<![\d.,])\d{1,3}(?:(?:,\d{3})+\.|(?:['’]\d{3})+\b|(?:,\d{3}){2,}\b)"),
    ",": re.compile(r"(?<![\d.,])\d{1,3}(?:(?:\.\d{3})+,|(?:['’]\d{3})+,|(?:\.\d{3}){2,}\b)"),
}
_TOGETHER = {".": str.maketrans("", "", ",'’"), ",": str.maketrans("", "", ".'’")}
_FORTRAN = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+))[dD]([+-]?\d{1,3})\s*")
_TWO_NUMBERS = re.compile(r"\D*+\d[^;,\s]*+[;,\s]\D*+\d")
_MAX_WORDS = 4  # cells of text that a row may hold


@dataclass(frozen=True)
class Dialect:
    """How a line becomes cells: ``delimiter`` is ';', 'tab', ',', 'space' or 'mixed'."""

    delimiter: str
    decimal: str
    thousands: bool = False  # parted by the other sign or by apostrophes

    @property
    def positional(self) -> bool:
        """Whether an empty cell still holds its place."""
        return self.delimiter in _CHARACTER

    def cells(self, line: str) -> list[str]:
        """At most 65 cells of one line, still text."""
        character = _CHARACTER.get(self.delimiter)
        if character is None:
            return self._runs(line)
        if '"' in line:
            return next(csv.reader([line], delimiter=character))[: MAX_COLUMNS + 1]
        return line.split(character, MAX_COLUMNS)

    def numbers(self, line: str) -> list[float]:
        """The cells as numbers, NaN where there is none; empty for a line of words."""
        if len(line) > MAX_LINE or line.startswith(COMMENTS):
            return []
        cells = self.cells(line)
        if self.thousands:
            parted = _THOUSANDS[self.decimal]
            together = _TOGETHER[self.decimal]
            cells = [c.translate(together) if parted.fullmatch(c.strip()) else c for c in cells]
        if self.decimal == ",":
            # Swapped, not replaced: 1.5 is no number where commas are decimal.
            cells = [cell.translate(_SWAP) for cell in cells]
        try:
            return [float(cell) for cell in cells]
        except ValueError:
            return _some_numbers(cells)

    def _runs(self, line: str) -> list[str]:
        if '"' in line:
            line = line.replace('"', " ")
        if self.delimiter == "space":
            return line.split(None, MAX_COLUMNS)
        return _MIXED[self.decimal].split(line, MAX_COLUMNS)


_PLAIN = (";", "tab", "space", ",")
# Where two read a file equally well, the first one is right: '1,5;2,5' also splits at commas.
DIALECTS = (
    *(Dialect(delimiter, decimal) for delimiter in (";", "tab") for decimal in ".,"),
    Dialect(",", "."),
    Dialect(",", ","),  # with quotes only
    *(Dialect(delimiter, decimal) for delimiter in ("space", "mixed") for decimal in ".,"),
    *(Dialect(delimiter, ".", thousands=True) for delimiter in _PLAIN),
    *(Dialect(delimiter, ",", thousands=True) for delimiter in _PLAIN[:-1]),
)


@dataclass(frozen=True)
class Table:
    """The numbers of a text file.

    ``lines`` are all lines that aren't blank; ``values`` (lines, columns) their numbers, NaN
    where there is none; ``rows`` are the indices of the lines that hold a row.
    """

    lines: list[str]
    values: Array
    rows: NDArray[np.intp]
    dialect: Dialect

    @property
    def header(self) -> list[str]:
        return self.lines[: self.rows[0]]

    @property
    def strays(self) -> NDArray[np.intp]:
        """The lines between the first and the last row that are no rows."""
        return np.setdiff1d(np.arange(self.rows[0], self.rows[-1]), self.rows)

    def after(self, line: int) -> Table:
        """The same table without the rows before ``line``."""
        return Table(self.lines, self.values, self.rows[self.rows > line], self.dialect)


def tabulate(text: str) -> Table:
    """Find the rows of numbers in ``text``.

    Raises
    ------
    SpectrumError
        No two columns of numbers, more than 64 columns or more than 200 000 lines.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    count = text.strip("\n").count("\n") + 1
    if count > MAX_LINES:
        raise SpectrumError("error.too_many_lines", lines=count, limit=MAX_LINES)
    lines = [line for line in text.split("\n") if line and not line.isspace()]
    dialect, width = _dialect(lines)
    if width > MAX_COLUMNS:
        raise SpectrumError("error.too_many_columns", limit=MAX_COLUMNS)
    values = _grid(lines, dialect, width)
    rows = _rows(np.count_nonzero(~np.isnan(values), axis=1) >= 2)
    return Table(lines, values, rows, dialect)


def _dialect(lines: list[str]) -> tuple[Dialect, int]:
    """The dialect in which most of the lines are numbers, and how many columns they then have."""
    step = max(1, sum(map(len, lines)) // SAMPLE_CHARACTERS, len(lines) // SAMPLE_LINES)
    sample = [line for line in lines[::step] if len(line) <= MAX_LINE]
    characters = set().union(*sample)
    parted = {sign for sign in ".," if _certainly_parted(sign, sample, characters)}
    most = sum(map(_can_be_row, sample))
    best, score, width = DIALECTS[0], 0.0, 0
    for dialect in DIALECTS:
        if _possible(dialect, characters) and (not dialect.thousands or dialect.decimal in parted):
            reached, columns = _score(dialect, sample)
            if reached > score:
                best, score, width = dialect, reached, columns
            if score >= most:  # every line that can be a row is one: none reads more
                break
    if score == 0:
        raise _no_table(lines)
    return best, width


def _can_be_row(line: str) -> bool:
    """Whether some dialect may find two numbers; which, is not asked."""
    if line.startswith(COMMENTS):
        return False
    return _TWO_NUMBERS.match(line) is not None or "inf" in line.lower()


def _possible(dialect: Dialect, characters: set[str]) -> bool:
    if dialect == Dialect(",", ","):
        return {",", '"'} <= characters
    needed = {_CHARACTER.get(dialect.delimiter, ""), dialect.decimal.replace(".", "")} - {""}
    return needed <= characters


def _certainly_parted(decimal: str, lines: list[str], characters: set[str]) -> bool:
    """Whether some numbers, of this decimal sign, have thousands that are parted for sure."""
    if not characters & set(",'’" if decimal == "." else ".'’"):
        return False
    return any(map(_CERTAINLY_PARTED[decimal].search, lines))


def _score(dialect: Dialect, lines: list[str]) -> tuple[float, int]:
    """How many lines are rows of the commonest width, text cells counting against them."""
    scores: dict[int, float] = defaultdict(float)
    for line in lines:
        numbers = dialect.numbers(line)
        known = len(numbers) - sum(map(isnan, numbers))
        if known == len(numbers) >= 2:
            scores[known] += 1.0
        elif known >= 2:
            filled = sum(not (cell == "" or cell.isspace()) for cell in dialect.cells(line))
            scores[len(numbers)] += known / filled
    width, score = max(scores.items(), key=lambda item: item[1], default=(0, 0.0))
    # Splitting at everything reads nearly everything; it is the last resort.
    return (0.95 * score if dialect.delimiter == "mixed" else score), width


def _grid(lines: list[str], dialect: Dialect, width: int) -> Array:
    """(lines, width) numbers. A line of another width is no row, unless only words are too many."""
    flat = array("d")
    nothing = [nan] * width
    for line in lines:
        row = dialect.numbers(line)
        if len(row) < width:
            row = row + nothing[len(row) :] if dialect.positional else nothing
        elif len(row) > width:
            row = row[:width] if all(map(isnan, row[width:])) else nothing
        flat.extend(row)
    return np.frombuffer(flat, dtype=np.float64).reshape(-1, width)


def _rows(numeric: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Indices of the rows, without the few in the header and the footer."""
    rows = np.flatnonzero(numeric)
    starts = np.flatnonzero(np.diff(rows, prepend=-9) > 2)  # two lines of words part them
    lengths = np.diff(starts, append=len(rows))
    blocks = np.flatnonzero(lengths > STRAY_ROWS)
    if len(blocks) == 0:
        return rows
    first, last = blocks[0], blocks[-1]
    return rows[starts[first] : starts[last] + lengths[last]]


def _some_numbers(cells: list[str]) -> list[float]:
    row, words = [], 0
    for cell in cells:
        try:
            row.append(float(cell) if cell and not cell.isspace() else nan)
        except ValueError:
            fortran = _FORTRAN.fullmatch(cell)  # 1.0D+03
            if fortran:
                row.append(float(f"{fortran[1]}e{fortran[2]}"))
                continue
            row.append(nan)
            words += 1
            if words > _MAX_WORDS:
                return []
    return row


def _no_table(lines: list[str]) -> SpectrumError:
    """Why there are no two columns."""
    long = next((line for line in lines if len(line) > MAX_LINE), "")
    if sum(map(str.isdigit, long[:MAX_LINE])) > MAX_LINE / 4:
        return SpectrumError("error.too_many_columns", limit=MAX_COLUMNS)
    alone = sum(not isnan(number) for line in lines for number in _some_numbers([line.strip()]))
    if alone >= MIN_POINTS:
        return SpectrumError("error.one_column")
    return SpectrumError("error.no_numbers")
