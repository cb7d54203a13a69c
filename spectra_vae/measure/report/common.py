"""Shift and width as what the bands have in common: estimates that say how far bands disagree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...minerals import Factor
from ...minerals.estimate import TOO_WIDE
from ...text.message import Message
from ..bands.common import EXACT, Width, shift, width
from ..bands.local_fit import LocalBands
from ..bands.shapes import POSITION, WIDTH
from ..bands.together import Together
from ..fitting.fit_result import Z90
from .estimates import Estimate, Row, beyond, estimates, quantities, unknown
from .measured_bands import CERTAIN
from .unknown_response import with_response

Told = tuple[Estimate, list[Message], float]  # the last: how likely no band is off by itself

TELLING = 0.1  # of likelihood for bands that agree: where they have less, their scatter is told


@dataclass(frozen=True)
class Common:
    """What a file says if the mineral is there: ``estimates`` of all factors, ``quantities``, and
    how its bands agree, in ``checks``. ``exact``: how likely the bands are all as in the table.
    """

    estimates: dict[str, Estimate]
    quantities: dict[str, Estimate]
    checks: tuple[Message, ...] = ()
    exact: float = 0.0


def in_common(rows: Sequence[Row], local: Sequence[LocalBands | None]) -> list[Common]:
    """By the fits that hold a file's bands together and, where each was measured, by all bands."""
    done = []
    for row in rows:
        measured = quantities(row)
        found = with_response(row, estimates(row))
        done.append(Common(beyond(row, found, measured), measured))
    each = {i: bands for i, bands in enumerate(local) if bands is not None}
    told = _by_bands([rows[i] for i in each], [done[i] for i in each], list(each.values()))
    for i, one in zip(each, told, strict=True):
        done[i] = one
    return done


def _by_bands(rows: Sequence[Row], done: list[Common], local: Sequence[LocalBands]) -> list[Common]:
    """``done`` with the position's and the width's estimate from the bands one by one."""
    done = [
        replace(one, quantities=_of_main(row, one.quantities, bands), exact=1.0)
        for row, one, bands in zip(rows, done, local, strict=True)
    ]
    for effect, told in (("position", _shifts), ("width", _widths)):
        factor = rows[0].mineral.the(effect) if rows else None
        if factor is None or not rows[0].carried(factor.name):
            continue
        found = [one.estimates[factor.name] for one in done]
        some = [i for i, one in enumerate(found) if one.known]
        parts = [rows[i] for i in some], [found[i] for i in some], [local[i] for i in some]
        known = dict(zip(some, told(factor, *parts), strict=True))
        for i, one in enumerate(done):
            estimate, checks, exact = known.get(i, (found[i], [], 0.0))
            done[i] = Common(
                one.estimates | {factor.name: estimate},
                one.quantities,
                (*one.checks, *checks),
                one.exact * exact,
            )
    return done


def _of_main(row: Row, found: Mapping[str, Estimate], local: LocalBands) -> dict[str, Estimate]:
    """``found`` with position and FWHM of the strongest band as that band itself has them."""
    main = local[row.mineral.strongest]
    if not main.above(CERTAIN) or not found["position"].known:
        return dict(found)
    half = Z90 * np.sqrt(np.diagonal(main.covariance))
    place, width = float(main.bands[POSITION]), float(np.exp(main.bands[WIDTH]))
    away, wider = float(half[POSITION]), float(np.exp(half[WIDTH]))
    note = Message("note.main_fwhm")
    return {
        **found,
        "position": replace(found["position"], value=place, low=place - away, high=place + away),
        "fwhm": Estimate(width, width / wider, width * wider, True, note),
    }


def _shifts(
    factor: Factor, rows: Sequence[Row], found: Sequence[Estimate], local: Sequence[LocalBands]
) -> list[Told]:
    if not rows:
        return []
    half = [row.half(factor.name, row.fitted(factor.name)[1]) for row in rows]
    common = shift(rows[0].mineral, LocalBands.stacked(local), np.array(half), Z90)
    return [_shift(*both) for both in zip(found, common, strict=True)]


def _shift(found: Estimate, common: Together) -> Told:
    assert found.value is not None
    low, value, high = (found.value + v for v in (common.low, common.value, common.high))
    words = {"shift": f"{value:+.1f}".replace("-", "−"), "half": f"{(high - low) / 2:.1f}"}
    words["scatter"] = f"{common.scatter:.1f}"
    scattered = common.exact < TELLING
    note = Message("note.scattered", {"scatter": words["scatter"]}) if scattered else found.note
    check = Message("check.scattered" if scattered else "check.shifted_together", words)
    return replace(found, low=low, value=value, high=high, note=note), [check], common.exact


def _widths(
    factor: Factor, rows: Sequence[Row], found: Sequence[Estimate], local: Sequence[LocalBands]
) -> list[Told]:
    done: list[Told] = [(unknown("note.smoothed"), [], 0.0)] * len(rows)
    told = [
        row.resolution if row.shown or row.resolution is None else row.mineral.resolution
        for row in rows
    ]
    known = [i for i, one in enumerate(local) if one.known]
    for resolution in dict.fromkeys(told[i] for i in known):
        some = [i for i in known if told[i] == resolution]
        bands = LocalBands.stacked([local[i] for i in some])
        ends = np.array([_ends(found[i]) for i in some])
        plain = ends[:, 1], (ends[:, 2] - ends[:, 0]) / (2 * Z90)
        exact = np.where(bands.raw, EXACT, 0.0)
        common = width(rows[0].model, bands, resolution, plain, exact)
        assert common is not None  # there is such a factor
        for i, one in zip(some, common, strict=True):
            done[i] = _width(rows[i], factor, found[i], one, bool(local[i].raw))
    return done


def _ends(one: Estimate) -> tuple[float, float, float]:
    assert one.value is not None and one.low is not None and one.high is not None
    return one.low, one.value, one.high


def _width(row: Row, factor: Factor, found: Estimate, common: Width, raw: bool) -> Told:
    one, checks = common.factor, [] if row.resolution else [_of_slit(common)]
    if one.high - one.low > TOO_WIDE * (factor.high - factor.low):
        return unknown("note.no_information"), checks, one.exact
    note, percent = found.note, {"percent": f"{100 * one.scatter:.0f}"}
    if not raw:
        checks.append(Message("check.filter_out"))
    if raw and one.exact < TELLING:
        note = Message("note.scattered_widths", percent)
        checks.append(Message("check.scattered_widths", percent))
    return replace(found, low=one.low, value=one.value, high=one.high, note=note), checks, one.exact


def _of_slit(common: Width) -> Message:
    """Which resolution the bands' widths ask for, as none was told."""
    low, value, high = (f"{v:.1f}" for v in common.resolution)
    return Message("check.resolution", {"low": low, "value": value, "high": high})
