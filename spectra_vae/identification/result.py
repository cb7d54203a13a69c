"""What a measurement is and how much of each, as data: :func:`spectra_vae.identify`'s answer."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..text.message import Message
from .novelty import WholeNovelty

if TYPE_CHECKING:
    from ..measure.detection.residual import Peak
    from ..measure.mixture.fractions import Fraction
    from ..measure.report.restoration import Restoration

Array = NDArray[np.float64]
Interval = tuple[float, float]

VERDICTS = ("identified", "partly", "unknown")
STANDS = 5.0  # cm⁻¹: where a band of the file is as near, a mineral's is not missing
ARRAYS = ("wavenumber", "measured", "restored", "lower", "upper", "background", "residual")


@dataclass(frozen=True, eq=False)
class Phase:
    """A mineral that the file holds.

    ``fraction``: its share of the summed band area, relative to its reference, with a 90 %
    interval (``low``, ``high``); ``mass``: its share of the mass, None where not every phase's
    table says how strongly it scatters; ``shift`` [cm⁻¹] of its strongest band on the file's axis,
    errors of the axis included; ``curve`` (N,) its bands, in the file's unit; ``perhaps``: hardly
    more than one of its bands stands out.
    """

    mineral: str
    fraction: float
    low: float
    high: float
    mass: Fraction | None
    shift: float
    curve: Array
    perhaps: bool
    restore: Callable[[], Restoration] = field(repr=False)

    @cached_property
    def restoration(self) -> Restoration:
        """The phase through its own decoder, the other phases taken off; made when asked for."""
        return self.restore()

    def to_dict(self) -> dict[str, Any]:
        return {
            "mineral": self.mineral,
            "fraction": self.fraction,
            "low": self.low,
            "high": self.high,
            "mass": None if self.mass is None else asdict(self.mass),
            "shift": self.shift,
            "perhaps": self.perhaps,
            "curve": self.curve.tolist(),
        }


@dataclass(frozen=True)
class Match:
    """A mineral that was looked at. ``score``: the log odds that the file is of it alone; ``why``:
    what speaks for it, or against it where others are better.
    """

    mineral: str
    score: float
    why: Message

    def to_dict(self) -> dict[str, Any]:
        return {"mineral": self.mineral, "score": self.score, "why": self.why.to_dict()}


@dataclass(frozen=True)
class Limit:
    """A mineral that wasn't found, and below which fraction it would be missed (95 %)."""

    mineral: str
    below: float

    def to_dict(self) -> dict[str, Any]:
        return {"mineral": self.mineral, "below": self.below}


@dataclass(frozen=True)
class MeasuredBand:
    """A band as it stands in the file; ``mineral`` None: no phase has it.

    Position and FWHM in cm⁻¹, height in the file's unit, area in both; 90 % intervals.
    """

    mineral: str | None
    name: str
    group: str
    assignment: str
    position: float
    height: float
    fwhm: float
    area: float
    position_interval: Interval
    height_interval: Interval
    fwhm_interval: Interval
    area_interval: Interval

    def to_dict(self) -> dict[str, Any]:
        return {k: list(v) if isinstance(v, tuple) else v for k, v in vars(self).items()}


@dataclass(frozen=True, eq=False)
class Identification:
    """What a file is. Arrays (N,) on its own axis, in its own unit.

    ``measured`` = ``background`` + ``restored`` + ``residual``; ``restored`` are the phases' curves
    and the bands of no phase, ``lower`` and ``upper`` bound it at 90 %. ``explained_share``: of the
    area above the background, what the phases explain. ``sentence``: the verdict in words.
    ``unexplained``: bands of no phase; ``limits``: of minerals that were not found;
    ``residual_is_noise``: what is left over looks like noise and like nothing else.
    """

    wavenumber: Array
    measured: Array
    background: Array
    restored: Array
    lower: Array
    upper: Array
    residual: Array
    residual_is_noise: bool
    phases: tuple[Phase, ...]
    candidates: tuple[Match, ...]
    verdict: str
    sentence: Message
    explained_share: float
    unexplained: tuple[Peak, ...]
    bands: tuple[MeasuredBand, ...]
    limits: tuple[Limit, ...]
    checks: tuple[Message, ...]
    settings: Mapping[str, Any]
    read: Mapping[str, Any]

    @cached_property
    def novelty(self) -> WholeNovelty | None:
        """How alien the whole is to its phases; None without a phase."""
        if not self.phases:
            return None
        own = sum(float(np.trapezoid(one.curve, self.wavenumber)) for one in self.phases)
        foreign = [(b.area, *b.area_interval) for b in self.bands if b.mineral is None]
        return WholeNovelty.of_areas(own, foreign)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; never NaN."""
        return {
            "verdict": self.verdict,
            "sentence": self.sentence.to_dict(),
            "phases": [one.to_dict() for one in self.phases],
            "candidates": [one.to_dict() for one in self.candidates],
            "explained_share": self.explained_share,
            "novelty": None if self.novelty is None else self.novelty.to_dict(),
            "limits": [one.to_dict() for one in self.limits],
            "residual_is_noise": self.residual_is_noise,
            "bands": [one.to_dict() for one in self.bands],
            "unexplained": [one.to_dict() for one in self.unexplained],
            "checks": [one.to_dict() for one in self.checks],
            "settings": dict(self.settings),
            "read": dict(self.read),
            **{name: getattr(self, name).tolist() for name in ARRAYS},
        }

    def to_csv(self) -> str:
        """A table with the verdict above it as ``#`` lines; ``read_spectrum`` reads it back."""
        out = io.StringIO()
        for key, value in self.settings.items():
            out.write(f"# {key}: {value}\n")
        out.write(f"# verdict: {self.verdict}: {self.sentence}\n")
        for phase in self.phases:
            area = _between(phase.fraction, phase.low, phase.high)
            out.write(f"# phase: {phase.mineral}, fraction of band area {area}\n")
            if phase.mass is not None:
                mass = _between(**asdict(phase.mass))
                out.write(f"# phase: {phase.mineral}, fraction of mass {mass}\n")
        if (alien := self.novelty) is not None:
            share = _between(alien.score, alien.low, alien.high)
            out.write(f"# novelty: {share} of the band area is of no phase\n")
        for limit in self.limits:
            out.write(f"# not found: {limit.mineral}, below {limit.below:.3f}\n")
        for band in self.bands:
            where = f"{band.position:.1f} cm-1, height {band.height:.5g}"
            whose = band.mineral or "unexplained"
            out.write(f"# band: {where}, fwhm {band.fwhm:.1f} cm-1, {whose}\n")
        for check in self.checks:
            out.write(f"# {check}\n")
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(("wavenumber_cm-1", *ARRAYS[1:], *(p.mineral for p in self.phases)))
        curves = [getattr(self, name) for name in ARRAYS]
        for row in zip(*curves, *(p.curve for p in self.phases), strict=True):
            rows.writerow([f"{v:.12g}" for v in row])
        return out.getvalue()


def _between(value: float, low: float, high: float) -> str:
    """A share with its interval."""
    return f"{value:.3f} ({low:.3f} to {high:.3f})"
