"""The mineral's own state in a measurement: the codes of its own factors, and how sure they are.

Shift, scale and signal quality belong to the instrument and the sample and are left aside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ...minerals import Factor
from ...minerals.estimate import TOO_WIDE, Estimate, unknown
from ...spectra.spectrum import interpolate
from ...text.message import Message
from ..fitting.fit_result import Z90
from ..fitting.grid import Model
from .estimates import GONE
from .restoration import Restoration

Array = NDArray[np.float64]

FAINTEST = 1e-6  # of a file's span: a gain below means that nothing was found

# The encoder can't know better: the bands are not in the file, or not this mineral's.
LEFT_OUT = ("note.not_covered", *GONE, "note.no_neuron")


class Comparable(Model, Protocol):
    """A model that says whether it has learnt two instruments, and which weights it has."""

    digest: str

    @property
    def bridges(self) -> bool: ...


@dataclass(frozen=True)
class Reading:
    """A factor of the mineral in one measurement; ``code`` and ``std`` None where unknown."""

    estimate: Estimate
    code: float | None = None
    std: float | None = None


def states(model: Comparable, restorations: Sequence[Restoration]) -> list[dict[str, Reading]]:
    """Factor → reading for each restoration, made by ``model``.

    A model that has learnt two instruments is asked by its encoder, whose posterior knows what
    either does to a spectrum. From any other the refined estimates are taken: they know one.
    """
    if not model.bridges:
        return [
            {f.name: _refined(f, r.estimates[f.name]) for f in model.mineral.state}
            for r in restorations
        ]
    rows = [_bare(r, model.wavenumber) for r in restorations]
    q = model.encode(np.stack(rows)) if rows else None
    found = []
    for k, r in enumerate(restorations):
        assert q is not None and q.std is not None  # only variational models learn two instruments
        std = q.std[k] * np.sqrt(_sparseness(model, r.wavenumber))
        found.append(_encoded(model, r.estimates, q.mean[k], std))
    return found


def _sparseness(model: Comparable, x: Array) -> float:
    """How many of the model's points, at the strongest band, a file of fewer has one for.

    What is interpolated between its points has noise that looks lower than it is, and no news.
    """
    at = model.mineral.main.position
    own, asked = (
        np.diff(axis)[np.clip(np.searchsorted(axis, at) - 1, 0, len(axis) - 2)]
        for axis in (x, model.wavenumber)
    )
    return max(float(own / asked), 1.0)


def _bare(r: Restoration, axis: Array) -> Array:
    """The measurement without its background, in units of ν1, on the model's ``axis``."""
    bare = np.where(r.used, r.measured - r.background, r.explained)
    unit = max(r.gain, FAINTEST * float(np.ptp(r.measured)))
    return interpolate(r.wavenumber, bare / unit, axis)


def _refined(factor: Factor, one: Estimate) -> Reading:
    """A reading from an interval: in its code, where intervals are alike on both sides."""
    if one.value is None or one.low is None or one.high is None:
        return Reading(one)
    value, low, high = (float(factor.code(v)) for v in (one.value, one.low, one.high))
    return Reading(one, value, max((high - low) / (2 * Z90), 1e-6))


def _encoded(
    model: Comparable, estimates: Mapping[str, Estimate], mean: Array, std: Array
) -> dict[str, Reading]:
    found = {}
    for factor in model.mineral.state:
        fitted, neuron = estimates[factor.name], model.controls.get(factor.name)
        if neuron is None or (not fitted.known and fitted.note.code in LEFT_OUT):
            found[factor.name] = Reading(fitted)
            continue
        code, deviation = float(mean[neuron]), float(std[neuron])
        ends = code + Z90 * deviation * np.array([0.0, -1.0, 1.0])
        value, low, high = (float(v) for v in factor.value(ends))
        if high - low > TOO_WIDE * (factor.high - factor.low):
            found[factor.name] = Reading(unknown("note.no_information"))
            continue
        told = Estimate(value, low, high, True, Message("note.encoded"))
        found[factor.name] = Reading(told, code, deviation)
    return found
