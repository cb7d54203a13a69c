"""Finding clusters of measured codes, and the spectrum that stands for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..model.posterior import Posterior
from ..model.protocols import Trained
from ..storage.models import ModelError
from ..text.message import Label, Message, listed
from . import role_words
from .clusters import Cluster, Labels, PseudoSpectra
from .scan import Measured, measured

Array = NDArray[np.float64]

SPREAD = (10.0, 90.0)  # per cent of the members
LEAST_STD = 1e-3  # of a code: float16 weights know no better


class Model(Trained, Protocol):
    """What clustering needs of a model."""

    def decode(self, z: ArrayLike) -> Array: ...
    def factors(self, z: ArrayLike) -> dict[str, Any]: ...


def pseudo_spectra(model: Model, codes: Posterior, k: int) -> PseudoSpectra:
    """Cluster ``codes`` (n, latents) into ``k`` by k-means and decode the centroids; deterministic.

    Used are the neurons that are active and move the spectrum, except one that carries the scale
    (a measurement's is arbitrary); each is divided by its median uncertainty, so that one that
    the data hardly know weighs little. A Gaussian mixture does no better: ``benchmarks/pseudo.py``.

    Raises
    ------
    ModelError
        ``k`` below 1 or above the number of different codes; codes that are not finite; a model
        without an active neuron that moves the spectrum.
    """
    neurons = used(model)
    if not neurons:
        raise ModelError("error.nothing_active")
    z = np.tile(model.origin, (len(codes.mean), 1))
    z[:, list(neurons)] = codes.mean[:, list(neurons)]
    if not np.isfinite(z).all():
        raise ModelError("error.code_value")
    different = len(np.unique(z, axis=0))
    if not isinstance(k, int | np.integer) or isinstance(k, bool):
        raise ModelError("error.whole", name="k", value=str(k)[:40])
    k = int(k)
    if not 1 <= k <= different:
        raise ModelError("error.clusters", k=k, different=different)
    scale = _scale(model, codes, neurons)
    points = z[:, list(neurons)] / scale
    labels = _by_size(_cluster(points, k), k)
    return PseudoSpectra(
        wavenumber=model.wavenumber,
        codes=z,
        neurons=neurons,
        scale=scale,
        labels=labels,
        clusters=tuple(_cluster_of(model, z[labels == c], points[labels == c]) for c in range(k)),
        plane=_plane(points),
    )


def used(model: Model) -> tuple[int, ...]:
    """Neurons that tell samples apart: active ones that move the spectrum, not the scale's."""
    scale = model.mineral.the("scale")
    skip = model.controls.get(scale.name) if scale else None
    return tuple(n.index for n in model.neurons if n.active and not n.inert and n.index != skip)


def _scale(model: Model, codes: Posterior, neurons: tuple[int, ...]) -> Array:
    """Median uncertainty of each neuron's code; a plain autoencoder has its spread instead."""
    if codes.std is None:
        return np.array([max(model.neurons[j].std, LEAST_STD) for j in neurons])
    return np.maximum(np.median(codes.std[:, list(neurons)], axis=0), LEAST_STD)


def _cluster(points: Array, k: int) -> Labels:
    from sklearn.cluster import KMeans  # a second to import: only for who clusters

    found = KMeans(k, n_init=20, random_state=0).fit_predict(points)
    return np.asarray(found, dtype=np.int64)


def _by_size(labels: Labels, k: int) -> Labels:
    """Labels renumbered, the largest cluster first; of two alike, the one met first."""
    size = np.bincount(labels, minlength=k)
    first = np.array([np.argmax(labels == c) for c in range(k)])
    order = np.lexsort((first, -size))
    return np.asarray(np.argsort(order)[labels], dtype=np.int64)


def _cluster_of(model: Model, z: Array, points: Array) -> Cluster:
    code = z.mean(axis=0)
    curve, members = model.decode(code), model.decode(z)
    lower, upper = np.percentile(members, SPREAD, axis=0)
    apart = np.sqrt(((points - points.mean(axis=0)) ** 2).mean(axis=1))
    estimates = {name: float(value) for name, value in model.factors(code).items()}
    return Cluster(
        code=code,
        spectrum=curve,
        lower=lower,
        upper=upper,
        size=len(z),
        radius=float(np.percentile(apart, SPREAD[1], method="higher")),  # of few, all of them
        estimates=estimates,
        message=_name(model, estimates, curve),
    )


def _name(model: Model, estimates: Mapping[str, float], curve: Array) -> Message:
    """The mineral's own factors where the model was asked for them, else areas and width."""
    m = model.mineral
    own = [f for f in m.state if f.name in estimates]
    if own:
        return listed([_value(role_words.named(f), estimates[f.name]) for f in own])
    found: Measured = measured(m, model.wavenumber, curve[None])
    areas = [
        Message(
            "role.times",
            {"what": m.group(g).bands, "value": role_words.number(a[0], 2)},
        )
        for g, a in found.areas.items()
    ]
    width = {"main": m.main.name, "width": role_words.number(found.width[0], 1)}
    return listed([*areas, Message("role.wide", width)])


def _value(what: Message | Label | str, value: float) -> Message:
    return Message("role.value", {"what": what, "value": role_words.number(value, 2)})


def _plane(points: Array) -> Array:
    """The two principal directions (2, d), largest component positive; zeros where d < 2."""
    _, _, directions = np.linalg.svd(points - points.mean(axis=0), full_matrices=False)
    plane = np.zeros((2, points.shape[1]))
    plane[: min(2, len(directions))] = directions[:2]
    largest = np.abs(plane).argmax(axis=1)
    sign = np.where(plane[[0, 1], largest] < 0, -1.0, 1.0)
    return np.asarray(plane * sign[:, None])
