"""Bruker OPUS, read by brukeropus: of all that a file holds, its Raman spectra."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ...spectra.spectrum import Spectrum, SpectrumError
from ..file import File, readable
from ..sandbox import Curve, Package, curves
from ..selection import chosen
from ..to_spectrum import to_spectrum
from . import Sureness

LABEL = "Bruker OPUS"
SURENESS = Sureness.SIGNATURE

UNITS = {"WN": "cm", "MI": "um"}
TOLD = {"snm": "sample", "sfm": "form", "ins": "instrument", "res": "resolution"}
BLOCK, FLOATS = 10, 1  # of Raman intensities; how they are written
RAMAN = re.compile(r"ra(_\d+)?(_c)?(_\d+)?")


def recognises(data: bytes) -> bool:
    return data.startswith(b"\n\n\xfe\xfe")


def extract(path: Path) -> list[Curve]:
    from brukeropus import OPUSFile

    file = OPUSFile(str(path))
    if any(map(RAMAN.fullmatch, file.series_keys)):
        raise SpectrumError("error.several_spectra")
    raman = [getattr(file, key) for key in file.data_keys if RAMAN.fullmatch(key)]
    raman.sort(key=lambda one: one.block.start)  # as they stand in the file
    left = [*file.unmatched_data_blocks, *file.parse_error_blocks]
    # It goes on without blocks that it can't pair, beyond ten of a kind, and with whole numbers
    # taken for floats; and of what is no directory it makes an empty file.
    lost = any(block.type[3] == BLOCK for block in left)
    lost |= len(set(file.data_keys)) < len(file.data_keys)
    lost |= any(one.params.dpf != FLOATS for one in raman)
    lost |= not file.params.keys()
    if lost:
        raise ValueError("spectra that can't be read with certainty")
    general = {key: value for key, value in file.params.items() if key in {*TOLD, "rlw"}}
    return [Curve(one.x, one.y[None], general | {"unit": one.params.dxu}) for one in raman]


PACKAGE = Package("brukeropus", extract)


def read(data: bytes, name: str, column: str | int | None = None) -> Spectrum:
    """Read the Raman spectrum of an OPUS file; of several the one of this number."""
    file = File(name, LABEL)
    found = curves(PACKAGE, file, data)
    if not found:
        raise file.without_spectrum()
    curve = found[chosen({i: str(i) for i in range(1, len(found) + 1)}, column) - 1]
    meta: dict[str, Any] = {"name": name, "format": "opus"}
    for key, value in TOLD.items():
        told = curve.said.get(key)
        if told:
            meta[value] = told if isinstance(told, float) else readable(told)
    laser = curve.said.get("rlw")  # cm⁻¹
    if isinstance(laser, float) and 1e7 / 2000 < laser < 1e7 / 150:
        meta["laser_nm"] = round(1e7 / laser, 3)
    unit = str(curve.said["unit"])
    if unit not in UNITS:
        raise file.of_unit(unit)
    return to_spectrum(curve.x, curve.y[0], UNITS[unit], meta)
