"""Where a file has the maxima of its bands, whatever shape was fitted to them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

NEAR = 0.75  # FWHM from a band's centre, at the most
WIDE, NARROW = 0.35, 0.15  # FWHM either side: what shows that a maximum is elsewhere, and where
POINTS = 1.6  # either side, at the least
OF_TOP = 0.3  # of the maximum: lower points are no part of it
TALL = 20.0  # σ of a point: lower bands show no maximum of their own
CLEARLY = 4.0  # standard errors by which it must be elsewhere
NORMAL, OF_THIRD = 0.6745, 20**0.5  # median of a normal's size, σ; what differencing makes of it
COLUMNS = 3  # of a parabola


def maxima(x: Array, light: Array, noise: Array, centre: Array, fwhm: Array) -> Array:
    """Places (...,) [cm⁻¹] of the maxima of bands whose own light is ``light`` (..., P) with errors
    ``noise`` (..., P), inf where there is none, at ``x`` (..., P).

    That is ``centre`` (...,) as far as noise can tell. The logarithm of a band's top is a parabola:
    R. A. Caruana et al. 1986, Anal. Chem. 58:1162.
    """
    light = np.where(np.isfinite(noise), light, -np.inf)
    there, error = _maximum(x, light, noise, centre, WIDE * fwhm, NEAR * fwhm)
    moved = np.abs(there - centre) > CLEARLY * error
    nearer, error = _maximum(x, light, noise, there, NARROW * fwhm, NEAR * fwhm)
    surer = np.where(np.abs(nearer - there) > CLEARLY * error, nearer, there)
    return np.asarray(np.where(moved, surer, centre))


def _maximum(
    x: Array, light: Array, noise: Array, place: Array, reach: Array, far: Array
) -> tuple[Array, Array]:
    """The maxima (...,) within ``far`` of ``place``, of the points within ``reach`` (...,) of the
    highest, and their errors, cm⁻¹; inf where there is none.
    """
    near = np.where(np.abs(x - place[..., None]) < far[..., None], light, -np.inf)
    first = near.argmax(axis=-1)[..., None]
    height, top = (np.take_along_axis(a, first, -1) for a in (near, x))
    step = np.take_along_axis(np.abs(np.gradient(x, axis=-1)), first, -1)
    reach = np.maximum(reach[..., None], POINTS * step)
    tall = np.take_along_axis(noise, first, -1) * TALL < height
    u = (x - top) / reach
    inside = tall & (np.abs(u) <= 1) & (light > OF_TOP * height)
    vertex, error = _vertex(u, np.where(inside, light, 1.0), np.where(inside, noise, np.inf))
    return top[..., 0] + vertex * reach[..., 0], error * reach[..., 0]


def quick(total: Array) -> Array:
    """(..., N) noise of the points of files ``total`` (..., N), if all of it is as quick as theirs.

    From third differences, growing with the light; what slower noise there is, and what no model
    explains, is not in it.
    """
    third = np.abs(np.diff(total, 3, axis=-1))
    floor = np.median(third, axis=-1, keepdims=True) / (NORMAL * OF_THIRD)
    usual = np.maximum(np.median(total, axis=-1, keepdims=True), 1e-300)
    return np.asarray(floor * np.sqrt(np.maximum(total / usual, 1.0)))


def _vertex(u: Array, light: Array, noise: Array) -> tuple[Array, Array]:
    """The vertex (...,) of the parabola through ln ``light`` at u (..., P), and its error; inf
    where there is none, or too few points show it.
    """
    weight = light / noise
    columns = np.stack([weight, weight * u, weight * u**2], axis=-2)
    normal = columns @ columns.swapaxes(-1, -2)
    enough = ((weight > 0).sum(axis=-1) >= COLUMNS)[..., None, None]
    inverse = np.linalg.inv(np.where(enough, normal, np.eye(COLUMNS)))
    a = (inverse @ (columns @ (weight * np.log(light))[..., None]))[..., 0]
    curved = np.minimum(a[..., 2], -1e-9)
    place = -0.5 * a[..., 1] / curved
    slope = np.stack([np.zeros_like(place), -0.5 / curved, -place / curved], axis=-1)[..., None]
    error = np.sqrt((slope.swapaxes(-1, -2) @ inverse @ slope)[..., 0, 0])
    good = enough[..., 0, 0] & (a[..., 2] < 0) & (np.abs(place) < 1)
    return place, np.where(good, error, np.inf)
