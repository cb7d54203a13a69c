"""Minerals that weren't found, and below which fraction they would be missed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..library.identify.matching import inside, is_shown
from ..measure.mixture.fitted import Fit
from ..measure.mixture.fractions import gains
from ..measure.mixture.mixture import begin
from ..measure.mixture.part import Part
from ..minerals import Mineral, mineral
from .result import Limit

Array = NDArray[np.float64]

Z95 = 1.6449  # one-sided
MOST = 8
HIDDEN = 1e-6  # of a curve's weight beside all others: it can't be told from them


def limits(done: Fit, parts: Iterable[Part], looked_at: Iterable[str]) -> tuple[Limit, ...]:
    """Of the relatives of what was found, its own family first, and of those ``looked_at``."""
    m = done.mixture
    names = [p.name for p in m.parts if not p.free]
    if not names:
        return ()
    families = {mineral(name).family for name in names} - {""}
    related = {n for name in names for n in _related(mineral(name))}
    nearest = {n: k for k, n in enumerate(looked_at)}
    total = float(np.exp(gains(done)[0][list(m.minerals)]).sum())
    found = []
    for part in parts:
        kin = mineral(part.name).family in families
        if part.name in names or not (kin or part.name in nearest or part.name in related):
            continue
        shown = inside(part, done.scan)
        if is_shown(shown, part):
            most = _most(done, shown)
            rank = (not kin, nearest.get(part.name, len(nearest)))
            found.append((rank, Limit(part.name, 1.0 if np.isinf(most) else most / (most + total))))
    return tuple(limit for _, limit in sorted(found, key=lambda pair: pair[0])[:MOST])


def _related(one: Mineral) -> set[str]:
    return {p.name for p in (*one.lookalikes, *one.neighbours)}


def _most(done: Fit, part: Part) -> float:
    """The gain that the part may have at most, at 95 %: its curve beside all that was fitted."""
    scan, m = done.scan, done.mixture
    alone = replace(begin(scan, [part], 0.0, [1.0]), file=m.file)
    curve = _curve(scan.x, alone.placed(scan)) * done.weight
    shared = done.pulled(curve)
    own = float(curve @ curve - shared @ done.covariance @ shared)
    if own <= HIDDEN:
        return float("inf")
    pulled = curve @ (done.left * done.weight)
    gain = max(float(pulled) / own, 0.0)
    return gain + Z95 / float(np.sqrt(own))


def _curve(x: Array, placed: tuple[Array, Array, Array, Array]) -> Array:
    position, height, width, mixing = placed
    u2 = ((x[:, None] - position) / width) ** 2
    gauss = np.exp(-4 * np.log(2) * np.minimum(u2, 20.0))
    return np.asarray((mixing / (1 + 4 * u2) + (1 - mixing) * gauss) @ height)
