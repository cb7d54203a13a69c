"""Intensities as JCAMP-DX writes them: plain, packed, squeezed, as differences, with repeats.

Source: R. S. McDonald and P. A. Wilks, Appl. Spectrosc. 42 (1988) 151, "JCAMP-DX: A Standard Form
for Exchange of Infrared Spectra in Computer Readable Form", on ASDF forms.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

from ..spectrum import MAX_POINTS, SpectrumError

MAX_DIGITS = 30
MAX_LINE = 10_000  # characters; the standard ends a line at 80
# The letter is the first digit with its sign: squeezed values, differences, repeats.
_SQUEEZED = {c: f"{i - 9}" for i, c in enumerate("ihgfedcba@ABCDEFGHI")}
_DIFFERENCE = {c: f"{i - 9}" for i, c in enumerate("rqponmlkj%JKLMNOPQR")}
_REPEAT = {c: f"{i + 1}" for i, c in enumerate("STUVWXYZs")}

_PLAIN = r"[+-]?(?:\d+\.?\d*|\.\d+)"
_NUMBERS = re.compile(rf"(?P<plain>{_PLAIN}(?:[eE][+-]?\d+)?)|(?P<missing>\?)|[\s,;]+")
_LETTERS = re.compile(
    rf"(?P<plain>{_PLAIN})|(?P<squeezed>[@A-Ia-i][\d.]*)|(?P<difference>[%J-Rj-r][\d.]*)"
    r"|(?P<repeat>[S-Zs]\d*)|(?P<missing>\?)|[\s,;]+"
)
# E and e alone may be the exponents of plain numbers.
_COMPRESSED = re.compile(r"[@A-DF-Za-df-s%]")


class MalformedError(ValueError):
    """A line that no form explains, or a check value that contradicts the line before."""


@dataclass(frozen=True)
class Ordinates:
    """All values in turn, NaN where missing; ``starts`` are (index, x) of the lines' first ones."""

    values: list[float]
    starts: list[tuple[int, float]]


def decode(lines: Sequence[str]) -> Ordinates:
    """Decode the lines of an ``(X++(Y..Y))`` table: each an x, then intensities.

    Raises
    ------
    MalformedError
        Not in any of the forms, or a check value doesn't agree.
    SpectrumError
        More than 100 000 points.
    """
    pattern = _LETTERS if any(map(_COMPRESSED.search, lines)) else _NUMBERS
    values: list[float] = []
    starts: list[tuple[int, float]] = []
    difference: float | None = None  # the last one, while a repeat would repeat it
    for line in lines:
        tokens = _tokens(pattern, line)
        if not tokens:
            continue
        kind, text = tokens[0]
        if kind != "plain":
            raise MalformedError
        checked = difference is not None  # after a difference the next line repeats its value
        starts.append((len(values) - checked, float(text)))
        for i, (kind, text) in enumerate(tokens[1:]):
            if i == 0 and checked:
                agrees = kind in ("plain", "squeezed") and _number(kind, text) == values[-1]
                if not agrees and len(tokens) > 2:  # alone on the last line it checks nothing
                    raise MalformedError
                difference = None
                continue
            if kind == "repeat" == tokens[i][0]:  # of a repeat
                raise MalformedError
            difference = _append(values, kind, text, difference)
    return Ordinates(values, starts)


def pairs(lines: Sequence[str]) -> list[float]:
    """The numbers of an ``(XY..XY)`` table: x, y, x, y …"""
    found: list[float] = []
    for line in lines:
        found += [_number(*token) for token in _tokens(_NUMBERS, line)]
        _room(len(found) // 2)
    if len(found) % 2:
        raise MalformedError
    return found


def _tokens(pattern: re.Pattern[str], line: str) -> list[tuple[str, str]]:
    """(kind, text) of everything in a line; nothing may be left over."""
    if len(line) > MAX_LINE:
        raise MalformedError
    found, at = [], 0
    for match in pattern.finditer(line):
        if match.start() != at:
            raise MalformedError
        at = match.end()
        if match.lastgroup is not None:
            found.append((match.lastgroup, match[0]))
    if at != len(line):
        raise MalformedError
    return found


def _append(values: list[float], kind: str, text: str, difference: float | None) -> float | None:
    """Append what one token says; the difference that a repeat would repeat, or None."""
    if kind == "repeat":
        times = int(_number(kind, text)) - 1
        if not values or times < 0:
            raise MalformedError
        _room(len(values) + times)
        for _ in range(times):
            values.append(values[-1] + (difference or 0.0))
        return difference
    number = _number(kind, text)
    if kind == "difference":
        if not values:
            raise MalformedError
        values.append(values[-1] + number)
        return number
    values.append(number)
    _room(len(values))
    return None


def _room(points: int) -> None:
    if points > MAX_POINTS:
        raise SpectrumError("error.too_many_points", points=points, limit=MAX_POINTS)


def _number(kind: str, text: str) -> float:
    if kind == "missing":
        return nan
    table = {"squeezed": _SQUEEZED, "difference": _DIFFERENCE, "repeat": _REPEAT}.get(kind)
    digits = text if table is None else table[text[0]] + text[1:]
    if len(digits) > MAX_DIGITS:
        raise MalformedError
    try:
        return float(digits)
    except ValueError:
        raise MalformedError from None
