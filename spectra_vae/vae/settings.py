"""The settings of a training, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ..minerals import DEFAULT, Mineral, mineral
from ..simulation.instrument import Instrument, Range
from .ranges import ranges
from .schedule import Schedule

Supervision = Literal["none", "pairs", "ada", "guided"]
SUPERVISIONS: tuple[Supervision, ...] = ("none", "pairs", "ada", "guided")


@dataclass(frozen=True)
class Settings:
    """A training, whole.

    Parameters
    ----------
    mineral, instrument, spectra
        What is simulated, through which spectrometer, and how many different spectra.
    vary
        The factors that vary {factor: (low, high)}; the others stand at their reference. Names
        alone mean whole ranges; nothing: every factor varies over its whole range. In a narrowed
        range values are distributed as in the whole one, only closer.
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
        quality ranges over, or as ``vary`` says.
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

    mineral: str = DEFAULT
    instrument: Instrument = field(default_factory=Instrument)
    spectra: int = 40_000
    vary: Mapping[str, Range] | Sequence[str] = field(default_factory=dict)
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

    @property
    def substance(self) -> Mineral:
        """The mineral that ``mineral`` names."""
        own = self.table
        return own if own and own.name == self.mineral else mineral(self.mineral)

    @property
    def varying(self) -> dict[str, Range]:
        """Every factor that varies, and over what; the signal quality also where ``counts`` are."""
        m = self.substance
        whole = {f.name: (f.low, f.high) for f in m.factors}
        quality = m.the("counts")
        if not self.vary:
            return whole
        told = ranges(m, self.vary)
        if self.counts is not None and quality is not None:
            told[quality.name] = whole[quality.name]
        return told

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
        return tuple(f.name for f in self.substance.visible if f.name in self.varying)
