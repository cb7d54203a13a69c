"""A draft whose table somebody changed by hand: what it is then, and how it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..minerals import Mineral, home, parse
from . import groups
from .draft import Draft
from .name import check_name
from .saving import save
from .table import BELOW_ONE

Array = NDArray[np.float64]

CELLS = ("position", "height", "width", "mixing", "group")


@dataclass(frozen=True, eq=False)
class Edited:
    """The mineral of a draft's changed ``table``."""

    draft: Draft
    table: Mapping[str, Any]
    mineral: Mineral

    @property
    def components(self) -> Array:
        """(K, n) each band, by its position, over the first file's axis and in its unit."""
        one = self.draft.files[0]
        return np.asarray(one.gain * self.mineral.parts(one.wavenumber - one.offset, {}))

    @property
    def residual(self) -> Array:
        """(n,) what the bands and the draft's background leave of the first file."""
        one = self.draft.files[0]
        return np.asarray(one.measured - one.background - self.components.sum(axis=0))

    def save(self, replace: bool = False) -> Mineral:
        """Keep it in the home, with the draft's reference; see :meth:`Draft.save`."""
        check_name(self.table["name"])
        bands = [{key: row[key] for key in CELLS} for row in self.table["bands"]]
        save(dict(self.table), {**self.draft.reference, "edited": bands}, home(), replace)
        return self.mineral


def edited(
    draft: Draft, rows: Sequence[Mapping[str, Any]], name: str | None = None, formula: str = ""
) -> Edited:
    """The draft with ``rows`` (each with the fields ``CELLS``) as its table. Heights are of any
    unit: the strongest becomes 1.

    Raises
    ------
    MineralError
        What can't be meant in which band.
    """
    usual = draft.table
    told = [{key: _number(row.get(key)) for key in CELLS[:-1]} for row in rows]
    listed = list(zip(told, rows, strict=True))
    whole = all(isinstance(v, float) for one in told for v in one.values())
    top = max((one["height"] for one in told if isinstance(one["height"], float)), default=1.0)
    strongest = next((k for k, one in enumerate(told) if one["height"] == top), 0)
    bands = [
        {
            "name": f"{one['position']:.0f}" if whole else f"{k + 1}",
            **one,
            "height": _relative(one["height"], top, k == strongest),
            "group": str(row.get("group")),
            "source": usual["bands"][0]["source"],
        }
        for k, (one, row) in enumerate(listed)
    ]
    known = [(b["group"], b["position"], b["width"]) for b in bands] if whole else []
    table = {**usual, "name": name or draft.name, "strongest": strongest, "bands": bands}
    table |= {"groups": groups.tables(known), "formula": formula.strip() or usual["formula"]}
    return Edited(draft, table, parse(table))


def _number(given: Any) -> Any:
    """A number as somebody typed it; what is none stays as it is, and is refused by name."""
    try:
        return float(str(given).strip().replace(",", ".").replace("\u2212", "-"))
    except ValueError:
        return given


def _relative(height: Any, top: float, strongest: bool) -> Any:
    if not isinstance(height, float) or not 0 < top < np.inf:
        return height
    return 1.0 if strongest else min(round(height / top, 5), BELOW_ONE)
