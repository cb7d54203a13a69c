"""A full detector: a flat top at a spectrum's highest value, told from chance and from rounding."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

MOST = 1 / 3  # of a file's points may stand at the limit; beyond, it is the file's level
NEAR = (0.0, 1 / 64, 1 / 32, 1 / 16, 1 / 8, 1 / 4)  # × a usual step: how unequal a top may be
CHANCE, CHANCE_NEAR = 2.5e-3, 5e-4  # that an open detector's top is as flat, at most
BELOW = 4  # quanta below a top: there, a rounded band has more points than at its top
USUAL = 0.1  # of the other bright crests are as flat: a filter's work, or points said twice
BRIGHT = 0.25  # of the span, from below
SHORT = 4  # points: a band's flanks say how high it goes on
TIE = 0.27  # × quantum / usual step: neighbours of one level that are equal by chance
FADED = 1e-3  # of the span above the middle: of a flank that says nothing any more
# Fourth differences leave smooth bands behind; the sum of their squared weights is 70.
KERNEL = np.array([1.0, -4.0, 6.0, -4.0, 1.0]) / math.sqrt(70.0)
MAD_TO_STD = 1.4826


def clipped(intensity: Array) -> tuple[float, int] | None:
    """The level of a detector's limit and how many of ``intensity`` (N,) stand at it, or None.

    At its limit, a detector says the same again and again, to a few counts. Other tops are flat,
    too: in coarse counts by chance, and where a smooth one was rounded. Chance is judged by how
    often neighbours are equal in the same file; a smooth top has as many points a little lower.
    """
    top = _Top.of(intensity)
    for width in top.widths():
        at = top.y >= 1 - width
        count = int(at.sum())
        if 2 <= count <= MOST * len(at) and top.is_cut(at, width):
            return float(intensity[at].min()), count
    return None


@dataclass(frozen=True, eq=False)
class _Top:
    """A spectrum y (N,) whose highest value is 1 and whose lowest is 0.

    ``quantum``: its smallest step; ``usual``: the middle one; ``brighter``: by how much more noise
    its top has than its middle, where photons make the noise.
    """

    y: Array
    step: Array
    quantum: float
    usual: float
    brighter: float

    @staticmethod
    def of(intensity: Array) -> _Top:
        low, span = float(intensity.min()), float(np.ptp(intensity))
        y = (intensity - low) / span
        y[intensity == intensity.max()] = 1.0
        levels = np.diff(np.unique(y))
        step = np.abs(np.diff(y))
        dark = min(low, 0.0) / span - low / span  # no light at all, on y's scale
        photons = max(float(np.median(y)) - dark, 1e-4 * (1 - dark))
        return _Top(
            y=y,
            step=step,
            quantum=float(levels[levels > 1e-9].min(initial=1.0)),  # less is a computer's rounding
            usual=float(np.median(step)),
            brighter=math.sqrt((1 - dark) / photons),
        )

    def widths(self) -> list[float]:
        """How far below the highest value the same may stand, in whole quanta."""
        quanta = {math.floor(near * self.usual / self.quantum + 1e-6) for near in NEAR}
        return [(n + 1e-6 * (n > 0)) * self.quantum for n in sorted(quanta)]

    def is_cut(self, at: Mask, width: float) -> bool:
        """Are the points ``at`` the top, equal within ``width``, a limit's and no band's?"""
        start, stop = _longest(at)
        run, exact = stop - start, width == 0
        if run < (2 if exact else 3):
            return False
        below = np.sum((self.y >= 1 - 5 * width - (BELOW + 1e-6) * self.quantum) & ~at)
        if below >= max(at.sum() / 2, 2) or self._is_usual(at, width, run):
            return False
        if run == 2 and self._mirrored(start, stop):
            return False
        chance = run * self._tie(at, width, start, stop) ** (run - 1)
        if exact and run <= SHORT:
            chance *= self._as_high(start, stop)
        return bool(chance < (CHANCE if exact else CHANCE_NEAR))

    def _tie(self, at: Mask, width: float, start: int, stop: int) -> float:
        """How often a point at the top is its neighbour's equal by chance."""
        y, equal = self.y, self.step <= width
        others = ~(at[1:] & at[:-1]) & (np.maximum(y[1:], y[:-1]) > 0)  # nor of one cut below
        bright = others & (np.maximum(y[1:], y[:-1]) > BRIGHT)
        seen = float(equal[others].mean()) if others.any() else 1.0
        room = TIE * (self.quantum + 2 * width)
        by_noise = min(room / self.usual, 1.0) if self.usual > 0 else 1.0
        tie = max(seen, by_noise) / self.brighter
        tie = max(tie, float(equal[bright].mean()) if bright.any() else 0.0)
        if stop - start >= SHORT:  # steep sides: only much noise makes such a top of a band
            sides = [y[k] for k in (start - 1, stop) if 0 <= k < len(y)]
            tie = min(tie, 5 * (self.quantum + 2 * width) / (1 - max(sides)))
        return tie

    def _is_usual(self, at: Mask, width: float, run: int) -> bool:
        """Are the file's other bright crests as flat?"""
        first = np.concatenate([[0], np.flatnonzero(self.step > width) + 1])
        length = np.diff(np.concatenate([first, [len(self.y)]]))
        height = self.y[first]
        rises = np.concatenate([[True], np.diff(height) > 0])
        falls = np.concatenate([np.diff(height) < 0, [True]])
        flat = length[rises & falls & (height >= BRIGHT) & ~at[first]] >= run
        return bool(flat.sum() > USUAL * (len(flat) + 1))

    def _mirrored(self, start: int, stop: int) -> bool:
        """Two equal points either side of a smooth band's top have equal neighbours, too."""
        if start < 1 or stop >= len(self.y):
            return False
        return bool(abs(self.y[start - 1] - self.y[stop]) <= 4 * self.quantum + 1e-6)

    def _as_high(self, start: int, stop: int) -> float:
        """The chance that a band with these flanks goes no higher than this.

        Cubic through the logarithms of two points either side: below the truth for most profiles.
        """
        middle = float(np.median(self.y))
        k = np.array([start - 2, start - 1, stop, stop + 1])
        if k[0] < 0 or k[-1] >= len(self.y) or (self.y[k] - middle).min() < FADED:
            return 1.0
        flank, inside = self.y[k] - middle, np.arange(start, stop)
        weights = np.array([_lagrange(k, int(x)) for x in inside])
        told = np.exp(weights @ np.log(flank))
        slopes = np.mean(told[:, None] * weights / flank, axis=0)
        missing = float(told.mean()) + middle - 1
        noise = MAD_TO_STD * np.median(np.abs(np.convolve(self.y, KERNEL, "valid")))
        error = float(noise) * self.brighter * math.sqrt(float(np.sum(slopes**2)))
        return 0.5 * math.erfc(missing / max(error, 1e-12) / math.sqrt(2))


def _longest(at: Mask) -> tuple[int, int]:
    """Start and stop of the longest run of ``at``."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], at.astype(np.int8), [0]])))
    longest = int(np.argmax(edges[1::2] - edges[::2]))
    return int(edges[::2][longest]), int(edges[1::2][longest])


def _lagrange(k: NDArray[np.intp], x: int) -> list[float]:
    """Weights of values at ``k`` in their polynomial at ``x``."""
    return [math.prod((x - b) / (a - b) for b in k if b != a) for a in k]
