"""What a training is: one frozen configuration, checked when it is made, JSON in and out."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..minerals import Mineral, mineral
from ..simulation.instrument import Instrument, Range
from ..text.message import SpectraVaeError
from .schedule import Schedule
from .validation import SUPERVISIONS, ConfigError, Supervision, check

__all__ = ["SUPERVISIONS", "ConfigError", "Supervision", "TrainConfig"]


@dataclass(frozen=True)
class TrainConfig:
    """A training, whole.

    Parameters
    ----------
    mineral, instrument, spectra
        What is simulated, through which spectrometer, and how many different spectra.
    supervision, guided
        ``guided``: each factor of ``guided`` is asked onto its neuron {factor: neuron}, its true
        value being told. ``pairs``: two members of a pair share all factors of ``guided`` but one,
        which is told by its neuron, never by a value. ``ada``: they share all factors but one, and
        nobody says which (Ada-GVAE, Locatello 2020). ``none``: a plain β-VAE.
    total_correlation
        True: β weighs the total correlation only (β-TCVAE, Chen 2018); without supervision.
    partner
        A second instrument, through which the second members of pairs are seen, otherwise half of
        the inputs.
    agreement
        Over 0: with guidance, both instruments see the same mineral states, and −log q(no
        difference | both) of their codes weighs this much.
    correlation
        (factor, factor, rank correlation) of two factors in the training data.
    counts
        Fewest and most counts at ν1 of the training's spectra; None: all that the mineral's signal
        quality ranges over.
    variational
        False: a plain autoencoder, no sampling and no KL.
    latents, encoder, decoder
        Number of neurons; widths of the hidden layers.
    roughness_floor
        Noise, × ν1, below which the encoder tells no roughness from none.
    beta, beta_guided, guidance, schedule
        Weights of the free neurons' KL, the guided neurons' KL and of the guidance
        −log q(true code | x); how ``beta`` changes over the steps.
    sigma, emphasis
        Standard deviation of the reconstruction term, × ν1; stretches (low, high, factor) in
        which errors count ``factor`` times (weak bands).
    steps, batch, learning_rate, clip
        Adam with cosine decay; gradient norms of encoder and decoder are clipped at ``clip``.
    table
        What ``mineral`` names, where a model brings its own; None: the mineral called so.
    """

    mineral: str = "gypsum"
    instrument: Instrument = field(default_factory=Instrument)
    spectra: int = 40_000
    supervision: Supervision = "none"
    guided: Mapping[str, int] = field(default_factory=dict)
    total_correlation: bool = False
    partner: Instrument | None = None
    correlation: tuple[str, str, float] | None = None
    counts: Range | None = None
    variational: bool = True
    latents: int = 8
    encoder: tuple[int, ...] = (256, 256)
    decoder: tuple[int, ...] = (128, 384)
    roughness_floor: float = 1e-3
    beta: float = 1.0
    beta_guided: float = 1.0
    guidance: float = 200.0
    agreement: float = 0.0
    schedule: Schedule = field(default_factory=Schedule)
    sigma: float = 0.02
    emphasis: tuple[tuple[float, float, float], ...] = ()
    steps: int = 9_000
    batch: int = 256
    learning_rate: float = 2e-3
    clip: float = 2_000.0
    seed: int = 0
    table: Mineral | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        for f in dataclasses.fields(self):  # numpy's numbers are numbers
            value = getattr(self, f.name)
            if isinstance(value, np.generic):
                object.__setattr__(self, f.name, value.item())
        try:
            check(self)
        except SpectraVaeError:
            raise
        except (TypeError, KeyError, ValueError, AttributeError) as wrong:
            raise ConfigError("error.config_shape", why=str(wrong)[:200]) from None

    @property
    def substance(self) -> Mineral:
        """The mineral that ``mineral`` names."""
        own = self.table
        return own if own and own.name == self.mineral else mineral(self.mineral)

    @property
    def is_guided(self) -> bool:
        return self.supervision == "guided"

    @property
    def is_paired(self) -> bool:
        return self.supervision in ("pairs", "ada")

    @property
    def is_bridged(self) -> bool:
        """Do two instruments see the same mineral states?"""
        return self.agreement > 0

    @property
    def state_neurons(self) -> tuple[int, ...]:
        """Neurons of the mineral's own factors, as far as they were given one."""
        names = (f.name for f in self.substance.state)
        return tuple(self.guided[name] for name in names if name in self.guided)

    @property
    def named_neurons(self) -> tuple[int, ...]:
        """Neurons that were given a factor, by its values or by pairs."""
        return tuple(self.guided.values()) if self.supervision in ("guided", "pairs") else ()

    @property
    def paired_factors(self) -> tuple[str, ...]:
        """Factors one of which differs in a pair; the others are each member's own."""
        if self.supervision == "pairs":
            return tuple(self.guided)
        return tuple(f.name for f in self.substance.visible)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; :meth:`from_dict` reads them back."""
        names = (f.name for f in dataclasses.fields(self) if f.name != "table")
        return {name: _plain(getattr(self, name)) for name in names}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], table: Mineral | None = None) -> TrainConfig:
        """A configuration from JSON or TOML values; unknown fields are refused by name."""
        if not isinstance(values, Mapping):
            raise ConfigError("error.config_shape", why="not a table of settings")
        known = {f.name for f in dataclasses.fields(cls)} - {"table"}
        for name in values:
            if name not in known:
                raise ConfigError("error.unknown_field", name=str(name)[:80])
        given = dict(values)
        try:
            if "instrument" in given:
                given["instrument"] = _instrument(given["instrument"])
            if given.get("partner") is not None:
                given["partner"] = _instrument(given["partner"])
            if given.get("correlation") is not None:
                one, other, rank = given["correlation"]
                given["correlation"] = (one, other, rank)
            if given.get("counts") is not None:
                given["counts"] = _pair(given["counts"])
            if "schedule" in given:
                given["schedule"] = Schedule(**given["schedule"])
            for name in ("encoder", "decoder"):
                if name in given:
                    given[name] = tuple(given[name])
            if "emphasis" in given:
                given["emphasis"] = tuple(
                    (float(a), float(b), float(c)) for a, b, c in given["emphasis"]
                )
            return cls(**given, table=table)
        except SpectraVaeError:
            raise
        except (TypeError, KeyError, ValueError, AttributeError) as wrong:
            raise ConfigError("error.config_shape", why=str(wrong)[:200]) from None


def _instrument(values: Mapping[str, Any]) -> Instrument:
    given = dict(values)
    if "ranges" in given:
        given["ranges"] = tuple(tuple(_pair(r) for r in option) for option in given["ranges"])
    for name in ("fluorescence", "orientation", "exposure"):
        if given.get(name) is not None:
            given[name] = _pair(given[name])
    return Instrument(**given)


def _pair(values: Any) -> Range:
    low, high = values
    return float(low), float(high)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = dataclasses.asdict(value)
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(v) for v in value]
    return value
