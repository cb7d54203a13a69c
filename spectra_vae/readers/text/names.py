"""What the names of columns mean: axis, unit, intensity; and the header line that holds them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .table import Dialect

TITLE_LENGTH = 2000  # characters: a longer line names no columns
TITLE_LINES = 3  # names may have lines of units or comments below them

# The axis, best first, with the unit that the name promises.
_AXES = [
    (re.compile(pattern, re.IGNORECASE), unit)
    for pattern, unit in (
        (r"raman.?(shift|verschiebung)|(spostamento|décalage|desplazamiento) raman", "cm"),
        (r"cm\s*\^?[{(]?\s*[-−–⁻]\s*[1¹]|1\s*/\s*cm|\brcm\b|relative wavenumber", "cm"),
        (r"\bshift\b|verschiebung|spostamento|décalage|desplazamiento", "cm"),
        (r"wave ?num|wellenzahl|numero d.onda|nombre d.onde|número de onda", "cm"),
        (r"\bwave\b", None),
        (r"wave ?len|wellenl|lunghezza d.onda|longueur d.onde|longitud de onda", "wavelength"),
        (r"\blambda\b|\bnm\b", "nm"),
        (r"\bm?ev\b|photon energy|energy shift", None),
    )
]
# Units that a name may give by the way; they go before the one that its axis word promises.
_UNITS = [
    (re.compile(pattern), unit)
    for pattern, unit in (
        (r"\bmeV\b", "mev"),
        (r"\beV\b", "ev"),
        (r"(?<![A-Za-z])[µμu]m\b|(?i:\bmicron|\bmicromet)", "um"),
        (r"(?i:\bnm\b|nanomet)", "nm"),
    )
]
NO_AXIS = len(_AXES)
_LASER = re.compile(r"laser|excit", re.IGNORECASE)

# The intensity; a name takes the rank of the first of these that it fits, 9 is NEVER_RANK.
NEVER_RANK = 9
UNKNOWN_RANK = 5
_INTENSITIES = [
    (re.compile(pattern, re.IGNORECASE), rank)
    for pattern, rank in (
        (
            r"^(?!.*(subtract|correct|remov)).*\b(dark|background|baseline|reference|blank)",
            NEVER_RANK,
        ),
        (r"error|\bstd|sigma|uncertain|varian|\bpixel|\btime\b|temperature|%|transmi", 9),
        (r"absorb|irradi|^(lower|upper|residual|restored|explained|index|point)\b", 9),
        (r"\bmeasured\b", 0),
        (r"^(?!.*baseline).*dark.*(subtract|correct|remov)", 1),
        (r"\braw\b", 4),
        (r"smooth|filtered|\bfit", 6),
        (r"subtract|correct|remov|processed|baseline|normali[sz]ed", 3),
        (r"intens|counts?\b|\bcts\b|\bcps\b|signal|\ba\.? ?u\.?\b|\barb|\bccd\b|conteggi", 2),
    )
]
_COUNTER = re.compile(r"(pixel|index|idx|points?|n|nr|no\.?|row)([ _].*)?", re.IGNORECASE)
_NUMBER = re.compile(r"[-+\d.,eE]+")
# A header may part its names in another way than the rows part their numbers.
_DELIMITERS = (r"[;\t]", ",", r"\s{2,}", r"\s+")


def axis_rank(name: str) -> int:
    """How well the name of a column fits an axis: 0 is best, ``NO_AXIS`` not at all."""
    rank = _axis_word(name)
    return NO_AXIS if rank > 0 and intensity_rank(name) != UNKNOWN_RANK else rank


def axis_unit(text: str) -> str | None:
    """The unit that an axis word in ``text`` promises, as ``shift.to_shift`` knows it, or None.

    Wavelengths without their unit are 'wavelength': people call Raman shifts so, too.
    """
    rank = _axis_word(text)
    if rank == NO_AXIS:
        return None
    promised = _AXES[rank][1]
    named = next((unit for pattern, unit in _UNITS if pattern.search(text)), None)
    if promised == "cm":
        return named if named in ("mev", "ev") else "cm"
    return named or promised


def intensity_rank(name: str) -> int:
    """How well the name of a column fits an intensity: 0 is best, ``NEVER_RANK`` is never."""
    name = name.replace("_", " ")
    return next((rank for pattern, rank in _INTENSITIES if pattern.search(name)), UNKNOWN_RANK)


def is_counter(name: str) -> bool:
    """Whether a column of this name only counts the points."""
    return _COUNTER.fullmatch(name) is not None


def is_title(line: str) -> bool:
    """Whether a line names both an axis and an intensity: a table starts below it."""
    if len(line) > TITLE_LENGTH or _axis_word(line) == NO_AXIS:
        return False
    return any(
        intensity_rank(name) < UNKNOWN_RANK for name in re.split(r"[;\t,]|\s{2,}", line.strip())
    )


def column_names(
    header: Sequence[str], dialect: Dialect, live: Sequence[int], width: int
) -> tuple[list[str] | None, set[int]]:
    """One name a column, and the header lines that hold them; None where none do.

    ``live`` are the columns with numbers in them, out of ``width``.
    """
    last = range(max(0, len(header) - TITLE_LINES), len(header))
    fits = {i: names for i in last if (names := _fit(header[i], dialect, live, width))}
    if len(live) == 2:
        found = next((i for i in reversed(fits) if _names_two(fits[i], live)), None)
        return (None, set()) if found is None else (fits[found], {found})
    # Names, units and comments stand on lines of their own; together they tell most.
    joined = [" ".join(filter(None, parts)) for parts in zip(*fits.values(), strict=True)]
    telling = any(
        axis_rank(joined[i]) < NO_AXIS or intensity_rank(joined[i]) != UNKNOWN_RANK
        for i in (live if joined else ())
    )
    return (joined, set(fits)) if telling else (None, set())


def _names_two(names: list[str], live: Sequence[int]) -> bool:
    """Whether two cells are names; 'XUNITS,1/CM' is a key with its value."""
    first, second = (names[column] for column in live)
    if axis_rank(second) < NO_AXIS:
        return intensity_rank(first) != UNKNOWN_RANK
    return axis_rank(first) < NO_AXIS or is_counter(first)


def _fit(line: str, dialect: Dialect, live: Sequence[int], width: int) -> list[str] | None:
    """The line cut into one name a column, or None where it can't be."""
    if len(line) > TITLE_LENGTH or "=" in line:  # 'KEY=value' names nothing
        return None
    for split in (dialect.cells(line), *(re.split(at, line.strip()) for at in _DELIMITERS)):
        cells = [cell.strip(" \t\"'#%") for cell in split]
        filled = [cell for cell in cells if cell]
        if any(map(_NUMBER.fullmatch, filled)):
            continue
        if len(cells) == width:
            return cells
        for columns in (range(width), live):
            if len(filled) == len(columns):
                names = dict(zip(columns, filled, strict=True))
                return [names.get(column, "") for column in range(width)]
    return None


def _axis_word(text: str) -> int:
    """Which of the axes ``text`` speaks of, wherever in it; a laser's wavelength is none."""
    text = text.replace("_", " ")
    if _LASER.search(text):
        return NO_AXIS
    return next((i for i, (pattern, _) in enumerate(_AXES) if pattern.search(text)), NO_AXIS)
