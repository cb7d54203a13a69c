"""Spectra of a made substance: its bands are known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

import spectra_vae as sv
from spectra_vae.library.draft import Draft
from spectra_vae.minerals.profile import pseudo_voigt

Array = NDArray[np.float64]

X = np.arange(100.0, 1300.0, 1.0)
# position, height, width, mixing
BANDS = (
    (180.0, 0.2, 12.0, 0.5),
    (465.0, 1.0, 7.0, 0.7),
    (500.0, 0.3, 9.0, 0.3),
    (1085, 0.5, 6, 0.6),
)
NOISE = 0.004


def curve(x: Array, bands: tuple[tuple[float, ...], ...] = BANDS) -> Array:
    out = np.zeros(len(x))
    for position, height, width, mixing in bands:
        out += height * pseudo_voigt(x - position, np.array(width), np.array(mixing))
    return out


def measured(
    bands: tuple[tuple[float, ...], ...] = BANDS,
    background: Array | float = 0.1,
    noise: float = NOISE,
    seed: int = 0,
    x: Array = X,
    counts: float = 5000.0,
) -> sv.Spectrum:
    noisy = np.random.default_rng(seed).normal(0, noise, len(x))
    return sv.Spectrum(x, counts * (curve(x, bands) + background + noisy), {"name": "made.txt"})


def codes(draft: Draft) -> set[str]:
    return {doubt.code for doubt in draft.doubts}
