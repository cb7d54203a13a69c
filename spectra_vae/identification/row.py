"""Identifications as rows of a table: what a file is, in a few numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..text.cells import cell
from .result import VERDICTS, Identification, MeasuredBand

Interval = tuple[float, float, float]
Share = tuple[str, float, float, float]  # mineral, fraction and its 90 % interval

MOST_PHASES = 8
LONGEST = 400  # letters of a sentence
HEAD = ("file", "verdict", "mineral", "fraction", "fraction_low", "fraction_high")
BAND = ("position [cm-1]", "position_low [cm-1]", "position_high [cm-1]")
WIDTH = ("fwhm [cm-1]", "fwhm_low [cm-1]", "fwhm_high [cm-1]")
REST = ("bands", "bands_of_no_phase", "explained_share", "sentence")


@dataclass(frozen=True)
class Row:
    """One file. ``sentence``: the verdict in the reader's words; ``phases``: their shares;
    ``position`` and ``fwhm`` [cm⁻¹] of the tallest band, each (value, low, high); ``bands`` that
    stand in the file, ``foreign``: those of no phase; ``explained``: share of the signal.
    """

    verdict: str
    sentence: str
    phases: tuple[Share, ...]
    position: Interval | None
    fwhm: Interval | None
    bands: int
    foreign: int
    explained: float

    @classmethod
    def of(cls, found: Identification, sentence: str) -> Row:
        whose = [b for b in found.bands if b.mineral] or found.bands
        tallest = max(whose, key=lambda b: b.height, default=None)
        return cls(
            found.verdict,
            sentence[:LONGEST],
            tuple((p.mineral, p.fraction, p.low, p.high) for p in found.phases),
            None if tallest is None else (tallest.position, *tallest.position_interval),
            None if tallest is None else _width(tallest),
            len(found.bands),
            len(found.unexplained),
            found.explained_share,
        )

    @property
    def only(self) -> str | None:
        """The one mineral of the file, if it is one."""
        return self.phases[0][0] if len(self.phases) == 1 else None

    def to_dict(self) -> dict[str, Any]:
        return {k: [*map(_plain, v)] if isinstance(v, tuple) else v for k, v in vars(self).items()}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Row:
        """The way back.

        Raises
        ------
        KeyError, TypeError, ValueError, AttributeError
            It is no row.
        """
        return cls(
            VERDICTS[VERDICTS.index(told["verdict"])],
            str(told["sentence"])[:LONGEST],
            tuple(_share(one) for one in list(told["phases"])[:MOST_PHASES]),
            _interval(told["position"]),
            _interval(told["fwhm"]),
            int(told["bands"]),
            int(told["foreign"]),
            float(told["explained"]),
        )


def rows_csv(files: Sequence[tuple[str, Row | str]]) -> str:
    """Files as CSV, one line a phase: (name, row, or the sentence why there is none)."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow((*HEAD, *BAND, *WIDTH, *REST))
    blank = [""] * 4
    for name, one in files:
        told = cell(name)
        if isinstance(one, str):
            table.writerow((told, "refused", *blank, *[""] * (len(BAND) + len(WIDTH) + 3), one))
            continue
        numbers = [f"{v:.6g}" for pair in (one.position, one.fwhm) for v in pair or ()] or [""] * 6
        rest = (one.bands, one.foreign, f"{one.explained:.4g}", one.sentence)
        shares = [[p[0], *(f"{v:.4g}" for v in p[1:])] for p in one.phases] or [blank]
        for share in shares:
            table.writerow((told, one.verdict, *share, *numbers, *rest))
    return out.getvalue()


def _width(band: MeasuredBand) -> Interval:
    return (band.fwhm, *band.fwhm_interval)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _share(told: Any) -> Share:
    name, value, low, high = told
    return str(name)[:80], float(value), float(low), float(high)


def _interval(told: Any) -> Interval | None:
    if told is None:
        return None
    value, low, high = (float(v) for v in told)
    return value, low, high
