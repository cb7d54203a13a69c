"""The bands of a fitted mixture as they stand in the file."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..measure.bands.maxima import maxima, quick
from ..measure.detection.residual import Peak
from ..measure.mixture.fitted import Fit
from ..measure.mixture.fractions import Z90
from ..minerals import mineral
from ..minerals.profile import unit_area
from .result import Interval, MeasuredBand

Array = NDArray[np.float64]

CERTAIN = 2.5  # of a height's errors: what is less isn't seen
MOST_LOG = 3.0  # of ln height: no interval is wider


def measured_bands(done: Fit, axis: tuple[Array, Array]) -> tuple[MeasuredBand, ...]:
    """Those that are seen, by position; ``axis``: the fit's wavenumbers and the file's for them."""
    m, scan = done.mixture, done.scan
    position, height, width, mixing = m.placed(scan)
    k = len(position)
    spread = np.sqrt(np.maximum(np.diag(done.of_bands), 0.0)).reshape(3, k)
    height = height * scan.unit
    area = height * width * unit_area(mixing)
    noise = scan.noise * scan.unit
    names, top = _names(done), _tops(done)
    found = []
    for j in np.argsort(position):
        if spread[0, j] * CERTAIN > 1 or height[j] < noise:
            continue
        half = Z90 * np.hypot(spread[1, j], top[j] - position[j])
        low, here, high = np.interp(top[j] + half * np.arange(-1, 2), *axis)
        found.append(
            MeasuredBand(
                mineral=names[j][0],
                name=names[j][1],
                group=names[j][2],
                assignment=names[j][3],
                position=float(here),
                height=float(height[j]),
                fwhm=float(width[j]),
                area=float(area[j]),
                position_interval=(float(low), float(high)),
                height_interval=_around(height[j], spread[0, j]),
                fwhm_interval=_around(width[j], spread[2, j]),
                area_interval=_around(area[j], done.area_spread[j]),
            )
        )
    return tuple(found)


def _tops(done: Fit) -> Array:
    """(K,) where the bands' maxima are in the scan, cm⁻¹."""
    scan, (position, _, width, _) = done.scan, done.mixture.placed(done.scan)
    noise = np.where(scan.usable, quick(scan.y + scan.under), np.inf)
    own = done.curves + done.left
    x, noise = (np.broadcast_to(a, own.shape) for a in (scan.x, noise))
    return maxima(x, own, noise, position, width)


def peaks(done: Fit, bands: tuple[MeasuredBand, ...]) -> tuple[Peak, ...]:
    """The bands of no mineral, tallest first."""
    unit = done.scan.noise * done.scan.unit
    some = [b for b in bands if b.mineral is None]
    found = [
        Peak(b.position, b.height, b.fwhm, b.height / unit * np.sqrt(b.fwhm / done.scan.step))
        for b in some
    ]
    return tuple(sorted(found, key=lambda p: -p.height))


def _names(done: Fit) -> list[tuple[str | None, str, str, str]]:
    """Mineral, name, group and assignment of every band."""
    found: list[tuple[str | None, str, str, str]] = []
    for part in done.mixture.parts:
        if part.free:
            found += [(None, "", "", "")] * len(part)
            continue
        table = {b.position: b for b in mineral(part.name).bands}
        some = [table[float(p)] for p in part.position]
        found += [(part.name, b.name, b.group, b.assignment) for b in some]
    return found


def _around(value: float, log_spread: float) -> Interval:
    half = min(Z90 * log_spread, MOST_LOG)
    return float(value * np.exp(-half)), float(value * np.exp(half))
