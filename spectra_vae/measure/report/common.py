"""Shift and width as what the bands have in common: estimates that say how far bands disagree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ...minerals.estimate import TOO_WIDE
from ...text.message import Message
from ..bands.common import (
    Alike,
    Factors,
    Places,
    Width,
    factors,
    mixings,
    places,
    scatters,
    shift,
    width,
)
from ..bands.local_fit import LocalBands
from ..bands.shapes import POSITION, WIDTH
from ..bands.together import Together
from ..fitting.fit_result import Z90
from .estimates import Estimate, Row, beyond, estimates, quantities, unknown
from .measured_bands import CERTAIN
from .scattered_bands import with_scatter
from .unknown_response import with_response

Told = tuple[str, Estimate, list[Message]]  # of a factor

Array = NDArray[np.float64]

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
    for row, found in zip(rows, with_response(rows, [estimates(r) for r in rows]), strict=True):
        measured = quantities(row)
        done.append(Common(beyond(row, found, measured), measured))
    each = {i: bands for i, bands in enumerate(local) if bands is not None}
    slits = {i: _resolution(rows[i]) for i in each}
    for resolution in dict.fromkeys(slits.values()):
        some = [i for i in each if slits[i] == resolution]
        parts = [rows[i] for i in some], [done[i] for i in some], [each[i] for i in some]
        for i, one in zip(some, _by_bands(*parts, resolution), strict=True):
            done[i] = one
    return done


def _resolution(row: Row) -> float | None:
    """The one that was told; the table's where the bands contradict it."""
    told = row.shown or row.resolution is None
    return row.resolution if told else row.mineral.resolution


def _by_bands(
    rows: Sequence[Row],
    done: Sequence[Common],
    local: Sequence[LocalBands],
    resolution: float | None,
) -> list[Common]:
    """``done`` with the position's and the width's estimate from the bands one by one."""
    model, bands = rows[0].model, LocalBands.stacked(local)
    moved, wide = places(model.mineral, bands), factors(model, bands, resolution)
    alike = _alike(moved, wide, bands)
    # A strength doesn't depend on the resolution, nor does what is said of it.
    free = wide if resolution is None else factors(model, bands, None)
    held = alike if free is wide else _alike(moved, free, bands)
    exact = np.where(bands.raw, alike.both * (wide.plain if wide else 1.0), 0.0)
    found = [one.estimates for one in done]
    found = with_scatter(rows, found, bands, scatters(moved, free), held.both)
    kept = [
        Common(estimates, _of_main(row, one.quantities, own), one.checks, float(share))
        for row, one, own, estimates, share in zip(rows, done, local, found, exact, strict=True)
    ]
    shifts = _shifts(rows, done, moved, alike.place)
    for told in (shifts, _widths(rows, done, bands, wide, alike.shape)):
        for i, (name, estimate, checks) in told.items():
            estimates = kept[i].estimates | {name: estimate}
            kept[i] = replace(kept[i], estimates=estimates, checks=(*kept[i].checks, *checks))
    return kept


def _alike(moved: Places, wide: Factors | None, bands: LocalBands) -> Alike:
    """Whether bands stand where the table has them, and are shaped as there."""
    return Alike.of(moved.evidence, wide.evidence if wide else mixings(bands))


def _of_main(row: Row, found: Mapping[str, Estimate], local: LocalBands) -> dict[str, Estimate]:
    """``found`` with position and FWHM of the strongest band as that band itself has them."""
    main = local[row.mineral.strongest]
    shown = main.above(CERTAIN) or main.top != main.bands[POSITION]
    if not (shown and found["position"].known):
        return dict(found)
    place, width = float(main.top), float(np.exp(main.bands[WIDTH]))
    away = Z90 * float(main.top_deviation)
    wider = float(np.exp(Z90 * main.deviations[WIDTH]))
    note = Message("note.main_fwhm")
    return {
        **found,
        "position": replace(found["position"], value=place, low=place - away, high=place + away),
        "fwhm": Estimate(width, width / wider, width * wider, True, note),
    }


def _known(
    effect: str, rows: Sequence[Row], done: Sequence[Common]
) -> tuple[str, dict[int, Estimate]]:
    """An effect's factor, and its estimates by row where it is known."""
    factor = rows[0].mineral.the(effect)
    if factor is None or not rows[0].carried(factor.name):
        return "", {}
    found = ((i, one.estimates[factor.name]) for i, one in enumerate(done))
    return factor.name, {i: one for i, one in found if one.known}


def _shifts(
    rows: Sequence[Row], done: Sequence[Common], moved: Places, exact: Array
) -> dict[int, Told]:
    name, known = _known("position", rows, done)
    if not known:
        return {}
    half = [row.half(name, row.fitted(name)[1]) for row in rows]
    common = shift(moved, np.array(half), Z90, exact)
    return {i: (name, *_shift(found, common[i])) for i, found in known.items()}


def _shift(found: Estimate, common: Together) -> tuple[Estimate, list[Message]]:
    assert found.value is not None
    low, value, high = (found.value + v for v in (common.low, common.value, common.high))
    words = {"shift": f"{value:+.1f}".replace("-", "−"), "half": f"{(high - low) / 2:.1f}"}
    words["scatter"] = f"{common.scatter:.1f}"
    scattered = common.exact < TELLING
    note = Message("note.scattered", {"scatter": words["scatter"]}) if scattered else found.note
    check = Message("check.scattered" if scattered else "check.shifted_together", words)
    return replace(found, low=low, value=value, high=high, note=note), [check]


def _widths(
    rows: Sequence[Row],
    done: Sequence[Common],
    local: LocalBands,
    wide: Factors | None,
    exact: Array,
) -> dict[int, Told]:
    name, known = _known("width", rows, done)
    if wide is None or not known:
        return {}
    ends = np.array([_ends(known[i]) if i in known else (0.0, 0.0, 0.0) for i in range(len(rows))])
    plain = ends[:, 1], (ends[:, 2] - ends[:, 0]) / (2 * Z90)
    common = width(wide, plain, exact, local.raw)
    return {
        i: (name, *_width(rows[i], found, common[i], bool(local.raw[i])))
        if local.known[i]
        else (name, unknown("note.smoothed"), [])
        for i, found in known.items()
    }


def _ends(one: Estimate) -> tuple[float, float, float]:
    assert one.value is not None and one.low is not None and one.high is not None
    return one.low, one.value, one.high


def _width(row: Row, found: Estimate, common: Width, raw: bool) -> tuple[Estimate, list[Message]]:
    factor = row.mineral.the("width")
    assert factor is not None
    one, checks = common.factor, [] if row.resolution else [_of_slit(common)]
    if one.high - one.low > TOO_WIDE * (factor.high - factor.low):
        return unknown("note.no_information"), checks
    note, percent = found.note, {"percent": f"{100 * one.scatter:.0f}"}
    if not raw:
        checks.append(Message("check.filter_out"))
    if raw and one.exact < TELLING:
        note = Message("note.scattered_widths", percent)
        checks.append(Message("check.scattered_widths", percent))
    return replace(found, low=one.low, value=one.value, high=one.high, note=note), checks


def _of_slit(common: Width) -> Message:
    """Which resolution the bands' widths ask for, as none was told."""
    low, value, high = (f"{v:.1f}" for v in common.resolution)
    return Message("check.resolution", {"low": low, "value": value, "high": high})
