"""Bands fitted together in what is left over: pseudo-Voigt with free position, width and mixing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ...minerals.profile import FOUR_LN2, GAUSS_AREA, LORENTZ_AREA, unit_area
from ..fitting.fit_result import Z90, Fits
from .residual import Interval, Peak

Array = NDArray[np.float64]

STEPS, ENOUGH = 15, 1e-4  # steps at most, and how many σ are too few for one more
REACH = 8.0  # FWHM either side of a band that take part in its fit
MIXING = (0.5, 0.5)  # prior mean and spread
MOVES, WIDENS = 0.5, 0.5  # prior spreads of a band's move, in widths, and of its log width
NARROWEST, WIDEST = 0.4, 2.5  # of the width that the filter saw
WIDER = 1.2  # intervals for what the mineral's fit and the background leave: measured, simulated
UNSURE = 0.008  # of a band, by the background under its wings: measured likewise
MOST_WIDER = 3.0  # log: a band of no height may have any width
ONE = 4  # parameters of a band: position, log width, mixing, height


@dataclass(frozen=True, eq=False)
class BandFit:
    """``bands`` with intervals, and one σ of their sum at every point of the axis (N,)."""

    bands: tuple[Peak, ...]
    spread: Array


def fit_together(
    fits: Fits, k: int, left: Array, points: NDArray[np.bool_], bands: Sequence[Peak]
) -> BandFit:
    """``bands`` fitted in ``left`` (N,) of file k at the ``points`` (N,) around them."""
    x = fits.grid.x
    if not bands:
        return BandFit((), np.zeros_like(x))
    n = len(bands)
    start = np.array([[b.position, np.log(b.fwhm), MIXING[0], b.height] for b in bands])
    width = np.exp(start[:, 1])
    spread = np.stack(
        [MOVES * width, np.full(n, WIDENS), np.full(n, MIXING[1]), np.full(n, np.inf)], axis=1
    )
    precision = (spread**-2.0).ravel()
    near = points & (np.abs(x[:, None] - start[:, 0]) < REACH * width).any(axis=1)
    light = fits.noise[k, 1] * fits.quieter[k] / fits.variance[k]  # the bands' own photons
    curve = sum((b.curve(x) for b in bands), np.zeros_like(x))
    variance = fits.quieter[k] + light * np.maximum(curve, 0.0)
    root, y = variance[near] ** -0.5, left[near]
    p = start.copy()

    def step_of(p: Array) -> tuple[Array, Array, Array]:
        curve, slopes = _slopes(x[near], p)
        a = slopes * root[:, None]
        pull = a.T @ ((y - curve) * root) - precision * (p - start).ravel()
        normal = a.T @ a + np.diag(precision)
        size = np.sqrt(np.maximum(np.diagonal(normal), 1e-300))
        scaled = normal / size / size[:, None] + 1e-9 * np.eye(len(size))
        inverse = np.linalg.inv(scaled) / size / size[:, None]
        return inverse @ pull, inverse, y - curve

    limit = np.stack([width / 4, np.full(n, 0.3), np.full(n, 0.3), np.full(n, np.inf)], axis=1)
    for _ in range(STEPS):
        before, (step, inverse, _) = p, step_of(p)
        p = p + np.clip(step.reshape(n, ONE), -limit, limit)
        p[:, 0] = np.clip(p[:, 0], start[:, 0] - width, start[:, 0] + width)
        p[:, 1] = np.clip(p[:, 1] - start[:, 1], np.log(NARROWEST), np.log(WIDEST)) + start[:, 1]
        p[:, 2] = np.clip(p[:, 2], 0.0, 1.0)
        p[:, 3] = np.maximum(p[:, 3], 0.0)
        deviations = np.sqrt(np.maximum(np.diagonal(inverse), 0.0))
        if (np.abs(p - before).ravel() <= ENOUGH * deviations).all():
            break
    _, own, rest = step_of(p)
    tension = max(float(np.sqrt(np.mean((rest * root) ** 2))), 1.0)
    own = own * (WIDER * tension) ** 2
    curve, slopes = _slopes(x, p)
    total = np.sqrt(np.maximum(np.einsum("np,pq,nq->n", slopes, own, slopes), 0.0))
    total = np.hypot(total, UNSURE * curve)
    found = [
        _told(b, row, own[ONE * k : ONE * (k + 1), ONE * k : ONE * (k + 1)])
        for k, (b, row) in enumerate(zip(bands, p, strict=True))
    ]
    return BandFit(tuple(found), total)


def _slopes(x: Array, p: Array) -> tuple[Array, Array]:
    """The sum (N,) of bands ``p`` (n, 4) and its slopes (N, 4n)."""
    position, width, mixing, height = p[:, 0], np.exp(p[:, 1]), p[:, 2], p[:, 3]
    u = (x[:, None] - position) / width
    gauss, lorentz = np.exp(-FOUR_LN2 * u**2), 1 / (1 + 4 * u**2)
    shape = mixing * lorentz + (1 - mixing) * gauss
    slope = mixing * 8 * lorentz**2 + (1 - mixing) * 2 * FOUR_LN2 * gauss  # −shape'/u
    columns = [height * slope * u / width, height * slope * u**2, height * (lorentz - gauss), shape]
    return shape @ height, np.stack(columns, axis=2).reshape(len(x), -1)


def _told(before: Peak, p: Array, covariance: Array) -> Peak:
    """A band as fitted, with its intervals."""
    position, width, mixing, height = float(p[0]), float(np.exp(p[1])), float(p[2]), float(p[3])
    half = Z90 * np.sqrt(np.maximum(np.diagonal(covariance), 0.0))
    half[3] = np.hypot(half[3], Z90 * UNSURE * height)
    unit, wider = float(unit_area(mixing)), float(np.exp(min(half[1], MOST_WIDER)))
    area = height * width * unit
    slope = np.array([0.0, area, height * width * (LORENTZ_AREA - GAUSS_AREA), width * unit])
    of_area = Z90 * float(np.sqrt(max(slope @ covariance @ slope, 0.0) + (UNSURE * area) ** 2))
    return replace(
        before,
        position=position,
        height=height,
        fwhm=width,
        mixing=mixing,
        position_interval=_around(position, float(half[0])),
        height_interval=_around(height, float(half[3])),
        fwhm_interval=(width / wider, width * wider),
        area_interval=_around(area, of_area),
    )


def _around(value: float, half: float) -> Interval:
    return max(value - half, 0.0), value + half
