"""One structure that stands above all others, and hides from a search what they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ...measure.mixture.scan import Scan
from .scanned import TALLEST

Array = NDArray[np.float64]

ABOVE = 1.4  # times as tall as all others
WIDEST = 25.0  # cm⁻¹ of its FWHM: broader ones are no band
FOOT = 0.05  # of its height: what is lower belongs to others
SHARE = 0.5  # of its height that phases explain: then it is theirs


def beside(scan: Scan, explained: Array) -> Scan | None:
    """The scan without its tallest structure, the tallest of the others 1; None where it towers
    over nothing, or the phases' curve ``explained`` (N,) accounts for it.
    """
    y = np.where(scan.usable, scan.y, 0.0)
    top = int(y.argmax())
    half = _around(y > y[top] / 2, top)
    width = half.stop - half.start
    if explained[half].sum() > SHARE * y[half].sum() or width * scan.step > WIDEST:
        return None
    foot = _around(y > FOOT * y[top], top)
    usable = scan.usable.copy()
    usable[max(foot.start - width, 0) : foot.stop + width] = False  # a filter rings beside it
    if usable.sum() <= TALLEST:
        return None
    tallest = float(np.sort(scan.y[usable])[-TALLEST:].mean())
    if tallest <= 0 or y[top] < ABOVE * tallest:
        return None
    return _scaled(replace(scan, usable=usable), tallest)


def _scaled(scan: Scan, unit: float) -> Scan:
    """With ``unit`` times its unit."""
    return replace(
        scan,
        y=scan.y / unit,
        noise=scan.noise / unit,
        unit=scan.unit * unit,
        under=scan.under / unit,
    )


def _around(inside: NDArray[np.bool_], k: int) -> slice:
    """The points without a break around the one at ``k``."""
    outside = np.flatnonzero(~inside)
    after = int(np.searchsorted(outside, k))
    start = int(outside[after - 1]) + 1 if after else 0
    return slice(start, int(outside[after]) if after < len(outside) else len(inside))
