"""Which configurations can work: limits, choices, and what excludes what."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from ..simulation.instrument import Instrument
from ..text.message import SpectraVaeError
from .schedule import KINDS

if TYPE_CHECKING:
    from .config import TrainConfig

Supervision = Literal["none", "pairs", "ada", "guided"]
SUPERVISIONS: tuple[Supervision, ...] = ("none", "pairs", "ada", "guided")
WIDEST, DEEPEST = 8192, 16  # neurons of a layer, layers
STRONGEST = 0.99  # rank correlation: at 1 two factors are one


class ConfigError(SpectraVaeError):
    """A configuration that can't work; the text names the field and the limit."""


_LIMITS: dict[str, tuple[float, float]] = {
    "spectra": (64, 1_000_000),
    "latents": (1, 64),
    "beta": (0, 1e6),
    "beta_guided": (0, 1e6),
    "guidance": (0, 1e6),
    "agreement": (0, 1e6),
    "roughness_floor": (1e-9, 1),
    "sigma": (1e-4, 10),
    "steps": (1, 1_000_000),
    "batch": (2, 65_536),
    "learning_rate": (1e-6, 1),
    "clip": (1e-6, 1e30),
    "seed": (0, 2**32 - 1),
}


def check(c: TrainConfig) -> None:
    """Refuse a configuration that can't work with one sentence.

    Raises
    ------
    ConfigError
        A value out of its limits, or settings that exclude each other.
    """
    _check_numbers(c)
    _check_choices(c)
    _check_guided(c)
    _check_kinds(c)


def _check_numbers(c: TrainConfig) -> None:
    for name, (low, high) in _LIMITS.items():
        value = getattr(c, name)
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not number:
            raise ConfigError("error.number", name=name, value=str(value)[:40])
        if not low <= value <= high:
            raise ConfigError("error.limits", name=name, value=str(value)[:40], low=low, high=high)
    for name in ("spectra", "latents", "steps", "batch", "seed"):
        if not isinstance(getattr(c, name), int):
            raise ConfigError("error.whole", name=name, value=getattr(c, name))
    for name in ("encoder", "decoder"):
        widths = getattr(c, name)
        whole = all(isinstance(w, int) and 1 <= w <= WIDEST for w in widths)
        if not 1 <= len(widths) <= DEEPEST or not whole:
            raise ConfigError("error.widths", name=name)
    for low, high, factor in c.emphasis:
        if not (math.isfinite(low) and math.isfinite(high) and low < high and 0 < factor < 1e6):
            raise ConfigError("error.emphasis")


def _check_choices(c: TrainConfig) -> None:
    for name, value, known in (
        ("supervision", c.supervision, SUPERVISIONS),
        ("schedule", c.schedule.kind, KINDS),
    ):
        if value not in known:
            raise ConfigError(
                "error.choice", name=name, value=str(value)[:40], known=", ".join(known)
            )

    for name in ("variational", "total_correlation"):
        value = getattr(c, name)
        if not isinstance(value, bool):
            raise ConfigError("error.choice", name=name, value=value, known="true, false")
    s = c.schedule
    cycles = isinstance(s.cycles, int) and 1 <= s.cycles <= 1000
    if not (cycles and 0 <= s.warmup <= 1 and 0 <= s.capacity <= 1e4):
        raise ConfigError("error.schedule")
    if not isinstance(c.instrument, Instrument) or not isinstance(c.partner, Instrument | None):
        raise ConfigError("error.instrument")
    for device in (c.instrument, c.partner):
        if device is not None and not device.recorded(c.substance.axis).any(axis=1).all():
            raise ConfigError("error.no_points")


def _check_guided(c: TrainConfig) -> None:
    m = c.substance
    for name in c.guided:
        m.factor(name)
    neurons = list(c.guided.values())
    if len(set(neurons)) < len(neurons) or not all(
        isinstance(j, int) and 0 <= j < c.latents for j in neurons
    ):
        raise ConfigError("error.neurons", latents=c.latents)
    if c.is_guided and not (c.guided and c.variational):
        raise ConfigError("error.guided")


def _check_kinds(c: TrainConfig) -> None:
    if c.is_paired and not (c.variational and (c.guided or c.supervision == "ada")):
        raise ConfigError("error.pairs")
    if c.total_correlation and not (
        c.supervision == "none" and c.variational and c.schedule.kind != "capacity"
    ):
        raise ConfigError("error.total_correlation")
    agrees = c.is_guided and c.partner is not None and c.state_neurons and c.correlation is None
    if c.is_bridged and not agrees:
        raise ConfigError("error.agreement")
    if c.is_paired or c.partner is not None:
        for name in ("spectra", "batch"):
            if getattr(c, name) % 2:
                raise ConfigError("error.even", name=name, value=getattr(c, name))
    if c.counts is not None and not 0 < c.counts[0] < c.counts[1] <= 1e9:
        raise ConfigError("error.counts")
    if c.correlation is not None:
        one, other, rank = c.correlation
        for name in (one, other):
            c.substance.factor(name)
        number = isinstance(rank, (int, float)) and not isinstance(rank, bool)
        if one == other or not number or not -STRONGEST <= rank <= STRONGEST:
            raise ConfigError("error.correlation", limit=STRONGEST)
