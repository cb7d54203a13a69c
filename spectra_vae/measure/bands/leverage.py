"""What bands that are not the table's do to the strengths of the fit that holds them together.

That fit draws each band where the table has it, as wide and in its shape. A band that isn't is
drawn too high or too low, or the background takes what is left of it: at any noise, and before the
residuals show it. To first order, a small change of what is fitted moves the fitted parameters by
their covariance times its pull on them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...minerals.profile import unit_area
from ..fitting.fit_result import Fits
from .shapes import HEIGHT, MIXING, ONE, POSITION, WIDTH, bands_and_slopes

Array = NDArray[np.float64]

LEAST = 1e-9  # of a background's normal matrix: some columns touch no point that is used


def moved_codes(fits: Fits, k: int, bands: Array, spread: Array) -> Array:
    """(free,) the variance of fit ``k``'s codes where each of its ``bands`` (K, 4) is off by
    itself: ``spread`` (3,) of places [cm⁻¹], of the logs of widths and of mixings. Areas stay.
    """
    weight = np.where(fits.used[k], 1 / fits.variance[k], 0.0)
    basis = fits.grid.basis.numpy()
    heavy = basis * weight[:, None]
    normal = heavy.T @ basis
    diagonal = np.einsum("kk->k", normal)  # a view
    diagonal += LEAST * (diagonal + diagonal.max())
    pull = (fits.covariance[k, : fits.codes.shape[1]] @ fits.slopes[k]) * weight
    pull -= np.linalg.solve(normal, (pull @ basis).T).T @ heavy.T  # the background takes its part
    moved = spread * _off(pull, fits.grid.x, bands)
    return np.asarray((moved**2).sum(axis=(1, 2)))


def _off(pull: Array, x: Array, bands: Array) -> Array:
    """(F, K, 3) what ``pull`` (F, N) takes of what a band's place, width and mixing change of the
    curve, areas kept.
    """
    _, slopes = bands_and_slopes(x[None], bands[None])
    of = (pull @ slopes[0].T).reshape(len(pull), len(bands), ONE)
    mixing, height = bands[:, MIXING], bands[:, HEIGHT]
    flatter = (unit_area(1.0) - unit_area(0.0)) / unit_area(mixing)
    of_area = height * of[..., HEIGHT]
    changes = of[..., POSITION], of[..., WIDTH] - of_area, of[..., MIXING] - flatter * of_area
    return np.stack(changes, axis=-1)
