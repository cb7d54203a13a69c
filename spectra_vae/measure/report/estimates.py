"""Factors and band quantities of fitted measurements, each with a 90 % interval, or unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...minerals import Factor, Mineral
from ...minerals.estimate import Estimate as Estimate
from ...minerals.estimate import Interval
from ...minerals.estimate import unknown as unknown
from ...text.message import Message
from ..bands.together import ENDS, HUNDREDTH, mixed
from ..fitting.fit_result import Z90, Fits
from ..fitting.grid import Model
from ..fitting.resolution import Refit
from .calibration import Calibration
from .ratios import measured_apart, ratio_of

Array = NDArray[np.float64]

# Why nothing is said of the mineral.
FAINT, ANOTHER, LACKING = GONE = ("note.no_mineral", "note.another", "note.lacking")
ROUNDING = 0.02  # log₁₀ counts
TINY = 1e-12  # of σ
SIDES = np.array([-1.0, 1.0])  # of a value
DRAWN, EMPTY = 0.02, 0.03  # of ν1: from there a curve errs as a band does; where there is none
BEYOND = 1.1  # × the area of a group at the end of its range: what a sample may have over it


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
        factor = self.mineral.the("width")
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

    def margin(self, exact: float = 0.0) -> Array:
        """(N,) half the calibrated 90 % interval of the explained curve, on the fit's axis; what
        the model draws errs by the calibration's floor, and where it draws nothing the mineral may
        have as much, unless all is as in the table, which is likely by ``exact``.
        """
        f, k = self.fits, self.k
        drawn = np.clip(f.explained[k] / (DRAWN * f.gain[k]), EMPTY, 1.0)
        least = self.calibration.floor("curve") / Z90 * f.gain[k]
        least = least * (exact * drawn + 1 - exact)
        return np.asarray(self.deviations("curve") * np.hypot(f.wider[k] * f.spread[k], least))

    # What an effect reads its factor off: see minerals.estimate.Fitted

    @property
    def tabulated(self) -> float:
        return self.mineral.resolution

    @property
    def main(self) -> dict[str, Any]:
        return {"main": self.mineral.main.name}

    def compared(self, group: str) -> dict[str, Any]:
        return {"group": self.mineral.group(group).bands, "over": self.mineral.main_group.bands}

    def fitted(self, factor: str) -> tuple[float, float]:
        value, deviation = (float(v[self.k]) for v in self.fits.factors[factor])
        return value, deviation

    def carried(self, factor: str) -> bool:
        return self.model.controls.get(factor, -1) in self.fits.grid.free

    def uncovered(self, group: str, factor: str) -> Message | None:
        if self.fits.covered[group][self.k]:
            return None
        end = self.fits.grid.x[self.fits.used[self.k]][-1]
        told = {"factor": self.named(factor)}
        if end > max(b.position for b in self.mineral.bands if b.group == group):
            return Message("note.too_few", told)
        return Message("note.not_covered", {**told, "end": f"{end:.0f}"})

    def named(self, factor: str) -> Any:
        """A factor as a sentence calls it."""
        return self.mineral.factor(factor).label or factor

    def strength(self, group: str) -> tuple[float, float] | None:
        return self.shown.strength(group) if self.shown else None

    def width(self, factor: str) -> Interval | Message | None:
        if self.refit is None:
            return None
        if self.shown is None:
            return Message("note.narrower", {"resolution": f"{self.resolution:g}"})
        return self.shown.interval(self.deviations(factor))

    def counted(self, factor: str) -> tuple[float, float]:
        f, k = self.fits, self.k
        relative = np.hypot(min(float(f.noise[k, 2]), 1.0), f.gain_std[k] / f.gain[k])
        relative *= np.sqrt(f.correlation[k])
        return self.counts, self.half(factor, float(np.hypot(relative / np.log(10), ROUNDING)))


@dataclass(frozen=True, eq=False)
class Told:
    """A ``factor``'s estimates of some files, those of ``rows`` (T,): ``low``, ``value`` and
    ``high`` (T,).
    """

    factor: Factor
    rows: list[int]
    low: Array
    value: Array
    high: Array

    @classmethod
    def of(cls, found: Sequence[Mapping[str, Estimate]], factor: Factor) -> Told:
        """Of all files that tell it."""
        some = [(i, one[factor.name]) for i, one in enumerate(found) if one[factor.name].known]
        ends = np.array([(e.low, e.value, e.high) for _, e in some], dtype=float).reshape(-1, 3)
        return cls(factor, [i for i, _ in some], *ends.T)

    def either(self, deviations: Array, first: Array) -> tuple[Array, Array]:
        """Low and high ends (T,), no nearer than those of mixtures of two cases, the first of which
        holds with that probability (T,): σ below and above the value in each, ``deviations``
        (T, 2, 2). What they gain ends with the factor's range.
        """
        shares = np.stack([first, 1 - first], axis=-1)[:, None]
        some = np.maximum(deviations, TINY)
        below, above = mixed(np.zeros_like(some), some, shares, (ENDS[-1],), HUNDREDTH)[..., 0].T
        low = np.maximum(self.value - below, self.factor.low)
        high = np.minimum(self.value + above, self.factor.high)
        return np.minimum(low, self.low), np.maximum(high, self.high)


def with_ends(
    found: Sequence[Mapping[str, Estimate]], told: Told, ends: tuple[Array, Array]
) -> list[dict[str, Estimate]]:
    """``found`` with another low and high end of what is ``told``, (T,) each."""
    kept, name = [dict(one) for one in found], told.factor.name
    for i, low, high in zip(told.rows, *(v.tolist() for v in ends), strict=True):
        kept[i][name] = replace(kept[i][name], low=low, high=high)
    return kept


def estimates(row: Row) -> dict[str, Estimate]:
    """Every factor of the mineral."""
    return {factor.name: factor.estimate(row) for factor in row.mineral.factors}


def beyond(
    row: Row, found: dict[str, Estimate], measured: Mapping[str, Estimate]
) -> dict[str, Estimate]:
    """``found`` without the strength of a group whose area lies, with certainty, beyond its range.

    Where the bands' heights are a crystal's, that may be orientation instead: then it is told.
    """
    kept = dict(found)
    for factor in row.mineral.strengths:
        ratio = measured.get(ratio_of(row.mineral, factor))
        if ratio is not None and ratio.low is not None and found[factor.name].known:
            kept[factor.name] = _within(row, factor, found[factor.name], ratio.low)
    return kept


def _within(row: Row, factor: Factor, found: Estimate, least: float) -> Estimate:
    """``found``, unless a ratio of areas of at ``least`` so much is beyond the factor's range."""
    over, under = (
        sum(b.area for b in row.mineral.bands if b.group == group)
        for group in (factor.group, row.mineral.main.group)
    )
    most = factor.high * over / under
    if least <= BEYOND * most:
        return found
    end = {"high": f"{factor.high:g}"}
    if row.oriented:
        return replace(found, note=Message("note.oriented", end))
    return unknown("note.beyond", **end)


