"""Shift and width as what the bands have in common: estimates that say how far bands disagree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ...minerals import Factor
from ...minerals.estimate import TOO_WIDE
from ...text.message import Message
from ..bands.common import EXACT, Width, shift, width
from ..bands.local_fit import LocalBands
from ..bands.shapes import POSITION, WIDTH
from ..fitting.fit_result import Z90
from .estimates import Estimate, Row, unknown
from .measured_bands import CERTAIN

TELLING = 0.1  # of likelihood for bands that agree: where they have less, their scatter is told


@dataclass(frozen=True)
class Common:
    """``estimates`` of all factors, and what is said of how the bands agree, in ``checks``."""

    estimates: dict[str, Estimate]
    checks: tuple[Message, ...]


def in_common(row: Row, found: Mapping[str, Estimate], local: LocalBands) -> Common:
    """``found`` with the position's and the width's estimate from the bands one by one."""
    kept, told = dict(found), list[Message]()
    for effect, estimate in (("position", _shift), ("width", _width)):
        factor = row.mineral.the(effect)
        if factor is not None and kept[factor.name].known and row.carried(factor.name):
            kept[factor.name], check = estimate(row, factor, kept[factor.name], local)
            told += check
    return Common(kept, tuple(told))


def of_main(row: Row, found: Mapping[str, Estimate], local: LocalBands) -> dict[str, Estimate]:
    """``found`` with position and FWHM of the strongest band as that band itself has them."""
    main = local[row.mineral.bands.index(row.mineral.main)]
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


def _shift(
    row: Row, factor: Factor, found: Estimate, local: LocalBands
) -> tuple[Estimate, list[Message]]:
    assert found.value is not None
    half = row.half(factor.name, row.fitted(factor.name)[1])
    common = shift(row.mineral, local, half, Z90)
    low, value, high = (found.value + v for v in (common.low, common.value, common.high))
    words = {"shift": f"{value:+.1f}".replace("-", "−"), "half": f"{(high - low) / 2:.1f}"}
    words["scatter"] = f"{common.scatter:.1f}"
    scattered = common.exact < TELLING
    note = Message("note.scattered", {"scatter": words["scatter"]}) if scattered else found.note
    check = Message("check.scattered" if scattered else "check.shifted_together", words)
    return replace(found, low=low, value=value, high=high, note=note), [check]


def _width(
    row: Row, factor: Factor, found: Estimate, local: LocalBands
) -> tuple[Estimate, list[Message]]:
    assert found.value is not None and found.low is not None and found.high is not None
    told = row.resolution if row.shown or row.resolution is None else row.mineral.resolution
    if not local.known:
        return unknown("note.smoothed"), []
    plain = found.value, (found.high - found.low) / (2 * Z90)
    common = width(row.model, local, told, plain, EXACT if local.raw else 0.0)
    assert common is not None  # there is such a factor
    one, checks = common.factor, [] if row.resolution else [_of_slit(common)]
    if one.high - one.low > TOO_WIDE * (factor.high - factor.low):
        return unknown("note.no_information"), checks
    note, percent = found.note, {"percent": f"{100 * one.scatter:.0f}"}
    if not local.raw:
        checks.append(Message("check.filter_out"))
    if local.raw and one.exact < TELLING:
        note = Message("note.scattered_widths", percent)
        checks.append(Message("check.scattered_widths", percent))
    return replace(found, low=one.low, value=one.value, high=one.high, note=note), checks


def _of_slit(common: Width) -> Message:
    """Which resolution the bands' widths ask for, as none was told."""
    low, value, high = (f"{v:.1f}" for v in common.resolution)
    return Message("check.resolution", {"low": low, "value": value, "high": high})
