"""Two models' sensitivities, neuron by neuron: who corresponds to whom, and what differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..minerals import Band
from ..model.protocols import Trained
from ..spectra.spectrum import interpolate

Array = NDArray[np.float64]

FAINT = 0.01  # of the largest: a neuron that moves a band by less doesn't touch it


class Model(Trained, Protocol):
    """What a comparison needs of a model."""

    def code(self, /, **factors: float) -> Array: ...
    def factors(self, z: ArrayLike) -> dict[str, Any]: ...
    def sensitivity(self, z: ArrayLike | None = None) -> Array: ...


@dataclass(frozen=True, eq=False)
class Difference:
    """Sensitivities of a model and of another, on the first one's axis.

    ``partner`` and ``sign`` (latents,): the other's neuron that stands for each (−1: none is
    left) and ±1 where it runs the other way; ``first`` and ``second`` (latents, N), the second
    in the first one's order and direction; ``same_state``: both at the same factors.
    """

    partner: tuple[int, ...]
    sign: tuple[int, ...]
    first: Array
    second: Array
    same_state: bool

    @property
    def values(self) -> Array:
        """first − second (latents, N); NaN where the second's axis doesn't reach."""
        return self.first - self.second


def difference(one: Model, other: Model, z: ArrayLike | None = None) -> Difference:
    """What a unit of each neuron of ``one`` adds, minus what its partner's unit in ``other`` adds.

    ``z``: a code of ``one`` (default: its origin); ``other`` is taken at the same factors if it
    controls all that ``one`` does, else both are taken at their origins. Neurons that were asked
    for the same factor belong together; the others are paired by the shape of what they move, so
    that the sum of |cosine| is largest (Kuhn 1955).
    """
    from scipy.optimize import linear_sum_assignment  # 0.2 s that the first page can do without

    code, partner_code, same = _codes(one, other, z)
    first, second = one.sensitivity(code), other.sensitivity(partner_code)
    second = interpolate(other.wavenumber, second, one.wavenumber)
    cosine = _cosine(first, second)
    partner = np.full(len(first), -1)
    for name, j in one.controls.items():
        partner[j] = other.controls.get(name, -1)
    left = np.flatnonzero(partner < 0)
    free = np.setdiff1d(np.arange(len(second)), partner)
    rows, columns = linear_sum_assignment(-np.abs(cosine[np.ix_(left, free)]))
    partner[left[rows]] = free[columns]
    sign = np.where(cosine[np.arange(len(first)), partner] < 0, -1, 1)
    taken = np.where((partner >= 0)[:, None], sign[:, None] * second[partner], 0.0)
    return Difference(tuple(partner.tolist()), tuple(sign.tolist()), first, taken, same)


def touching(sensitivity: Array, x: Array, band: Band) -> list[tuple[int, float]]:
    """Neurons that move ``band``, the strongest first, with their largest slope within its FWHM.

    ``sensitivity`` (latents, N) on ``x`` (N,). Slopes are signed: intensity per unit of z.
    """
    near = np.abs(x - band.position) <= band.width
    if not near.any():
        return []
    part = np.nan_to_num(sensitivity[:, near])
    at = np.abs(part).argmax(axis=1)
    slope = part[np.arange(len(part)), at]
    order = np.argsort(-np.abs(slope), kind="stable")
    least = FAINT * np.abs(slope).max()
    return [(int(j), float(slope[j])) for j in order if abs(slope[j]) > max(least, 1e-9)]


def _codes(one: Model, other: Model, z: ArrayLike | None) -> tuple[Array, Array, bool]:
    alike = bool(one.controls) and one.controls.keys() <= other.controls.keys()
    if z is None or not alike:
        return one.origin, other.origin, alike
    m = other.mineral
    wanted = {
        name: float(np.clip(value, m.factor(name).low, m.factor(name).high))
        for name, value in one.factors(z).items()
    }
    return np.asarray(z, float), other.code(**wanted), True


def _cosine(a: Array, b: Array) -> Array:
    """(latents, latents) over the wavenumbers that both reach."""
    both = np.isfinite(b).all(axis=0)
    u, v = a[:, both], b[:, both]
    size = np.outer(np.linalg.norm(u, axis=1), np.linalg.norm(v, axis=1))
    return np.asarray((u @ v.T) / np.maximum(size, 1e-12))
