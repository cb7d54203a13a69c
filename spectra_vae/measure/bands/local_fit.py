"""Each band of a mineral by itself: pseudo-Voigts of free place, width, mixing and height.

The fit through the decoder holds the bands together: one shift, one width. Around it, every band
is fitted in a window of its own over a line, so that a table can be checked against a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..fitting.fit_result import Fits
from ..fitting.smoothing import recognised
from .maxima import maxima, quick
from .shapes import HEIGHT, MIXING, ONE, POSITION, WIDTH, bands_and_slopes
from .windows import Windows, windows

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Whole = NDArray[np.intp]

STEPS = 7
MOVES, MOVES_RELATIVE = 2.0, 0.1  # prior spreads of a band's place, cm⁻¹, and per FWHM
WIDENS, MIXES = 0.35, 0.25  # of its log FWHM, and of its mixing around the table's
LARGEST = np.array([0.25, 0.3, 0.3])  # steps: of the place in FWHM, of log FWHM, of mixing
FARTHEST = 1.0  # log FWHM from the start
# Prior spread of the line: what a background leaves, of the tallest band, and of the noise.
LINE, LINE_NOISE = 0.004, 0.5
SURE = 5.0  # σ of a height: errors of a lower band's place and width are no normal ones
MOSTLY_TOLD = 0.67  # of the prior's variance: what is left where a file says little of a parameter
NOTHING = 1e-6  # one over the variance of what isn't known
CHANCE = 3.0  # standard errors by which χ² may exceed its mean


@dataclass(frozen=True, eq=False)
class LocalBands:
    """R files' K bands in units of the files' spans.

    ``start``, ``bands`` (R, K, 4): position, log FWHM, mixing and height, as the common fit has
    them and as measured; ``covariance`` (R, K, 4, 4); ``prior`` (R, K, 4): the spread that was
    allowed around the start; ``seen`` (R, K): measured at all; ``top`` (R, K): where the file has
    a band's maximum, cm⁻¹, the fitted place as far as noise can tell. ``raw``, ``known`` (R,): no
    filter was run over the file; what was done to it is known and was taken out of the bands.
    """

    start: Array
    bands: Array
    covariance: Array
    prior: Array
    seen: Mask
    top: Array
    raw: Mask
    known: Mask

    def __getitem__(self, row: int) -> LocalBands:
        """Those of one file, or of one of its bands: without the first axis."""
        return LocalBands(*(v[row] if np.ndim(v) else v for v in vars(self).values()))

    @classmethod
    def stacked(cls, files: Sequence[LocalBands]) -> LocalBands:
        """Those of several files, each without the first axis."""
        return cls(
            *(np.stack(some) for some in zip(*(vars(f).values() for f in files), strict=True))
        )

    def likelihood(self, which: int) -> tuple[Array, Array]:
        """What the file alone says of a parameter: how far it is from its start and the variance of
        that, of every band; without the prior, so without end where the file says hardly anything.
        """
        variance, prior = self.covariance[..., which, which], self.prior[..., which] ** 2
        known = self.above(SURE) & (variance < MOSTLY_TOLD * prior)
        told = np.where(known, 1 / np.maximum(variance, 1e-300) - 1 / prior, NOTHING)
        moved = self.bands[..., which] - self.start[..., which]
        return np.where(known, moved / (told * np.maximum(variance, 1e-300)), 0.0), 1 / told

    @property
    def top_deviation(self) -> Array:
        """(R, K) one σ of ``top``: a maximum beside the fitted place may as well be there."""
        return np.hypot(self.deviations[..., POSITION], self.top - self.bands[..., POSITION])

    @property
    def deviations(self) -> Array:
        """(R, K, 4) one σ of every parameter."""
        variances = np.diagonal(self.covariance, axis1=-2, axis2=-1)
        return np.asarray(np.sqrt(np.maximum(variances, 0.0)))

    def above(self, sigmas: float) -> Mask:
        """(R, K) which stand out of the noise by themselves, by so many σ of their height."""
        height = self.bands[..., HEIGHT]
        return np.asarray(self.seen & (height > sigmas * self.deviations[..., HEIGHT]))


def local_bands(fits: Fits, rows: Sequence[int], beside: Array) -> LocalBands:
    """The bands of some ``rows`` (R,) of ``fits``, ``beside`` (R, N) what stands beside them."""
    some = np.asarray(rows, dtype=np.intp)
    x, start = fits.grid.x, _start(fits, some)
    bands, seen = start.copy(), np.zeros(start.shape[:2], dtype=bool)
    covariance, top = np.zeros((*start.shape, ONE)), start[..., POSITION].copy()
    rough = quick(fits.measured[some])
    done = recognised(fits, some)
    kernels = [one.kernel for one in done]
    each = list(dict.fromkeys(kernels))
    kind = np.array([each.index(kernel) for kernel in kernels])
    for alike in windows(x, fits.used[some], start[..., POSITION], np.exp(start[..., WIDTH])):
        for which in np.unique(kind[alike.row]):
            own = alike[kind[alike.row] == which]
            at = own.row[:, None], own.bands
            data = _data(fits, some, beside, rough, own, each[which])
            bands[at], covariance[at], top[at] = _fitted(data, start[at])
            seen[at] = True
    raw, known = (np.array([getattr(one, name) for one in done]) for name in ("raw", "known"))
    return LocalBands(start, bands, covariance, _prior(start), seen, top, raw, known)


def _start(fits: Fits, rows: Whole) -> Array:
    """(R, K, 4) the bands as the common fit has them."""
    table = fits.grid.model.mineral.table
    wider = fits.main.width[rows, None]
    return np.stack(
        np.broadcast_arrays(
            table["position"] + fits.main.shift[rows, None],
            np.log(table["width"] * wider),
            table["mixing"],
            np.maximum(fits.heights[rows] * table["height"] / wider, 0.0),
        ),
        axis=-1,
    )


def _prior(start: Array) -> Array:
    """(..., 4) how far a band may stand from ``start`` (..., 4); of the height nothing is known."""
    spread = np.full(start.shape, np.inf)
    spread[..., POSITION] = np.hypot(MOVES, MOVES_RELATIVE * np.exp(start[..., WIDTH]))
    spread[..., WIDTH], spread[..., MIXING] = WIDENS, MIXES
    return spread


@dataclass(frozen=True, eq=False)
class _Data:
    """T windows of P points ``x`` [cm⁻¹]: ``y``, ``root``, one over the noise, 0 where none is
    used, and ``quick``, the files' quick noise, inf there, (T, P); the ``line``'s columns (T, 2,
    P). ``places``: the filter's weights, and the points (T, P) that each is of.
    """

    x: Array
    places: list[tuple[float, Array]]
    y: Array
    root: Array
    quick: Array
    line: Array

    def filtered(self, bands: Array) -> tuple[Array, Array]:
        """The sums (T, P) of ``bands`` (T, m, 4) and their slopes (T, 4m, P), as the file shows."""
        parts = [(w, *bands_and_slopes(x, bands)) for w, x in self.places]
        curve, slopes = parts[0][0] * parts[0][1], parts[0][0] * parts[0][2]
        for weight, one, more in parts[1:]:
            curve, slopes = curve + weight * one, slopes + weight * more
        return curve, slopes


def _data(
    fits: Fits,
    rows: Whole,
    beside: Array,
    rough: Array,
    alike: Windows,
    kernel: tuple[float, ...],
) -> _Data:
    """What the windows hold of their bands: the rest of what was fitted is taken off."""
    at = alike.start[:, None] + np.arange(alike.points)
    inside = at < alike.stop[:, None]
    at = np.minimum(at, len(fits.grid.x) - 1)
    k = rows[alike.row]
    own = np.zeros(at.shape)
    for band in alike.bands.T:
        own += fits.table[k[:, None], band[:, None], at]
    share = own / fits.total[k[:, None], at]
    pair = k[:, None], at
    y = fits.left[pair] - beside[alike.row[:, None], at] + fits.explained[pair] * share
    root = np.where(inside & fits.used[pair], fits.together[pair] ** -0.5, 0.0)
    x = fits.grid.x[at]
    middle = (x[:, :1] + fits.grid.x[alike.stop - 1][:, None]) / 2
    half = np.maximum(middle - x[:, :1], 1e-9)
    line = np.stack([np.ones_like(x), np.clip((x - middle) / half, -1, 1)], axis=1)
    last = len(fits.grid.x) - 1
    places = [
        (weight, fits.grid.x[np.clip(at + k - len(kernel) // 2, 0, last)])
        for k, weight in enumerate(kernel)
    ]
    return _Data(
        x, places, y, root, np.where(root > 0, rough[alike.row[:, None], at], np.inf), line
    )


def _fitted(data: _Data, start: Array) -> tuple[Array, Array, Array]:
    """Bands (T, m, 4), their covariances (T, m, 4, 4) and maxima (T, m) by Gauss–Newton from
    ``start``.
    """
    tasks, count, _ = start.shape
    width = np.exp(start[..., WIDTH])
    noise = 1 / np.maximum(data.root.max(axis=1), 1e-300)
    loose = LINE * start[..., HEIGHT].max(axis=1) + LINE_NOISE * noise
    precision = np.concatenate(
        [_prior(start).reshape(tasks, -1) ** -2, np.repeat(loose[:, None] ** -2, 2, axis=1)], axis=1
    )
    bands, line = start.copy(), np.zeros((tasks, 2))
    limit = np.stack([LARGEST[0] * width, *(np.full_like(width, v) for v in LARGEST[1:])], -1)
    narrowest, widest = start[..., WIDTH] - FARTHEST, start[..., WIDTH] + FARTHEST
    for _ in range(STEPS):
        inverse, pull, _ = _normal(data, start, bands, line, precision)
        step = (inverse @ pull[..., None])[..., 0]
        moved = step[:, :-2].reshape(start.shape)
        bands[..., :HEIGHT] += np.clip(moved[..., :HEIGHT], -limit, limit)
        bands[..., WIDTH] = np.clip(bands[..., WIDTH], narrowest, widest)
        bands[..., MIXING] = np.clip(bands[..., MIXING], 0.0, 1.0)
        bands[..., HEIGHT] = np.maximum(bands[..., HEIGHT] + moved[..., HEIGHT], 0.0)
        line = line + step[:, -2:]
    inverse, _, left = _normal(data, start, bands, line, precision)
    inverse = inverse * _tension(data, left)[:, None, None]
    own = inverse[:, :-2, :-2].reshape(tasks, count, ONE, count, ONE)
    each = np.arange(count)
    return bands, np.moveaxis(own[:, each, :, each], 0, 1), _tops(data, bands, line)


def _tops(data: _Data, bands: Array, line: Array) -> Array:
    """(T, m) where the bands' maxima are, cm⁻¹."""
    own = np.stack([data.filtered(bands[:, [j]])[0] for j in range(bands.shape[1])], axis=1)
    left = data.y - own.sum(axis=1) - (line[:, None] @ data.line)[:, 0]
    noise = np.broadcast_to(data.quick[:, None], own.shape)
    x = np.broadcast_to(data.x[:, None], own.shape)
    return maxima(x, own + left[:, None], noise, bands[..., POSITION], np.exp(bands[..., WIDTH]))


