"""How well each of the study's trials found the two factors, and how many did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ....analysis import shipped
from ....analysis.study import Study, Trial
from .steps import TURNS, WATER, WIDTH

OWN, OTHER = 0.97, 0.2  # |Spearman| of an aligned neuron: at least, at most


@dataclass(frozen=True)
class Alignment:
    """|Spearman| over the neurons of water and width: the least with its ``own`` factor, the most
    with the ``other``."""

    own: float
    other: float

    @property
    def good(self) -> bool:
        return self.own >= OWN and self.other <= OTHER


def pair(trial: Trial) -> tuple[int, int] | None:
    """The neurons that carry water and width, if both were found."""
    strength, width = trial.found["strength"], trial.found["width"]
    return None if not strength or not width else (strength["neuron"], width["neuron"])


def alignment(trial: Trial) -> Alignment:
    """Of the pair; nothing where a trial has none."""
    neurons = pair(trial)
    if neurons is None:
        return Alignment(0.0, 0.0)
    (a, ab), (ba, b) = (trial.rank(neuron) for neuron in neurons)
    return Alignment(own=min(a, b), other=max(ab, ba))


def aligned(study: Study, beta: float) -> int:
    """How many seeds of one β found the factors themselves."""
    return sum(alignment(t).good for t in study.at(beta))


def stages(study: Study) -> list[tuple[Trial, ...]]:
    """The study's two factors, then with one more, another one, and both: two seeds each."""
    beta = study.chosen[0]
    more = [t for t in study.more if t.beta == beta]
    seeds = {t.seed for t in more}
    found: dict[tuple[str, ...], list[Trial]] = {
        study.factors: [t for t in study.at(beta) if t.seed in seeds]
    }
    for t in more:
        found.setdefault(t.varies, []).append(t)
    return [tuple(trials) for trials in found.values()]


def facts() -> dict[str, Any]:
    """Numbers for the tour's sentences."""
    study = shipped.study()
    chosen, low = study.chosen[0], max(b for b in study.betas if b < TURNS)
    return {
        "chosen": f"{chosen:g}",
        "seeds": len(study.at(chosen)),
        "good_chosen": aligned(study, chosen),
        "turns": f"{TURNS:g}",
        "good_turns": aligned(study, TURNS),
        "low": f"{low:g}",
        "good_low": aligned(study, low),
        "water": WATER,
        "width": WIDTH,
    }
