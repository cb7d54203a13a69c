"""Factors and band quantities of fitted measurements, each with a 90 % interval, or unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...minerals import Factor, Mineral
from ...text.message import Message
from ..fitting.fit_result import Z90, Fits
from ..fitting.grid import Model
from ..fitting.resolution import Refit
from .calibration import Calibration

Array = NDArray[np.float64]

TOO_WIDE = 0.85  # of a factor's range: an interval beyond says nothing
HIGHEST_COUNTS = 1.5  # log₁₀ beyond the factor's range: such a file was smoothed
# Why nothing is said of the mineral.
FAINT, ANOTHER, LACKING = GONE = ("note.no_mineral", "note.another", "note.lacking")
ROUNDING = 0.02  # log₁₀ counts
BEYOND = 1.1  # × the area of a group at the end of its range: what a sample may have over it


@dataclass(frozen=True)
class Estimate:
    """A value with a 90 % interval, or unknown (``known`` False, None) and why."""

    value: float | None
    low: float | None
    high: float | None
    known: bool
    note: Message

    def to_dict(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "known": self.known,
            "note": self.note.to_dict(),
        }


def unknown(code: str, **params: Any) -> Estimate:
    return Estimate(None, None, None, False, Message(code, params))


@dataclass(frozen=True, eq=False)
class Row:
    """One of B fits, its resolution and the calibration of its intervals."""

    fits: Fits
    k: int
    calibration: Calibration
    resolution: float | None

    @property
    def model(self) -> Model:
        return self.fits.grid.model

    @property
    def mineral(self) -> Mineral:
        return self.model.mineral

    @property
    def oriented(self) -> bool:
        return bool(self.fits.asked.gained[self.k] > 0)

    @property
    def counts(self) -> float:
        """log₁₀ of the counts at ν1."""
        return float(self.fits.counts[self.k])

    @cached_property
    def refit(self) -> Refit | None:
        """The fit at another resolution than the table's; None: none is given."""
        factor = self.mineral.of_effect("width")
        if factor is None or self.resolution in (None, self.mineral.resolution):
            return None
        half = self.deviations(factor.name)
        return Refit(self.fits, self.k, factor, float(self.resolution), half)

    @property
    def shown(self) -> Refit | None:
        """The refit, unless the bands contradict the resolution: then only the decoder's holds."""
        return None if self.refit is None or self.refit.found.narrower else self.refit

    def half(self, name: str, deviation: float) -> float:
        """Half the calibrated 90 % interval of a quantity with this standard deviation."""
        least = self.calibration.floor(name) / Z90
        return self.deviations(name) * float(np.hypot(deviation, least))

    def deviations(self, name: str) -> float:
        """How many standard deviations half an interval is."""
        return Z90 * self.calibration.scale(name, self.counts, self.oriented)

    @property
    def margin(self) -> Array:
        """(N,) half the calibrated 90 % interval of the explained curve, on the fit's axis."""
        f, k = self.fits, self.k
        least = self.calibration.floor("curve") / Z90 * f.gain[k]
        return np.asarray(self.deviations("curve") * np.hypot(f.wider[k] * f.spread[k], least))


def estimates(row: Row) -> dict[str, Estimate]:
    """Every factor of the mineral."""
    return {
        factor.name: _counts(row, factor) if factor.effect == "counts" else _factor(row, factor)
        for factor in row.mineral.factors
    }


def _factor(row: Row, factor: Factor) -> Estimate:
    if factor.effect == "scale":
        return unknown("note.scale")
    neuron = row.model.controls.get(factor.name)
    free = row.fits.grid.free
    if neuron is None or neuron not in free:
        return unknown("note.no_neuron")
    if factor.effect == "strength" and not row.fits.covered[factor.group][row.k]:
        end = row.fits.grid.x[row.fits.used[row.k]][-1]
        own = [b.position for b in row.mineral.bands if b.group == factor.group]
        if end > max(own):
            return unknown("note.too_few", factor=factor.name)
        return unknown("note.not_covered", end=f"{end:.0f}", factor=factor.name)
    value, deviation = (float(v[row.k]) for v in row.fits.factors[factor.name])
    if factor.effect == "strength" and row.shown and (told := row.shown.strength(factor.group)):
        value, deviation = min(max(told[0], factor.low), factor.high), told[1]
    half = row.half(factor.name, deviation)
    low, high = max(value - half, factor.low), min(value + half, factor.high)
    note = Message("note." + factor.effect)
    if factor.effect == "width":
        given = row.resolution
        if row.refit is not None:
            if row.shown is None:
                return unknown("note.narrower", resolution=f"{given:g}")
            low, value, high = row.shown.interval(row.deviations(factor.name))
        taken = {"resolution": f"{given or row.mineral.resolution:g}"}
        note = Message("note.width" if given else "note.width_assumed", taken)
    if high - low > TOO_WIDE * (factor.high - factor.low):
        return unknown("note.no_information")
    return Estimate(value, low, high, True, note)


