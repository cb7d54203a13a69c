"""What the β-lab's page is given at once: figures, and for each β what changes in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ....analysis.sweep import Level, Sweep
from ....minerals import mineral
from ....text.message import Message, say
from ...components.plotting import Palette, typed
from . import figure, over_beta_figure
from .figure import amount, names, tangent


def levels(
    sweep: Sweep, example: int, palette: Palette, spoken: str, narrow: bool
) -> dict[str, Any]:
    """JSON values for the page: figures drawn once, and per level their moving parts."""
    plane = figure.plane(sweep, palette, spoken, narrow)
    through = figure.through(sweep, example, palette, spoken, narrow)
    right, top = plane["layout"]["xaxis"]["range"][1], plane["layout"]["yaxis"]["range"][1]
    windows = through["layout"]["meta"]["windows"]
    moving = [
        _level(sweep, k, example, (right, top), windows, spoken) for k in range(len(sweep.levels))
    ]
    return {
        "levels": moving,
        "falls": falls(sweep),
        "figures": {
            "plane": plane,
            "through": through,
            "kl": over_beta_figure.kl_over_beta(sweep, palette, spoken),
            "parts": over_beta_figure.parts_over_beta(sweep, palette, spoken),
            "scores": over_beta_figure.scores_over_beta(sweep, palette, spoken),
        },
    }


def _level(
    sweep: Sweep,
    k: int,
    example: int,
    ends: tuple[float, float],
    windows: Sequence[Sequence[int]],
    spoken: str,
) -> dict[str, Any]:
    """What changes in the figures, and beside them, where the slider stands at level ``k``."""
    level = sweep.levels[k]
    decoded = level.decoded[example]
    return {
        "at": float(np.log10(level.beta)),
        "beta": amount(level.beta),
        "point": [figure.spent(level, sweep.sigma), level.rate],
        "tangent": tangent(sweep, k, *ends),
        "names": names(sweep, k, *ends),
        "curve": [typed(decoded[a : b + 1]) for a, b in windows],
        "facts": facts(level),
        "error": _error(sweep, level, example, spoken),
        "read": [say(m, spoken) for m in read(sweep, k)],
    }


def facts(level: Level) -> list[str]:
    """β, active neurons, rate: the numbers beside the slider."""
    return [amount(level.beta), f"{level.active} / {len(level.kl)}", f"{level.rate:.1f}"]


def falls(sweep: Sweep) -> list[dict[str, Any]]:
    """Where on the slider (0 to 1) a neuron falls silent, and at which β."""
    at = np.log(sweep.betas)
    return [
        {
            "share": float(np.interp(np.log(b), at, np.arange(len(at))) / (len(at) - 1)),
            "beta": _about(b),
        }
        for b in sweep.falls()
    ]


def read(sweep: Sweep, k: int) -> list[Message]:
    """Sentences about one level: what β asks, what was measured, who fell silent, what is next."""
    level = sweep.levels[k]
    told = [Message("lab.asks", {"beta": amount(level.beta)}), *_slope(sweep, k), level.collapse]
    later = [b for b in sweep.falls() if b > level.beta]
    if later:
        told.append(Message("lab.next", {"beta": _about(later[0])}))
    best = max(sweep.levels, key=lambda one: one.scores["disentanglement"])
    params = {"score": f"{best.scores['disentanglement']:.2f}", "beta": amount(best.beta)}
    return [*told, Message("lab.best", params)]


def _slope(sweep: Sweep, k: int) -> list[Message]:
    """The slope towards the next level (or from the one before) beside −1/β."""
    measured, expected = sweep.slopes()
    j = min(k, len(measured) - 1)
    params = {"low": amount(sweep.levels[j].beta), "high": amount(sweep.levels[j + 1].beta)}
    if not np.isfinite(measured[j]):
        return []
    if measured[j] >= 0:
        return [Message("lab.no_tradeoff", params)]
    paid, asked = -1 / measured[j], -1 / expected[j]
    return [Message("lab.paid", {**params, "paid": _three(paid), "asked": _three(asked)})]


def _about(beta: float) -> str:
    return amount(float(f"{beta:.2g}"))


def _three(value: float) -> str:
    return amount(float(f"{value:.3g}"))


def _error(sweep: Sweep, level: Level, example: int, spoken: str) -> str:
    clean, decoded = sweep.examples[example].clean, level.decoded[example]
    rmse = float(np.sqrt(np.mean((decoded - clean) ** 2)))
    peak = int(clean.argmax())
    height = 100 * float(decoded[peak]) / float(clean[peak])
    main = mineral(str(sweep.config["mineral"])).main.name
    told = {"rmse": f"{rmse:.4f}", "height": f"{height:.0f}", "main": main}
    return say(Message("lab.error", told), spoken)
