"""Two experiments with a stated outcome, as data: rotation, and factors that go together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

Matrix = tuple[tuple[float, ...], ...]

SCORES = ("mig", "disentanglement", "completeness", "mcc")


@dataclass(frozen=True)
class LinearRun:
    """A linear β-VAE: ``axes`` (latents, latents), the directions in the data its latents move."""

    guided: bool
    seed: int
    rate: float
    distortion: float
    axes: Matrix


@dataclass(frozen=True)
class Rotation:
    """Equal eigenvalues: the same ``rate`` and ``distortion`` whatever the axes."""

    eigenvalues: tuple[float, ...]
    rate: float
    distortion: float
    runs: tuple[LinearRun, ...]

    def agreement(self, guided: bool) -> float:
        """Smallest |cos| between the same latent's axes in two seeds."""
        one, other = (run.axes for run in self.runs if run.guided == guided)
        pairs = zip(one, other, strict=True)
        return min(abs(sum(x * y for x, y in zip(a, b, strict=True))) for a, b in pairs)


@dataclass(frozen=True)
class Correlated:
    """A model whose training's factors ``a`` and ``b`` had the rank correlation ``rho``.

    ``scores`` on a set where nothing is correlated; ``leak``: |Spearman| between ``a`` and the
    neuron that knows ``b`` best, there.
    """

    guided: bool
    rho: float
    scores: Mapping[str, float]
    leak: float


@dataclass(frozen=True)
class Experiments:
    """``factors``: the two that go together; ``drawn`` (n, 2): how they do, at the largest ρ."""

    rotation: Rotation
    factors: tuple[str, str]
    drawn: Matrix
    correlated: tuple[Correlated, ...]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Experiments:
        turned = values["rotation"]
        runs = tuple(LinearRun(**{**run, "axes": matrix(run["axes"])}) for run in turned["runs"])
        a, b = values["factors"]
        return cls(
            Rotation(tuple(turned["eigenvalues"]), turned["rate"], turned["distortion"], runs),
            (a, b),
            matrix(values["drawn"]),
            tuple(Correlated(**one) for one in values["correlated"]),
        )


def matrix(rows: Sequence[Sequence[float]], digits: int = 4) -> Matrix:
    """Rows of plain rounded numbers."""
    return tuple(tuple(round(float(v), digits) for v in row) for row in rows)
