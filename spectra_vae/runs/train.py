"""Train → evaluate → a run folder; and back from there."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ..analysis.knobs import inert
from ..analysis.tradeoff import examined
from ..model.neuron import Neuron
from ..spectrometer import load
from ..storage import process
from ..storage.models import ModelError
from ..storage.runs import HISTORY, amend, history_of, new_id, note, read_run, runs_folder
from ..vae import checkpoint
from ..vae import resume as states
from ..vae.activity import ACTIVE_NATS, ACTIVE_VARIANCE
from ..vae.config import ConfigError, TrainConfig
from ..vae.data import TrainingSet, training_set
from ..vae.header import HEADER, CheckpointError, write_json
from ..vae.network import SpectraVAE
from ..vae.objective import kl_to_prior
from ..vae.train import Step, steps
from .evaluate import evaluate
from .record import Recorder

Array = NDArray[np.float64]

EVALUATION_SPECTRA = 2048
GUIDED_REACH = 3.0


@dataclass(frozen=True)
class Run:
    """A finished training: its folder holds config, history, metrics and model."""

    id: str
    folder: Path
    config: TrainConfig
    history: tuple[Mapping[str, Any], ...]
    metrics: Mapping[str, Any]


def train(
    config: TrainConfig,
    on_step: Callable[[Step], None] | None = None,
    *,
    name: str | None = None,
    folder: Path | str | None = None,
    resume: bool = False,
) -> Run:
    """Train, evaluate and save a model; ``on_step`` is called after every step.

    The folder is ``SPECTRA_VAE_HOME/runs/<id>`` unless one is given. ``resume``: go on from the
    state that an earlier attempt left there. An exception out of ``on_step``, or a loss that
    is no number, stops the training with its state saved; a crash loses about ten seconds.
    """
    if not isinstance(config, TrainConfig):
        raise ConfigError(
            "error.config_shape", why=f"not a TrainConfig but {type(config).__name__}"
        )
    config = replace(config, table=config.substance)  # what its table says now, to the end
    given = None if folder is None else Path(folder)
    identity = given.name if given else new_id(name or config.mineral)
    place = given or runs_folder() / identity
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise ModelError("error.home", name=str(place)[:80]) from None
    pid, born = process.identity(os.getpid())
    title = read_run(place).get("name", name or identity)
    who = {"state": "running", "pid": pid, "born": born, "created": time.time()}
    note(place, name=title, **who, **_choices(config))
    write_json(place / "config.json", config.to_dict())
    state = _state(place, config) if resume else None
    if state is None:
        (place / HISTORY).unlink(missing_ok=True)
    data = training_set(config)
    step = _train(config, data, place, state, on_step)
    facts = describe(step.model, config, data.wavenumber, title, step.seconds)
    checkpoint.save(place, step.model, config, data.wavenumber, facts)
    metrics = json.loads(json.dumps(evaluate(load(place))))  # as read back: lists, no tuples
    write_json(place / "metrics.json", metrics)
    amend(place / HEADER, metrics=metrics)
    note(place, state="finished", seconds=round(step.seconds, 1), **_results(metrics))
    (place / states.FILE).unlink(missing_ok=True)
    return Run(identity, place, config, history_of(place), metrics)


def _state(place: Path, config: TrainConfig) -> states.State | None:
    """What an earlier attempt left; a torn one counts for none."""
    try:
        state = states.load(place)
    except CheckpointError:
        return None
    if state is not None and (state.config, state.config.substance) != (config, config.substance):
        raise ModelError("error.resume_other", name=place.name)
    return state


def _train(
    config: TrainConfig,
    data: TrainingSet,
    place: Path,
    state: states.State | None,
    on_step: Callable[[Step], None] | None,
) -> Step:
    """The last step; what is worth keeping on the way is written into the folder."""
    recorder, step = Recorder(place), None
    try:
        for step in steps(config, data, state):
            recorder.see(step)
            if on_step is not None:
                on_step(step)
    except OSError:
        raise  # a full disk: what was saved last stays
    except Exception:
        if step is not None:
            recorder.save(step)
        raise
    finally:
        recorder.close()
    assert step is not None  # a configuration has at least one step
    return step


def _choices(config: TrainConfig) -> dict[str, Any]:
    """What a list of runs shows of a configuration."""
    return {
        "mineral": config.mineral,
        "supervision": config.supervision if config.variational else "plain",
        "beta": config.beta,
        "seed": config.seed,
        "steps": config.steps,
    }


def _results(metrics: Mapping[str, Any]) -> dict[str, Any]:
    """What a list of runs shows of a model."""
    return {
        "rmse": metrics["decode_rmse"],
        "active": len(metrics["active"]),
        "silent": metrics["silent"],
        "mig": metrics["scores"]["mig"],
    }


def unseen(config: TrainConfig) -> TrainingSet:
    """Fresh spectra of a training's own kind, over which its neurons are described."""
    n = examined(config, EVALUATION_SPECTRA)
    return training_set(replace(config, spectra=n, seed=config.seed + 1_000_003))


