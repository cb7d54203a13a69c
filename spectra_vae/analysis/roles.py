"""What every neuron does, found by scanning it: the command map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..minerals import Factor, Mineral
from ..model.neuron import Neuron
from ..model.posterior import Posterior
from ..simulation.simulate import simulate
from ..vae.conditions import conditions
from ..vae.config import TrainConfig
from . import role_words, scan
from .command_map import Command, CommandMap, Ends
from .selectivity import Aim, aim, effects

Array = NDArray[np.float64]

MIXED = 0.2  # a knob that moves something else by a fifth of what it is for
FOLLOWS = 0.5  # rank correlation of a code that knows the signal quality
SPECTRA = 128  # measurements simulated to ask for it


class Model(scan.Model, Protocol):
    """What the map needs of a model."""

    config: TrainConfig

    @property
    def trained(self) -> tuple[str, ...]: ...
    @property
    def name(self) -> str: ...
    @property
    def card(self) -> Mapping[str, Any]: ...
    def encode(self, spectrum: Any) -> Posterior: ...


def command_map(model: Model) -> CommandMap:
    """Scan every neuron of ``model``, fit bands along the way and say what each one does."""
    moving = scan.moving(model)
    asked = any(n.active and n.index not in moving for n in model.neurons)
    follows = _follows(model) if asked else np.zeros(len(model.neurons))
    commands = [
        _mover(model, n) if n.index in moving else _still(model, n, float(follows[n.index]))
        for n in model.neurons
    ]
    return CommandMap(
        model.name, model.card["supervision"], tuple(_with_twins(c, commands) for c in commands)
    )


def _mover(model: Model, n: Neuron) -> Command:
    s, m = scan.scan(model, n.index), model.mineral
    best = aim(m, s)
    mixed = best.off_target > MIXED
    factor = None if mixed else _factor(m, best)
    moved = effects(m, s)
    shares = dict(zip(scan.properties(m), (moved / moved.sum()).tolist(), strict=True))
    rises = 1 if best.rises else -1
    return replace(
        _command(model, n, s),
        kind="mixed" if mixed else best.kind,
        group=None if mixed else best.group,
        factor=factor.name if factor else None,
        sign=0 if mixed else rises * (1 if factor is None or factor.rises else -1),
        off_target=best.off_target,
        shares=shares,
        message=role_words.mixed(m, shares) if mixed else role_words.aimed(m, s, best, factor),
    )


def _still(model: Model, n: Neuron, follows: float) -> Command:
    """A neuron that moves nothing: what does its code know?"""
    command = _command(model, n, scan.scan(model, n.index, model.origin[[n.index]]))
    if "encoder" not in model.trained:
        return replace(command, message=role_words.unread())
    if not n.active:
        return command
    factor = model.mineral.the("counts")
    if factor is None or abs(follows) < FOLLOWS:
        return replace(command, kind="ignored", follows=follows, message=role_words.ignored(n))
    return replace(
        command,
        kind="quality",
        factor=factor.name,
        sign=1 if follows > 0 else -1,
        follows=follows,
        message=role_words.quality(factor, follows),
    )


def _command(model: Model, n: Neuron, s: scan.Scan) -> Command:
    """The numbers of a scan, before anybody says what they mean."""
    d = s.measured
    return Command(
        neuron=n.index,
        kind="silent",
        group=None,
        factor=None,
        sign=0,
        ends=(n.low, n.high),
        areas={g: _ends(a) for g, a in d.areas.items()},
        width=_ends(d.width),
        position=_ends(d.position),
        shape=float(d.shape.max()),
        off_target=None,
        shares={},
        kl=n.kl,
        active=n.active,
        follows=None,
        twins=(),
        message=role_words.silent(n),
    )


def _with_twins(c: Command, commands: list[Command]) -> Command:
    """Say so where other neurons have the same effect."""
    if c.inert or c.kind == "mixed":
        return c
    same = [o.neuron for o in commands if (o.kind, o.group) == (c.kind, c.group) and o is not c]
    if not same:
        return c
    return replace(c, twins=tuple(same), message=role_words.twins(c.message, same))


def _follows(model: Model) -> Array:
    """Rank correlation of each neuron's code with the counts, over simulated measurements."""
    factor = model.mineral.the("counts")
    if factor is None:
        return np.zeros(len(model.neurons))
    instrument, told = model.config.instrument, conditions(model.config, SPECTRA)
    data = simulate(
        model.mineral, SPECTRA, instrument, seed=0, factors=told, wavenumber=model.wavenumber
    )
    counts, codes = data.factors[factor.name], model.encode(data.dirty).mean
    if np.ptp(counts) == 0:
        return np.zeros(len(model.neurons))
    ranks = np.argsort(np.argsort(np.column_stack([counts, codes]), axis=0), axis=0)
    return np.asarray(np.corrcoef(ranks.T), dtype=np.float64)[0, 1:]


def _factor(m: Mineral, best: Aim) -> Factor | None:
    """The mineral's factor that has this aim's effect."""
    return next((f for f in m.having(best.kind) if f.group == best.group), None)


def _ends(values: Array) -> Ends:
    return float(values[0]), float(values[-1])
