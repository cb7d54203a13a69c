"""A training of any mineral: a kind's settings, and what follows from the mineral's table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..minerals import HYDROUS, NEAR_MAIN, Factor, Mineral, Window
from ..vae.config import ConfigError, TrainConfig

Range = tuple[float, float]
Ranges = list[list[Range]]  # alternatives of what may be recorded

TAP = 3  # the neuron of the water's strength, where there is water; silent where there is none
NEURONS = 8
WEAK = 0.2  # × the strongest band: a group with none as high is easily drowned
EMPHASIS = 3.0  # times that errors at weak groups count
FLANK = 3.0  # widths beside a weak group's bands that belong to them
TRIM = 0.08  # of a window that a file may lack at either end
NO_STRETCH = 3000.0  # cm⁻¹ where many files end


def made(mineral: Mineral, kind: str, settings: Mapping[str, Any]) -> TrainConfig:
    """The ``settings`` of a ``kind``, for ``mineral``.

    Its factors get their neurons, its weak groups their emphasis, and what may be recorded of it
    follows from the windows that it is shown in.
    """
    told = kind in ("guided", "pairs", "bridge")
    factors = mineral.visible if kind == "pairs" else mineral.factors
    neurons = neurons_of(mineral, factors) if told else {}
    instrument = {**settings["instrument"], "ranges": _recorded(mineral, kind)}
    more: dict[str, Any] = {"instrument": instrument}
    if kind in ("study", "study-robust"):
        more["vary"] = _of_the_study(mineral)
    if "partner" in settings:
        more["partner"] = {**settings["partner"], "ranges": [_spans(mineral.windows)]}
    return TrainConfig.from_dict(
        {
            **settings,
            "mineral": mineral.name,
            "guided": neurons,
            "latents": max([NEURONS, *(j + 1 for j in neurons.values())]),
            "emphasis": [(low, high, EMPHASIS) for low, high in weak(mineral)],
            **more,
        },
        mineral,
    )


def _of_the_study(mineral: Mineral) -> list[str]:
    """The first strength of a group beside the main one's, and the width."""
    beside = [f for f in mineral.strengths if f.group != mineral.main.group]
    width = mineral.the("width")
    if not beside or width is None:
        raise ConfigError("error.no_study", mineral=mineral.name)
    return [beside[0].name, width.name]


def neurons_of(mineral: Mineral, factors: Sequence[Factor]) -> dict[str, int]:
    """Factor → neuron: the effects' own, and the water's; others take what is free from #2 down,
    then from #8 up.
    """
    found = {f.name: f.neuron for f in factors if f.neuron is not None}
    water = [f for f in factors if f.group and mineral.group(f.group).kind == HYDROUS]
    found |= {f.name: TAP for f in water[:1]}
    rest = [f.name for f in factors if f.name not in found]
    taken = {TAP, *found.values()}
    below = [j for j in range(TAP - 1, -1, -1) if j not in taken]
    free = [*below, *range(NEURONS, NEURONS + len(rest))]
    chosen = {**found, **dict(zip(rest, free, strict=False))}
    return {f.name: chosen[f.name] for f in factors}


def weak(mineral: Mineral) -> list[Range]:
    """Stretches of the axis, cm⁻¹, with the bands of weak groups and no strong one."""
    found = []
    strong = [b.position for b in mineral.bands if b.height >= WEAK]
    for group in mineral.groups:
        own = [b for b in mineral.bands if b.group == group.key]
        if not own or max(b.height for b in own) >= WEAK:
            continue
        low = min(b.position - FLANK * b.width for b in own)
        high = max(b.position + FLANK * b.width for b in own)
        if not any(low < p < high for p in strong):
            found.append((round(low), round(high)))
    return [(float(low), float(high)) for low, high in found]


def _recorded(mineral: Mineral, kind: str) -> Ranges:
    """Alternatives of what files hold: all, windows, and windows with their ends cut off."""
    ends = float(mineral.axis[0]), float(mineral.axis[-1])
    if kind not in ("guided", "bridge"):
        return [[ends]]
    home = next((w for w in mineral.windows if w.low < mineral.main.position < w.high), None)
    main = (home.low, home.high) if home else ends
    cut = [_trimmed(mineral, w) for w in mineral.windows]
    found: Ranges = [[ends], [ends], [main]]
    if main[1] < NO_STRETCH:
        found.append([(ends[0], NO_STRETCH)])
    return [*found, [_trimmed(mineral, home)] if home else [ends], cut, _spans(mineral.windows)]


def _spans(windows: Sequence[Window]) -> list[Range]:
    return [(w.low, w.high) for w in windows]


def _trimmed(mineral: Mineral, window: Window) -> Range:
    """A window without its ends, but with the strongest band where it has it."""
    margin, main = TRIM * (window.high - window.low), mineral.main.position
    low, high = window.low + margin, window.high - margin
    if window.low < main < window.high:
        low = max(min(low, main - NEAR_MAIN), window.low)
        high = min(max(high, main + NEAR_MAIN), window.high)
    return low, high