def describe(
    model: SpectraVAE,
    config: TrainConfig,
    wavenumber: Array,
    name: str,
    seconds: float,
    data: TrainingSet | None = None,
) -> dict[str, Any]:
    """The header's facts: neurons over ``data`` (default: :func:`unseen`), origin, card."""
    model.eval()
    data = data or unseen(config)
    mean, kl = _codes(model, data, config)
    origin = _origin(model, config, wavenumber)
    still = inert(_jacobians(model, mean))
    factor_of = {j: f for f, j in config.guided.items()} if config.is_guided else {}
    neurons = []
    for j in range(config.latents):
        m, s = float(mean[:, j].mean()), float(mean[:, j].std())
        low, high = np.percentile(mean[:, j], (1, 99))
        guided = j in factor_of
        if guided or s * s <= ACTIVE_VARIANCE:
            low, high = -GUIDED_REACH, GUIDED_REACH
        active = float(kl[j]) > ACTIVE_NATS if kl is not None else s * s > ACTIVE_VARIANCE
        neurons.append(
            Neuron(
                index=j,
                factor=factor_of.get(j),
                kl=None if kl is None else float(kl[j]),
                active=bool(active),
                low=round(float(low), 3),
                high=round(float(high), 3),
                inert=bool(still[j]),
                mean=m,
                std=s,
            )
        )
    return {
        "neurons": [asdict(n) for n in neurons],
        "origin": [float(v) for v in origin],
        "seed": config.seed,
        "card": {
            "name": name,
            "mineral": config.mineral,
            "vary": list(config.vary),
            "supervision": config.supervision if config.variational else "plain",
            "seed": config.seed,
            "steps": config.steps,
            "spectra": config.spectra,
            "seconds": round(seconds, 1),
            "device": str(next(model.parameters()).device),
        },
    }


@torch.no_grad()
def _codes(model: SpectraVAE, data: TrainingSet, config: TrainConfig) -> tuple[Array, Array | None]:
    """Posterior means (n, latents) over the evaluation set, and mean KL per neuron."""
    where = next(model.parameters()).device
    batch = data.batch(len(data.clean), np.random.default_rng(config.seed))
    q = model.encoder(batch.value.to(where), batch.mask.to(where))
    kl = kl_to_prior(q).mean(dim=0).double().cpu().numpy() if config.variational else None
    return q.mean.double().cpu().numpy(), kl


@torch.no_grad()
def _origin(model: SpectraVAE, config: TrainConfig, wavenumber: Array) -> Array:
    """The Platonic spectrum's code: zero where guided, else what the encoder says of it."""
    if config.is_guided:
        return np.zeros(config.latents)
    where = next(model.parameters()).device
    clean = config.substance.spectrum(wavenumber)
    value = torch.from_numpy(clean.astype(np.float32))[None].to(where)
    mean = model.encoder(value, torch.ones_like(value)).mean
    return np.asarray(mean[0].double().cpu().numpy())


@torch.no_grad()
def _jacobians(model: SpectraVAE, codes: Array, count: int = 64, step: float = 0.05) -> Array:
    """Central differences (count, latents, N) at some codes: enough to tell movers from others."""
    where = next(model.parameters()).device
    z = torch.from_numpy(codes[:count].astype(np.float32)).to(where)
    slopes = []
    for j in range(z.shape[1]):
        move = torch.zeros_like(z)
        move[:, j] = step
        slopes.append((model.decoder(z + move) - model.decoder(z - move)) / (2 * step))
    return np.asarray(torch.stack(slopes, dim=1).double().cpu().numpy())
