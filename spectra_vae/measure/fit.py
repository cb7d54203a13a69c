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
FILTER_POINTS = 5_000
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
    mean squared residual in units of the noise; ``significance`` how many σ the matched filter
    saw of the mineral.
    """

    code: Array
    std: Array
    gain: float
    gain_std: float
    explained: Array
    background: Array
    spread: Array
    chi2: float
    significance: float


@dataclass(frozen=True, eq=False)
class Problem:
    """What is fitted: ``model`` to y (N,) with ``variance`` (N,) at ``usable`` points of x (N,).

    ``basis`` (N, K) spans the background; ``free`` are the neurons that move.
    """

    model: Model
    x: Array
    y: Array
    variance: Array
    usable: NDArray[np.bool_]
    basis: Array
    free: tuple[int, ...]

    @property
    def prior(self) -> Array:
        """Precision of the prior on (codes, gain, background): codes only."""
        n = len(self.free)
        return np.concatenate([np.full(n, 1 / PRIOR_STD**2), np.zeros(1 + self.basis.shape[1])])

    def on_file(self, z: Array) -> tuple[Array, Array]:
        """Spectrum (N,) and slopes (free, N) on the file's axis; zero beyond the model's."""
        axis = self.model.wavenumber
        value, slope = self.model.jacobian(z)
        inside = np.clip(self.x, axis[0], axis[-1])
        both = interpolate(axis, np.vstack([value[None], slope[list(self.free)]]), inside)
        both *= (self.x >= axis[0]) & (self.x <= axis[-1])
        return both[0], both[1:]


@dataclass(frozen=True, eq=False)
class State:
    """A point of the search: parameters, the model there, standardised residual r (N,), cost."""

    z: Array
    gain: float
    background: Array
    shape: Array
    slopes: Array
    r: Array
    cost: float

    @property
    def columns(self) -> Array:
        """Derivatives of the model by codes and gain, (free + 1, N)."""
        return np.concatenate([self.gain * self.slopes, self.shape[None]])


def fitted_neurons(model: Model) -> tuple[int, ...]:
    """Neurons that a measurement can move: not inert ones, not the scale (the gain does that)."""
    scale = model.mineral.of_effect("scale")
    skip = {model.controls.get(scale.name)} if scale else set()
    return tuple(n.index for n in model.neurons if not n.inert and n.index not in skip)


def has_scale(model: Model) -> bool:
    """Does a neuron carry the scale, so that without it the gain alone sets the height?"""
    scale = model.mineral.of_effect("scale")
    return scale is not None and scale.name in model.controls


def fit(
    model: Model, x: Array, y: Array, variance: Array, usable: NDArray[np.bool_], basis: Array
) -> Fit:
    """Fit y (N,) with ``variance`` (N,) at the ``usable`` points; start from encoder and filter."""
    weight = np.where(usable, 1 / np.sqrt(variance), 0.0)
    thin = slice(None, None, -(-len(x) // FILTER_POINTS))  # a long file needs no more for a start
    gain, rough, significance = first_gain(
        model.mineral, x[thin], y[thin], weight[thin], basis[thin]
    )
    significance *= float(np.sqrt(thin.step))
    variance = variance + (MODEL_ERROR * gain) ** 2
    problem = Problem(model, x, y, variance, usable, basis, fitted_neurons(model))
    background = _first_background(problem)
    starts = [_at(problem, z, gain, background) for z in _starts(problem, gain, rough)]
    ends = (_search(problem, start) for start in starts)
    return min((_summary(problem, end, significance) for end in ends), key=lambda f: f.chi2)


def first_gain(
    mineral: Mineral, x: Array, y: Array, weight: Array, basis: Array
) -> tuple[float, dict[str, float], float]:
    """Gain, rough factors and significance [σ] from a matched filter on the mineral's bands.

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
    rough = {name: float(values[best]) for name, values in grid.items()}
    return gain, rough, float(np.sqrt(score[best]))


def _starts(p: Problem, gain: float, rough: dict[str, float]) -> list[Array]:
    """Two codes to start from: the encoder's mean, and the matched filter's factors."""
    model = p.model
    on_axis = interpolate(p.x[p.usable], p.y[p.usable], model.wavenumber) / gain
    mean = np.clip(model.encode(on_axis).mean, -REACH, REACH)
    encoded = model.origin.copy()
    encoded[list(p.free)] = mean[list(p.free)]
    starts = [encoded]
    known = {name: value for name, value in rough.items() if name in model.controls}
    if known:
        z = model.origin.copy()
        for name, value in known.items():
            z[model.controls[name]] = np.clip(model.mineral.factor(name).code(value), -2.5, 2.5)
        starts.append(z)
    return starts


