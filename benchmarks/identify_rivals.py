"""What others do with the same files, on the same tables drawn as spectra; used by
``benchmarks.identify``.

Each rival has one free parameter and the stiffness of the arPLS background; both are chosen on one
half of the substances and judged on the other, both ways.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls
from scipy.signal import savgol_filter

import spectra_vae as sv
from spectra_vae.library.baseline import AUTOMATIC, STIFFER
from spectra_vae.library.identify.scanned import scanned

Array = NDArray[np.float64]
Answer = tuple[str, float]  # name and score of the first one

WINDOWS = (1, 7, 13, 21)  # points of a smoothed derivative (Savitzky, Golay 1964); 1: none
LEAST_SHARES = (0.0, 0.05, 0.15)  # of the largest: less is left out of a second fit


@dataclass(frozen=True)
class Rival:
    """``scores``: of references (T, N) for what a file (N,) holds above its background, x (N,), and
    a free parameter, one of ``grid``, the first where nobody tuned it.
    """

    name: str
    scores: Callable[[Array, Array, Array, float], Array]
    grid: tuple[float, ...] = (0.0,)


def dot(x: Array, y: Array, r: Array, free: float) -> Array:
    return _cosine(r, np.maximum(y, 0))


def hit_quality(x: Array, y: Array, r: Array, free: float) -> Array:
    return _cosine(r - r.mean(axis=1, keepdims=True), y - y.mean())


def derivatives(x: Array, y: Array, r: Array, window: float) -> Array:
    if window > 1:
        y, r = (savgol_filter(a, int(window), 2, axis=-1) for a in (y, r))
    return hit_quality(x, np.gradient(y, x), np.gradient(r, x, axis=1), 0.0)


def non_negative(x: Array, y: Array, r: Array, least: float) -> Array:
    """Shares of the references, as they explain the file together."""
    y = np.maximum(y, 0)
    across, few = np.linalg.qr(r.T)  # the same least squares on as many points as references
    share, _ = nnls(few, across.T @ y)
    kept = share > least * share.max()
    if least and kept.any():
        share = np.zeros(len(r))
        share[kept], _ = nnls(few[:, kept], across.T @ y)
    part = share * np.linalg.norm(r, axis=1)
    return np.asarray(part / max(float(np.linalg.norm(y)), 1e-9))


def _cosine(r: Array, y: Array) -> Array:
    size = np.linalg.norm(r, axis=1) * np.linalg.norm(y)
    return np.asarray(r @ y / np.maximum(size, 1e-12))


RIVALS = (
    Rival("dot product", dot),
    Rival("hit quality index", hit_quality),
    Rival("correlation of derivatives", derivatives, WINDOWS),
    Rival("NNLS", non_negative, LEAST_SHARES),
)
Choice = tuple[str, float]  # of the background's stiffness and of the free parameter


def choices(rival: Rival, tune: bool) -> list[Choice]:
    """What a rival may be set to; the first is usual."""
    if not tune:
        return [(AUTOMATIC, rival.grid[0])]
    return [(baseline, free) for baseline in STIFFER for free in rival.grid]


@functools.lru_cache(maxsize=256)
def references(names: tuple[str, ...], axis: bytes) -> Array:
    """(T, N) of an axis, as bytes: it is the same however noisy a file is made."""
    x = np.frombuffer(axis)
    return np.stack([sv.mineral(n).spectrum(x) for n in names])


def answers(
    spectrum: sv.Spectrum, names: Sequence[str], tune: bool
) -> dict[tuple[str, Choice], Answer]:
    """Every rival's first answer, however it may be set."""
    told = {}
    for baseline in STIFFER if tune else (AUTOMATIC,):
        meta = dict(spectrum.meta) | {"baseline": baseline}
        _, scan = scanned(sv.Spectrum(spectrum.wavenumber, spectrum.intensity, meta))
        x, y = scan.x[scan.usable], scan.y[scan.usable]
        r = references(tuple(names), scan.x.tobytes())[:, scan.usable]
        for rival in RIVALS:
            for choice in choices(rival, tune):
                if choice[0] == baseline:
                    values = rival.scores(x, y, r, choice[1])
                    best = int(values.argmax())
                    told[rival.name, choice] = names[best], float(values[best])
    return told
