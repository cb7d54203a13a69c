"""What a file of a collection is called: which mineral, and which measurement of it.

RRUFF's names say it in fields: ``Mineral__R040070__Raman__532__0__unoriented__Raman_Data_RAW__1``.
Others are read as people call files: the mineral first, then laser, orientation and number.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from .name import LONGEST

FIELDS = 4  # that a name of RRUFF's has at least
FEWEST_ALIKE = 3  # files whose names must begin alike before that is the collection's name
MOST_ALIKE = 0.6  # share of them that must

_PREPARED = re.compile(r"processed|raw", re.IGNORECASE)
_BROAD = re.compile(r"broad", re.IGNORECASE)
_PARENTHESES = re.compile(r"(?<![-–])\(.*\)")
_SETTINGS = re.compile(
    r"\d{3,4}(\.\d+)?(nm)?|(un)?oriented|(de)?polari[sz]ed|processed|raw|raman|spectr(um|a)|data"
    r"|baseline.*|\d{1,3}|[RX]\d{5,}",
    re.IGNORECASE,
)
_FORMULA = re.compile(r"(?=.*[A-Z].*[A-Z])([A-Z][a-z]?\d*)+")
_SAMPLE = re.compile(r"(?<=[a-z]{4})\d{1,2}$")


@dataclass(frozen=True)
class Named:
    """``mineral``: a word that a mineral can be called, or nothing; ``measurement`` is the same for
    a raw and a processed file of one; of those, and of a mineral's, the lower ``rank`` is the
    better one; ``broad``: a scan over a wide range at a low resolution.
    """

    mineral: str
    measurement: str
    rank: int
    broad: bool


def named(file: str, prefix: str, said: Mapping[str, object]) -> Named:
    """``file`` inside its collection, whose names all begin with ``prefix``; ``said`` of it in its
    own header.
    """
    stem = PurePosixPath(file).stem
    fields = stem.split("__")
    if len(fields) >= FIELDS:
        mineral = _word(fields[0].split("_"))
        same = [f for f in fields[:-1] if not _PREPARED.search(f)]
    else:
        header = said.get("NAMES")
        mineral = _word([str(header)] if header else _mineral(stem.removeprefix(prefix)))
        same = [_PREPARED.sub("", stem).strip("_- ")]
    broad = any(_BROAD.search(field) for field in fields)
    return Named(mineral, "__".join(same).casefold(), int("raw" in stem.casefold()), broad)


def shared_prefix(files: Sequence[str], minerals: Collection[str] = ()) -> str:
    """What most names begin with, up to an underscore: a collection's own name, unless it is one of
    ``minerals``, or only settings follow.
    """
    stems = [PurePosixPath(file).stem for file in files]
    starts = Counter(stem[: stem.find("_") + 1] for stem in stems if "__" not in stem)
    start, count = max(starts.items(), key=lambda one: one[1], default=("", 0))
    if count < max(FEWEST_ALIKE, MOST_ALIKE * len(stems)) or start[:-1].casefold() in minerals:
        return ""
    rest = [stem.removeprefix(start) for stem in stems if stem.startswith(start)]
    firsts = {re.split(r"[_\s]", one)[0] for one in rest}
    return "" if all(_SETTINGS.fullmatch(one) or not one for one in firsts) else start


def formula(said: Mapping[str, object]) -> str | None:
    """The formula in RRUFF's header, its marks of sub- and superscripts taken out."""
    told = said.get("IDEAL CHEMISTRY")
    plain = re.sub(r"[_^]", "", str(told)).strip() if told else ""
    return plain or None


def _mineral(stem: str) -> list[str]:
    """The parts of a name before what was set on the instrument, formulas left out."""
    parts = [p for p in re.split(r"[_\s]+", _PARENTHESES.sub("_", stem)) if p]
    end = next((k for k, p in enumerate(parts) if k and _SETTINGS.fullmatch(p)), len(parts))
    first, *rest = parts[:end] or [""]
    return [first, *(p for p in rest if not _FORMULA.fullmatch(p))]


def _word(parts: Sequence[str]) -> str:
    """Letters, digits and hyphens, lower case, without the number of a sample."""
    plain = unicodedata.normalize("NFKC", "-".join(parts)).casefold()
    words = [w for w in re.split(r"[\W_]+", plain) if w]
    return _SAMPLE.sub("", "-".join(words))[:LONGEST].strip("-")