def _at(p: Problem, z: Array, gain: float, background: Array) -> State:
    """The model and its robust cost (Huber, plus the prior's) at one point."""
    shape, slopes = p.on_file(z)
    r = (p.y - gain * shape - p.basis @ background) / np.sqrt(p.variance) * p.usable
    size = np.abs(r)
    robust = np.where(size < HUBER, 0.5 * size**2, HUBER * (size - 0.5 * HUBER))
    away = (z - p.model.origin)[list(p.free)] / PRIOR_STD
    return State(z, gain, background, shape, slopes, r, float(robust.sum() + 0.5 * away @ away))


def _search(p: Problem, state: State) -> State:
    """Levenberg–Marquardt with reweighting; codes stay within their reach, the gain positive."""
    n, free, prior = len(p.free), list(p.free), p.prior
    damping, least = 1e-3, 0.02 * state.gain  # what holds no mineral mustn't divide by zero
    for _ in range(ITERATIONS):
        weight = np.minimum(1.0, HUBER / np.maximum(np.abs(state.r), 1e-12)) * p.usable / p.variance
        columns = np.concatenate([state.columns, p.basis.T])
        gradient = (columns * weight) @ (state.r * np.sqrt(p.variance))
        gradient[:n] -= prior[:n] * (state.z - p.model.origin)[free]
        hessian = (columns * weight) @ columns.T + np.diag(prior)
        scale = np.diag(np.diag(hessian) + 1e-12 * np.trace(hessian))
        step = np.linalg.solve(hessian + damping * scale, gradient)
        z = state.z.copy()
        z[free] = np.clip(z[free] + np.clip(step[:n], -1.0, 1.0), -REACH, REACH)
        gain = max(state.gain + float(step[n]), least)
        trial = _at(p, z, gain, state.background + step[n + 1 :])
        gained = state.cost - trial.cost
        if gained < 0:
            damping *= 8
            if damping > 1e5:
                break
            continue
        state, damping = trial, damping / 4
        if gained < 1e-4:
            break
    return state


def _summary(p: Problem, state: State, significance: float) -> Fit:
    """Values, and standard deviations from the information at the end (misfit widens them)."""
    n, free = len(p.free), list(p.free)
    moving = state.columns
    columns = np.concatenate([moving, p.basis.T])
    information = (columns * (p.usable / p.variance)) @ columns.T + np.diag(p.prior)
    information += 1e-10 * np.diag(np.diag(information) + 1e-300)
    chi2 = float((np.minimum(np.abs(state.r), HUBER) ** 2).sum() / max(int(p.usable.sum()), 1))
    covariance = np.asarray(np.linalg.pinv(information), dtype=np.float64) * max(1.0, chi2)
    own = covariance[: n + 1, : n + 1]
    variances = np.clip(np.diag(own), 0, None)
    std = np.full(len(state.z), PRIOR_STD)
    std[free] = np.sqrt(variances[:n])
    return Fit(
        code=state.z,
        std=std,
        gain=state.gain,
        gain_std=float(np.sqrt(variances[n])),
        explained=state.gain * state.shape,
        background=p.basis @ state.background,
        spread=np.sqrt(np.clip(((own @ moving) * moving).sum(axis=0), 0, None)),
        chi2=chi2,
        significance=significance,
    )


def _first_background(p: Problem) -> Array:
    """Least squares, each time without more of what stands out above."""
    keep = p.usable.astype(float)
    coefficients = np.zeros(p.basis.shape[1])
    for _ in range(3):
        root = np.sqrt(keep / p.variance)
        solved = np.linalg.lstsq(p.basis * root[:, None], p.y * root, rcond=1e-10)[0]
        coefficients = np.asarray(solved, dtype=np.float64)
        residual = p.y - p.basis @ coefficients
        sigma = 1.4826 * float(np.median(np.abs(residual[p.usable]))) if p.usable.any() else 0.0
        keep = p.usable * (residual < 2 * sigma)
    return coefficients
