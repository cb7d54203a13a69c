"""What the lines above the numbers say: keys with values, the laser, the unit of the axis."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from .names import axis_unit

MAX_KEYS = 100
KEY_LENGTH = 80
VALUE_LENGTH = 200
OURS = frozenset(  # what a Spectrum's ``meta`` says in our words: no header's
    ("clipped", "columns", "decimal", "delimiter", "encoding", "format", "laser_nm", "name")
)

_PAIR = re.compile(r"([^=:;\t,]{1,80})[=:;\t,](.*)")
_LASER = re.compile(
    r"laser|excit|pump|\bexc?\b|^wave ?length( \(nm\))?$|(λ|lambda|wave ?length)[ _]?(0|exc?|l)\b",
    re.IGNORECASE,
)
_NOT_ITS_WAVELENGTH = re.compile(r"power|level|atten|intens|time|spot|temp|polari|[mµu]w\b", re.I)
_NUMBER = re.compile(r"(?<![\d.,])(\d{3,4}(?:[.,]\d+)?)(?!\d)(?![\d.,]*\s*[mµ]?W)")
_WITH_UNIT = re.compile(r"(?<![\d.,])(\d{3,4}(?:[.,]\d+)?)\s*nm\b", re.IGNORECASE)
_SAYS_NM = re.compile(r"wave|nm|λ|lambda", re.IGNORECASE)
_IN_WAVENUMBERS = re.compile(r"(?<![\d.,])(\d{4,5}(?:[.,]\d+)?)\s*(?:cm|1/cm)", re.IGNORECASE)
_HELIUM_NEON = re.compile(r"\bHe-?Ne\b", re.IGNORECASE)
HELIUM_NEON_NM = 632.816
_LASER_RANGE = (200.0, 1700.0)  # nm
# The lasers of Raman laboratories: a bare '785nm' in a header is one of these.
_USUAL = (
    *(244, 257, 266, 325, 364, 405, 442, 457, 473, 488, 514, 515, 532, 561, 594, 633, 638),
    *(647, 660, 671, 752, 780, 785, 808, 830, 976, 980, 1030, 1064),
)
_UNIT_KEY = re.compile(
    r"^x[ _-]?(axis)?[ _-]?(units?|mode|label|data ?kind)$|^axisunit\[1\]$|^range( \(.*\))?$", re.I
)
# Programs of Ocean Optics write wavelengths and say so nowhere.
_OCEAN_OPTICS = re.compile(r"Begin (Processed )?Spectral Data|SpectraSuite|OceanView", re.I)


def metadata(lines: Sequence[str]) -> dict[str, str]:
    """'KEY=value', 'KEY,value' … as a dict of at most 100 short texts."""
    found: dict[str, str] = {}
    for line in lines:
        match = _PAIR.match(line[: KEY_LENGTH + VALUE_LENGTH + 20].lstrip("#%/ \t"))
        if match is None:
            continue
        key, value = (part.strip(' \t";,=') for part in match.groups())
        if key and value and key not in found:
            found[key[:KEY_LENGTH]] = value[:VALUE_LENGTH]
        if len(found) == MAX_KEYS:
            break
    return found


def kept(said: Mapping[str, str], room: int) -> dict[str, str]:
    """The first ``room`` entries of a header that don't take one of our own words."""
    return dict([(key, value) for key, value in said.items() if key not in OURS][:room])


def laser(meta: Mapping[str, str], lines: Sequence[str]) -> float | None:
    """The laser's wavelength in nm, from its key or from a usual laser named with its unit."""
    for key, value in meta.items():
        if not _LASER.search(key) or _NOT_ITS_WAVELENGTH.search(key):
            continue
        inverse = _IN_WAVENUMBERS.search(value)
        if inverse and 1e7 / _LASER_RANGE[1] <= _as_float(inverse[1]) <= 1e7 / _LASER_RANGE[0]:
            return round(1e7 / _as_float(inverse[1]), 3)
        if _HELIUM_NEON.search(value) and not _NUMBER.search(value):
            return HELIUM_NEON_NM
        number = _WITH_UNIT.search(value) or _NUMBER.search(value)
        if number is None:
            continue
        wavelength = _as_float(number[1])
        told = _SAYS_NM.search(key) or "nm" in number[0].lower()  # 'Laser ID: 1234' tells nothing
        if _is_usual(wavelength) or (told and _LASER_RANGE[0] <= wavelength <= _LASER_RANGE[1]):
            return wavelength
    named = (_as_float(n[1]) for line in lines for n in _WITH_UNIT.finditer(line[:1000]))
    return next(filter(_is_usual, named), None)


def unit(meta: Mapping[str, str], lines: Sequence[str]) -> str | None:
    """The unit of the axis where a key, the last header line or the program tells it."""
    for key, value in meta.items():
        if _UNIT_KEY.match(key):
            told = axis_unit(value) or axis_unit(key)
            if told:
                return told
    told = axis_unit(lines[-1]) if lines and len(lines[-1]) < VALUE_LENGTH else None
    if told in ("nm", "wavelength", "um") and re.search(r"[=:\d]", lines[-1]):
        told = None  # 'Wavelength: 532 nm' is the laser's
    if told is None and any(map(_OCEAN_OPTICS.search, lines)):
        return "nm"
    return told


def _is_usual(wavelength: float) -> bool:
    return any(abs(wavelength - usual) < 1 for usual in _USUAL)


def _as_float(digits: str) -> float:
    return float(digits.replace(",", "."))
