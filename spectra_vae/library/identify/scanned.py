"""A spectrum on its way into a search: defects left out, background off, the tallest band 1."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import block_diag

from ...measure.mixture.scan import Scan
from ...spectra.defects import steps, texture
from ...spectra.spectrum import Spectrum, stretches
from .. import background
from ..baseline import NONE, asked_for
from ..measurement import Measurement, prepare
from ..noise import Noise, ripple_of, shared_by
from .ringing import ringing

Array = NDArray[np.float64]

SLACK = 0.05  # of the tallest band: how far the background may be off where it was started
TALLEST = 3  # points that make the tallest
FEWEST = 10  # usable points of a range that has a background of its own
MOST_SHARED = 5.0  # points: no filter joins more
COARSE = 2.2  # cm⁻¹ between the points of a quick fit


def scanned(spectrum: Spectrum) -> tuple[Measurement, Scan]:
    """The measurement, and its scan.

    Raises
    ------
    SpectrumError
        Hardly a point is left when defects are left out.
    """
    m = prepare(spectrum)
    ranges, baseline = _ranges(m), asked_for(spectrum)
    under = np.concatenate([_under(m, r, baseline) for r in ranges])
    bare = m.y - under
    noise = _heard(m, bare)
    m = replace(m, usable=m.usable & ~ringing(bare, noise.sigma))
    kept = np.sort(bare[m.usable])
    unit = max(float(kept[-TALLEST:].mean()), 3 * noise.sigma, 1e-9)
    basis = block_diag(*(_basis(m.x[r], baseline) for r in ranges))
    return m, Scan(
        x=m.x,
        y=bare / unit,
        usable=m.usable,
        noise=noise.sigma / unit,
        shared=noise.shared,
        basis=basis,
        slack=np.full(basis.shape[1], SLACK),
        unit=unit * m.span,
        under=under / unit,
    )


def _heard(m: Measurement, bare: Array) -> Noise:
    """The noise as it stands between bands: points that were smoothed or filled in hide it from
    their neighbours. What only slower curves show may be bands that nobody lists.
    """
    shared = min(shared_by(bare, m.usable, m.step), MOST_SHARED)
    if shared <= m.noise.shared:
        return m.noise
    fast = float(texture(bare[None], np.full((1, len(bare)), m.noise.sigma))[0, 0])
    slow = ripple_of(bare, m.usable, m.step, shared)
    return Noise(max(m.noise.sigma, min(fast, slow)), shared)


def _ranges(m: Measurement) -> list[slice]:
    """Parts of the file between gaps and the steps where ranges were joined: each has its own
    background.
    """
    sigma = np.full(len(m.x), m.noise.sigma)
    rough = texture(m.y[None], sigma[None])[0]
    nowhere = np.zeros(len(m.x), dtype=bool)  # points beside a step are often taken for a spike
    at = {k for k, _ in steps(m.x, m.y, rough, nowhere)} | {s.start for s in stretches(m.x)}
    edges = [0]
    for k in sorted(at):
        if m.usable[edges[-1] : k].sum() >= FEWEST <= m.usable[k:].sum():
            edges.append(k)
    return [slice(a, b) for a, b in pairwise([*edges, len(m.x)])]


def _under(m: Measurement, part: slice, baseline: str) -> Array:
    """What lies under the bands at first; with no baseline, the file's own nought."""
    x = m.x[part]
    if baseline == NONE:
        return np.full(len(x), -m.zero / m.span)
    return background.start(x, m.y[part], m.usable[part], baseline)


def _basis(x: Array, baseline: str) -> Array:
    whole = background.basis(x, float(x[0]), float(x[-1]), baseline)
    return whole[:, whole.max(axis=0) > 1e-6]


def coarse(scan: Scan) -> Scan:
    """Neighbours averaged as far as a quick fit doesn't need them apart."""
    each = round(COARSE / scan.step)
    if each < 2:
        return scan
    start = np.concatenate([np.arange(s.start, s.stop, each) for s in stretches(scan.x)])
    count = np.diff(np.append(start, len(scan.x)))
    kept = np.add.reduceat(scan.usable, start, dtype=float)
    weight = np.where(np.repeat(kept, count) > 0, scan.usable, 1.0)
    total = np.add.reduceat(weight, start)

    def mean(values: Array) -> Array:
        rows = values.reshape(len(scan.x), -1) * weight[:, None]
        averaged = np.add.reduceat(rows, start, axis=0) / total[:, None]
        return averaged.reshape((len(start), *values.shape[1:]))

    return replace(
        scan,
        x=mean(scan.x),
        y=mean(scan.y),
        usable=kept > 0,
        noise=scan.noise * np.sqrt(max(scan.shared, 1.0) / max(scan.shared, each)),
        shared=max(scan.shared / each, 1.0),
        basis=mean(scan.basis),
        under=mean(scan.under),
    )
