"""The last look at a fit: bands as sharp as the file shows them.

Phases are told with errors that grow with a band's height, as no table knows its line shape. What
is drawn and measured is the file's own: here bands are fitted almost to the noise, and each may be
as Gaussian or as Lorentzian as it stands there.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...minerals.profile import GAUSS_AREA, LORENTZ_AREA, unit_area
from .fit import fit
from .fitted import Fit, curvature, shapes
from .mixture import HEIGHT, WIDTH, Mixture
from .phases import LEAST_MISFIT, misfit_of, sigma_of

Array = NDArray[np.float64]

ROUNDS, STEPS = 4, 8  # of mixing, and of the fit between
MIXING = 0.25  # σ of the Lorentzian share, against the table's
PLACE = 1.0  # cm⁻¹, σ of a band's position while its shape is looked at


class Shaped(Fit):
    """A fit whose bands' Lorentzian shares are as unsure as the rest."""

    @cached_property
    def curvature(self) -> Array:
        """(M, M) half the cost's second derivatives, the shares taken out (Schur's complement)."""
        prior, _ = self.mixture.prior(self.scan)
        own, cross = self._shares
        whole = curvature(self.raw, self.followers, prior)
        return np.asarray(whole - cross @ np.linalg.solve(own, cross.T))

    @cached_property
    def _shares(self) -> tuple[Array, Array]:
        """(K, K) and (M, K): half the cost's second derivatives by the shares, and by them and all
        other parameters.
        """
        slope = _by_mixing(self) * self.weight
        own = slope @ slope.T + np.eye(len(slope)) / MIXING**2
        return own, self.pulled(slope.T)

    @cached_property
    def area_spread(self) -> Array:
        """(K,) one σ of the bands' ln areas: how much is in the tails counts as well."""
        own, cross = self._shares
        free = np.linalg.inv(own)
        share = self.mixture.placed(self.scan)[3]
        larger = ((LORENTZ_AREA - GAUSS_AREA) / unit_area(share))[:, None]
        return self._spread_of(
            self._size - larger * (free @ cross.T), larger[:, 0] ** 2 * np.diag(free)
        )


def shaped(done: Fit, least: float) -> Fit:
    """``done`` with each band's own shape; ``least``: σ of a point, of the tallest band.

    Its errors are those of what is left over then: how far a pseudo-Voigt is off.
    """
    if not len(done.mixture.bands):
        return done
    sigma = sigma_of(done.scan, LEAST_MISFIT, least)
    for _ in range(ROUNDS):
        done = fit(done.scan, _mixed(done), sigma, STEPS)
    honest = sigma_of(done.scan, misfit_of(done), least)
    return Shaped(done.scan, done.mixture, honest, done.left, done.cost, done.misfit)


def _mixed(done: Fit) -> Mixture:
    """With the Lorentzian shares that what is left over asks for, everything else free as well."""
    m = done.mixture
    more = np.concatenate([done.slopes, _by_mixing(done)]) * done.weight
    count = len(m.bands)
    free = np.repeat([HEIGHT, PLACE, WIDTH, MIXING], count)
    step = np.linalg.solve(more @ more.T + np.diag(free**-2), more @ (done.left * done.weight))
    own = step[3 * count :]
    parts = (
        replace(part, mixing=np.clip(part.mixing + own[m.owner == p], 0.0, 1.0))
        for p, part in enumerate(m.parts)
    )
    return replace(m, parts=tuple(parts))


def _by_mixing(done: Fit) -> Array:
    """(K, N) slope of the curve by each band's Lorentzian share."""
    position, height, width, _ = done.mixture.placed(done.scan)
    _, gauss, lorentz = shapes(done.scan.x, position, width)
    return np.asarray(height[:, None] * (lorentz - gauss))
