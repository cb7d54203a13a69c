"""Galactic (Thermo, GRAMS) SPC, read by spc-io: an axis or its two ends, one or many subfiles."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ...spectra.spectrum import Array, Spectrum, SpectrumError
from ...text.message import Message
from ..file import File, decoded, readable
from ..sandbox import Curve, Package, curves
from ..selection import chosen, one_or_mean
from ..text import header
from ..text.names import axis_unit
from ..to_spectrum import to_spectrum
from . import Sureness

LABEL = "Galactic SPC"
SURENESS = Sureness.CLUES

# The version is a letter: new, or new with the bytes in the other order, or old.
READ, NOT_READ = {0x4B}, {0x4C, 0x4D}
FLOATS = -128  # this exponent says that the intensities are floats
RANDOM = 8  # a flag: subfiles at times in no order
OWN_AXES = 64  # a flag; where all share one, POINTS is their number, otherwise a place in the file
POINTS, COUNT, LOG = slice(4, 8), slice(24, 28), slice(248, 252)  # where in the header
UNITS = {"XWAVEN": "cm", "XUMETR": "um", "XNMETR": "nm", "XRAMANS": "cm"}
NO_UNIT = {"XARB", "ZTEXTL", "XDIODE", "XCHANL", "XPOINT", "XDBLIGM"}  # a label may tell
LOG_LINES = 200


def recognises(data: bytes) -> bool:
    # The zeros of the binary header have to confirm the letter.
    return len(data) >= 256 and data[1] in READ | NOT_READ and b"\0" in data[:32]


def extract(path: Path) -> list[Curve]:
    file = _opened(path.read_bytes())
    head = file.main_header
    log = file.log_book.txt.decode("cp1252", "replace").splitlines()
    said: dict[str, Any] = {
        "unit": str(head.fxtype),
        "label": decoded(head.fcatxt) if head.ftflgs.TALABS else "",
        "comment": decoded(head.fcmnt),
        "source": decoded(head.fsource),
        "log": [readable(line[:1000]) for line in log[:LOG_LINES]],
    }
    intensities = [_intensity(head, sub) for sub in file.subs]
    if head.ftflgs.TXYXYS:
        pairs = zip(file.subs, intensities, strict=True)
        own = [Curve(sub.xarray, y[None], {}) for sub, y in pairs]
        return [replace(own[0], said=said), *own[1:]]
    x = file.xarray if head.ftflgs.TXVALS else np.linspace(head.ffirst, head.flast, head.fnpts)
    return [Curve(x, np.stack(intensities), said)]


def _opened(data: bytes) -> Any:
    from spc_io import SpcRaw

    given = bytearray(data)
    given[0] &= 255 - RANDOM  # times are of no interest, but their order stops spc-io
    if not any(given[COUNT]):
        given[COUNT] = b"\1\0\0\0"
    try:
        return SpcRaw.from_bytes_io(io.BytesIO(given))
    except ValueError:  # what follows the spectra stands elsewhere or is cut: better without
        given[LOG] = bytes(4)
        if given[0] & OWN_AXES:
            given[POINTS] = bytes(4)
        return SpcRaw.from_bytes_io(io.BytesIO(given))


def _intensity(head: Any, sub: Any) -> Array:
    """Of a single spectrum, the header's exponent counts and not its own."""
    y = np.asarray(sub.yarray, np.float64)
    own = sub.header.subexp
    if head.ftflgs.TMULTI or head.fexp == FLOATS:
        return y
    if own == FLOATS:
        raise ValueError("floats or not")
    return np.asarray(y * 2.0 ** (head.fexp - own))


PACKAGE = Package("spc_io", extract)


def read(data: bytes, name: str, column: str | int | None = None) -> Spectrum:
    """Read an SPC file; of several subfiles on one axis the mean, or the one of this number."""
    file = File(name, LABEL)
    if data[1] in NOT_READ:
        raise SpectrumError("error.old_spc", name=name)
    found = curves(PACKAGE, file, data)
    said = found[0].said
    unit = _unit(file, said)
    meta = _meta(name, said)
    if len(found) == 1:
        intensity, fixes = one_or_mean(found[0].y, column)
        return to_spectrum(found[0].x, intensity, unit, meta, fixes)
    wanted = chosen({i: str(i) for i in range(1, len(found) + 1)}, column)
    fix = Message("fix.one_spectrum", {"number": wanted, "count": len(found)})
    return to_spectrum(found[wanted - 1].x, found[wanted - 1].y[0], unit, meta, (fix,))


def _unit(file: File, said: Any) -> str | None:
    if said["unit"] not in UNITS.keys() | NO_UNIT:
        raise file.of_unit(said["unit"].removeprefix("X"))
    return UNITS.get(said["unit"]) or axis_unit(said["label"])


def _meta(name: str, said: Any) -> dict[str, Any]:
    """What the log and the header say; never more keys than a text file's header may have."""
    told = header.metadata(said["log"])
    laser = header.laser(told, said["log"])
    meta: dict[str, Any] = header.kept(told, header.MAX_KEYS - 6)  # for ours and 'clipped'
    meta |= {"name": name, "format": "spc"}
    for key in ("comment", "source"):
        if said[key]:
            meta[key] = said[key]
            laser = laser or header.laser({}, [said[key]])
    if laser is not None:
        meta["laser_nm"] = laser
    return meta