def beyond(
    row: Row, found: dict[str, Estimate], measured: Mapping[str, Estimate]
) -> dict[str, Estimate]:
    """``found`` without the strength of a group whose area lies, with certainty, beyond its range.

    Where the bands' heights are a crystal's, that may be orientation instead: then it is told.
    """
    factor, ratio = row.mineral.of_effect("strength"), measured.get("ratio")
    if factor is None or ratio is None or ratio.low is None or not found[factor.name].known:
        return found
    over, under = (
        sum(b.area for b in row.mineral.bands if b.group == group)
        for group in (factor.group, row.mineral.main.group)
    )
    most = factor.high * over / under
    if ratio.low <= BEYOND * most:
        return found
    end = {"high": f"{factor.high:g}"}
    if row.oriented:
        told = replace(found[factor.name], note=Message("note.oriented", end))
        return {**found, factor.name: told}
    return {**found, factor.name: unknown("note.beyond", **end)}


def _counts(row: Row, factor: Factor) -> Estimate:
    value, error = row.counts, float(row.fits.noise[row.k, 2])
    if not -0.5 <= value <= factor.high + HIGHEST_COUNTS:
        return unknown("note.noiseless")
    k = row.k
    relative = np.hypot(min(error, 1.0), row.fits.gain_std[k] / row.fits.gain[k])
    relative *= np.sqrt(row.fits.correlation[k])
    half = row.half(factor.name, float(np.hypot(relative / np.log(10), ROUNDING)))
    return Estimate(value, value - half, value + half, True, Message("note.counts"))


def quantities(row: Row) -> dict[str, Estimate]:
    """Position and FWHM of the strongest band, and the ratio of two groups' areas."""
    f, k, main = row.fits, row.k, row.mineral.main
    notes = {"position": Message("note.main_position"), "fwhm": Message("note.main_fwhm")}
    if f.on_main[k] < 3:
        missing = unknown("note.main_not_covered", position=f"{main.position:.0f}")
        found = dict.fromkeys(notes, missing)
    else:
        n = f.codes.shape[1]
        own = f.covariance[k, :n, :n]
        values = (main.position + f.main.shift[k], main.width * f.main.width[k])
        slopes = (f.main.shift_slope[k], main.width * f.main.width_slope[k])
        found = {}
        for name, value, slope in zip(notes, values, slopes, strict=True):
            half = row.half(name, f.wider[k] * float(np.sqrt(max(slope @ own @ slope, 0.0))))
            low = max(value - half, 0.0)
            found[name] = Estimate(float(value), low, value + half, True, notes[name])
        if row.shown:
            low, value, high = row.shown.width(row.deviations("fwhm"))
            told = {"resolution": f"{row.resolution:g}"}
            found["fwhm"] = Estimate(value, low, high, True, Message("note.main_fwhm_told", told))
    ratio = _ratio(row)
    return found if ratio is None else {**found, "ratio": ratio}


def _ratio(row: Row) -> Estimate | None:
    """Area of the group whose strength varies over that of the strongest band's group."""
    m, f, k = row.mineral, row.fits, row.k
    factor = m.of_effect("strength")
    groups = {group for group, _, _ in m.windows}
    if factor is None or not {factor.group, m.main.group} <= groups:
        return None
    params = {"over": m.main.group, "group": factor.group or ""}
    over, under = (f.areas.get(g) for g in (factor.group or "", m.main.group))
    covered = f.on_main[k] >= 3 and f.covered[factor.group][k] and f.covered[m.main.group][k]
    if over is None or under is None or under[0][k] <= 0 or not covered:
        return unknown("note.ratio_not_covered", **params)
    value = float(over[0][k] / under[0][k])
    slope = (over[1][k] - value * under[1][k]) / under[0][k]
    deviation = f.wider[k] * float(np.sqrt(max(slope @ f.covariance[k] @ slope, 0.0)))
    if row.shown and (told := row.shown.ratio(factor.group or "", m.main.group)):
        value, deviation = told
    half = row.half("ratio", deviation)
    return Estimate(
        value, max(value - half, 0.0), value + half, True, Message("note.ratio", params)
    )
