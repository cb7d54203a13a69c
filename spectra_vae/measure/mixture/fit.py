"""The phases of one measurement fitted together: Levenberg–Marquardt to the most probable state.

    y = background + Σ_phases gain · Σ_bands height · profile,

with one error of the axis (offset and stretch) and one extra width of the instrument for the file;
a shift and a width for each phase; a height, position and width for each band, all under priors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...minerals.profile import FOUR_LN2, at_resolution
from .part import Part
from .scan import Scan

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

# One σ of what a sample and a file may differ by from a table.
AXIS = 2.0  # cm⁻¹, the file's offset, and its stretch at either end
SHIFT = 1.0  # cm⁻¹, a phase by itself
WIDER = 0.35  # of ln FWHM, a phase by itself
BLUR = 36.0  # cm⁻², of the instrument's squared resolution (FWHM) less the tables'
SOME_BLUR = 1.0  # cm⁻², where a fit starts: at 0 itself widths aren't converted, and jump
SHARPEST, BLUREST = 0.1, 500.0  # of the tables' squared resolution; cm⁻²
HEIGHT, WIDTH = 0.6, 0.2  # of ln height and ln FWHM, a band by itself
FREE_HEIGHT, FREE_WIDTH = 2.0, 0.7  # the same, of bands that no mineral has
FILE = 3  # parameters of the file: offset, stretch, blur (of the squared resolution)
EACH = 3  # of a phase: ln gain, shift, ln width
STEPS, ENOUGH = 12, 3e-3  # at most; of the cost, what the last one may gain
LONGEST = np.array([2.0, 2.0, 20.0])  # cm⁻¹ and cm⁻² in one step


@dataclass(frozen=True, eq=False)
class Mixture:
    """Phases and where they stand in a file.

    ``file`` (3,): offset and stretch at the ends of the range [cm⁻¹], and by how much the squared
    resolution [cm⁻²] is larger than the tables'; ``phases`` (P, 3)
    ln gain, shift [cm⁻¹], ln width; ``bands`` (K, 3) ln height, position [cm⁻¹] and ln width of
    all phases' bands, in their order, relative to the table; ``background`` (B,). ``blur``: what is
    known of ``file[2]`` beforehand, and one σ.
    """

    parts: tuple[Part, ...]
    file: Array
    phases: Array
    bands: Array
    background: Array
    blur: tuple[float, float] = (0.0, BLUR)

    @cached_property
    def owner(self) -> NDArray[np.intp]:
        """(K,) the phase of each band."""
        return np.repeat(np.arange(len(self.parts)), np.array([len(p) for p in self.parts], int))

    @cached_property
    def resolution(self) -> Array:
        """(K,) cm⁻¹ at which the tabulated widths hold."""
        return np.array([p.resolution for p in self.parts], float)[self.owner]

    @cached_property
    def free(self) -> Mask:
        """(K,) the bands of no mineral."""
        return np.array([p.free for p in self.parts], dtype=bool)[self.owner]

    @property
    def minerals(self) -> range:
        """The phases that are minerals; bands of none stand behind them."""
        return range(sum(not p.free for p in self.parts))

    def column(self, name: str) -> Array:
        return np.concatenate([np.zeros(0), *(getattr(p, name) for p in self.parts)])

    @cached_property
    def tabulated(self) -> Array:
        """(K,) FWHM at the file's resolution, before phases and bands differ."""
        return self._blurred(float(self.file[2]))[0]

    def _blurred(self, blur: float) -> tuple[Array, Array]:
        base = self.resolution
        seen = np.sqrt(np.maximum(base**2 + blur, SHARPEST * base**2))
        return at_resolution(self.column("width"), self.column("mixing"), base, seen)

    def placed(self, scan: Scan) -> tuple[Array, Array, Array, Array]:
        """Positions, heights, widths and mixings (K,) as they stand in the file."""
        at = self.column("position") + self.bands[:, 1] + self.phases[self.owner, 1]
        lever = (at - scan.middle) / scan.half
        width, mixing = self._blurred(float(self.file[2]))
        narrower = self.column("width") / width  # a blurred band keeps its area
        height = self.column("height") * narrower
        height = height * np.exp(self.bands[:, 0] + self.phases[self.owner, 0])
        wide = width * np.exp(self.bands[:, 2] + self.phases[self.owner, 2])
        return at + self.file[0] + self.file[1] * lever, height, wide, mixing


