"""Gauss–Newton through the decoder: code, gain and background together, against the points.

The model is interpolated to the file's axis, never the noisy data to the model's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..minerals import Mineral
from ..posterior import Posterior
from ..spectrum import interpolate

Array = NDArray[np.float64]

ITERATIONS = 20
PRIOR_STD = 2.2  # the spread of the training codes
REACH = 5.0  # and how far they go
HUBER = 4.0  # residuals beyond this many σ pull linearly only: foreign bands mustn't bend the fit
MODEL_ERROR = 2e-3  # the decoder's own, × ν1


class Model(Protocol):
    """What a fit needs of a trained model."""

    wavenumber: Array
    origin: Array

    @property
    def mineral(self) -> Mineral: ...
    @property
    def neurons(self) -> tuple[Any, ...]: ...
    @property
    def controls(self) -> Any: ...
    def jacobian(self, z: Array) -> tuple[Array, Array]: ...
    def encode(self, spectrum: Array) -> Posterior: ...


@dataclass(frozen=True, eq=False)
class Fit:
    """Where the fit ended, on the file's axis and in its units.

    ``code`` (latents,), its ``std``; ``gain`` is the height that the reference ν1 would have;
    ``explained`` and ``background`` (N,), ``spread`` (N,) one σ of ``explained``; ``chi2`` the
    mean squared residual in units of the noise.
    """

    code: Array
    std: Array
    gain: float
    gain_std: float
    explained: Array
    background: Array
    spread: Array
    chi2: float


def fitted_neurons(model: Model) -> list[int]:
    """Neurons that a measurement can move: not inert ones, not the scale (the gain does that)."""
    scale = model.mineral.of_effect("scale")
    skip = {model.controls.get(scale.name)} if scale else set()
    return [n.index for n in model.neurons if not n.inert and n.index not in skip]


def first_gain(
    mineral: Mineral, x: Array, y: Array, weight: Array, basis: Array
) -> tuple[float, dict[str, float]]:
    """Gain and rough factors from a matched filter on the mineral's bands.

    Templates over widths and positions are fitted together with the background; never the
    maximum, where a Rayleigh line or a spike would win. The gain is at least a tiny positive.
    """
    width, position = mineral.of_effect("width"), mineral.of_effect("position")
    widths = np.linspace(width.low, width.high, 5) if width else np.zeros(1)
    positions = np.linspace(position.low, position.high, 13) if position else np.zeros(1)
    grid = {
        f.name: v.ravel()
        for f, v in zip((width, position), np.meshgrid(widths, positions), strict=True)
        if f is not None
    }
    templates = mineral.spectrum(x, **grid) * weight
    q, _ = np.linalg.qr(basis * weight[:, None])
    target = y * weight - q @ (q.T @ (y * weight))
    cleared = templates - (templates @ q) @ q.T
    power = np.maximum((cleared**2).sum(axis=1), 1e-300)
    match = cleared @ target
    score = np.where(match > 0, match**2 / power, 0.0)
    best = int(np.argmax(score))
    smallest = 1e-6 * float(np.ptp(y))
    gain = max(float(match[best] / power[best]), smallest)
    return gain, {name: float(values[best]) for name, values in grid.items()}


def fit(
    model: Model, x: Array, y: Array, variance: Array, usable: NDArray[np.bool_], basis: Array
) -> Fit:
    """Fit y (N,) with ``variance`` (N,) at the ``usable`` points; start from encoder and filter."""
    weight = np.where(usable, 1 / np.sqrt(variance), 0.0)
    gain, rough = first_gain(model.mineral, x, y, weight, basis)
    starts = _starts(model, x, y, usable, gain, rough, basis, weight)
    fits = [_gauss_newton(model, x, y, variance, usable, basis, z, gain) for z in starts]
    return min(fits, key=lambda one: one.chi2)


def _starts(
    model: Model,
    x: Array,
    y: Array,
    usable: NDArray[np.bool_],
    gain: float,
    rough: dict[str, float],
    basis: Array,
    weight: Array,
) -> list[Array]:
    """The encoder's mean, and the matched filter's factors."""
    on_axis = interpolate(x[usable], y[usable], model.wavenumber) / gain
    starts = [np.clip(model.encode(on_axis).mean, -REACH, REACH)]
    known = {name: value for name, value in rough.items() if name in model.controls}
    if known:
        z = model.origin.copy()
        for name, value in known.items():
            z[model.controls[name]] = np.clip(model.mineral.factor(name).code(value), -2.5, 2.5)
        starts.append(z)
    return starts


def _gauss_newton(
    model: Model,
    x: Array,
    y: Array,
    variance: Array,
    usable: NDArray[np.bool_],
    basis: Array,
    start: Array,
    gain: float,
) -> Fit:
    free = fitted_neurons(model)
    centre = model.origin[free]
    z = model.origin.copy()
    z[free] = start[free]
    n = len(free)
    variance = variance + (MODEL_ERROR * gain) ** 2
    damping, least = 1e-3, 0.02 * gain  # what holds nothing of the mineral must not divide by zero
    prior = np.zeros(n + 1 + basis.shape[1])
    prior[:n] = 1 / PRIOR_STD**2
    background = _solve_background(y, basis, usable, variance)
    shape, slopes = _on_file(model, z, x, free)

    def cost(z_: Array, gain_: float, shape_: Array, background_: Array) -> tuple[float, Array]:
        r = (y - gain_ * shape_ - basis @ background_) / np.sqrt(variance) * usable
        size = np.abs(r)
        robust = np.where(size < HUBER, 0.5 * size**2, HUBER * (size - 0.5 * HUBER))
        return float(robust.sum() + 0.5 * (((z_[free] - centre) / PRIOR_STD) ** 2).sum()), r

    best, r = cost(z, gain, shape, background)
    for _ in range(ITERATIONS):
        robust = usable * np.minimum(1.0, HUBER / np.maximum(np.abs(r), 1e-12)) / variance
        columns = np.concatenate([gain * slopes, shape[None], basis.T])
        information = (columns * robust) @ columns.T
        gradient = (columns * robust) @ (y - gain * shape - basis @ background)
        gradient[:n] -= prior[:n] * (z[free] - centre)
        hessian = information + np.diag(prior)
        scale = np.diag(np.diag(hessian)) + 1e-12 * np.trace(hessian) * np.eye(len(prior))
        step = np.linalg.solve(hessian + damping * scale, gradient)
        trial = z.copy()
        trial[free] = np.clip(z[free] + np.clip(step[:n], -1.0, 1.0), -REACH, REACH)
        trial_gain = max(gain + float(step[n]), least)
        trial_background = background + step[n + 1 :]
        trial_shape, trial_slopes = _on_file(model, trial, x, free)
        value, trial_r = cost(trial, trial_gain, trial_shape, trial_background)
        if value > best:
            damping = min(damping * 8, 1e6)
            if damping > 1e5:
                break
            continue
        gained, best, r, damping = best - value, value, trial_r, damping / 4
        z, gain, background = trial, trial_gain, trial_background
        shape, slopes = trial_shape, trial_slopes
        if gained < 1e-4:
            break
    return _summary(model, z, gain, shape, slopes, basis, background, variance, usable, r, prior)


def _summary(
    model: Model,
    z: Array,
    gain: float,
    shape: Array,
    slopes: Array,
    basis: Array,
    background: Array,
    variance: Array,
    usable: NDArray[np.bool_],
    r: Array,
    prior: Array,
) -> Fit:
    free = fitted_neurons(model)
    n = len(free)
    columns = np.concatenate([gain * slopes, shape[None], basis.T])
    information = (columns * (usable / variance)) @ columns.T + np.diag(prior)
    information += 1e-10 * np.diag(np.diag(information) + 1e-300)
    chi2 = float((np.minimum(np.abs(r), HUBER) ** 2).sum() / max(usable.sum(), 1))
    covariance = np.linalg.pinv(information) * max(1.0, chi2)
    std = np.full(len(z), PRIOR_STD)
    std[free] = np.sqrt(np.clip(np.diag(covariance)[:n], 0, None))
    moving = columns[: n + 1]
    spread = np.sqrt(
        np.clip(np.einsum("in,ij,jn->n", moving, covariance[: n + 1, : n + 1], moving), 0, None)
    )
    gain_std = float(np.sqrt(max(covariance[n, n], 0.0)))
    return Fit(z, std, gain, gain_std, gain * shape, basis @ background, spread, chi2)


def _on_file(model: Model, z: Array, x: Array, free: list[int]) -> tuple[Array, Array]:
    """Decoded spectrum (N,) and slopes (free, N) on the file's axis; zero beyond the model's."""
    value, slope = model.jacobian(z)
    inside = np.clip(x, model.wavenumber[0], model.wavenumber[-1])
    both = interpolate(model.wavenumber, np.vstack([value[None], slope[free]]), inside)
    both *= (x >= model.wavenumber[0]) & (x <= model.wavenumber[-1])
    return both[0], both[1:]


def _solve_background(y: Array, basis: Array, usable: NDArray[np.bool_], variance: Array) -> Array:
    """A first background: least squares, twice, the second time without what stands out above."""
    keep = usable.astype(float)
    coefficients = np.zeros(basis.shape[1])
    for _ in range(3):
        root = np.sqrt(keep / variance)
        solved = np.linalg.lstsq(basis * root[:, None], y * root, rcond=1e-10)[0]
        coefficients = np.asarray(solved, dtype=np.float64)
        residual = y - basis @ coefficients
        sigma = 1.4826 * float(np.median(np.abs(residual[usable]))) if usable.any() else 0.0
        keep = usable * (residual < 2 * sigma)
    return np.asarray(coefficients)
