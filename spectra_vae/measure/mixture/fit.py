"""The phases of one measurement fitted together: Levenberg–Marquardt to the most probable state.

    y = background + Σ_phases gain · Σ_bands height · profile,

with one error of the axis (offset and stretch) and one extra width of the instrument for the file;
a shift and a width for each phase; a height, position and width for each band, all under priors.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ...minerals.profile import FOUR_LN2
from .fitted import Fit, curvature, weight_of
from .mixture import BLUREST, EACH, FILE, SHARPEST, Mixture
from .scan import Scan

Array = NDArray[np.float64]

STEPS, ENOUGH = 12, 3e-3  # at most; of the cost, what the last one may gain
TRIES = 8  # of one step, each damped eight times as much as the last
LONGEST = np.array([2.0, 2.0, 20.0])  # cm⁻¹ and cm⁻² in one step


def fit(scan: Scan, start: Mixture, sigma: Array, steps: int = STEPS) -> Fit:
    """The most probable mixture near ``start``, for errors ``sigma`` (N,) of the points."""
    sheet = _Sheet(scan, start, sigma)
    here = sheet.evaluated(start)
    damping = 1e-3
    for _ in range(steps):
        matrix, pull = sheet.sloped(here)
        gained = None
        for _ in range(TRIES):
            there = sheet.evaluated(_moved(here.mixture, matrix, pull, damping))
            if there.cost < here.cost:
                gained, here = here.cost - there.cost, there
                damping = max(damping / 8, 1e-7)
                break
            damping = 8 * damping
        if gained is None or gained < ENOUGH * here.cost:
            break
    return here


class _Sheet:
    """What a fit writes its curves on, over and over: asking for memory took most of its time."""

    def __init__(self, scan: Scan, start: Mixture, sigma: Array) -> None:
        count, background = len(start.bands), scan.basis.shape[1]
        self.scan, self.sigma, self.weight = scan, sigma, weight_of(scan, sigma)
        self.prior, self.mean = start.prior(scan)
        self.raw = np.empty((3 * count + background, len(scan.x)))
        self.raw[3 * count :] = scan.basis.T * self.weight
        self.u, self.gauss, self.lorentz = np.empty((3, count, len(scan.x)))

    def evaluated(self, m: Mixture) -> Fit:
        """The mixture's curves drawn, and how well they fit."""
        position, height, width, mixing = (a[:, None] for a in m.placed(self.scan))
        u, gauss, lorentz = self.u, self.gauss, self.lorentz
        curves, along = self.raw[: len(u)], self.raw[len(u) : 2 * len(u)]
        np.subtract(self.scan.x, position, out=u)
        u /= width
        np.multiply(u, u, out=lorentz)
        np.multiply(lorentz, -FOUR_LN2, out=gauss)
        np.exp(np.maximum(gauss, -9 * FOUR_LN2, out=gauss), out=gauss)
        lorentz *= 4
        lorentz += 1
        np.reciprocal(lorentz, out=lorentz)
        np.multiply(lorentz, mixing * height, out=curves)
        curves += np.multiply(gauss, (1 - mixing) * height, out=along)
        left = self.scan.y - curves.sum(axis=0) - self.scan.basis @ m.background
        misfit = float(np.sum((left * self.weight) ** 2))
        cost = misfit + float(self.prior @ (m.vector - self.mean) ** 2)
        return Fit(self.scan, m, self.sigma, left, cost, misfit)

    def sloped(self, last: Fit) -> tuple[Array, Array]:
        """Half the cost's second derivatives (M, M) and half its slope, downward (M,), at the last
        mixture that was drawn.
        """
        m = last.mixture
        count = len(m.bands)
        _, height, width, mixing = (a[:, None] for a in m.placed(self.scan))
        curves, along, across = (self.raw[j * count : (j + 1) * count] for j in range(3))
        lorentz, falling = self.lorentz, along
        np.multiply(lorentz, lorentz, out=falling)
        falling *= 8 * mixing * height
        falling += np.multiply(self.gauss, 2 * FOUR_LN2 * (1 - mixing) * height, out=across)
        falling *= self.u  # −d curve / d u
        np.multiply(falling, self.u, out=across)
        along /= width
        self.raw[: 3 * count] *= self.weight
        followers = m.followers(self.scan)
        own = self.raw @ (last.left * self.weight)
        pull = np.concatenate([followers.T @ own, own])
        pull -= self.prior * (m.vector - self.mean)
        return curvature(self.raw, followers, self.prior), pull


def _moved(m: Mixture, matrix: Array, pull: Array, damping: float) -> Mixture:
    """One damped step."""
    damped = matrix.copy()
    damped.ravel()[:: len(matrix) + 1] *= 1 + damping
    step = np.linalg.solve(damped, pull)
    p, k = len(m.parts), len(m.bands)
    one, two = FILE + EACH * p, FILE + EACH * p + 3 * k
    file = m.file + np.clip(step[:FILE], -LONGEST, LONGEST)
    least = (SHARPEST - 1) * m.table.resolution.min(initial=1e3) ** 2
    file[2] = np.clip(file[2], least, BLUREST)
    phases = m.phases + np.clip(step[FILE:one].reshape(EACH, p).T, -1.0, 1.0)
    bands = m.bands + np.clip(step[one:two].reshape(3, k).T, -1.0, 1.0)
    return replace(m, file=file, phases=phases, bands=bands, background=m.background + step[two:])
