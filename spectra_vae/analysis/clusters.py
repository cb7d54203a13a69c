"""Pseudo-spectra as data: clusters of codes, their centroids, and scores against them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..model.posterior import Posterior
from ..text.message import Message, say

Array = NDArray[np.float64]
Labels = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Cluster:
    """One pseudo-spectrum.

    ``code`` (latents,) the members' mean; ``spectrum`` (N,) it decoded, × the reference's
    strongest band; ``lower``, ``upper`` (N,) between which 80 % of the members' decoded spectra
    lie; ``size`` members; ``radius`` within which at least 90 % of them lie, in the units of
    :meth:`PseudoSpectra.score`; ``estimates`` factor → value at the centroid, for the factors
    the model was asked for; ``message`` its name.
    """

    code: Array
    spectrum: Array
    lower: Array
    upper: Array
    size: int
    radius: float
    estimates: Mapping[str, float]
    message: Message

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        arrays = {k: getattr(self, k).tolist() for k in ("code", "spectrum", "lower", "upper")}
        told = {"code": self.message.code, "text": say(self.message, language)}
        rest = {"size": self.size, "radius": self.radius, "estimates": dict(self.estimates)}
        return {**arrays, **rest, "message": told}


@dataclass(frozen=True, eq=False)
class Scores:
    """New codes against the clusters: the nearest (n,), and ``distance`` (n, k) to each.

    A distance counts typical uncertainties of a code, root mean square over the neurons used;
    compare it with a cluster's ``radius``.
    """

    label: Labels
    distance: Array


@dataclass(frozen=True, eq=False)
class PseudoSpectra:
    """n codes in k clusters, by the ``neurons`` used (d,), each divided by its ``scale`` (d,).

    ``codes`` (n, latents), ``labels`` (n,); clusters are ordered by size, largest first.
    ``plane`` (2, d): the two principal directions of the scaled codes.
    """

    wavenumber: Array
    codes: Array
    neurons: tuple[int, ...]
    scale: Array
    labels: Labels
    clusters: tuple[Cluster, ...]
    plane: Array

    def coordinates(self, codes: ArrayLike, axes: tuple[int, int] | None = None) -> Array:
        """Codes (..., latents) → points of a scatter plot (..., 2).

        ``axes``: the codes of two neurons; None: principal components, in uncertainties.
        """
        z = np.asarray(codes, float)
        if axes is not None:
            return z[..., list(axes)]
        middle = self._scaled(self.codes).mean(axis=0)
        return np.asarray((self._scaled(z) - middle) @ self.plane.T)

    def score(self, codes: Posterior | ArrayLike) -> Scores:
        """How far codes (n, latents) lie from every cluster."""
        z = codes.mean if isinstance(codes, Posterior) else np.asarray(codes, float)
        centres = self._scaled(np.stack([c.code for c in self.clusters]))
        apart = np.atleast_2d(self._scaled(z))[:, None] - centres
        distance = np.sqrt((apart**2).mean(axis=-1))
        return Scores(distance.argmin(axis=1), distance)

    def _scaled(self, codes: Array) -> Array:
        return np.asarray(codes[..., list(self.neurons)] / self.scale)

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """Plain JSON values; the words in ``language``."""
        arrays = ("wavenumber", "codes", "scale", "labels")
        return {
            **{name: getattr(self, name).tolist() for name in arrays},
            "neurons": list(self.neurons),
            "points": self.coordinates(self.codes).tolist(),
            "clusters": [c.to_dict(language) for c in self.clusters],
        }

    def to_csv(self, language: str = "en") -> str:
        """Wavenumber, then every cluster's spectrum and spread; their names above as ``#``."""
        out = io.StringIO()
        head, columns = ["wavenumber_cm-1"], [self.wavenumber]
        for number, c in enumerate(self.clusters, 1):
            out.write(f"# cluster {number} ({c.size}): {say(c.message, language)}\n")
            head += [f"{name}_{number}" for name in ("spectrum", "p10", "p90")]
            columns += [c.spectrum, c.lower, c.upper]
        table = csv.writer(out, lineterminator="\n")
        table.writerow(head)
        table.writerows([f"{v:.9g}" for v in row] for row in zip(*columns, strict=True))
        return out.getvalue()
