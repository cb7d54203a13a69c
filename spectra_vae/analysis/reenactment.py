"""The original study's pictures in any model of a mineral with a strength and a width.

The study found, told by nobody, one neuron that carries the strength of a group of bands, one that
carries the bands' width, and silence in the others. Here both are looked for by scanning, whatever
they are called and whichever way they turn, and what they really do is measured. The command map
and the sensitivity are the model's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from ..minerals import Factor, Mineral
from ..storage.models import ModelError
from . import scan

Array = NDArray[np.float64]
Ends = tuple[float, float]

POSITIONS = 25  # along a slider
SHOWN = (-3.0, 0.0, 3.0)  # the codes of the study's pictures
TREMBLE = 0.005  # of the range of what a slider moves
VIRTUAL = -5.0  # and of its virtual mineral without the group; negative is the end without it


@dataclass(frozen=True)
class StrengthNeuron:
    """The neuron that carries the strength of ``group``.

    ``sign``: +1 where the area rises with the code. ``slider``: codes of the training set, and
    ``areas`` of the group at its end without and at its end with most, × the table's. ``left``:
    code → area at the study's own codes, counted from the end without. ``others_moved``: largest
    departure of the main group's area from the origin's over the slider, as a share. ``monotone``:
    the area of ``group`` is.
    """

    neuron: int
    group: str
    sign: int
    kl: float | None
    slider: Ends
    areas: Ends
    left: Mapping[str, float]
    others_moved: float
    monotone: bool


@dataclass(frozen=True)
class WidthNeuron:
    """The neuron that carries the bands' width.

    ``sign``: +1 where the bands widen with the code. ``widths``: smallest and largest FWHM of the
    strongest band over the slider, cm⁻¹, and ``span`` their ratio. ``shown``: code → FWHM at the
    study's own codes. ``areas_moved``: group → largest departure of its area from the origin's over
    the slider, as a share. ``monotone``: the width is.
    """

    neuron: int
    sign: int
    kl: float | None
    slider: Ends
    widths: Ends
    span: float
    shown: Mapping[str, float]
    areas_moved: Mapping[str, float]
    monotone: bool


@dataclass(frozen=True)
class Reenactment:
    """What was found; None where no neuron is left to carry it.

    ``silent``: neuron → KL [nats], None for a plain autoencoder. ``effects``: every neuron that
    moves a spectrum → how far it takes strength and width over its slider, 1 = as far as the
    mineral's factors do. A model that separates them has two such neurons and no other.
    """

    model: str
    strength: StrengthNeuron | None
    width: WidthNeuron | None
    silent: Mapping[int, float | None]
    effects: Mapping[int, Ends]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


class Model(scan.Model, Protocol):
    """What is asked of a model."""

    @property
    def name(self) -> str: ...


def reenact(model: Model) -> Reenactment:
    """Find the two neurons of ``model`` and measure what they do.

    Raises
    ------
    ModelError
        The mineral has no group whose strength varies, or no width.
    """
    strength, width = _factors(model.mineral)
    effects = _effects(model, strength)
    carries = _assigned(effects)
    return Reenactment(
        model=model.name,
        strength=None if carries[0] is None else _strength(model, carries[0], str(strength.group)),
        width=None if carries[1] is None else _width(model, carries[1]),
        silent={n.index: n.kl for n in model.neurons if n.silent},
        effects=effects,
    )


def study_codes(sign: int) -> Array:
    """The study's codes (4,), −5, −3, 0 and 3, mirrored where the neuron is."""
    return sign * np.array([VIRTUAL, *SHOWN])


def _factors(mineral: Mineral) -> tuple[Factor, Factor]:
    """The first strength of a group beside the main one's, and the width."""
    beside = [f for f in mineral.strengths if f.group != mineral.main.group]
    width = mineral.the("width")
    if not beside or width is None:
        raise ModelError("error.no_study", mineral=mineral.name)
    return beside[0], width


def _effects(model: Model, strength: Factor) -> dict[int, Ends]:
    """Neuron → what it makes of strength and width, for those that move a spectrum."""
    names, far = scan.properties(model.mineral), scan.reach(model.mineral)
    columns = [names.index(str(strength.group)), names.index("width")]
    found = {}
    for j in scan.moving(model):
        own, width = (np.ptp(scan.scan(model, j).measured.columns, axis=0) / far)[columns]
        found[j] = float(own), float(width)
    return found


def _assigned(effects: Mapping[int, Ends]) -> tuple[int | None, int | None]:
    """One neuron each for strength and width: those that together move most of both."""
    if not effects:
        return None, None
    moving = list(effects)
    found: list[int | None] = [None, None]
    rows, columns = linear_sum_assignment(-(np.array(list(effects.values())) ** 2))
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        found[column] = moving[row]
    return found[0], found[1]


def _strength(model: Model, neuron: int, group: str) -> StrengthNeuron:
    n, seen = model.neurons[neuron], _over_slider(model, neuron)
    own, kept = seen.areas[group], model.mineral.main.group
    sign = 1 if own[-1] > own[0] else -1
    without, most = own[[0, -1]][::sign]
    codes = study_codes(sign)
    return StrengthNeuron(
        neuron=neuron,
        group=group,
        sign=sign,
        kl=n.kl,
        slider=(n.low, n.high),
        areas=(float(without), float(most)),
        left=_by_code(sign * codes, scan.scan(model, neuron, codes).measured.areas[group]),
        others_moved=_departures(model, neuron, seen)[kept],
        monotone=_monotone(own),
    )


def _width(model: Model, neuron: int) -> WidthNeuron:
    n, seen = model.neurons[neuron], _over_slider(model, neuron)
    codes, low, high = np.array(SHOWN), float(seen.width.min()), float(seen.width.max())
    return WidthNeuron(
        neuron=neuron,
        sign=1 if seen.width[-1] > seen.width[0] else -1,
        kl=n.kl,
        slider=(n.low, n.high),
        widths=(low, high),
        span=high / low,
        shown=_by_code(codes, scan.scan(model, neuron, codes).measured.width),
        areas_moved=_departures(model, neuron, seen),
        monotone=_monotone(seen.width),
    )


def _over_slider(model: Model, neuron: int) -> scan.Measured:
    n = model.neurons[neuron]
    return scan.scan(model, neuron, np.linspace(n.low, n.high, POSITIONS)).measured


def _departures(model: Model, neuron: int, seen: scan.Measured) -> dict[str, float]:
    """Group → largest departure of its area from the origin's, as a share."""
    origin = scan.scan(model, neuron, model.origin[[neuron]]).measured.areas
    return {
        group: float(np.abs(areas / origin[group][0] - 1).max())
        for group, areas in seen.areas.items()
    }


def _monotone(values: Array) -> bool:
    """Rises or falls all the way; a flat end may tremble by half a percent of the whole."""
    steps = np.diff(values) * np.sign(values[-1] - values[0])
    return bool((steps >= -TREMBLE * np.ptp(values)).all())


def _by_code(codes: Array, values: Array) -> dict[str, float]:
    return {f"{c:g}": float(v) for c, v in zip(codes, values, strict=True)}
