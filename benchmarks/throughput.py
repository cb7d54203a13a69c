"""What training costs beyond its network: a step against a bare loop on the same network.

    python -m benchmarks.throughput [RECIPE] [THREADS]

Bare: forward, backward and Adam on one batch that never changes, of the same size, network and
number of threads, with nothing simulated, clipped, weighed or reported. The rounds alternate, the
median of their ratios counts. Processor seconds are given beside those of the clock: on a machine
that others use too, only they mean anything, and only with one thread. Where pythae is importable,
its BetaVAE trainer runs beside, on spectra that were simulated and measured once, with a network of
the same layers.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch

from spectra_vae.recipes import recipe
from spectra_vae.vae.config import TrainConfig
from spectra_vae.vae.data import TrainingSet, training_set
from spectra_vae.vae.model import SpectraVAE
from spectra_vae.vae.objective import kl_to_prior
from spectra_vae.vae.train import steps

from .machine import machine

WANTED = 0.85
ROUNDS, STEPS, WARM = 3, 60, 5
SPECTRA = 4_096


def bare(config: TrainConfig, data: TrainingSet) -> Iterator[None]:
    """The textbook step of a β-VAE."""
    torch.manual_seed(0)
    model = SpectraVAE(len(data.wavenumber), config.latents, config.encoder, config.decoder)
    optimiser = torch.optim.Adam(model.parameters(), lr=config.learning_rate, fused=True)
    batch = data.batch(config.batch, np.random.default_rng(0))
    while True:
        q = model.encoder(batch.value, batch.mask)
        error = (model.decoder(q.rsample()) - batch.clean).square().sum(dim=-1)
        loss = (error / (2 * config.sigma**2) + config.beta * kl_to_prior(q).sum(dim=-1)).mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        yield


def speed(training: Iterator[object], clock: Callable[[], float], rate: int) -> float:
    """Spectra a second."""
    for _ in range(WARM):
        next(training)
    start = clock()
    for _ in range(STEPS):
        next(training)
    return rate * STEPS / (clock() - start)


def pythae_speed(config: TrainConfig, data: TrainingSet) -> float:
    """Spectra a second of pythae's BetaVAE and its BaseTrainer, one epoch."""
    from pythae.models import BetaVAE, BetaVAEConfig
    from pythae.models.base.base_utils import ModelOutput
    from pythae.models.nn import BaseDecoder, BaseEncoder
    from pythae.trainers import BaseTrainer, BaseTrainerConfig

    network = SpectraVAE(len(data.wavenumber), config.latents, config.encoder, config.decoder)

    class Encoder(BaseEncoder):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.inner = network.encoder

        def forward(self, x: torch.Tensor) -> ModelOutput:
            q = self.inner(x, torch.ones_like(x))
            return ModelOutput(embedding=q.mean, log_covariance=2 * q.stddev.log())

    class Decoder(BaseDecoder):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.inner = network.decoder

        def forward(self, z: torch.Tensor) -> ModelOutput:
            return ModelOutput(reconstruction=self.inner(z))

    shape = BetaVAEConfig(
        input_dim=(len(data.wavenumber),), latent_dim=config.latents, beta=config.beta
    )
    model = BetaVAE(shape, encoder=Encoder(), decoder=Decoder())
    spectra = data.batch(config.batch * STEPS, np.random.default_rng(0)).value
    with tempfile.TemporaryDirectory() as folder:
        plan = BaseTrainerConfig(
            output_dir=folder,
            num_epochs=1,
            per_device_train_batch_size=config.batch,
            learning_rate=config.learning_rate,
        )
        trainer = BaseTrainer(model, _Rows(spectra), training_config=plan)
        trainer.prepare_training()
        start = time.perf_counter()
        trainer.train_step(epoch=1)
        return len(spectra) / (time.perf_counter() - start)


class _Rows(torch.utils.data.Dataset[dict[str, torch.Tensor]]):
    """What pythae's loader takes: one table of data an index."""

    def __init__(self, rows: torch.Tensor) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: int) -> dict[str, torch.Tensor]:
        return {"data": self._rows[index]}


def main(name: str = "gypsum", threads: str = "") -> None:
    if threads:
        torch.set_num_threads(int(threads))
    print(machine(), f"{torch.get_num_threads()} threads of torch")
    config = replace(recipe(name), spectra=SPECTRA, steps=1_000_000)
    data = training_set(config)
    ratios = {}
    for kind, clock in (("clock", time.perf_counter), ("processor", time.process_time)):
        rounds = []
        ours, plain = steps(config, data), bare(config, data)
        for _ in range(ROUNDS):
            one, other = (speed(t, clock, config.batch) for t in (plain, ours))
            rounds.append(other / one)
            print(f"  {kind:9}  bare {one:7.0f}  ours {other:7.0f} spectra/s  {other / one:.3f}")
        ratios[kind] = statistics.median(rounds)
    for kind, ratio in ratios.items():
        print(f"{name}, {kind}: {ratio:.3f} of the bare loop (wanted: {WANTED})")
    if find_spec("pythae") is None:
        print("pythae is not installed here, so it was not measured")
    else:
        with (
            Path(os.devnull).open("w") as nowhere,
            redirect_stdout(nowhere),
            redirect_stderr(nowhere),
        ):
            found = [pythae_speed(config, data) for _ in range(ROUNDS)]
        print(f"pythae BetaVAE: {statistics.median(found):.0f} spectra/s, same layers and batch")


if __name__ == "__main__":
    main(*sys.argv[1:])