@dataclass(frozen=True, eq=False)
class Fit:
    """A mixture at its best in a scan. Arrays (N,) are in the unit of the scan's y.

    ``shapes`` (N, K) the bands; ``cost`` −2 ln of the posterior, ``misfit`` the data's share of it;
    ``slopes``: of profiles of height 1 by position and by ln width, (N, K) each. Parameters (M) are
    in the order file, phases, bands, background.
    """

    scan: Scan
    mixture: Mixture
    sigma: Array
    shapes: Array
    left: Array
    cost: float
    misfit: float
    slopes: tuple[Array, Array]

    @property
    def bands(self) -> Array:
        """(N,) the sum of all bands."""
        return np.asarray(self.shapes.sum(axis=1))

    def phase(self, p: int) -> Array:
        """(N,) the bands of phase ``p``."""
        return np.asarray(self.shapes[:, self.mixture.owner == p].sum(axis=1))

    @cached_property
    def weight(self) -> Array:
        """(N,) 1/σ, for points that share their noise."""
        return _weight(self.scan, self.sigma)

    @cached_property
    def raw(self) -> Array:
        """(N, 3 K + B) slopes of the curve by ln heights, positions, ln widths and background, in
        σ.
        """
        _, height, _, _ = self.mixture.placed(self.scan)
        along, across = (slope * height for slope in self.slopes)
        whole = np.concatenate([self.shapes, along, across, self.scan.basis], axis=1)
        return np.asarray(whole * self.weight[:, None])

    @cached_property
    def curvature(self) -> Array:
        """(M, M) half the cost's second derivatives."""
        prior, _ = _prior(self.scan, self.mixture)
        gram = self.raw.T @ self.raw
        return np.asarray(self.jacobian.T @ gram @ self.jacobian + np.diag(prior + 1e-9))

    @cached_property
    def pull(self) -> Array:
        """(M,) half the cost's slope, downward."""
        prior, mean = _prior(self.scan, self.mixture)
        data = self.jacobian.T @ (self.raw.T @ (self.left * self.weight))
        return np.asarray(data - prior * (_vector(self.mixture) - mean))

    @cached_property
    def covariance(self) -> Array:
        """(M, M) of all parameters."""
        return np.asarray(np.linalg.pinv(self.curvature, hermitian=True))

    @cached_property
    def jacobian(self) -> Array:
        """(3 K + B, M): how ln heights, positions, ln widths and background follow parameters."""
        return _jacobian(self.scan, self.mixture)

    @cached_property
    def of_bands(self) -> Array:
        """(3 K, 3 K) covariance of ln heights, positions [cm⁻¹] and ln widths."""
        rows = self.jacobian[: 3 * len(self.mixture.bands)]
        return np.asarray(rows @ self.covariance @ rows.T)

    @cached_property
    def spread(self) -> Array:
        """(N,) one σ of :attr:`bands`."""
        _, height, _, _ = self.mixture.placed(self.scan)
        along, across = (slope * height for slope in self.slopes)
        slopes = np.concatenate([self.shapes, along, across], axis=1)
        variance = ((slopes @ self.of_bands) * slopes).sum(axis=1)
        return np.asarray(np.sqrt(np.maximum(variance, 0.0)))

    def curves(self, x: Array) -> Array:
        """(n, K) the bands at other wavenumbers."""
        position, height, width, mixing = self.mixture.placed(self.scan)
        return np.asarray(_shapes(x, position, width, mixing)[0] * height)


def begin(scan: Scan, parts: Sequence[Part], offset: float, gains: Sequence[float]) -> Mixture:
    """Where a fit starts: tables moved by ``offset`` cm⁻¹, as strong as ``gains``."""
    phases = np.zeros((len(parts), EACH))
    phases[:, 0] = np.log(np.maximum(gains, 1e-4))
    count = sum(len(p) for p in parts)
    file = np.array([offset, 0.0, SOME_BLUR])
    return Mixture(tuple(parts), file, phases, np.zeros((count, 3)), np.zeros(scan.basis.shape[1]))


def fit(scan: Scan, start: Mixture, sigma: Array, steps: int = STEPS) -> Fit:
    """The most probable mixture near ``start``, for errors ``sigma`` (N,) of the points."""
    here = _evaluated(scan, start, sigma)
    damping = 1e-3
    for _ in range(steps):
        gained = None
        for _ in range(4):
            there = _evaluated(scan, _moved(here, damping), sigma)
            if there.cost < here.cost:
                gained, here = here.cost - there.cost, there
                damping = max(damping / 8, 1e-7)
                break
            damping = 8 * damping
        if gained is None or gained < ENOUGH * here.cost:
            break
    return here


