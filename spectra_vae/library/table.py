"""A fitted band table as a mineral's table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..text.message import Message, say
from . import groups
from .parts import SMALLEST, DraftBand, DraftFile

UNKNOWN_FORMULA = "–"
BELOW_ONE = 0.9999  # exactly one band has the height 1
LONGEST_SOURCE = 200
HEARD = 2.0  # times the noise of a point: the height of the faintest band that is found


def table_of(
    name: str, bands: Sequence[DraftBand], files: Sequence[DraftFile], date: str, resolution: float
) -> dict[str, Any]:
    """The content of the mineral's TOML file; what it leaves out, every mineral has."""
    names = ", ".join(one.name for one in files if one.name)[:LONGEST_SOURCE]
    code = "library.source" if names else "library.source_alone"
    source = say(Message(code, {"files": names, "date": date}))
    strongest = int(np.argmax([band.height for band in bands]))
    return {
        "name": name,
        "formula": UNKNOWN_FORMULA,
        "resolution": resolution,
        "strongest": strongest,
        "reference": _reference(files),
        "bands": [_row(band, k == strongest, source) for k, band in enumerate(bands)],
        "groups": groups.tables([(b.group, b.position, b.width) for b in bands]),
    }


def _reference(files: Sequence[DraftFile]) -> dict[str, Any]:
    """Of all files together: what one of them shows, the table has."""
    ends = [one.wavenumber[one.fitted][[0, -1]] - one.offset for one in files]
    faintest = max(SMALLEST, HEARD * min(one.noise for one in files))
    return {
        "files": len(files),
        "low": round(float(min(low for low, _ in ends)), 1),
        "high": round(float(max(high for _, high in ends)), 1),
        "faintest": round(min(faintest, 1.0), 4),
    }


def _row(band: DraftBand, strongest: bool, source: str) -> dict[str, Any]:
    return {
        "name": f"{band.position:.0f}",
        "position": round(band.position, 2),
        "height": 1.0 if strongest else min(round(band.height, 5), BELOW_ONE),
        "width": round(band.width, 2),
        "mixing": round(band.mixing, 3),
        "group": band.group,
        "source": source,
    }
