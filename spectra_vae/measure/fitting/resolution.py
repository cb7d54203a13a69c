"""The bands as another instrument shows them: what that changes of widths, areas and strengths."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import voigt_profile

from ...minerals import Factor
from ...minerals.profile import GAUSS_AREA, LORENTZ_AREA, at_resolution
from .crystals import spread as crystal_spread
from .fit_result import Fits
from .gauss_newton import HUBER

Array = NDArray[np.float64]
Interval = tuple[float, float, float]
Told = tuple[float, float] | None  # value and standard deviation

NEAR = 0.005  # of the factor's range: either side, for a slope
LARGEST = 0.25  # of the range: a step of the search
ROUNDS, ENOUGH = 12, 0.02  # steps at most, and how many σ are too few for one more
ENDS, FARTHER = 3, 3.0  # times that an interval's ends are moved, by this factor at most
WORSE = 1.3  # times the decoder's residuals: chance makes it 1.05
RIDGE = 1e-12  # a band that the file doesn't reach mustn't divide by zero
TINY = 1e-30


def convolved(width: float, mixing: float, tabulated: float, resolution: float) -> float:
    """FWHM, cm⁻¹, of a pseudo-Voigt as an instrument of a coarser resolution truly shows it."""
    added = resolution**2 - tabulated**2  # of squared FWHM
    lorentz, gauss = mixing * LORENTZ_AREA, (1 - mixing) * GAUSS_AREA
    sigmas = np.sqrt([added, added + width**2]) / np.sqrt(8 * np.log(2))

    def height(offset: float) -> float:
        broad = lorentz * voigt_profile(offset, sigmas[0], width / 2)
        return float(broad + gauss * voigt_profile(offset, sigmas[1], 0.0))

    return 2 * float(brentq(lambda x: height(x) - height(0.0) / 2, 0.0, width + resolution))


@dataclass(frozen=True)
class Found:
    """Where the search ended: the factor's ``value`` and its standard ``deviation``; residuals'
    ``size`` (N,) in σ and ``root`` (N,) of the points' weights; ``narrower``: such an instrument
    could not show bands as narrow as these.
    """

    value: float
    deviation: float
    size: Array
    root: Array
    narrower: bool


@dataclass(frozen=True, eq=False)
class Amplitudes:
    """Of the table's ``bands`` (bands, N): ``values`` (bands,), the file's span being 1, and their
    ``covariance`` (bands, bands).
    """

    bands: Array
    values: Array
    covariance: Array


@dataclass(frozen=True, eq=False)
class Refit:
    """Measurement k, the bands being those that an instrument of ``resolution`` (FWHM, cm⁻¹) shows.

    What the decoder found holds at the table's resolution only and can't be corrected afterwards:
    no width fits bands that an instrument made more Gaussian and broadened each by a ratio of its
    own, and which width comes nearest depends on the noise. Nor do areas: a band of a wrong shape
    finds a wrong one.

    Only ``factor``, the width's, is searched. The position stays: resolution moves no band. The
    amplitude of each band, which crystals and instruments change, and the background, which bands
    of a wrong shape have bent, follow from it by least squares. ``half``: half an interval of the
    factor, in standard deviations.

    Bands after a true convolution aren't quite pseudo-Voigt: at 10 cm⁻¹ values are 0.004 too low,
    measured. Half an interval is more than twice that at 10⁵ counts still, so it isn't widened.
    """

    fits: Fits
    k: int
    factor: Factor
    resolution: float
    half: float

    @cached_property
    def basis(self) -> Array:
        """(K, N) of the background."""
        return np.ascontiguousarray(self.fits.grid.basis.numpy().T, dtype=np.float64)

    @cached_property
    def place(self) -> dict[str, Array]:
        """The mineral's factors that put its bands where the decoder's are."""
        f, k = self.fits, self.k
        # a code tells a position three times as well as the top of a broad curve
        told = {name: f.factors.get(name, (found,))[0] for name, found in f.main.factors.items()}
        return {name: np.array(found[k]) for name, found in told.items()}

    def left(self, values: Array, root: Array) -> Array:
        """What values (C,) of the factor leave over, times ``root`` (N,): (C, N)."""
        x, mineral = self.fits.grid.x, self.fits.grid.model.mineral
        factors = {**self.place, self.factor.name: values}
        bands = mineral.parts(x, factors, resolution=self.resolution, dtype=np.float32)
        count = bands.shape[1]
        columns = np.empty((len(values), count + len(self.basis), len(x)))
        np.multiply(bands, root, out=columns[:, :count])
        np.multiply(self.basis, root, out=columns[:, count:])
        y = self.fits.measured[self.k] * root
        normal = columns @ columns.swapaxes(1, 2)
        normal += RIDGE * np.trace(normal[0]) * np.eye(len(normal[0]))
        amplitudes = np.linalg.solve(normal, (columns @ y)[..., None])
        return np.asarray(y - (amplitudes.swapaxes(1, 2) @ columns)[:, 0])

    @cached_property
    def found(self) -> Found:
        """By Gauss–Newton from the decoder's value."""
        f, best = self.factor, float(self.place[self.factor.name])
        plain = np.where(self.fits.used[self.k], self.fits.variance[self.k] ** -0.5, 0.0)
        root, span = plain, f.high - f.low
        for _ in range(ROUNDS):
            below, above = self.left(best + NEAR * span * np.array([-1.0, 1.0]), root)
            slope, rest = (above - below) / (2 * NEAR * span), (above + below) / 2
            deviation = float(1 / np.sqrt(max(slope @ slope, TINY)))
            step = -float(slope @ rest) * deviation**2
            before, best = best, best + min(max(step, -LARGEST * span), LARGEST * span)
            best = min(max(best, f.low), f.high)
            # what sticks out pulls linearly only, as it did in the fit through the decoder
            size = np.abs(rest) * plain / np.maximum(root, TINY)
            root = plain * np.sqrt(HUBER / np.maximum(size, HUBER))
            if abs(best - before) < ENOUGH * deviation:
                break
        narrower = best == f.high and step > 2 * self.half * deviation
        return Found(best, deviation, size, root, narrower or self._contradicted(size))

    def interval(self, half: float) -> Interval:
        """Low, best and high value of the factor; ``half`` in standard deviations.

        The ends are where χ² has risen by the square of ``half``, widened. It is no parabola: the
        more of a width is the instrument's, the less its own changes it.
        """
        f, best, root = self.factor, self.found.value, self.found.root
        half *= float(self.fits.wider[self.k]) * self._tenser
        away = half * self.found.deviation * np.array([-1.0, 0.0, 1.0])
        for _ in range(ENDS):
            there = self.left(np.clip(best + away, f.low, f.high), root)
            chi2 = np.square(there).sum(axis=1)
            rise = np.sqrt(np.maximum(chi2 - chi2[1], TINY))
            away *= np.clip(half / rise, 1 / FARTHER, FARTHER)
        low, _, high = np.clip(best + away, f.low, f.high)
        return float(low), best, float(high)

    def width(self, half: float) -> Interval:
        """Low, best and high FWHM of the strongest band as recorded, cm⁻¹; ``half`` as above.

        A truly convolved band is up to 2 % wider than the pseudo-Voigt that stands for it, and a
        fit can't tell which it is: between the two, and the interval holds both.
        """
        mineral = self.fits.grid.model.mineral
        mixing, tabulated = mineral.main.mixing, mineral.resolution
        ends = np.array(self.interval(half)[::-1])  # the higher the factor, the narrower
        own = mineral.main.width * self.factor.width_scale(ends)
        low, best, high = at_resolution(own, mixing, tabulated, self.resolution)[0].tolist()
        if self.resolution > tabulated:
            best = (best + convolved(own[1], mixing, tabulated, self.resolution)) / 2
            high = convolved(own[2], mixing, tabulated, self.resolution)
        return low, best, high

    @cached_property
    def widths(self) -> Array:
        """(bands,) FWHM of every band as recorded, cm⁻¹."""
        mineral = self.fits.grid.model.mineral
        own = mineral.table["width"] * self.factor.width_scale(np.array(self.found.value))
        seen = at_resolution(own, mineral.table["mixing"], mineral.resolution, self.resolution)
        return np.asarray(seen[0], dtype=np.float64)

    def strength(self, group: str | None) -> Told:
        """How strong a group is, relative to the table and the strongest band, and its deviation.

        As in ``fits.factors``, what orientation may hide is part of that, also where none shows.
        """
        mineral = self.fits.grid.model.mineral
        areas = np.array([b.area * (b.group == group) for b in mineral.bands])
        main = np.array([float(b == mineral.main) for b in mineral.bands])
        share = areas / areas.sum()
        found = self._quotient(share, main)
        if found is None:
            return None
        value, deviation = found
        hidden = float(self.fits.hidden(group)[self.k]) * value**2
        return value, float(np.sqrt(deviation**2 + hidden))

    def ratio(self, over: str, under: str) -> Told:
        """Area in one group's window over that in another's, and its deviation."""
        x, bands = self.fits.grid.x, self.amplitudes.bands
        areas = {}
        for group, (low, high) in self.fits.grid.model.mineral.spans.items():
            inside = (x >= low) & (x <= high)
            areas[group] = bands[:, inside] @ np.gradient(x[inside])
        return self._quotient(areas[over], areas[under])

    def _quotient(self, over: Array, under: Array) -> Told:
        """One sum of amplitudes over another, weights (bands,), ≥ 0; None: nothing to divide by.

        The deviation is this fit's own: the decoder's vanishes where a code saturates.
        """
        of = self.amplitudes
        below = float(under @ of.values)
        if below <= 0:
            return None
        found = float(over @ of.values) / below
        slope = (over - found * under) / below
        deviation = np.sqrt(max(float(slope @ of.covariance @ slope), 0.0))
        return max(found, 0.0), float(self.fits.wider[self.k] * self._tenser * deviation)

    @cached_property
    def amplitudes(self) -> Amplitudes:
        """Of the bands at the value that was found.

        As in the decoder's fits: groups are as strong as they are, but within them the table's
        proportions hold, unless orientation showed; then each band may differ.
        """
        f, k, root = self.fits, self.k, self.found.root
        x, mineral = f.grid.x, f.grid.model.mineral
        factors = {**self.place, self.factor.name: np.array(self.found.value)}
        bands = mineral.parts(x, factors, resolution=self.resolution)
        groups = mineral.free_groups
        of = [b.group if b.group in groups else None for b in mineral.bands]
        mix = np.array([[float(g == one) for g in of] for one in dict.fromkeys([None, *groups])])
        precision = np.zeros(len(mix) + len(self.basis))
        if f.asked.gained[k] > 0:
            own = np.delete(np.eye(len(of)), mineral.bands.index(mineral.main), axis=0)
            spread = np.full(len(own), max(crystal_spread(mineral) * f.gain[k], TINY))
            mix, precision = np.vstack([mix, own]), np.insert(precision, len(mix), spread**-2)
        columns = np.vstack([mix @ bands, self.basis]) * root
        normal = columns @ columns.T + np.diag(precision)
        normal += RIDGE * np.trace(normal) * np.eye(len(normal))
        inverse, some = np.linalg.inv(normal), slice(len(mix))
        values = (inverse @ (columns @ (self.fits.measured[self.k] * root)))[some] @ mix
        return Amplitudes(bands, values, mix.T @ inverse[some, some] @ mix)

    def _contradicted(self, size: Array) -> bool:
        """Do the table's narrower bands leave much less over than these, ``size`` (N,) in σ?"""
        on = self.fits.on_bands[self.k].astype(np.float64)
        narrower = self.fits.grid.model.mineral.resolution < self.resolution
        return narrower and self._beside_decoder(size, on) > WORSE

    @cached_property
    def _tenser(self) -> float:
        """The tension of this fit over the decoder's, which widened the intervals of ``fits``."""
        f, k = self.fits, self.k
        tension = float(f.tension[k])
        weight = np.where(f.on_bands[k], f.explained[k] ** 2 / f.variance[k], 0.0)
        now = max(tension * self._beside_decoder(self.found.size, weight), 1.0)
        return now / tension

    def _beside_decoder(self, size: Array, weight: Array) -> float:
        """Root mean square of ``size`` (N,) over that of what the decoder leaves, by ``weight``."""
        f, k = self.fits, self.k
        before = weight @ (f.left[k] ** 2 / f.variance[k])
        return float(np.sqrt(weight @ size**2 / max(before, TINY)))