def _moved(here: Fit, damping: float) -> Mixture:
    """One damped step."""
    matrix = here.curvature + np.diag(damping * np.diag(here.curvature))
    step = np.linalg.solve(matrix, here.pull)
    m = here.mixture
    p, k = len(m.parts), len(m.bands)
    one, two = FILE + EACH * p, FILE + EACH * p + 3 * k
    file = m.file + np.clip(step[:FILE], -LONGEST, LONGEST)
    file[2] = np.clip(file[2], (SHARPEST - 1) * m.resolution.min(initial=1e3) ** 2, BLUREST)
    phases = m.phases + np.clip(step[FILE:one].reshape(EACH, p).T, -1.0, 1.0)
    bands = m.bands + np.clip(step[one:two].reshape(3, k).T, -1.0, 1.0)
    return replace(m, file=file, phases=phases, bands=bands, background=m.background + step[two:])


def _evaluated(scan: Scan, m: Mixture, sigma: Array) -> Fit:
    position, height, width, mixing = m.placed(scan)
    shape, *slopes = _shapes(scan.x, position, width, mixing)
    curves = shape * height
    left = scan.y - curves.sum(axis=1) - scan.basis @ m.background
    prior, mean = _prior(scan, m)
    misfit = float(np.sum((left * _weight(scan, sigma)) ** 2))
    cost = misfit + float(prior @ (_vector(m) - mean) ** 2)
    return Fit(scan, m, sigma, curves, left, cost, misfit, (slopes[0], slopes[1]))


def _weight(scan: Scan, sigma: Array) -> Array:
    return np.asarray(np.where(scan.usable, 1 / (sigma * np.sqrt(scan.shared)), 0.0))


def _vector(m: Mixture) -> Array:
    """All parameters in a row: file, phases, bands, background."""
    return np.concatenate([m.file, m.phases.T.ravel(), m.bands.T.ravel(), m.background])


def _prior(scan: Scan, m: Mixture) -> tuple[Array, Array]:
    """1/σ² and mean of every parameter."""
    p = len(m.parts)
    spread = np.concatenate(
        [
            [AXIS, AXIS, m.blur[1]],
            np.full(p, np.inf),
            np.full(p, SHIFT),
            np.full(p, WIDER),
            np.where(m.free, FREE_HEIGHT, HEIGHT),
            m.column("loose"),
            np.where(m.free, FREE_WIDTH, WIDTH),
            scan.slack,
        ]
    )
    mean = np.zeros(len(spread))
    mean[2] = m.blur[0]
    return 1 / spread**2, mean


def _jacobian(scan: Scan, m: Mixture) -> Array:
    """(3 K + B, parameters): how heights, positions, ln widths and background follow them."""
    p, k, b = len(m.parts), len(m.bands), len(m.background)
    jacobian = np.zeros((3 * k + b, FILE + EACH * p + 3 * k + b))
    rows = np.arange(k)
    at = m.column("position") + m.bands[:, 1] + m.phases[m.owner, 1]
    jacobian[k + rows, 0] = 1.0
    jacobian[k + rows, 1] = (at - scan.middle) / scan.half
    blur = float(m.file[2])
    grows = np.log(m._blurred(blur + 0.5)[0] / m.tabulated) / 0.5
    jacobian[2 * k + rows, 2] = grows
    jacobian[rows, 2] = -grows
    for j in range(EACH):
        jacobian[j * k + rows, FILE + j * p + m.owner] = 1.0
    jacobian[np.arange(3 * k), FILE + EACH * p + np.arange(3 * k)] = 1.0
    jacobian[3 * k + np.arange(b), FILE + EACH * p + 3 * k + np.arange(b)] = 1.0
    return jacobian


def _shapes(x: Array, position: Array, width: Array, mixing: Array) -> tuple[Array, Array, Array]:
    """(N, K) profiles of height 1, and their slopes by position and by ln width."""
    u = (x[:, None] - position) / width
    square = u * u
    gauss = np.where(square < 9, np.exp(-FOUR_LN2 * np.minimum(square, 9.0)), 0.0)
    lorentz = 1 / (1 + 4 * square)
    shape = mixing * lorentz + (1 - mixing) * gauss
    slope = 8 * mixing * lorentz**2 + 2 * FOUR_LN2 * (1 - mixing) * gauss  # −2 d shape / d u²
    return shape, slope * u / width, slope * square