def _normal(
    data: _Data, start: Array, bands: Array, line: Array, precision: Array
) -> tuple[Array, Array, Array]:
    """The inverse (T, 4m + 2, 4m + 2) of the normal matrix, what pulls (T, 4m + 2), and residuals
    (T, P) in σ.
    """
    curve, slopes = data.filtered(bands)
    left = data.y - curve - (line[:, None] @ data.line)[:, 0]
    columns = np.concatenate([slopes, data.line], axis=1)
    columns *= data.root[:, None]
    size = left * data.root
    away = np.concatenate([(bands - start).reshape(len(bands), -1), line], axis=1)
    pull = (columns @ size[..., None])[..., 0] - precision * away
    normal = columns @ columns.swapaxes(1, 2)
    diagonal = np.einsum("tii->ti", normal)  # a view
    diagonal += precision
    scale = np.maximum(diagonal, 1e-300) ** -0.5
    normal *= scale[:, :, None] * scale[:, None]
    diagonal += 1e-9
    inverse = np.linalg.inv(normal)
    inverse *= scale[:, :, None] * scale[:, None]
    return inverse, pull, size


def _tension(data: _Data, size: Array) -> Array:
    """(T,) ≥ 1: by how much χ² exceeds what chance may make of it."""
    count = np.maximum((data.root > 0).sum(axis=1), 1)
    most = count + CHANCE * np.sqrt(2 * count)
    return np.asarray(np.maximum((size**2).sum(axis=1) / most, 1.0))
