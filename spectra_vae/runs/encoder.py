"""An encoder and calibrated intervals for a mineral's solved decoder, kept in the home."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ..measure.calibrate import calibrate
from ..minerals import Mineral
from ..model.neuron import Neuron
from ..model.shared import encoded_folder, forget_oldest, intact, readout_folder, seal
from ..model.shared_encoder import facts, teach
from ..spectrometer import VirtualSpectrometer
from ..text.message import SpectraVaeError
from ..vae import checkpoint
from ..vae.activity import ACTIVE_NATS
from ..vae.checkpoint import Checkpoint
from ..vae.data import training_set
from ..vae.network import Encoder, SpectraVAE
from ..vae.objective import kl_to_prior

CALIBRATED = 240  # simulated files for each decade's half
EVALUATED = 1_000  # spectra that say what the neurons carry
FRESH = 1_000  # behind the seeds that it was taught on
TEACHING = 0.7  # share of the time
KEPT = ("seed", "card", "origin")  # of the header that stand as they are

Tell = Callable[[float], None]


def train_encoder(mineral: Mineral, on_progress: Tell | None = None) -> Path:
    """Train an encoder to the mineral's solved decoder and calibrate its intervals, once for a
    table as it stands: ``sv.load`` finds both. About a minute on two cores.

    ``on_progress`` gets the share that is done; what it raises ends the training, and nothing is
    kept.

    Returns
    -------
    Path
        The folder of the model.

    Raises
    ------
    SpectraVaeError
        The home can't be written.
    """
    tell, folder = on_progress or (lambda _: None), encoded_folder(mineral)
    if intact(folder):
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made_in = Path(tempfile.mkdtemp(prefix=".made-", dir=folder.parent))
    except OSError:
        raise SpectraVaeError("error.home", name=str(folder.parent)[:80]) from None
    try:
        _make(made_in, mineral, tell)
        shutil.rmtree(folder, ignore_errors=True)
        made_in.rename(folder)
    finally:
        shutil.rmtree(made_in, ignore_errors=True)
    forget_oldest(folder.parent)
    return folder


def _make(folder: Path, mineral: Mineral, tell: Tell) -> None:
    """Train, calibrate, and write the whole model."""
    start = time.perf_counter()
    solved = checkpoint.load(readout_folder(mineral))
    points = len(solved.wavenumber)
    encoder = teach(solved.config, points, lambda share: tell(TEACHING * share))
    model = SpectraVAE(solved.config, points)
    model.decoder.load_state_dict(solved.model.decoder.state_dict())
    model.encoder.load_state_dict(encoder.state_dict())
    header = _header(solved, encoder, round(time.perf_counter() - start, 1))
    checkpoint.save(folder, model, solved.config, solved.wavenumber, header)
    seal(folder)
    vs = VirtualSpectrometer(checkpoint.load(folder))
    calibrate(vs, vs.digest, CALIBRATED).save(folder)
    tell(1.0)


def _header(solved: Checkpoint, encoder: Encoder, seconds: float) -> dict[str, Any]:
    """The decoder's header, with what the encoder makes of the neurons."""
    kept = {key: solved.header[key] for key in KEPT}
    trained = {**kept["card"]["trained"], "encoder": {**facts(), "seconds": seconds}}
    return {
        **kept,
        "neurons": _neurons(solved, encoder),
        "trained": ["decoder", "encoder"],
        "card": {**kept["card"], "trained": trained},
    }


@torch.no_grad()
def _neurons(solved: Checkpoint, encoder: Encoder) -> list[dict[str, Any]]:
    """The neurons with their KL, and mean and spread of their codes, over fresh spectra."""
    config = replace(solved.config, spectra=EVALUATED, seed=solved.config.seed + FRESH)
    batch = training_set(config).batch(EVALUATED, np.random.default_rng(0))
    q = encoder(batch.value, batch.mask)
    kl, mean, std = kl_to_prior(q).mean(dim=0), q.mean.mean(dim=0), q.mean.std(dim=0)
    found = []
    for j, told in enumerate(solved.header["neurons"]):
        active = bool(kl[j] > ACTIVE_NATS)
        one = replace(Neuron(**told), kl=float(kl[j]), active=active)
        found.append(asdict(replace(one, mean=float(mean[j]), std=float(std[j]))))
    return found
