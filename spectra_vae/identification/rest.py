"""Is what an identification leaves over noise?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..measure.mixture.fitted import Fit
from ..spectra.saturation import KERNEL, MAD_TO_STD

Array = NDArray[np.float64]

STRETCH = 40.0  # cm⁻¹ that are looked at by themselves: a band left over fills one
FEWEST = 12  # points of a stretch that tell anything
LARGE = 2.0  # mean square, over the variance that neighbouring points ask for
CHANCE = 5.0  # σ of that ratio, where a stretch holds few points of their own


def is_noise(done: Fit) -> bool:
    """Does every stretch of the axis hold as much as its neighbouring points differ by?

    Noise grows with the light, so each stretch is compared with itself; where software smoothed a
    file, neighbours differ by less, and by as much less everywhere.
    """
    scan = done.scan
    points = max(round(STRETCH / scan.step), FEWEST)
    change, whole = _changes(done.left, scan.usable)
    if whole.sum() < FEWEST:
        return True
    typical = (MAD_TO_STD * float(np.median(np.abs(change[whole])))) ** 2
    smoothed = max(scan.noise**2 / max(typical, 1e-300), 1.0)
    for first in range(0, len(scan.x), points):
        part = slice(first, first + points)
        here, told = scan.usable[part], whole[part]
        if told.sum() < FEWEST:
            continue
        noise = max(smoothed * float(np.mean(change[part][told] ** 2)), scan.noise**2)
        ratio = float(np.mean(done.left[part][here] ** 2)) / noise
        by_chance = CHANCE * np.sqrt(2 * scan.shared / here.sum())
        if ratio > 1 + max(LARGE - 1, by_chance):
            return False
    return True


def _changes(left: Array, usable: NDArray[np.bool_]) -> tuple[Array, NDArray[np.bool_]]:
    """(N,) what each point differs by from its neighbours, as large as the noise if they share
    none, and where no neighbour was left out.
    """
    change = np.convolve(left, KERNEL, mode="same")
    near = len(KERNEL) // 2
    whole = np.convolve(usable, np.ones(len(KERNEL)), mode="same") > len(KERNEL) - 0.5
    whole[:near] = whole[len(whole) - near :] = False
    return np.asarray(change), whole
