"""How well a fitted mixture speaks for its minerals, in a few numbers."""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from .fitted import Fit
from .scan import Scan

Array = NDArray[np.float64]

TWICE, LINE_SHAPE, OF_HEIGHT = 2.0, 0.01, 0.15  # × noise; of the tallest; of a point's own height
AROUND = 20.0  # cm⁻¹ of the tallest band: beyond, the other bands speak
USUAL = 0.7  # of ln height: what orientation does to a band
SEEN = 5.0  # σ


@dataclass(frozen=True)
class Evidence:
    """What speaks for and against a fit.

    ``explained``, ``beside``, ``area``: shares of the squared signal, of the same away from the
    tallest band, and of the area, noise taken off; ``strain``: what the priors cost a band;
    ``over``: ln height of bands beyond what orientation does; ``scatter`` of the ln heights, where
    bands that are missing count as well; ``rich``: of how many bands the height of a phase is made,
    ``seen``: how many stand out; ``axis``: how far it is off, cm⁻¹. ``strain`` and the last three
    as ln (1 + value).
    """

    explained: float
    beside: float
    area: float
    strain: float
    over: float
    scatter: float
    rich: float
    seen: float
    axis: float

    @property
    def row(self) -> Array:
        """As the score adds them up."""
        return np.array(astuple(self))


def robust_sigma(scan: Scan) -> Array:
    """(N,) errors with which a strong band doesn't decide alone and a line shape may be another."""
    own = OF_HEIGHT * np.maximum(scan.y, 0.0)
    return np.asarray(np.sqrt((TWICE * scan.noise) ** 2 + LINE_SHAPE**2 + own**2))


def evidence(fit: Fit, flat: Array | None = None) -> Evidence:
    """The numbers of one fit; ``flat`` (N,): what a background alone leaves over, see
    :func:`bare`.
    """
    scan, m = fit.scan, fit.mixture
    flat = bare(scan, fit.sigma) if flat is None else flat
    noise = scan.noise**2
    weight = scan.usable / fit.sigma**2
    before = weight * np.maximum(flat**2 - noise, 0.0)
    after = weight * np.maximum(fit.left**2 - noise, 0.0)
    tallest = scan.x[int(np.argmax(np.where(scan.usable, scan.y, -np.inf)))]
    away = np.abs(scan.x - tallest) > AROUND
    signal = np.abs(scan.y - scan.basis @ m.background)
    usual = np.sqrt(m.table.height)
    usual = usual / usual.sum()
    moved = m.bands[:, 0]
    _, height, _, _ = m.placed(scan)
    deviation = moved - usual @ moved
    rich = [_count(height[m.owner == p]) for p in m.minerals]
    return Evidence(
        explained=_share(before, after),
        beside=_share(before[away], after[away]),
        area=_share(_above(signal, scan), _above(np.abs(fit.left), scan)),
        strain=float(np.log1p(max(fit.cost - fit.misfit, 0.0) / len(m.bands))),
        over=float(usual @ np.maximum(moved - USUAL, 0.0)),
        scatter=float(np.sqrt(usual @ deviation**2)),
        rich=float(np.log1p(max(rich))),
        seen=float(np.log1p(np.sum(height > SEEN * np.hypot(scan.noise, LINE_SHAPE)))),
        axis=float(np.log1p(np.abs(m.file[:2]).sum())),
    )


def bare(scan: Scan, sigma: Array) -> Array:
    """(N,) what a background alone leaves of the scan."""
    weighted = scan.basis * (scan.usable / sigma**2)[:, None]
    matrix = weighted.T @ scan.basis + np.diag(1 / scan.slack**2)
    return np.asarray(scan.y - scan.basis @ np.linalg.solve(matrix, weighted.T @ scan.y))


def _share(before: Array, after: Array) -> float:
    return float(np.clip(1 - after.sum() / max(float(before.sum()), 1e-9), -1.0, 1.0))


def _count(height: Array) -> float:
    """Of how many bands the heights are made, as if they were equal."""
    return float(np.sqrt(height).sum() ** 2 / max(float(height.sum()), 1e-12))


def _above(size: Array, scan: Scan) -> Array:
    return np.asarray(np.maximum(size - 1.5 * scan.noise, 0.0) * scan.usable)
