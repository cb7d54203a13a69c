"""Restorations as rows of a table: verdict, numbers with intervals, settings."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...text.cells import cell
from .units import UNITS

if TYPE_CHECKING:
    from .restoration import Restoration

Interval = tuple[float, float, float]

SETTINGS = ("column", "model", "weights", "resolution", "version")
OF_MAIN = ("position", "fwhm")  # quantities of the strongest band
RATIO = "ratio"  # of areas, and what begins so
STRONGEST = "strongest"  # the band, in a table of minerals that call theirs otherwise
VERDICTS = ("normal", "undecided", "alien")


@dataclass(frozen=True)
class Summary:
    """One restoration in a row.

    ``main``: the name of the mineral's strongest band. ``values``: factors and quantities by name,
    each (value, low, high) with a 90 % interval, None where it is unknown. ``verdict``: one of
    ``VERDICTS``; ``foreign``: how many bands the mineral doesn't have; ``score``, ``percentile``:
    of the novelty; ``settings``: column, model, weights, resolution, version.
    """

    main: str
    values: Mapping[str, Interval | None]
    verdict: str
    score: float
    percentile: float | None
    foreign: int
    settings: Mapping[str, str]

    @classmethod
    def of(cls, r: Restoration) -> Summary:
        """The row of a restoration; the absolute intensity, which nobody can know, is left out."""
        told = {k: one for k, one in r.estimates.items() if one.note.code != "note.scale"}
        values: dict[str, Interval | None] = {}
        for name, one in {**told, **r.quantities}.items():
            known = one.value is not None and one.low is not None and one.high is not None
            values[name] = (one.value, one.low, one.high) if known else None  # type: ignore[assignment]
        return cls(
            r.mineral.main.name,
            values,
            r.novelty.verdict,
            r.novelty.score,
            r.novelty.percentile,
            sum(p.foreign for p in r.unexplained),
            {name: str(r.settings[name]) for name in SETTINGS},
        )

    def to_dict(self) -> dict[str, Any]:
        return {
            "main": self.main,
            "values": {k: None if v is None else list(v) for k, v in self.values.items()},
            "verdict": self.verdict,
            "score": self.score,
            "percentile": self.percentile,
            "foreign": self.foreign,
            "settings": dict(self.settings),
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Summary:
        """The way back.

        Raises
        ------
        KeyError, TypeError, ValueError, AttributeError
            It is no summary.
        """
        percentile = told["percentile"]
        return cls(
            str(told["main"])[:80],
            {str(k)[:40]: _interval(v) for k, v in list(told["values"].items())[:40]},
            VERDICTS[VERDICTS.index(told["verdict"])],
            float(told["score"]),
            None if percentile is None else float(percentile),
            int(told["foreign"]),
            {name: str(told["settings"][name])[:80] for name in SETTINGS},
        )


def table_csv(files: Sequence[tuple[str, Summary | str]]) -> str:
    """Files as CSV, one a row: (name, summary, or the sentence why there is none).

    Each value stands beside the ends of its 90 % interval; "unknown" is said, never left empty.
    """
    summaries = [one for _, one in files if isinstance(one, Summary)]
    names = list(dict.fromkeys(name for one in summaries for name in one.values))
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    mains = {one.main for one in summaries}
    main = mains.pop() if len(mains) == 1 else STRONGEST
    ends = [part for name in names for part in _headings(name, main)]
    verdict = ("file", "verdict", "novelty", "percentile", "unexplained_bands")
    table.writerow((*verdict, *ends, *SETTINGS, "error"))
    for file, one in files:
        told = cell(file)
        if isinstance(one, str):
            blanks = [""] * (len(verdict) - 2 + len(ends) + len(SETTINGS))
            table.writerow((told, "refused", *blanks, one))
            continue
        share = "" if one.percentile is None else f"{one.percentile:.6g}"
        cells = [cell for name in names for cell in _cells(one.values.get(name))]
        settings = [one.settings[name] for name in SETTINGS]
        judged = (one.verdict, f"{one.score:.4g}", share, one.foreign)
        table.writerow((told, *judged, *cells, *settings, ""))
    return out.getvalue()


def is_quantity(name: str) -> bool:
    """Measured without any model: of the strongest band, or a ratio of areas."""
    return name in OF_MAIN or name.split("_")[0] == RATIO


def _headings(name: str, main: str) -> tuple[str, str, str]:
    unit = f" [{UNITS[name]}]" if name in UNITS else ""
    column = f"{_plain(main)}_{name}" if name in OF_MAIN else name
    column = f"area_{column}" if is_quantity(name) and name not in OF_MAIN else column
    return f"{column}{unit}", f"{column}_low{unit}", f"{column}_high{unit}"


def _plain(main: str) -> str:
    """A band's name as a column's: ν1 is nu1."""
    return re.sub(r"[^a-z0-9]+", "_", main.replace("ν", "nu").lower()).strip("_") or STRONGEST


def _cells(value: Interval | None) -> tuple[str, str, str]:
    if value is None:
        return "unknown", "", ""
    one, low, high = (f"{v:.6g}" for v in value)
    return one, low, high


def _interval(told: Any) -> Interval | None:
    if told is None:
        return None
    value, low, high = (float(v) for v in told)
    return value, low, high
