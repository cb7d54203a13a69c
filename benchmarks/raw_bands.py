"""Bands of two files of one substance without any fit: what they have in common as measured.

A band is a maximum whose prominence within 100 cm⁻¹ is more than a twentieth of the file's largest.
Of two files those are compared that are each other's nearest, one offset apart. A band's area is
what lies above the straight line between the ends of a window that is as long in both files: 1.5
widths either side, and not beyond the valley to the next band in either file. Positions are
compared after one offset, areas after one gain, so no background, no line shape and no table has a
say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks, peak_prominences, peak_widths, savgol_filter

import spectra_vae as sv

Array = NDArray[np.float64]

STEP = 0.5  # cm⁻¹ of the axis that both files are read on
SMOOTH = 7.0  # cm⁻¹ of a cubic's window
AROUND = 100.0  # cm⁻¹ either side in which a band stands out
MAJOR = 0.05  # of the largest prominence
REACH = 1.5  # widths either side of a window
MATCH, FARTHEST = 8.0, 30.0  # cm⁻¹ between bands that may be the same, after the offset; of that


@dataclass(frozen=True)
class RawBand:
    """A maximum: its apex, FWHM, and how far it is to the valleys beside it [cm⁻¹]."""

    apex: float
    width: float
    left: float
    right: float


@dataclass(frozen=True, eq=False)
class RawFile:
    """A file on an even axis x (N,), smoothed a little, and its major bands."""

    x: Array
    y: Array
    bands: tuple[RawBand, ...]

    def area(self, low: float, high: float) -> float:
        """Above the straight line between the curve's ends."""
        at = np.arange(low, high + STEP / 2, STEP)
        y = np.interp(at, self.x, self.y)
        line = np.linspace(y[:3].mean(), y[-3:].mean(), len(y))
        return float((y - line).sum() * STEP)


@dataclass(frozen=True)
class Agreement:
    """The farthest that two bands of ``count`` lie apart after one offset [cm⁻¹], the largest ratio
    of their areas after one gain, and where that band stands.
    """

    apart: float
    ratio: float
    count: int
    at: float

    def within(self, apart: float, ratio: float) -> bool:
        return self.apart <= apart and self.ratio <= ratio

    def __str__(self) -> str:
        return f"{self.apart:5.2f} cm⁻¹ × {self.ratio:5.2f} at {self.at:4.0f} of {self.count:2d}"


def agreement(places: Array, moved: Array, log_ratios: Array) -> Agreement | None:
    """Of bands at ``places`` (n,) [cm⁻¹]: how far each ``moved``, and the log of its areas' ratio;
    None for fewer than two.
    """
    if len(places) < 2:
        return None
    ratio = np.abs(log_ratios - np.median(log_ratios))
    apart = float(np.abs(moved - np.median(moved)).max())
    return Agreement(apart, float(np.exp(ratio.max())), len(places), float(places[ratio.argmax()]))


def raw_file(spectrum: sv.Spectrum) -> RawFile:
    x = np.arange(spectrum.wavenumber[0], spectrum.wavenumber[-1], STEP)
    window = 2 * round(SMOOTH / STEP / 2) + 1
    y = savgol_filter(np.interp(x, spectrum.wavenumber, spectrum.intensity), window, 3)
    return RawFile(x, y, _bands(x, y))


def _bands(x: Array, y: Array) -> tuple[RawBand, ...]:
    around = 2 * round(AROUND / STEP) + 1
    at = find_peaks(y)[0]
    tall = peak_prominences(y, at, around)
    major = tall[0] > MAJOR * tall[0].max(initial=0.0)
    at, tall = at[major], tuple(one[major] for one in tall)
    width = peak_widths(y, at, 0.5, tall)[0] * STEP
    ends = [0, *(a + int(y[a:b].argmin()) for a, b in zip(at, at[1:], strict=False)), len(y) - 1]
    return tuple(
        RawBand(_apex(x, y, k), float(w), float(x[k] - x[a]), float(x[b] - x[k]))
        for k, w, a, b in zip(at, width, ends, ends[1:], strict=False)
    )


def _apex(x: Array, y: Array, k: int) -> float:
    """Of the parabola through a maximum and its neighbours."""
    left, top, right = y[k - 1 : k + 2]
    return float(x[k] + 0.5 * STEP * (left - right) / (left - 2 * top + right))


def in_common(one: Array, two: Array) -> list[tuple[int, int]]:
    """Places (n,) and (m,) [cm⁻¹] that are each other's nearest, one offset apart: index pairs."""
    offsets = (two - one[:, None]).ravel()
    close = offsets[np.abs(offsets) < FARTHEST]
    if not len(close):
        return []
    near = np.abs(close[:, None] - close) < 2
    offset = float(np.median(close[near[near.sum(axis=1).argmax()]]))
    away = np.abs(two - one[:, None] - offset)
    pairs = [(k, int(row.argmin())) for k, row in enumerate(away)]
    return [(k, j) for k, j in pairs if away[:, j].argmin() == k and away[k, j] < MATCH]


def raw_agreement(first: sv.Spectrum, second: sv.Spectrum) -> Agreement | None:
    """How far two files agree as measured; None: they have fewer than two bands in common."""
    one, two = raw_file(first), raw_file(second)
    places = [np.array([b.apex for b in file.bands]) for file in (one, two)]
    pairs = [(one.bands[k], two.bands[j]) for k, j in in_common(*places)]
    areas = [_areas(one, two, p, q) for p, q in pairs]
    seen = [k for k, (a, b) in enumerate(areas) if a > 0 and b > 0]
    return agreement(
        np.array([pairs[k][0].apex for k in seen]),
        np.array([pairs[k][1].apex - pairs[k][0].apex for k in seen]),
        np.array([np.log(areas[k][1] / areas[k][0]) for k in seen]),
    )


def _areas(one: RawFile, two: RawFile, p: RawBand, q: RawBand) -> tuple[float, float]:
    """Of a band p of one file and q of the other, over windows of the same length."""
    reach = REACH * max(p.width, q.width)
    left, right = min(reach, p.left, q.left), min(reach, p.right, q.right)
    return one.area(p.apex - left, p.apex + right), two.area(q.apex - left, q.apex + right)
