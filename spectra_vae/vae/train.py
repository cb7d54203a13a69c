"""The training loop: a generator of steps that can be closed at any of them, and go on later."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.utils import clip_grads_with_norm_

from ..text.message import SpectraVaeError
from .adam import Adam
from .config import TrainConfig
from .data import TrainingSet, training_set
from .finalise import disconnect_silent, refit_output
from .header import CheckpointError, short
from .network import SpectraVAE
from .objective import loss_of
from .prefetch import Ahead
from .preview import Floats, Sample, Shown, restored, sensitivity, shown
from .resume import State


class TrainingError(SpectraVaeError):
    """A training that can't go on; the text says why and what is kept."""


@dataclass(frozen=True, eq=False)
class Step:
    """Where a training stands after ``number`` of ``steps`` steps; nats, batch means.

    ``seconds`` since the start, those before a resume included. ``model`` is the live model, and
    ``sample``, ``sensitivity`` and ``state()`` speak of it too, when they are asked for: they are
    those of this step until the next one is taken.
    """

    number: int
    steps: int
    loss: float
    reconstruction: float
    kl: NDArray[np.float64]
    guidance: float
    total_correlation: float
    beta: float
    seconds: float
    wavenumber: NDArray[np.float64]
    model: SpectraVAE
    _training: _Training = field(repr=False)

    @property
    def sample(self) -> Sample:
        """The mineral at its reference, measured once for the whole training, and restored."""
        return restored(self.model, self._training.shown)

    @property
    def sensitivity(self) -> Floats:
        """∂ spectrum / ∂ neuron at the origin, (latents, N)."""
        return sensitivity(self.model)

    def state(self) -> State:
        """What :func:`steps` needs to go on from here; stays valid while the training moves on."""
        return self._training.state()


def device() -> torch.device:
    """CUDA when there, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def steps(
    config: TrainConfig, data: TrainingSet | None = None, resume: State | None = None
) -> Iterator[Step]:
    """Train, one :class:`Step` at a time; the last one holds the finished model.

    ``resume``: go on from a saved state, exactly as the training would have gone on without the
    interruption. A finished one gives its last step again.

    Raises
    ------
    TrainingError
        The loss is no longer a number. The weights are still those of the last step.
    CheckpointError
        ``resume`` belongs to another training.
    """
    training = _Training(config, data or training_set(config))
    if resume is not None:
        training.restore(resume)
        if training.number == config.steps:
            yield training.step()
    while training.number < config.steps:
        training.advance()
        yield training.step()


class _Training:
    """Everything that changes from step to step."""

    def __init__(self, config: TrainConfig, data: TrainingSet) -> None:
        self.config, self.data = config, data
        self.number, self.start = 0, time.monotonic()
        self.last: Mapping[str, Any] = {}
        torch.manual_seed(config.seed)
        self.batches = Ahead(data, config.batch, np.random.default_rng([config.seed, 1]))
        self.where = device()
        model = SpectraVAE(config, len(data.wavenumber))
        self.model = model.to(self.where).train()
        with torch.no_grad():  # the mean spectrum is the best first guess
            model.decoder.out.bias.copy_(torch.from_numpy(data.clean.mean(axis=0)))
        self.weight = _weight(config, data.wavenumber).to(self.where)
        named = [j in config.named_neurons for j in range(config.latents)]
        self.named = torch.tensor(named).to(self.where)
        self.adam = Adam(self.model)

    def advance(self) -> None:
        """One step; the weights stay as they are where its loss or slope is no number."""
        config, number = self.config, self.number + 1
        batch = self.batches.take(last=number == config.steps)
        loss = loss_of(self.model, batch, config, number, self.weight, self.named)
        self._check(loss.total.item(), number)
        self.model.zero_grad(set_to_none=True)
        loss.total.backward()  # type: ignore[no-untyped-call]
        for part in (self.model.encoder, self.model.decoder):
            self._check(_clip(part, config.clip), number)
        self.adam.step(_cosine(config.learning_rate, number, config.steps))
        if number == config.steps and config.variational:
            disconnect_silent(self.model, self.data, self.named & config.is_guided)
            if config.is_guided:
                refit_output(self.model, self.data, self.named)
        self.number, self.last = number, loss.numbers()

    def step(self) -> Step:
        config = self.config
        return Step(
            number=self.number,
            steps=config.steps,
            **{**self.last, "kl": np.array(self.last["kl"])},
            beta=config.schedule.beta(self.number, config.steps, config.beta),
            seconds=time.monotonic() - self.start,
            wavenumber=self.data.wavenumber,
            model=self.model,
            _training=self,
        )

    def state(self) -> State:
        tensors = {f"model.{k}": v for k, v in self.model.state_dict().items()}
        for name, moments in self.adam.moments.items():
            tensors |= {f"adam.{name}.{moment}": value for moment, value in moments.items()}
        tensors["random.cpu"] = torch.get_rng_state()
        if self.where.type == "cuda":
            tensors["random.cuda"] = torch.cuda.get_rng_state()
        return State(
            config=self.config,
            number=self.number,
            seconds=time.monotonic() - self.start,
            last=self.last,
            random=self.batches.random,
            tensors={k: v.detach().to("cpu", copy=True) for k, v in tensors.items()},
        )

    def restore(self, state: State) -> None:
        if state.config != self.config:
            raise CheckpointError("error.resume_other")
        tensors = state.tensors
        try:
            self.model.load_state_dict({k: tensors[f"model.{k}"] for k in self.model.state_dict()})
            for name, moments in self.adam.moments.items():
                for moment, value in moments.items():
                    value.copy_(tensors[f"adam.{name}.{moment}"].reshape(value.shape))
            self.batches.go_back(state.random)
            torch.set_rng_state(tensors["random.cpu"])
            if "random.cuda" in tensors and self.where.type == "cuda":
                torch.cuda.set_rng_state(tensors["random.cuda"])
        except (KeyError, TypeError, ValueError, RuntimeError) as wrong:
            raise CheckpointError("error.resume_fit", why=short(wrong)) from None
        self.number, self.last = state.number, state.last
        self.start = time.monotonic() - state.seconds

    @cached_property
    def shown(self) -> Shown:
        return shown(self.config, self.data)

    @staticmethod
    def _check(value: float, number: int) -> None:
        if not math.isfinite(value):
            raise TrainingError("error.diverged", step=number)


def _clip(part: nn.Module, limit: float) -> float:
    """Shorten the slope of a part to ``limit`` at most; its length before."""
    slopes = [p.grad for p in part.parameters() if p.grad is not None]
    # dot, not norm: a third less time where the slopes are no longer in the processor's cache
    length = math.sqrt(sum(torch.dot(g.flatten(), g.flatten()).item() for g in slopes))
    if length > limit:
        clip_grads_with_norm_(part.parameters(), limit, torch.tensor(length))
    return length


def _weight(config: TrainConfig, wavenumber: NDArray[np.float64]) -> Tensor:
    """Emphasis / σ at every point, (N,)."""
    emphasis = np.ones(len(wavenumber))
    for low, high, factor in config.emphasis:
        emphasis[(wavenumber >= low) & (wavenumber < high)] = factor
    return torch.from_numpy((emphasis / config.sigma).astype(np.float32))


def _cosine(rate: float, step: int, steps: int) -> float:
    return rate * 0.5 * (1 + math.cos(math.pi * (step - 1) / steps))
