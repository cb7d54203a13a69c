"""A finished sweep of β: one trained model a level, what it spends, keeps and loses."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..simulation.instrument import Instrument
from ..text.message import Message, SpectraVaeError
from ..vae.activity import ACTIVE_NATS

Array = NDArray[np.float64]

UNIT = 1e-4  # of ν1: spectra are stored as whole multiples
SCORES = ("mig", "disentanglement", "completeness", "informativeness")
PARTS = ("information", "total_correlation", "dimension_wise")
DATA = ("mineral", "vary", "instrument", "partner", "correlation", "counts", "emphasis")


# An older configuration doesn't say what was always so then.
USUAL = json.loads(json.dumps(asdict(Instrument())))


def _complete(name: str, setting: Any) -> Any:
    """An instrument with all its settings, ``vary`` empty where it is missing; else as it is."""
    if name == "vary":
        return setting or {}
    return {**USUAL, **setting} if isinstance(setting, Mapping) else setting


class SweepError(SpectraVaeError):
    """No such sweep."""


@dataclass(frozen=True, eq=False)
class Example:
    """A spectrum to follow through the sweep: its factors, ``dirty`` and ``clean`` (N,)."""

    factors: Mapping[str, float]
    dirty: Array
    clean: Array

    def to_dict(self) -> dict[str, Any]:
        return {
            "factors": {name: round(float(v), 4) for name, v in self.factors.items()},
            "dirty": _whole(self.dirty),
            "clean": _whole(self.clean),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Example:
        return cls(dict(values["factors"]), _spectra(values["dirty"]), _spectra(values["clean"]))


@dataclass(frozen=True, eq=False)
class Level:
    """The model of one β.

    ``rate`` Σ KL in nats and ``distortion``, the SSE of a spectrum weighted as in training, both
    over unseen spectra of the training's kind, and over these ``kl`` (latents,) and its three
    ``parts``. ``scores`` MIG and DCI; ``off_target`` the median of the knobs' off-target effects,
    per cent, None where nothing moves. ``collapse``: which neurons fell silent, in words.
    ``decoded`` (examples, N).
    """

    beta: float
    rate: float
    distortion: float
    kl: tuple[float, ...]
    parts: Mapping[str, float]
    scores: Mapping[str, float]
    off_target: float | None
    collapse: Message
    decoded: Array

    @property
    def active(self) -> int:
        return sum(v > ACTIVE_NATS for v in self.kl)

    @classmethod
    def of_run(cls, beta: float, metrics: Mapping[str, Any], decoded: Array) -> Level:
        """From what a run's evaluation stored."""
        spent, off = metrics["tradeoff"], list(metrics["off_target"].values())
        return cls(
            beta=float(beta),
            rate=float(spent["rate"]),
            distortion=float(spent["distortion"]),
            kl=tuple(float(v) for v in spent["kl"]),
            parts={name: float(spent[name]) for name in PARTS},
            scores={name: float(metrics["scores"][name]) for name in SCORES},
            off_target=float(np.median(off)) if off else None,
            collapse=Message(spent["collapse"]["code"], dict(spent["collapse"]["params"])),
            decoded=np.asarray(decoded, float),
        )

    def to_dict(self) -> dict[str, Any]:
        return {
            "beta": self.beta,
            "rate": round(self.rate, 4),
            "distortion": round(self.distortion, 6),
            "kl": [round(v, 5) for v in self.kl],
            "parts": {name: round(v, 4) for name, v in self.parts.items()},
            "scores": {name: round(v, 4) for name, v in self.scores.items()},
            "off_target": None if self.off_target is None else round(self.off_target, 2),
            "collapse": {"code": self.collapse.code, "params": self.collapse.params},
            "decoded": [_whole(row) for row in self.decoded],
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Level:
        told = values["collapse"]
        own = {
            **values,
            "kl": tuple(values["kl"]),
            "collapse": Message(told["code"], dict(told["params"])),
            "decoded": _spectra(values["decoded"]),
        }
        return cls(**own)


@dataclass(frozen=True)
class Linear:
    """What bounds a linear model of the same data, from dirty to clean.

    ``eigenvalues`` of the weighted Σ_yx Σ_xx⁻¹ Σ_xy, the largest first, as many as neurons;
    ``rest``: the distortion that remains at any β, from what x doesn't tell of y or what more
    eigenvalues would carry.
    """

    eigenvalues: tuple[float, ...]
    rest: float

    def curve(self, betas: ArrayLike, sigma: float) -> tuple[Array, Array]:
        """Rate (P,) and distortion (P,) at each β: reverse water-filling at τ = βσ²."""
        tau = np.asarray(betas, float)[:, None] * sigma**2
        values = np.array(self.eigenvalues)[None]
        rate = 0.5 * np.log(np.maximum(values, tau) / tau).sum(axis=1)
        return rate, np.minimum(values, tau).sum(axis=1) + self.rest


@dataclass(frozen=True, eq=False)
class Sweep:
    """Levels by ascending β of trainings that are alike in all else.

    ``config``: theirs, JSON values; its own β means nothing. ``linear`` is None where nobody
    worked it out for these data.
    """

    config: Mapping[str, Any]
    wavenumber: Array
    examples: tuple[Example, ...]
    levels: tuple[Level, ...]
    linear: Linear | None = None

    def __post_init__(self) -> None:
        betas = [level.beta for level in self.levels]
        if len(betas) < 2 or any(b <= a for a, b in pairwise([0.0, *betas])):
            raise SweepError("error.sweep_levels")
        points = len(self.wavenumber)
        latents = {len(level.kl) for level in self.levels}
        fits = all(lv.decoded.shape == (len(self.examples), points) for lv in self.levels)
        if len(latents) != 1 or not fits:
            raise SweepError("error.sweep_shape")

    @property
    def sigma(self) -> float:
        return float(self.config["sigma"])

    @property
    def betas(self) -> Array:
        return np.array([level.beta for level in self.levels])

    @property
    def kl(self) -> Array:
        """KL (levels, latents), from the neuron that carries most in each level down.

        Neurons of different trainings have nothing in common but their rank.
        """
        return np.sort([level.kl for level in self.levels], axis=1)[:, ::-1]

    def slopes(self) -> tuple[Array, Array]:
        """ΔR/Δ(D/2σ²) between neighbours, (levels − 1,), and the mean of −1/β there.

        As :func:`~spectra_vae.analysis.rate_distortion.slopes`; NaN where nothing changed.
        """
        spent = np.array([level.distortion for level in self.levels]) / (2 * self.sigma**2)
        step = np.diff(spent)
        rise = np.diff([level.rate for level in self.levels])
        found = np.divide(rise, step, out=np.full(len(step), np.nan), where=step != 0)
        return found, -np.diff(np.log(self.betas)) / np.diff(self.betas)

    def falls(self) -> list[float]:
        """About which β one neuron after the other falls silent for good, ascending.

        From its last level on, its KL is taken to fall by ½ per ln β, as in the linear closed form
        ½ ln(λ/βσ²), and to reach 0 at the next level at the latest. A neuron that is active at the
        last level, or silent at all, has none.
        """
        found = []
        for nats in self.kl.T:
            awake = np.flatnonzero(nats > ACTIVE_NATS)
            if not len(awake) or awake[-1] == len(nats) - 1:
                continue
            k = int(awake[-1])
            there = self.betas[k] * np.exp(2 * (nats[k] - ACTIVE_NATS))
            found.append(float(min(there, self.betas[k + 1])))
        return sorted(found)

    def sees(self, config: Mapping[str, Any]) -> bool:
        """Whether a training has the same data and weights, so that ``linear`` holds for it."""
        return all(
            _complete(name, self.config.get(name)) == _complete(name, config.get(name))
            for name in DATA
        )

    def with_linear_of(self, other: Sweep) -> Sweep:
        return replace(self, linear=other.linear) if other.sees(self.config) else self

    def to_dict(self) -> dict[str, Any]:
        return {
            "config": dict(self.config),
            "unit": UNIT,
            "wavenumber": [round(float(x), 3) for x in self.wavenumber],
            "examples": [one.to_dict() for one in self.examples],
            "linear": self.linear
            and {
                "eigenvalues": [float(f"{v:.5g}") for v in self.linear.eigenvalues],
                "rest": float(f"{self.linear.rest:.5g}"),
            },
            "levels": [level.to_dict() for level in self.levels],
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Sweep:
        try:
            bound = values["linear"]
            return cls(
                config=dict(values["config"]),
                wavenumber=np.array(values["wavenumber"], float),
                examples=tuple(Example.from_dict(one) for one in values["examples"]),
                levels=tuple(Level.from_dict(one) for one in values["levels"]),
                linear=bound and Linear(tuple(bound["eigenvalues"]), bound["rest"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as wrong:
            if isinstance(wrong, SpectraVaeError):
                raise
            raise SweepError("error.sweep_shape") from None


def _whole(values: Iterable[float]) -> list[int]:
    return [round(float(v) / UNIT) for v in values]


def _spectra(values: Any) -> Array:
    return np.asarray(values, float) * UNIT
