"""Another instrument's share of the bands' width."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..minerals import Factor
from .fit import HUBER
from .fits import Fits

Array = NDArray[np.float64]
Interval = tuple[float, float, float]

NEAR = 0.005  # of the factor's range: either side, for a slope
LARGEST = 0.25  # of the range: a step of the search
ROUNDS, ENOUGH = 12, 0.02  # steps at most, and how many σ are too few for one more
ENDS, FARTHER = 3, 3.0  # times that an interval's ends are moved, by this factor at most
WORSE = 1.3  # times the decoder's residuals: chance makes it 1.05
RIDGE = 1e-12  # a band that the file doesn't reach mustn't divide by zero
TINY = 1e-30


def at_another(
    fits: Fits, k: int, factor: Factor, resolution: float | None, half: float, seen: Interval
) -> Interval:
    """Low, value and high of the width's factor with another instrument's share taken out.

    What the decoder found, ``seen``, holds at the table's resolution only and can't be corrected
    afterwards: no width fits bands that an instrument made more Gaussian and broadened each by a
    ratio of its own, and which width comes nearest depends on the noise. So measurement k of
    ``fits`` is fitted once more, with the table's bands as an instrument of ``resolution`` (FWHM,
    cm⁻¹) shows them. ``half``: half the interval, in standard deviations. All three at the
    factor's high end: such an instrument could not show bands as narrow as these.

    Bands after a true convolution aren't quite pseudo-Voigt: at 10 cm⁻¹ values are 0.004 too low,
    measured. Half an interval is more than twice that at 10⁵ counts still, so it isn't widened.
    """
    if resolution is None or resolution == fits.grid.model.mineral.resolution:
        return seen
    return Refit(fits, k, factor, resolution).interval(seen[1], half)


@dataclass(frozen=True, eq=False)
class Refit:
    """Measurement k, the bands being those that an instrument of ``resolution`` shows.

    Only the factor is searched. The position stays: resolution moves no band. The amplitude of
    each band, which crystals and instruments change, and the background, which bands of a wrong
    shape have bent, follow from it by least squares.
    """

    fits: Fits
    k: int
    factor: Factor
    resolution: float

    @cached_property
    def measured(self) -> Array:
        """(N,) in units of the file's span."""
        f, k = self.fits, self.k
        return np.asarray(f.explained[k] + f.background[k] + f.left[k])

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
        y = self.measured * root
        normal = columns @ columns.swapaxes(1, 2)
        normal += RIDGE * np.trace(normal[0]) * np.eye(len(normal[0]))
        amplitudes = np.linalg.solve(normal, (columns @ y)[..., None])
        return np.asarray(y - (amplitudes.swapaxes(1, 2) @ columns)[:, 0])

    def interval(self, start: float, half: float) -> Interval:
        """Low, best and high value, by Gauss–Newton from ``start``; ``half`` as above."""
        f, best = self.factor, start
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
        narrower = best == f.high and step > 2 * half * deviation
        if narrower or self._contradicted(size):
            return f.high, f.high, f.high
        return self._ends(best, half * self._wider(size), deviation, root)

    def _contradicted(self, size: Array) -> bool:
        """Do the table's narrower bands leave much less over than these, ``size`` (N,) in σ?"""
        on = self.fits.on_bands[self.k].astype(np.float64)
        narrower = self.fits.grid.model.mineral.resolution < self.resolution
        return narrower and self._beside_decoder(size, on) > WORSE

    def _wider(self, size: Array) -> float:
        """What widens an interval of ``fits``, but the tension is this fit's, not the decoder's."""
        f, k = self.fits, self.k
        tension = float(f.tension[k])
        weight = np.where(f.on_bands[k], f.explained[k] ** 2 / f.variance[k], 0.0)
        now = max(tension * self._beside_decoder(size, weight), 1.0)
        return float(f.wider[k]) * now / tension

    def _beside_decoder(self, size: Array, weight: Array) -> float:
        """Root mean square of ``size`` (N,) over that of what the decoder leaves, by ``weight``."""
        f, k = self.fits, self.k
        before = weight @ (f.left[k] ** 2 / f.variance[k])
        return float(np.sqrt(weight @ size**2 / max(before, TINY)))

    def _ends(self, best: float, half: float, deviation: float, root: Array) -> Interval:
        """Where χ² has risen by ``half``².

        It is no parabola: the more of a width is the instrument's, the less its own changes it.
        """
        f, away = self.factor, half * deviation * np.array([-1.0, 0.0, 1.0])
        for _ in range(ENDS):
            there = self.left(np.clip(best + away, f.low, f.high), root)
            chi2 = np.square(there).sum(axis=1)
            rise = np.sqrt(np.maximum(chi2 - chi2[1], TINY))
            away *= np.clip(half / rise, 1 / FARTHER, FARTHER)
        low, _, high = np.clip(best + away, f.low, f.high)
        return float(low), best, float(high)
