"""A restored measurement as data: what :func:`spectra_vae.measure.restore.restore` returns."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...minerals import Mineral
from ...model.posterior import Posterior
from ...spectra.bands import FittedBand
from ...text.cells import comment
from ...text.message import Message
from ..detection.novelty import Novelty
from ..detection.residual import Peak
from ..fitting.noise import Noise
from ..fitting.orientation import Orientation
from .estimates import GONE, Estimate
from .sentence import Details, sentence
from .units import UNITS

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Restoration:
    """A restored measurement; arrays (N,) on the file's axis, in its unit.

    ``measured`` = ``background`` + ``explained`` + ``unexplained_curve`` + ``residual``;
    ``restored`` = ``explained`` + ``unexplained_curve``; ``lower``, ``upper`` bound it at 90 %.
    ``used`` (N,) is False where points were left out of the fit (spikes, clipped tops).
    ``mineral``: what it was restored as. ``quantities``: position and FWHM of its strongest band
    (cm⁻¹), and ratios of areas as :func:`~spectra_vae.measure.report.ratios.ratio_of` calls them.
    ``orientation``: the bands' amplitudes where the decoder alone was not enough, else None.
    ``residual_is_noise``: what is left over looks like noise and like nothing else.
    ``reach``: the ends of the model's axis, cm⁻¹; beyond them nothing is known of the mineral.
    """

    mineral: Mineral
    wavenumber: Array
    measured: Array
    restored: Array
    explained: Array
    lower: Array
    upper: Array
    background: Array
    residual: Array
    used: NDArray[np.bool_]
    gain: float
    code: Posterior
    estimates: Mapping[str, Estimate]
    quantities: Mapping[str, Estimate]
    bands: tuple[FittedBand, ...]
    unexplained: tuple[Peak, ...]
    novelty: Novelty
    checks: tuple[Message, ...]
    orientation: Orientation | None
    noise: Noise
    settings: Mapping[str, Any]
    reach: tuple[float, float]
    read: Mapping[str, Any]
    residual_is_noise: bool

    @property
    def gone(self) -> bool:
        """Nothing of the mineral stands out, or the bands are another one's."""
        return self._gone is not None

    @property
    def _gone(self) -> str | None:
        codes = (one.note.code for one in self.estimates.values())
        return next((code for code in codes if code in GONE), None)

    @property
    def sentence(self) -> Message:
        """What is said first; it follows from what is said below it."""
        why = self.novelty.why[0].code if self.novelty.why else ""
        alien = self.novelty.alien
        foreign = [p for p in self.unexplained if (p.foreign if alien else not p.group)]
        found = Details(
            self.novelty.verdict,
            why,
            self._gone,
            foreign,
            top=float(self.explained.max()),
            noise=self.residual_is_noise,
            close=all(check.code != "check.too_coarse" for check in self.checks),
        )
        return sentence(self.mineral.label, found)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; never NaN."""
        arrays = (
            "wavenumber",
            "measured",
            "restored",
            "explained",
            "lower",
            "upper",
            "background",
            "residual",
        )
        return {
            "sentence": self.sentence.to_dict(),
            "read": dict(self.read),
            **{name: getattr(self, name).tolist() for name in arrays},
            "used": self.used.tolist(),
            "residual_is_noise": self.residual_is_noise,
            "gain": self.gain,
            "code": self.code.to_dict(),
            "estimates": {name: one.to_dict() for name, one in self.estimates.items()},
            "quantities": {name: one.to_dict() for name, one in self.quantities.items()},
            "bands": [band.to_dict() for band in self.bands],
            "unexplained": [peak.to_dict() for peak in self.unexplained],
            "novelty": self.novelty.to_dict(),
            "checks": [check.to_dict() for check in self.checks],
            "orientation": None if self.orientation is None else self.orientation.to_dict(),
            "noise": {"floor": self.noise.floor, "slope": self.noise.slope},
            "settings": dict(self.settings),
            "reach": list(self.reach),
        }

    @property
    def resolution(self) -> float | None:
        """The instrument's, cm⁻¹, that was told; None: the table's was assumed."""
        told = self.settings["resolution"]
        return None if isinstance(told, str) else float(told)

    def to_csv(self) -> str:
        """A table with the settings above it as ``#`` lines; ``read_spectrum`` reads it back.

        ``used`` is 0 where a point was left out of the fit.
        """
        names = ("measured", "restored", "explained", "lower", "upper", "background", "residual")
        out = io.StringIO()
        for key, value in self.settings.items():
            out.write(comment(key, value))
        out.write(comment("result", self.sentence))
        for fix in self.read["fixes"]:
            out.write(comment("read", fix["text"]))
        for name, one in (*self.estimates.items(), *self.quantities.items()):
            shown = f"{one.value:.5g} ({one.low:.5g} to {one.high:.5g})" if one.known else "unknown"
            unit = f" {UNITS[name]}" if one.known and name in UNITS else ""
            out.write(f"# {name}: {shown}{unit}\n")
        out.write(f"# novelty: {self.novelty.score:.3f}, {self.novelty.verdict}\n")
        for band in self.bands:
            out.write(f"# band: {_measured(band)}\n")
        for peak in self.unexplained:
            out.write(f"# unexplained: {_measured(peak)}\n")
        table = csv.writer(out, lineterminator="\n")
        table.writerow(("wavenumber_cm-1", *names, "used"))
        columns = [self.wavenumber, *(getattr(self, name) for name in names)]
        for row, used in zip(zip(*columns, strict=True), self.used, strict=True):
            table.writerow([*(f"{v:.12g}" for v in row), int(used)])
        return out.getvalue()


def _measured(one: FittedBand | Peak) -> str:
    """A band's place, height, width and area, each with its 90 % interval."""
    where = _within(one.position, one.position_interval, ".1f")
    height = _within(one.height, one.height_interval, ".5g")
    fwhm = _within(one.fwhm, one.fwhm_interval, ".3g")
    size = _within(one.area, one.area_interval, ".5g")
    return f"{where} cm-1, height {height}, FWHM {fwhm} cm-1, area {size}"


def _within(value: float, interval: tuple[float, float] | None, form: str) -> str:
    """A number and, where it is known, its 90 % interval."""
    ends = "" if interval is None else f" ({interval[0]:{form}} to {interval[1]:{form}})"
    return f"{value:{form}}{ends}"
