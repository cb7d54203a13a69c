"""A mixture at its best in a scan: its curves, and how sure every parameter is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...minerals.profile import FOUR_LN2
from .mixture import Mixture
from .scan import Scan

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Fit:
    """Arrays (N,) are in the unit of the scan's y.

    ``left``: what the curves leave over; ``cost``: −2 ln of the posterior, ``misfit`` the data's
    share of it. Parameters (M) are in the order file, phases, bands, background.
    """

    scan: Scan
    mixture: Mixture
    sigma: Array
    left: Array
    cost: float
    misfit: float

    @cached_property
    def curves(self) -> Array:
        """(K, N) the bands."""
        return self.at(self.scan.x)

    def at(self, x: Array) -> Array:
        """(K, n) the bands at other wavenumbers."""
        return _drawn(x, *self.mixture.placed(self.scan))[0]

    @cached_property
    def bands(self) -> Array:
        """(N,) the sum of all bands."""
        return np.asarray(self.curves.sum(axis=0))

    def phase(self, p: int) -> Array:
        """(N,) the bands of phase ``p``."""
        return np.asarray(self.curves[self.mixture.owner == p].sum(axis=0))

    @cached_property
    def weight(self) -> Array:
        """(N,) 1/σ, for points that share their noise."""
        return weight_of(self.scan, self.sigma)

    @cached_property
    def slopes(self) -> Array:
        """(3 K, N) of the curve by ln heights, positions and ln widths of its bands."""
        return np.concatenate(_drawn(self.scan.x, *self.mixture.placed(self.scan)))

    @cached_property
    def raw(self) -> Array:
        """(3 K + B, N) the slopes and those by the background, in σ."""
        return np.concatenate([self.slopes, self.scan.basis.T]) * self.weight

    @cached_property
    def followers(self) -> Array:
        return self.mixture.followers(self.scan)

    def pulled(self, curves: Array) -> Array:
        """(M, …) what curves (N, …) [σ] have in common with the slope by every parameter."""
        own = self.raw @ curves
        return np.concatenate([self.followers.T @ own, own])

    @cached_property
    def curvature(self) -> Array:
        """(M, M) half the cost's second derivatives."""
        return curvature(self.raw, self.followers, self.mixture.prior(self.scan)[0])

    @cached_property
    def pull(self) -> Array:
        """(M,) half the cost's slope, downward."""
        prior, mean = self.mixture.prior(self.scan)
        data = self.pulled(self.left * self.weight)
        return np.asarray(data - prior * (self.mixture.vector - mean))

    @cached_property
    def covariance(self) -> Array:
        """(M, M) of all parameters."""
        return np.asarray(np.linalg.pinv(self.curvature, hermitian=True))

    @cached_property
    def surprise(self) -> float:
        """−2 ln of the evidence, as far as mixtures of as many phases differ in it (P.-S. Laplace's
        approximation): what can be bent to fit anything has to fit better.
        """
        prior, _ = self.mixture.prior(self.scan)
        return self.cost + float(
            np.linalg.slogdet(self.curvature)[1] - np.log(prior[prior > 0]).sum()
        )

    @cached_property
    def follow(self) -> Array:
        """(3 K, M): how ln heights, positions and ln widths follow all parameters."""
        count = 3 * len(self.mixture.bands)
        first = self.followers.shape[1]
        return np.hstack([self.followers[:count], np.eye(count, len(self.covariance) - first)])

    @cached_property
    def of_bands(self) -> Array:
        """(3 K, 3 K) covariance of ln heights, positions [cm⁻¹] and ln widths."""
        return np.asarray(self.follow @ self.covariance @ self.follow.T)

    @cached_property
    def area_spread(self) -> Array:
        """(K,) one σ of the bands' ln areas."""
        return self._spread_of(self._size)

    @property
    def _size(self) -> Array:
        """(K, M): how ln height + ln width follow all parameters."""
        high, _, wide = np.split(self.follow, 3)
        return np.asarray(high + wide)

    def _spread_of(self, rows: Array, more: Array | float = 0.0) -> Array:
        """(n,) one σ of what follows the parameters as ``rows`` (n, M), and has a variance ``more``
        of its own.
        """
        return np.asarray(
            np.sqrt(np.maximum((rows @ self.covariance * rows).sum(axis=1), 0) + more)
        )

    @cached_property
    def spread(self) -> Array:
        """(N,) one σ of :attr:`bands`."""
        variance = (self.slopes * (self.of_bands @ self.slopes)).sum(axis=0)
        return np.asarray(np.sqrt(np.maximum(variance, 0.0)))


def weight_of(scan: Scan, sigma: Array) -> Array:
    """(N,) 1/σ, for points that share their noise; 0 where they aren't usable."""
    return np.asarray(np.where(scan.usable, 1 / (sigma * np.sqrt(scan.shared)), 0.0))


def curvature(raw: Array, followers: Array, prior: Array) -> Array:
    """(M, M) of slopes (3 K + B, N) that ``followers`` (3 K + B, M − 3 K − B) move as well."""
    gram = raw @ raw.T
    mixed = followers.T @ gram
    first = len(mixed)
    whole = np.empty((first + len(gram), first + len(gram)))
    whole[:first, :first] = mixed @ followers
    whole[:first, first:] = mixed
    whole[first:, :first] = mixed.T
    whole[first:, first:] = gram
    whole.ravel()[:: len(whole) + 1] += prior + 1e-9
    return whole


def _drawn(
    x: Array, position: Array, height: Array, width: Array, mixing: Array
) -> tuple[Array, Array, Array]:
    """(K, N) bands, and their slopes by position and by ln width."""
    u, gauss, lorentz = shapes(x, position, width)
    height, width, mixing = (a[:, None] for a in (height, width, mixing))
    gauss = height * (1 - mixing) * gauss
    whole = gauss + height * mixing * lorentz
    falling = (2 * FOUR_LN2 * gauss + 8 * height * mixing * lorentz**2) * u
    return whole, falling / width, falling * u


def shapes(x: Array, position: Array, width: Array) -> tuple[Array, Array, Array]:
    """Of K bands at x (N,): how many widths away, and Gaussians and Lorentzians 1 high, (K, N)."""
    u = (x - position[:, None]) / width[:, None]
    square = u * u
    return u, np.exp(-FOUR_LN2 * np.minimum(square, 9.0)), 1 / (1 + 4 * square)
