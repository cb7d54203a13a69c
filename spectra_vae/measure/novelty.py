"""How alien is it: what in a measurement is not the mineral, where, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..message import Message
from ..minerals import Mineral
from .fit import Fit
from .residual import Peak

Array = NDArray[np.float64]

ALIEN = 0.1  # of ν1: no orientation of the mineral adds a foreign band of this height
LEAST_GAIN = 8.0  # σ: below, there is no mineral to be seen
MISFIT = 0.35  # share of ν1's neighbourhood that may stay unexplained
NEIGHBOURHOOD = 40.0  # cm⁻¹


@dataclass(frozen=True)
class Novelty:
    """``score``: 0 is Platonic, 1 nothing of the mineral; ``alien``: beyond the threshold.

    ``at`` [cm⁻¹]: where the strongest foreign structure stands; ``factor``: a factor whose code
    left its range; ``residual``: foreign height relative to ν1; ``kl``: per neuron, nats, from
    the encoder (None for a plain autoencoder); ``why``: sentences.
    """

    score: float
    alien: bool
    at: float | None
    factor: str | None
    residual: float
    kl: tuple[float, ...] | None
    why: tuple[Message, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "score": self.score,
            "alien": self.alien,
            "at": self.at,
            "factor": self.factor,
            "residual": self.residual,
            "kl": None if self.kl is None else list(self.kl),
            "why": [one.to_dict() for one in self.why],
        }


def novelty(
    mineral: Mineral,
    x: Array,
    y: Array,
    usable: NDArray[np.bool_],
    found: Fit,
    peaks: tuple[Peak, ...],
    shift: float,
    kl: Array | None,
    scaled: bool,
) -> Novelty:
    """Judge a fit by the foreign bands beside it and by how well ν1 itself is explained.

    ``scaled``: the gain alone sets the height; else it is shared with the code and means nothing.
    """
    strongest = max(peaks, key=lambda p: p.height, default=None)
    foreign = strongest.height / main_height(found, scaled) if strongest else 0.0
    position = mineral.main.position + shift
    misfit = _misfit(x, y, usable, found, position)
    faint = is_faint(found, scaled)
    seen = bool((np.abs(x[usable] - position) < mineral.main.width).any())
    why: list[Message] = []
    if not seen:
        why.append(Message("why.not_covered", {"position": f"{mineral.main.position:.0f}"}))
    elif faint:
        why.append(Message("why.no_main_band", {"position": f"{mineral.main.position:.0f}"}))
    elif misfit > MISFIT:
        why.append(
            Message("why.misfit", {"percent": f"{100 * misfit:.0f}", "position": f"{position:.0f}"})
        )
    if strongest is not None:
        at = {"at": f"{strongest.position:.0f}"}
        if faint or not seen:
            why.append(Message("why.strongest", at))
        else:
            ratio = f"{foreign:.1f} ×" if foreign > 2 else f"{100 * foreign:.0f} % of"
            why.append(Message("why.foreign", {**at, "ratio": ratio}))
    if not why:
        why.append(Message("why.ordinary"))
    worst = max(
        foreign / ALIEN, misfit / MISFIT if seen else 0.0, 2.0 if faint or not seen else 0.0
    )
    return Novelty(
        score=float(1 - 0.5 ** (worst**2)),
        alien=bool(worst > 1),
        at=strongest.position if strongest else (position if misfit > MISFIT else None),
        factor=None,
        residual=float(foreign),
        kl=None if kl is None else tuple(float(k) for k in kl),
        why=tuple(why),
    )


def is_faint(found: Fit, scaled: bool) -> bool:
    """Nothing of the mineral stands out of the noise."""
    uncertain = scaled and found.gain < LEAST_GAIN * found.gain_std
    return bool(uncertain or found.significance < LEAST_GAIN)


def main_height(found: Fit, scaled: bool) -> float:
    """The height to compare foreign bands with: ν1's in the reference state, at most."""
    if scaled:
        return max(found.gain, LEAST_GAIN * found.gain_std)
    return max(float(found.explained.max()), 1e-300)


def _misfit(x: Array, y: Array, usable: NDArray[np.bool_], found: Fit, position: float) -> float:
    """Share of the power around ν1, above the background, that the fit doesn't explain."""
    near = usable & (np.abs(x - position) < NEIGHBOURHOOD)
    if near.sum() < 5:
        return 0.0
    signal = (y - found.background)[near]
    left = signal - found.explained[near]
    noise = float(np.median(np.abs(np.diff(left)))) ** 2
    power = float(np.mean(signal**2))
    return float(np.clip((np.mean(left**2) - noise) / max(power, 1e-300), 0.0, 1.0))
