"""How much of what a knob does is not what it is for, from scans with fitted bands.

A *property* is the area of a group of bands, the width or position of the strongest band, or the
shape (what no band explains). An *effect* is the range of a property over a knob's scan, divided
by how far the mineral's own factors take it (:func:`~spectra_vae.analysis.scan.reach`).

A knob's *aim* is the single effect that explains its scan best: the strength of one group, the
scale of all groups alike, the width, or the position. Its *off-target effect* is the largest
effect that remains when the aim is taken out, in per cent of the aim's own effect: 0 for a knob
that does one thing, 100 and more for one that does several equally.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..minerals import Mineral
from .scan import Model, Scan, groups, moving, properties, reach, scan

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Aim:
    """What a scan does most purely.

    ``kind`` is a :class:`~spectra_vae.minerals.Factor`'s effect (strength, scale, width,
    position), ``group`` that of a strength; ``effect`` and ``off_target`` are shares (1 = the
    whole reach; 1 = as large as the aim's effect); ``rises`` with the code or falls. ``rest``
    property → what remains of its effect beside the aim, like ``off_target``, which is its
    largest; None for what the aim itself moves alone.
    """

    kind: str
    group: str | None
    effect: float
    off_target: float
    rises: bool
    rest: Mapping[str, float | None]


@dataclass(frozen=True, eq=False)
class Selectivity:
    """Knob × property, per cent.

    ``knobs`` (k,) the neurons that move something; ``effect`` (k, p), 100 = as far as the
    mineral's factors take that property; ``off_target`` (k,), 100 = as large as what the knob
    is for; ``aims`` (k,).
    """

    knobs: tuple[int, ...]
    properties: tuple[str, ...]
    effect: Array
    off_target: Array
    aims: tuple[Aim, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "knobs": list(self.knobs),
            "properties": list(self.properties),
            "effect": self.effect.tolist(),
            "off_target": self.off_target.tolist(),
            "aims": [{"kind": a.kind, "group": a.group} for a in self.aims],
        }


def selectivity(model: Model) -> Selectivity:
    """Scan every neuron of ``model`` that moves a spectrum and compare what it moves."""
    m = model.mineral
    scans = [scan(model, j) for j in moving(model)]
    aims = tuple(aim(m, s) for s in scans)
    effect = np.reshape([effects(m, s) for s in scans], (len(scans), len(properties(m))))
    return Selectivity(
        knobs=tuple(s.neuron for s in scans),
        properties=properties(m),
        effect=100 * effect,
        off_target=100 * np.array([a.off_target for a in aims]),
        aims=aims,
    )


def effects(mineral: Mineral, s: Scan) -> Array:
    """Range of each property over a scan, relative to the mineral's reach (properties,)."""
    return np.asarray(np.ptp(s.measured.columns, axis=0) / reach(mineral))


def aim(mineral: Mineral, s: Scan) -> Aim:
    """The single effect that leaves least of the scan ``s`` unexplained."""
    return min(_candidates(mineral, s), key=lambda a: a.off_target)


def _candidates(mineral: Mineral, s: Scan) -> list[Aim]:
    names, far = properties(mineral), reach(mineral)
    own = groups(mineral)
    changes = s.measured.columns / far
    found = []
    for k, name in enumerate(names[:-1]):  # a shape that no band has is nobody's aim
        others = [j for j in range(len(names)) if j != k]
        rest = {names[j]: changes[:, j] for j in others}
        kind = "strength" if name in own else name
        found.append(_aim(kind, name if name in own else None, changes[:, k], rest, names))
    scale = mineral.the("scale")
    alike = s.measured.total / (scale.high - scale.low if scale else 1.0)
    left = changes.copy()
    left[:, : len(own)] -= s.measured.total[:, None] / far[: len(own)]
    found.append(_aim("scale", None, alike, dict(zip(names, left.T, strict=True)), names))
    return found


def _aim(
    kind: str,
    group: str | None,
    target: Array,
    rest: Mapping[str, Array],
    names: tuple[str, ...],
) -> Aim:
    """``target`` (K,) the aim's own property along the scan, ``rest`` what it leaves of others."""
    effect = float(np.ptp(target))
    share = {name: float(np.ptp(left)) / max(effect, 1e-12) for name, left in rest.items()}
    rises = bool(target[-1] > target[0])
    return Aim(kind, group, effect, max(share.values()), rises, {n: share.get(n) for n in names})
