"""Is a structure a cosmic ray that software widened? Both are drawn as that software would.

A cosmic ray hits up to four neighbours of a detector; a band is as wide as optics make it. Software
that filters or fills in points makes either smoother, and what it makes of a single point is known
once it is recognised by the noise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from ...minerals.profile import pseudo_voigt
from ..fitting.fit_result import Fits
from ..fitting.smoothing import Smoothing, recognised, simple
from .residual import Peak

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Whole = NDArray[np.intp]

SMOOTHED = 2.0  # points that share their noise: more, and software widened what a point holds
MOST = 4  # of them in a file; more are another mineral's bands
PIXELS = 4  # neighbours that a cosmic ray hits, at most
WIDEST = 12.0  # points: what software makes of them is no wider at half its height
AROUND = 2.0  # FWHM either side of a structure that are compared
CERTAIN, EVEN = 10.0, -2.0  # of χ² by which a cosmic ray is the better explanation; as good a one
OF_BANDS, OF_FILTERS = 0.001, 0.005  # of a structure's χ²: nearer, their shapes aren't known
WHOLLY = 0.9  # of a structure that a cosmic ray has to explain
REACHED = 0.5  # σ of a point that it changed
NARROWEST = 4.0  # cm⁻¹: of bands worth restoring
WIDTHS = np.geomspace(1.0, 8.0, 10)  # times the narrowest
PLACES = 3  # a pixel
MIXINGS = (0.0, 1.0)
ROUNDS = 3
OF_BAND = 4  # parameters
TINY = 1e-9


@dataclass(frozen=True, eq=False)
class Suspicion:
    """That a cosmic ray made a structure: ``odds``, the χ² that it leaves less than a band would;
    ``power``, of the whole structure; the points (N,) that it ``reached``.
    """

    odds: float
    power: float
    reached: Mask

    @property
    def open(self) -> bool:
        """A cosmic ray explains it as well as a band."""
        return self.odds > EVEN - OF_FILTERS * self.power

    def certain(self, narrow: bool) -> bool:
        """It is one: beyond doubt, or likelier where a band were ``narrow`` as no other is."""
        return self.odds > (0.0 if narrow else CERTAIN + OF_BANDS * self.power)


def suspicions(fits: Fits, k: int, points: Mask, peaks: Sequence[Peak]) -> list[Suspicion | None]:
    """Of ``peaks`` in fit k at the usable ``points`` (N,); None: no cosmic ray can be as wide, or
    explain it wholly, or there are too many of them.
    """
    x = fits.grid.x
    if len(peaks) > MOST:
        return [None] * len(peaks)
    widest = WIDEST * float(np.median(np.diff(x))) * max(float(fits.correlation[k]), 1.0)
    if all(p.fwhm >= widest for p in peaks):
        return [None] * len(peaks)
    software = _software(fits, k)
    root = np.where(points & fits.grid.inside, fits.together[k] ** -0.5, 0.0)

    def suspicion(peak: Peak) -> Suspicion | None:
        if peak.fwhm >= widest:
            return None
        event = Event.around(x, fits.left[k], root, peak.position, peak.fwhm)
        best, done = max(((event.spike(s), s) for s in software), key=lambda pair: pair[0].gain)
        if not best.wholly:
            return None
        reached = np.zeros_like(points)
        reached[event.near] = best.reached
        return Suspicion(best.gain - event.band(done), best.gain, reached & points)

    return [suspicion(peak) for peak in peaks]


def _software(fits: Fits, k: int) -> Sequence[Smoothing]:
    """What was done to file k; whatever may have been where that is unknown, as after rounding."""
    found = recognised(fits, np.array([k]))[0]
    return (found,) if found.known else simple()


@dataclass(frozen=True, eq=False)
class Spike:
    """The best cosmic ray of an event: what it takes off χ², its pixels paid for; which points it
    ``reached`` (P,); does it explain the event ``wholly``?
    """

    gain: float
    reached: Mask
    wholly: bool


@dataclass(frozen=True, eq=False)
class Event:
    """A structure that may be either: ``y`` and one over its noise, ``root``, (P,), at the points
    ``near`` of the axis ``x`` (N,); it stands at the point ``top``.
    """

    x: Array
    y: Array
    root: Array
    near: slice
    top: int

    @classmethod
    def around(cls, x: Array, y: Array, root: Array, position: float, fwhm: float) -> Event:
        """y and ``root`` (N,) as far as a structure reaches."""
        step = float(np.median(np.diff(x)))
        top = int(np.abs(x - position).argmin())
        reach = max(round(AROUND * fwhm / step), 2 * PIXELS)
        near = slice(max(top - reach, 0), min(top + reach + 1, len(x)))
        return cls(x, y[near], root[near], near, top)

    def spike(self, software: Smoothing) -> Spike:
        """The best cosmic ray of up to four neighbours."""
        data, best, curve = self._beside_line(self.y), 0.0, np.zeros_like(self.y)
        for pixels in self._pixels(software):
            shown = self._shown(software, pixels)
            gain, heights = _pixels_hit(self._beside_line(shown), data)
            if gain > best:
                best, curve = gain, heights @ shown
        left = float(data @ data) - best - len(data)
        return Spike(best, np.abs(curve) * self.root > REACHED, left < (1 - WHOLLY) * best)

    def band(self, software: Smoothing) -> float:
        """What the best band takes off χ², its parameters paid for."""
        return max(self._of_band(software, pixels) for pixels in self._pixels(software))

    def _beside_line(self, rows: Array) -> Array:
        """``rows`` (..., P) in σ, without what a line explains."""
        weighted = rows * self.root
        return np.asarray(weighted - (weighted @ self._line) @ self._line.T)

    @cached_property
    def _line(self) -> Array:
        """(P, 2) orthonormal."""
        columns = np.stack([np.ones(len(self.y)), np.linspace(-1, 1, len(self.y))], axis=1)
        return np.asarray(np.linalg.qr(columns * self.root[:, None])[0])

    def _pixels(self, software: Smoothing) -> list[Whole]:
        """Indices of the points that were measured and made the event's, whichever they were."""
        reach = len(software.kernel) // 2
        every = np.arange(self.near.start - reach, self.near.stop + reach)
        return [every[every % software.apart == phase] for phase in range(software.apart)]

    def _shown(self, software: Smoothing, pixels: Whole) -> Array:
        """(J, P) what the software makes of each pixel."""
        weight = software.apart * np.array(software.kernel)
        away = np.arange(self.near.start, self.near.stop) - pixels[:, None] + len(weight) // 2
        inside = (away >= 0) & (away < len(weight))
        return np.where(inside, weight[np.where(inside, away, 0)], 0.0)

    def _of_band(self, software: Smoothing, pixels: Whole) -> float:
        """The best of many places, widths and mixings, and from there to the very best."""
        pixel = software.apart * float(np.median(np.diff(self.x)))
        at, shown = _extended(self.x, pixels), self._shown(software, pixels)
        place = self.x[self.top] + pixel * np.arange(
            -PIXELS / 2, PIXELS / 2 + 1 / PLACES, 1 / PLACES
        )
        width = np.log(WIDTHS * max(NARROWEST, pixel))
        tries = np.stack(np.meshgrid(place, width, MIXINGS, indexing="ij"), axis=-1).reshape(-1, 3)
        data = self._beside_line(self.y)

        def drawn(bands: Array) -> Array:
            return self._beside_line(_bands(at, bands) @ shown)

        curves = drawn(tries)
        power = np.maximum((curves**2).sum(axis=1), TINY)
        best = tries[np.argmax(np.maximum(curves @ data, 0.0) ** 2 / power)]
        gain, half = 0.0, np.array([pixel / PLACES, width[1] - width[0], MIXINGS[1] / 2]) / 2
        for _ in range(ROUNDS):
            moved = np.diag(half)
            middle, *beside = drawn(np.concatenate([[best], best + moved, best - moved]))
            height = max(float(middle @ data / max(middle @ middle, TINY)), TINY)
            columns = np.array([middle, *(np.array(beside[:3]) - np.array(beside[3:]))])
            normal = columns @ columns.T + np.diag([TINY, *[1 / height**2] * 3])
            found = np.linalg.solve(normal, columns @ data)
            gain = float(found @ (columns @ data))
            best = best + 2 * half * np.clip(found[1:] / max(found[0], TINY), -1, 1)
            best[1:] = max(best[1], width[0]), min(max(best[2], 0.0), 1.0)
        return gain - 2 * OF_BAND


