"""The decoder's output layer for the page: a third of its numbers, at five digits of a spectrum.

A thousand points of a spectrum do not vary each for itself: all spectra that a decoder can make
lie within 1e-6 in the span of a few directions U (of 1 401 points and 384 features, 201). So the
layer W becomes two, U and UᵀW, both as whole numbers: what a step is worth is a power of two for
each direction, and the last layer's is the same for all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

CODES = 3000  # that the directions are found with
LEAST = 1e-6  # contribution to a spectrum, root mean square, of what is left out
STEP = 2.0**-23  # of the output's whole numbers, in units of a spectrum's intensity
FEW = 0.65  # share of the features; where more directions are needed, nothing is saved


class OutputLayer(NamedTuple):
    """``out ≈ weight @ (2**exponents * (directions @ h)) + bias``."""

    directions: NDArray[np.int64]  # (r, features)
    weight: NDArray[np.int64]  # (points, r)
    exponents: NDArray[np.int64]  # (r,)


def compact(weights: Mapping[str, NDArray[np.generic]], reach: FloatArray) -> OutputLayer | None:
    """The output layer of a decoder whose codes go to ± ``reach``, or None: it saves nothing."""
    codes = np.random.default_rng(0).uniform(-reach, reach, (CODES, len(reach)))
    h = features(weights, codes)
    w = weights["decoder.out.weight"].astype(float)
    variance, axes = np.linalg.eigh(h.T @ h / CODES)
    spread = w @ (axes * np.sqrt(np.clip(variance, 0, None)))  # all spectra, as so many columns
    u, size, _ = np.linalg.svd(spread, full_matrices=False)
    r = int((size >= LEAST).sum())
    if r > FEW * w.shape[1]:
        return None
    u, size = u[:, :r], size[:r]
    powers = np.floor(np.log2(STEP * np.sqrt(len(w)) / size)).astype(int)
    directions = (u.T @ w) / size[:, None] / 2.0 ** powers[:, None]
    return OutputLayer(
        np.rint(directions).astype(np.int64),
        np.rint(u * size / STEP).astype(np.int64),
        powers + int(np.log2(STEP)),
    )


def features(weights: Mapping[str, NDArray[np.generic]], codes: FloatArray) -> FloatArray:
    """What the output layer is given for codes (n, neurons): (n, features)."""
    h, k = codes, 0
    while f"decoder.hidden.{k}.weight" in weights:
        h, k = _silu(_affine(weights, f"hidden.{k}", h)), k + 1
    return h + _silu(_affine(weights, "residual", h))


def _affine(weights: Mapping[str, NDArray[np.generic]], part: str, x: FloatArray) -> FloatArray:
    weight, bias = (weights[f"decoder.{part}.{kind}"].astype(float) for kind in ("weight", "bias"))
    return np.asarray(x @ weight.T + bias)


def _silu(x: FloatArray) -> FloatArray:
    return np.asarray(x / (1 + np.exp(-x)))
