"""What training costs beyond its network: a step against a bare loop on the same network.

    python -m benchmarks.throughput [RECIPE] [THREADS]

Bare: forward, backward and Adam on one batch that never changes, of the same size, network and
number of threads, with nothing simulated, clipped, weighed or reported. A few steps of one and of
the other alternate, so that what else the machine does falls on both; the median of the pairs'
ratios counts, their quartiles are beside it. Processor seconds, of all threads, are given beside
those of the clock: they also count what a training does while its network computes. Where pythae is
importable, its BetaVAE trainer runs beside, on spectra that were simulated and measured once, with
a network of the same layers.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch

from spectra_vae.recipes import recipe
from spectra_vae.vae.config import TrainConfig
from spectra_vae.vae.data import TrainingSet, training_set
from spectra_vae.vae.network import SpectraVAE
from spectra_vae.vae.objective import kl_to_prior
from spectra_vae.vae.train import steps

from .machine import machine

WANTED = 0.85
PAIRS, STEPS, WARM = 40, 10, 1  # the step after a change of loops is not counted
ROUNDS, EPOCH = 3, 60  # of pythae
SPECTRA = 4_096


def bare(config: TrainConfig, data: TrainingSet) -> Iterator[None]:
    """The textbook step of a β-VAE."""
    torch.manual_seed(0)
    model = SpectraVAE(config, len(data.wavenumber))
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


def seconds(training: Iterator[object]) -> tuple[float, float]:
    """What a few steps take by the clock and of the processor."""
    for _ in range(WARM):
        next(training)
    start, used = time.perf_counter(), time.process_time()
    for _ in range(STEPS):
        next(training)
    return time.perf_counter() - start, time.process_time() - used


def pythae_speed(config: TrainConfig, data: TrainingSet) -> float:
    """Spectra a second of pythae's BetaVAE and its BaseTrainer, one epoch."""
    from pythae.models import BetaVAE, BetaVAEConfig
    from pythae.models.base.base_utils import ModelOutput
    from pythae.models.nn import BaseDecoder, BaseEncoder
    from pythae.trainers import BaseTrainer, BaseTrainerConfig

    network = SpectraVAE(config, len(data.wavenumber))

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
    spectra = data.batch(config.batch * EPOCH, np.random.default_rng(0)).value
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
    ours, plain = steps(config, data), bare(config, data)
    taken = np.array([[seconds(plain), seconds(ours)] for _ in range(PAIRS)])  # pair, loop, clock
    rate = config.batch * STEPS / np.median(taken, axis=0)
    ratios = np.percentile(taken[:, 0] / taken[:, 1], (25, 50, 75), axis=0)
    for k, clock in enumerate(("clock", "processor")):
        low, middle, high = ratios[:, k]
        print(
            f"{name}, {clock:9}: bare {rate[0, k]:6.0f}, ours {rate[1, k]:6.0f} spectra/s;", end=" "
        )
        print(f"{middle:.3f} of the bare loop ({low:.3f} to {high:.3f}; wanted: {WANTED})")
    if find_spec("pythae") is None:
        print("pythae is not installed here, so it was not measured")
    else:
        with (
            Path(os.devnull).open("w") as nowhere,
            redirect_stdout(nowhere),
            redirect_stderr(nowhere),
        ):
            found = [pythae_speed(config, data) for _ in range(ROUNDS)]
        print(f"pythae BetaVAE: {np.median(found):.0f} spectra/s, same layers and batch")


if __name__ == "__main__":
    main(*sys.argv[1:])