def _bands(x: Array, bands: Array) -> Array:
    """(M, J) pseudo-Voigts of height 1 at x (J,): places, log widths and mixings (M, 3)."""
    place, width, mixing = bands.T[:, :, None]
    return pseudo_voigt(x - place, np.exp(width), mixing)


def _extended(x: Array, at: Whole) -> Array:
    """x (N,) at indices that may lie beyond its ends."""
    inner = np.clip(at, 0, len(x) - 1)
    return np.asarray(x[inner] + (at - inner) * float(np.median(np.diff(x))))


def _pixels_hit(shown: Array, data: Array) -> tuple[float, Array]:
    """What the best cosmic ray takes off χ², its pixels paid for, and the heights (J,) of these."""
    gram, pull = shown @ shown.T, shown @ data
    gram += (TINY + TINY * np.trace(gram)) * np.eye(len(gram))
    best, heights = 0.0, np.zeros(len(pull))
    for size in range(1, min(PIXELS, len(pull)) + 1):
        some = sliding_window_view(np.arange(len(pull)), size)
        normal, right = gram[some[:, :, None], some[:, None, :]], pull[some]
        found = np.linalg.solve(normal, right[..., None])[..., 0]
        gain = np.where((found > 0).all(axis=1), (found * right).sum(axis=1), 0.0)
        which = int(gain.argmax())
        if gain[which] - 2 * (size + 1) > best:
            best, heights = float(gain[which]) - 2 * (size + 1), np.zeros(len(pull))
            heights[some[which]] = found[which]
    return best, heights
