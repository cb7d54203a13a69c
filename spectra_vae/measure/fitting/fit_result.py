"""Fitted measurements as data, and what is read off them all at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from ...minerals import NEAR_MAIN, Band
from ...minerals.profile import unit_area
from .apexes import apexes
from .grid import Grid
from .main_band import MainBand
from .noise import SMALLEST, changing, quiet
from .orientation import Asked, freedom

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

FLAT = 10.0  # times as much noise that doesn't grow with the signal: none of it is photons'
MODEL_ERROR = 5e-4  # the decoder's own, × ν1
MOSTLY, MOSTLY_OWN, LEAST = 0.75, 1.5, 0.01  # of the noise; of sharing; of the noise
SWALLOWED = 0.5  # of the noise is left in quiet stretches: the rest is none
HEAVY = 2.5  # orientation's tails are heavier than a normal's: measured, benchmarks.coverage
BESIDE, FEW, SURE = 20.0, 5, 4.0  # cm⁻¹ of it; points of a mean; σ of that
Z90 = 1.6449  # a normal's central 90 %


@dataclass(frozen=True, eq=False)
class Fits:
    """Where B fits ended, in units of the files' spans.

    ``codes`` (B, free); ``gain`` (B,) the height that the reference ν1 would have; ``changes``
    (B, A) amplitudes − 1 of the combinations of ``bands``, 0 where the decoder alone was enough;
    ``table`` (B, all bands, N) the table's bands at this shift and width; ``covariance``
    (B, P, P) of codes, gain and changes, ``slopes`` (B, P, N) of ``explained`` by these,
    ``central`` (B, free) the codes' variances within the middle of their factors' ranges;
    ``explained``, ``background``, ``left``, ``variance`` and ``spread`` (one σ of ``explained``)
    (B, N); ``noise`` (B, 3) floor, slope and the slope's relative error; ``significance`` (B,)
    how many σ the matched filter saw of the mineral; ``on_bands`` (B, N) the used points where
    the mineral's bands stand; ``correlation`` (B,) see :func:`.noise.shared`;
    ``usable`` (B, N) as ``used``, also where foreign bands were left out of the fit.
    """

    grid: Grid
    used: Mask
    usable: Mask
    table: NDArray[np.float32]
    main: MainBand
    asked: Asked
    codes: Array
    gain: Array
    changes: Array
    covariance: Array
    slopes: Array
    central: Array
    explained: Array
    background: Array
    left: Array
    variance: Array
    spread: Array
    noise: Array
    significance: Array
    on_bands: Mask
    correlation: Array

    def share(self, at: tuple[NDArray[np.intp], ...], band: Band) -> Array:
        """The part of the mineral that is this band, at (fits, points)."""
        which = self.grid.model.mineral.bands.index(band)
        return np.asarray(self.table[:, which][at] / self.total[at], dtype=np.float64)

    @property
    def bands(self) -> tuple[Band, ...]:
        """Those that orientation may change."""
        return freedom(self.grid).bands

    @property
    def mix(self) -> Array:
        """(A, bands) what each of :attr:`changes` does to :attr:`bands`."""
        return freedom(self.grid).mix

    @cached_property
    def total(self) -> NDArray[np.float32]:
        """(B, N) the sum of the table's bands."""
        return np.asarray(np.maximum(self.table.sum(axis=1), np.float32(1e-12)))

    @cached_property
    def measured(self) -> Array:
        """(B, N) the files, in units of their spans."""
        return self.explained + self.background + self.left

    @cached_property
    def apexes(self) -> Array:
        """(B,) cm⁻¹: the files' own maxima near the strongest band, foreign bands too, or NaN."""
        main = self.grid.model.mineral.main
        return apexes(self.grid.x, self.left + self.explained, self.together, main)

    @cached_property
    def together(self) -> Array:
        """(B, N) variance that a point adds to a sum over many, neighbours sharing their noise."""
        return self.variance * self.correlation[:, None]

    @cached_property
    def quieter(self) -> Array:
        """(B, N) variance as :attr:`together`, by the file's quiet stretches."""
        return np.asarray(self.together / self.sharper[:, None] ** 2)

    @cached_property
    def quietest(self) -> Array:
        """(B, N) variance of a point where least is going on."""
        return np.asarray(self.variance * np.minimum(self._quiet[0], 1.0)[:, None])

    @cached_property
    def sharper(self) -> Array:
        """(B,) ≥ 1: by how much more is certain if only what the quiet stretches hold is noise.

        1 unless most of what was taken for noise is none: bands, or a background that bends.
        """
        square, shared = self._quiet
        share = square * shared / self.correlation
        return np.asarray(np.where(share < SWALLOWED, share**-0.5, 1.0))

    @cached_property
    def _quiet(self) -> tuple[Array, Array]:
        return quiet(self.left / np.sqrt(self.variance), self.used & ~self.on_bands)

    @cached_property
    def tension(self) -> Array:
        """(B,) ≥ 1: by how much the residuals at the mineral's bands exceed the noise.

        The root of their mean square, as far as chance leaves it above 1, where points count as
        they do for the mineral: a family of spectra that isn't quite the sample's makes its numbers
        less certain by as much (R. T. Birge 1932, Phys. Rev. 40:207).
        """
        weight = np.where(self.on_bands, self.explained**2 / self.variance, 0.0)
        near = self.used & (self._from_main < BESIDE)
        return np.maximum(self._excess(weight), self._excess(near.astype(np.float64)))

    def _excess(self, weight: Array) -> Array:
        """(B,) ≥ 1: the residuals' root mean square in σ over what chance would leave it at."""
        total = np.maximum(weight.sum(axis=1), 1e-300)
        square = (weight * self.left**2 / self.variance).sum(axis=1) / total
        count = total**2 / np.maximum((weight**2).sum(axis=1), 1e-300)
        chance = 1 + 4 * np.sqrt(2 * self.correlation / np.maximum(count, 1))
        return np.asarray(np.sqrt(np.maximum(square / chance, 1.0)))

    @cached_property
    def _from_main(self) -> Array:
        """(B, N) distance from the strongest band, cm⁻¹."""
        position = self.grid.model.mineral.main.position + self.main.shift
        return np.asarray(np.abs(self.grid.x - position[:, None]))

    @cached_property
    def beside(self) -> tuple[Array, Array]:
        """The tallest of what is left over beside the strongest band, a mean of five points, above
        what noise may leave there: relative to that band's height (B,), and where [cm⁻¹] (B,).
        """
        near = self.used & (self._from_main < BESIDE)
        mean = uniform_filter1d(np.where(near, self.left, 0.0), FEW, axis=1)
        noise = np.sqrt(uniform_filter1d(self.together, FEW, axis=1) / FEW)
        certain = np.where(near, np.abs(mean) - SURE * noise, 0.0)
        at = certain.argmax(axis=1)
        tall = np.maximum(certain.max(axis=1), 0.0)
        top = np.where(near, self.explained, 0.0).max(axis=1)
        share = np.where(top > 0, tall / np.maximum(top, 1e-300), 0.0)
        return np.asarray(share), np.asarray(self.grid.x[at])

    @cached_property
    def counts(self) -> Array:
        """(B,) log₁₀ of the counts at ν1: photon noise has the variance signal ÷ counts.

        Where the file has no levels to tell a slope by, or hardly any of its noise grows with the
        signal, all noise at ν1 is taken for photon noise.
        """
        floor, slope, error = self.noise.T
        top = self.explained.argmax(axis=1)[:, None]
        level = np.take_along_axis(self.background, top, axis=1)[:, 0] + self.gain
        whole = (floor + slope * level) / np.maximum(level, 1e-300)
        flat = (error > 1) | (floor > FLAT * slope * level)
        slope = np.where(flat | (slope <= 0), whole, slope)
        return np.asarray(np.log10(np.maximum(self.gain / np.maximum(slope, 1e-300), 1e-3)))

    @cached_property
    def wider(self) -> Array:
        """(B,) ≥ 1: by how much intervals grow where noise is shared or the fit no perfect one."""
        return np.asarray(np.sqrt(self.correlation / self.smoother) * self.tension)

    @cached_property
    def smoother(self) -> Array:
        """(B,) ≤ 1: how much of what is left over changes from point to point, as noise does.

        The variance of its fourth differences over the noise's; the rest is a background that
        bends within 100 cm⁻¹, or bands, and was taken for noise. 1 where most of it is noise, where
        neighbours share theirs, or where there is none.
        """
        model_error = (MODEL_ERROR * self.gain[:, None]) ** 2
        noise = np.maximum(self.variance - model_error, SMALLEST**2)
        found = changing(self.left / np.sqrt(noise), self.used)
        noiseless = np.median(noise, axis=1) < 10 * SMALLEST**2
        doubtful = (found < MOSTLY) & (self.correlation < MOSTLY_OWN) & ~noiseless
        return np.where(doubtful, np.maximum(found, LEAST), 1.0)

    @cached_property
    def factors(self) -> dict[str, tuple[Array, Array]]:
        """Value and standard deviation (B,) of each factor that a neuron carries.

        What orientation may hide in a strength is part of its deviation, also where none shows.
        """
        model, found = self.grid.model, {}
        for j, neuron in enumerate(self.grid.free):
            name = next((n for n, k in model.controls.items() if k == neuron), None)
            if name is None:
                continue
            factor = model.mineral.factor(name)
            value = factor.value(self.codes[:, j])
            inner = factor.code(np.clip(value, *factor.middle))
            variance = factor.slope(inner) ** 2 * self.central[:, j] * self.wider**2
            if factor in model.mineral.strengths:
                variance = variance + self.hidden(factor.group) * value**2
            found[name] = (value, np.sqrt(variance))
        return found

    def hidden(self, group: str | None) -> Array:
        """(B,) relative variance of a group's strength that orientation may hide."""
        areas = np.array([b.area for b in self.grid.model.mineral.bands if b.group == group])
        return HEAVY * self.asked.hidden * float((areas**2).sum() / areas.sum() ** 2)

    @cached_property
    def areas(self) -> dict[str, tuple[Array, Array]]:
        """Areas (B,) of the mineral's windows and their slopes (B, P); those that x covers."""
        x, found = self.grid.x, {}
        for group, (low, high) in self.grid.model.mineral.spans.items():
            inside = slice(*np.searchsorted(x, [low, np.nextafter(high, np.inf)]))
            some = x[inside]
            reach = high - low
            if len(some) < 10 or np.ptp(some) < 0.85 * reach or np.diff(some).max() > 0.2 * reach:
                continue
            weight = np.gradient(some)
            found[group] = (self.explained[:, inside] @ weight, self.slopes[..., inside] @ weight)
        return found

    @cached_property
    def heights(self) -> Array:
        """(B, all bands) how high each band of the explained curve is, relative to the table's."""
        ratio = self.explained / self.total
        power = self.table**2
        seen = (power @ ratio.astype(np.float32)[:, :, None])[:, :, 0]
        return np.asarray(seen / np.maximum(power.sum(axis=2), 1e-30), dtype=np.float64)

    @cached_property
    def covered(self) -> dict[str | None, Mask]:
        """By group, (B,): are bands with most of its area among the used points?"""
        bands, table = self.grid.model.mineral.bands, self.grid.model.mineral.table
        area = table["height"] * table["width"] * unit_area(table["mixing"])
        seen = self.points_on_bands >= 3
        found: dict[str | None, Mask] = {}
        for group in {b.group for b in bands}:
            own = area * np.array([b.group == group for b in bands])
            found[group] = np.asarray(seen @ own > 0.25 * own.sum())
        return found

    @cached_property
    def points_on_bands(self) -> NDArray[np.intp]:
        """(B, all bands) how many used points stand within half a width of each band's place."""
        table, x = self.grid.model.mineral.table, self.grid.x
        left, right = (
            np.searchsorted(x, table["position"] + s * table["width"] / 2) for s in (-1, 1)
        )
        counted = np.cumsum(np.pad(self.used, ((0, 0), (1, 0))), axis=1)
        return np.asarray(counted[:, right] - counted[:, left])

    @cached_property
    def on_main(self) -> NDArray[np.intp]:
        """(B,) how many used points stand within a width of the strongest band."""
        width = self.grid.model.mineral.main.width
        return np.asarray((self.used & (self._from_main < width)).sum(axis=1))

    @cached_property
    def misfit(self) -> Array:
        """(B,) share of the power around the strongest band, above background and noise, that the
        fit doesn't explain. Bands that were taken for noise are none.
        """
        near = self.used & (self._from_main < NEAR_MAIN)
        count = near.sum(axis=1)

        def mean(values: Array) -> Array:
            return np.asarray((values * near).sum(axis=1) / np.maximum(count, 1))

        noise = mean(self.variance) / self.sharper**2
        power = mean((self.left + self.explained) ** 2) - noise
        chance = noise * (1 + 3 * np.sqrt(2 * self.correlation / np.maximum(count, 1)))
        unexplained = np.maximum(mean(self.left**2) - chance, 0.0)
        share = np.clip(unexplained / np.maximum(power, 1e-300), 0.0, 1.0)
        return np.asarray(np.where(count >= 5, share, 0.0))

    @property
    def gain_std(self) -> Array:
        n = self.codes.shape[1]
        return np.asarray(np.sqrt(self.covariance[:, n, n]))
