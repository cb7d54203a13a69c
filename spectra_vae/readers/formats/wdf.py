"""Renishaw WiRE WDF, read by renishawWiRE: one axis, and one or many intensities."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ...spectra.spectrum import Spectrum
from ..file import File, decoded
from ..sandbox import Curve, Package, curves
from ..selection import one_or_mean
from ..to_spectrum import to_spectrum
from . import Sureness

LABEL = "Renishaw WDF"
SURENESS = Sureness.SIGNATURE

UNITS = {
    "Arbitrary": None,
    "RamanShift": "cm",
    "Wavenumber": "absolute",
    "Nanometre": "nm",
    "Micron": "um",
}


# Places in the header, bytes.
SCAN, NAMES, TITLE = slice(0x80, 0x88), slice(0xD0, 0x200), slice(0xF0, 0x190)


def recognises(data: bytes) -> bool:
    return data.startswith(b"WDF1")


def extract(path: Path) -> list[Curve]:
    from renishawWiRE import WDFReader

    class Spectra(WDFReader):  # type: ignore[misc]
        """Without maps and pictures, which nobody here needs and which not every program writes."""

        _parse_orgin_list = _parse_wmap = _parse_img = lambda self: None

    data = bytearray(path.read_bytes())
    title = decoded(bytes(data[TITLE]))
    for unneeded in (SCAN, NAMES):  # names may be in any encoding, kinds of scan may be new
        data[unneeded] = bytes(len(data[unneeded]))
    path.write_bytes(data)
    found = Spectra(str(path))
    spectra = np.reshape(found.spectra, (found.count, found.point_per_spectrum))
    said = {"unit": found.xlist_unit.name, "laser": found.laser_length, "title": title}
    return [Curve(found.xdata, spectra, said)]


PACKAGE = Package("renishawWiRE", extract)


def read(data: bytes, name: str, column: str | int | None = None) -> Spectrum:
    """Read a WDF file; of a map or a series the mean, or the spectrum of this number."""
    file = File(name, LABEL)
    (curve,) = curves(PACKAGE, file, data)
    if curve.said["unit"] not in UNITS:
        raise file.of_unit(curve.said["unit"])
    intensity, fixes = one_or_mean(curve.y, column)
    meta: dict[str, Any] = {"name": name, "format": "wdf"}
    if curve.said["title"]:
        meta["title"] = curve.said["title"]
    if 150 < curve.said["laser"] < 2000:  # nm
        meta["laser_nm"] = round(curve.said["laser"], 3)
    return to_spectrum(curve.x, intensity, UNITS[curve.said["unit"]], meta, fixes)
