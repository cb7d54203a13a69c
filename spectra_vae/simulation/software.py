"""What an instrument's software does before it writes a file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import convolve1d

from .nuisances import Nuisances

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Whole = NDArray[np.intp]

# Points and degree: means, then Savitzky and Golay 1964, Anal. Chem. 36:1627.
FILTERS = ((3, 0), (5, 0), (7, 0), (5, 2), (7, 2), (9, 2), (11, 2), (9, 4), (15, 4))
APART = (2, 3, 4)  # points between measured ones, the measured one counted
SEAM, OVERLAP = 0.1, 60.0  # σ of the step; widest overlap, cm⁻¹
BITS = (7.0, 12.0)


@dataclass(frozen=True, eq=False)
class Software:
    """Of n files: ``apart`` (n,), every how many points one was measured; ``cubic`` (n,), how the
    others were filled in; ``filter`` (n,), index of :data:`FILTERS`, −1 for none.
    """

    x: Array
    apart: Whole
    cubic: Mask
    filter: Whole

    @classmethod
    def draw(
        cls,
        switches: Nuisances,
        x: Array,
        resolution: Array,
        main: float,
        rng: dict[str, np.random.Generator],
    ) -> Software:
        """Measured points stand no farther apart than ``resolution`` (n,) [FWHM, cm⁻¹] at ``main``,
        but for every second one.
        """
        n, filling, smoothing = len(resolution), rng["interpolation"], rng["smoothing"]
        step = np.abs(np.gradient(x))[np.argmin(np.abs(x - main))]
        most = np.maximum(resolution / step, APART[0]).astype(int)
        apart = np.minimum(filling.choice(APART, n), most)
        apart = np.where(filling.random(n) < switches.interpolation, apart, 1)
        which = smoothing.integers(len(FILTERS), size=n)
        which = np.where(smoothing.random(n) < switches.smoothing, which, -1)
        return cls(x, apart, filling.random(n) < 0.5, which)

    def apply(self, y: Array) -> Array:
        """``y`` (n, N) filled in, then smoothed: a linear operator, row by row."""
        out = y.copy()
        for apart in APART:
            for cubic in (False, True):
                some = (self.apart == apart) & (self.cubic == cubic)
                if some.any():
                    out[some] = filled(self.x, out[some], apart, cubic)
        for k, (points, degree) in enumerate(FILTERS):
            some = self.filter == k
            if some.any():
                out[some] = convolve1d(out[some], kernel(points, degree), axis=1, mode="nearest")
        return out

    def reached(self, mask: Mask) -> Mask:
        """(n, N) True where the file holds anything of the points ``mask`` (n, N)."""
        some = mask.any(axis=1) & ((self.apart > 1) | (self.filter >= 0))
        if not some.any():
            return mask
        out = mask.copy()
        part = Software(self.x, self.apart[some], self.cubic[some], self.filter[some])
        out[some] = np.abs(part.apply(mask[some].astype(float))) > 1e-3
        return out


def filled(x: Array, y: Array, apart: int, cubic: bool) -> Array:
    """``y`` (n, N) of which only every ``apart``-th point was measured."""
    from scipy.interpolate import make_interp_spline  # 0.1 s: not at the package's own import

    pixels = np.arange(0, len(x), apart)
    inner = np.clip(x, *sorted((x[0], x[pixels[-1]])))
    order = np.argsort(x[pixels])
    at = x[pixels][order]
    spline = make_interp_spline(at, y[:, pixels[order]], 3 if cubic else 1, axis=1)
    return np.asarray(spline(inner))


@lru_cache
def kernel(points: int, degree: int) -> Array:
    """A polynomial's value in the middle of a window, as weights of its points."""
    offsets = np.arange(points) - points // 2
    return np.asarray(np.linalg.pinv(np.vander(offsets, degree + 1))[-1])


@dataclass(frozen=True, eq=False)
class Seams:
    """Of n files: ``gain`` (n, N) and ``offset`` (n, N) of each point of ``x``; 1 and 0 where
    nothing was stitched.
    """

    x: Array
    gain: Array
    offset: Array

    @classmethod
    def draw(
        cls, probability: float, n: int, x: Array, unit: Array, rng: np.random.Generator
    ) -> Seams | None:
        """Both ranges' points alternate where they overlap; ``unit`` (n,) is a file's own height.
        None: nothing is stitched.
        """
        if not probability:
            return None
        stitched = rng.random(n) < probability
        low, high = float(x.min()), float(x.max())
        at = rng.uniform(low + 0.2 * (high - low), high - 0.2 * (high - low), n)
        half = rng.uniform(0, OVERLAP / 2, n) * (rng.random(n) < 0.5)
        factor, step = np.exp(rng.normal(0, SEAM, n)), rng.normal(0, SEAM, n) * unit
        distance = x - at[:, None]
        alternate = (np.abs(distance) < half[:, None]) & (np.arange(len(x)) % 2 == 1)
        later = ((distance >= half[:, None]) | alternate) & stitched[:, None]
        gain, offset = np.ones(later.shape), np.zeros(later.shape)
        np.copyto(gain, factor[:, None], where=later)
        np.copyto(offset, step[:, None], where=later)
        return cls(x, gain, offset)

    def gain_at(self, position: Array) -> Array:
        """(n, K) at the points nearest to ``position`` (n, K)."""
        order = np.argsort(self.x)
        middles = (self.x[order][1:] + self.x[order][:-1]) / 2
        nearest = order[np.searchsorted(middles, position)]
        return np.take_along_axis(self.gain, nearest, axis=1)


def quantise(y: Array, probability: float, rng: np.random.Generator) -> Array:
    """Some rows of ``y`` (n, N) rounded, in place; the steps (n,), 0 for none."""
    n = len(y)
    chosen, bits = rng.random(n) < probability, rng.uniform(*BITS, n)
    step = np.where(chosen, np.max(np.abs(y), axis=1) * 2.0**-bits, 0.0)
    some = step > 0
    y[some] = np.round(y[some] / step[some, None]) * step[some, None]
    return step
