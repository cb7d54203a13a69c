"""The original study's conditions over β and seeds, as data: what each model found, every one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..text.message import SpectraVaeError
from ..vae.activity import ACTIVE_NATS

Array = NDArray[np.float64]

UNIT = 1e-3  # of ν1 (per unit of code in a sensitivity): spectra are stored as whole multiples
CODE_UNIT = 1e-2


class StudyError(SpectraVaeError):
    """No such study."""


@dataclass(frozen=True, eq=False)
class Trial:
    """One trained model.

    ``beta`` None: the plain autoencoder. ``varies``: the factors that varied. ``neurons`` (k,):
    those that move a spectrum; the arrays below have a row or column for each. ``kl`` (latents,)
    in nats, None for a plain one. ``ranks`` (k, factors): Spearman's correlation of codes and
    factors. ``scores``: MIG, DCI, MCC. ``udr``: agreement with the other seeds of its β, by kind of
    similarity. ``rmse`` of the decoded evaluation set, × ν1. ``found``: the two neurons and what
    they do, a :class:`~spectra_vae.analysis.reenactment.Reenactment` as JSON values.

    For pictures, where they are kept: ``codes`` (n, k) of the study's few spectra, ``sensitivity``
    (k, N), ``ends`` (k, 2, N) the spectra at both ends of a neuron's slider.
    """

    beta: float | None
    seed: int
    varies: tuple[str, ...]
    kl: tuple[float, ...] | None
    active: tuple[int, ...]
    neurons: tuple[int, ...]
    ranks: tuple[tuple[float, ...], ...]
    scores: Mapping[str, float]
    rmse: float
    found: Mapping[str, Any]
    udr: Mapping[str, float] = field(default_factory=dict)
    codes: Array | None = None
    sensitivity: Array | None = None
    ends: Array | None = None

    @property
    def silent_kl(self) -> float:
        """The largest KL of a neuron that is not active, nats; 0 where there is none."""
        return max((v for v in self.kl or () if v <= ACTIVE_NATS), default=0.0)

    def rank(self, neuron: int) -> tuple[float, ...]:
        """|Spearman| of a moving neuron's code with each factor."""
        return tuple(abs(v) for v in self.ranks[self.neurons.index(neuron)])

    def to_dict(self) -> dict[str, Any]:
        return {
            "beta": self.beta,
            "seed": self.seed,
            "varies": list(self.varies),
            "kl": self.kl and [round(v, 5) for v in self.kl],
            "active": list(self.active),
            "neurons": list(self.neurons),
            "ranks": [[round(v, 3) for v in row] for row in self.ranks],
            "scores": {name: round(v, 4) for name, v in self.scores.items()},
            "rmse": round(self.rmse, 5),
            "found": _rounded(self.found),
            "udr": {name: round(v, 4) for name, v in self.udr.items()},
            "codes": _whole(self.codes, CODE_UNIT),
            "sensitivity": _whole(self.sensitivity, UNIT),
            "ends": _whole(self.ends, UNIT),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Trial:
        told = dict(values)
        for name in ("varies", "active", "neurons"):
            told[name] = tuple(told[name])
        told["kl"] = told["kl"] and tuple(told["kl"])
        told["ranks"] = tuple(tuple(row) for row in told["ranks"])
        for name, unit in (("codes", CODE_UNIT), ("sensitivity", UNIT), ("ends", UNIT)):
            told[name] = None if told[name] is None else np.asarray(told[name], float) * unit
        return cls(**told)


@dataclass(frozen=True, eq=False)
class Study:
    """Every trial, β ascending and the plain ones last; ``more``: with one factor more, and two.

    ``chosen``: β and seed that were picked without labels. ``factors``: those that vary in
    ``trials``; ``truth`` (n, factors) of the spectra behind the trials' codes. ``wavenumber`` (N,)
    of their curves. ``config``: the trainings', JSON values; β and seed mean nothing.
    """

    config: Mapping[str, Any]
    factors: tuple[str, ...]
    wavenumber: Array
    truth: Array
    chosen: tuple[float, int]
    trials: tuple[Trial, ...]
    more: tuple[Trial, ...] = ()

    def __post_init__(self) -> None:
        if self.shipped is None or self.truth.shape[1:] != (len(self.factors),):
            raise StudyError("error.study_shape")

    @property
    def betas(self) -> tuple[float, ...]:
        return tuple(dict.fromkeys(t.beta for t in self.trials if t.beta is not None))

    @property
    def shipped(self) -> Trial | None:
        """The trial that was chosen."""
        return next((t for t in self.trials if (t.beta, t.seed) == self.chosen), None)

    @property
    def plain(self) -> tuple[Trial, ...]:
        return self.at(None)

    def at(self, beta: float | None) -> tuple[Trial, ...]:
        """The seeds of one β; None: the plain autoencoder's."""
        return tuple(t for t in self.trials if t.beta == beta)

    def to_dict(self) -> dict[str, Any]:
        return {
            "config": dict(self.config),
            "factors": list(self.factors),
            "unit": UNIT,
            "code_unit": CODE_UNIT,
            "wavenumber": [round(float(x), 3) for x in self.wavenumber],
            "truth": np.round(self.truth, 3).tolist(),
            "chosen": list(self.chosen),
            "trials": [t.to_dict() for t in self.trials],
            "more": [t.to_dict() for t in self.more],
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Study:
        try:
            beta, seed = values["chosen"]
            return cls(
                config=dict(values["config"]),
                factors=tuple(values["factors"]),
                wavenumber=np.asarray(values["wavenumber"], float),
                truth=np.asarray(values["truth"], float),
                chosen=(float(beta), int(seed)),
                trials=tuple(Trial.from_dict(t) for t in values["trials"]),
                more=tuple(Trial.from_dict(t) for t in values["more"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as wrong:
            if isinstance(wrong, SpectraVaeError):
                raise
            raise StudyError("error.study_shape") from None


def choose(trials: Iterable[Trial], kind: str = "spearman") -> tuple[float, int]:
    """β and seed by agreement alone: the β with the largest median, its seed with the largest.

    A β at which most models have fewer than two active neurons is left out: one neuron agrees with
    itself, and separates nothing.
    """
    by_beta: dict[float, list[Trial]] = {}
    for t in trials:
        if t.beta is not None:
            by_beta.setdefault(t.beta, []).append(t)
    split = {b: ts for b, ts in by_beta.items() if np.median([len(t.active) for t in ts]) >= 2}
    if not split:
        raise StudyError("error.study_shape")
    beta = max(split, key=lambda b: float(np.median([t.udr[kind] for t in split[b]])))
    return beta, max(split[beta], key=lambda t: t.udr[kind]).seed


def _whole(values: Array | None, unit: float) -> Any:
    return None if values is None else np.round(values / unit).astype(int).tolist()


def _rounded(value: Any) -> Any:
    """JSON values with four significant digits."""
    if isinstance(value, Mapping):
        return {str(k): _rounded(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(v) for v in value]
    return float(f"{value:.4g}") if isinstance(value, float) else value