def without_the_strongest(row: Row, found: Mapping[str, Estimate]) -> dict[str, Estimate]:
    """``found`` without what is read off the strongest band, which is two."""
    own = [row.mineral.the(effect) for effect in ("position", "width")]
    names = {factor.name for factor in own if factor is not None}
    two = unknown("note.doubled", **row.main)
    return {name: two if name in names else one for name, one in found.items()}


def without_the_position(row: Row, found: Mapping[str, Estimate]) -> dict[str, Estimate]:
    """``found`` without the shift, which ended where the model can't follow any farther."""
    factor = row.mineral.the("position")
    if factor is None:
        return dict(found)
    return {
        **found,
        factor.name: unknown("note.at_limit", low=f"{factor.low:g}", high=f"{factor.high:g}"),
    }


def without_the_stronger(
    row: Row, found: Mapping[str, Estimate], groups: set[str]
) -> dict[str, Estimate]:
    """``found`` without the known strengths of ``groups`` of which a band is beyond all range."""
    kept = dict(found)
    for factor in row.mineral.strengths:
        if factor.group in groups and found[factor.name].known:
            kept[factor.name] = unknown("note.beyond", high=f"{factor.high:g}")
    return kept


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
    ratios = {
        ratio_of(row.mineral, f): _ratio(row, str(f.group)) for f in measured_apart(row.mineral)
    }
    return found | ratios


def _ratio(row: Row, group: str) -> Estimate:
    """Area of a group whose strength varies over that of the strongest band's group."""
    m, f, k = row.mineral, row.fits, row.k
    params = row.compared(group)
    over, under = (f.areas.get(g) for g in (group, m.main.group))
    covered = f.on_main[k] >= 3 and f.covered[group][k] and f.covered[m.main.group][k]
    if over is None or under is None or under[0][k] <= 0 or not covered:
        return unknown("note.ratio_not_covered", **params)
    value = float(over[0][k] / under[0][k])
    slope = (over[1][k] - value * under[1][k]) / under[0][k]
    deviation = f.wider[k] * float(np.sqrt(max(slope @ f.covariance[k] @ slope, 0.0)))
    if row.shown and (told := row.shown.ratio(group, m.main.group)):
        value, deviation = told
    half = row.half("ratio", deviation)
    return Estimate(
        value, max(value - half, 0.0), value + half, True, Message("note.ratio", params)
    )
