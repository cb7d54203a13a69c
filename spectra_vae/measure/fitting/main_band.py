"""Position and width of the strongest band as the decoder draws it, with their slopes by code."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ...minerals import NEAR_MAIN, Mineral
from .grid import Grid, grid

Array = NDArray[np.float64]

STEP = 0.1


@dataclass(frozen=True, eq=False)
class MainBand:
    """Of B codes: ``shift`` (B,) from the table's position, cm⁻¹; ``width`` (B,) relative to it;
    their slopes by the moving neurons (B, free). Nothing there: 0 and 1, slopes 0.
    """

    mineral: Mineral
    shift: Array
    width: Array
    shift_slope: Array
    width_slope: Array

    @property
    def factors(self) -> dict[str, Array]:
        """The mineral's factors (B,) that put its bands where and as wide as this one."""
        m, found = self.mineral, {}
        position, width = m.the("position"), m.the("width")
        if position is not None:
            found[position.name] = np.clip(self.shift, position.low, position.high)
        if width is not None and width.widest != 1:
            span = (width.reference - width.low) / np.log(width.widest)
            value = width.reference - span * np.log(self.width)
            found[width.name] = np.clip(value, width.low, width.high)
        return found


def main_band(of: Grid, codes: Tensor) -> MainBand:
    """The strongest band at ``codes`` (B, free)."""
    mineral, axis = of.model.mineral, of.model.wavenumber
    centre = mineral.main.position
    low, high = max(centre - NEAR_MAIN, axis[0]), min(centre + NEAR_MAIN, axis[-1])
    b, n = codes.shape
    if high - low < NEAR_MAIN:
        return MainBand(mineral, np.zeros(b), np.ones(b), np.zeros((b, n)), np.zeros((b, n)))
    x = low + STEP * np.arange(int((high - low) / STEP) + 1)
    curve, slopes = (t.double().numpy() for t in grid(of.model, x).jacobian(codes))
    rows = np.arange(b)
    top = np.clip(curve.argmax(axis=1), 1, len(x) - 2)
    rise = (curve[rows, top + 1] - curve[rows, top - 1]) / (2 * STEP)
    bend = (curve[rows, top + 1] - 2 * curve[rows, top] + curve[rows, top - 1]) / STEP**2
    bend = np.minimum(bend, -1e-9)
    tilt = (slopes[rows, :, top + 1] - slopes[rows, :, top - 1]) / (2 * STEP)
    height = curve[rows, top]
    half = 0.5 * height[:, None]
    inner = np.abs(np.arange(len(x)) - top[:, None])
    width, width_slope = np.zeros(b), np.zeros((b, n))
    for side in (-1, 1):
        beyond = (curve < half) & (side * (np.arange(len(x)) - top[:, None]) > 0)
        out = np.where(beyond, inner, len(x)).min(axis=1)
        end = np.clip(top + side * out, 1, len(x) - 2)
        before = np.clip(end - side, 0, len(x) - 1)
        drop = np.minimum(curve[rows, end] - curve[rows, before], -1e-12)
        share = np.clip((half[:, 0] - curve[rows, before]) / drop, 0, 1)
        width += np.abs(x[before] - x[top]) + share * STEP
        width_slope += (slopes[rows, :, end] - 0.5 * slopes[rows, :, top]) * (-STEP / drop)[:, None]
    position = x[top] + np.clip(-rise / bend, -STEP, STEP)
    seen = height > 0
    return MainBand(
        mineral,
        np.where(seen, position - centre, 0.0),
        np.where(seen, np.clip(width / mineral.main.width, 0.5, 4.0), 1.0),
        np.where(seen[:, None], -tilt / bend[:, None], 0.0),
        np.where(seen[:, None], width_slope / mineral.main.width, 0.0),
    )
