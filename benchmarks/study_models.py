"""The models of :mod:`benchmarks.study`: trained once, kept on disk, measured."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from scipy.stats import spearmanr

from spectra_vae import load
from spectra_vae.analysis.bound import shaping
from spectra_vae.analysis.metrics import dci, mcc, mig
from spectra_vae.analysis.reenactment import reenact
from spectra_vae.analysis.scan import moving
from spectra_vae.analysis.study import Trial
from spectra_vae.analysis.udr import udr
from spectra_vae.runs.evaluate import evaluate, evaluation_set
from spectra_vae.runs.train import describe, unseen
from spectra_vae.simulation.simulate import Dataset
from spectra_vae.spectrometer import VirtualSpectrometer
from spectra_vae.storage.models import shipped
from spectra_vae.vae import checkpoint
from spectra_vae.vae.config import TrainConfig
from spectra_vae.vae.header import HEADER, WEIGHTS, CheckpointError, read_header, write_json

from .study_together import alike, train_together

KINDS = ("spearman", "lasso")
KEPT = 120  # spectra whose codes are kept for a picture
TOGETHER = 14  # models: two seeds of six β and the plain autoencoder
THIN = 2  # every so many points of a curve are kept


@dataclass(frozen=True)
class Wanted:
    """A model to train: where it is kept, and its configuration."""

    folder: Path
    config: TrainConfig

    @property
    def there(self) -> bool:
        """Is it trained already, with this configuration and no other?"""
        try:
            header = read_header(self.folder)
        except CheckpointError:
            return False
        return bool(header["config"] == json.loads(json.dumps(self.config.to_dict())))


def train_all(wanted: Iterable[Wanted], jobs: int) -> Iterator[str]:
    """Train what isn't there, :data:`TOGETHER` models on the same batches and one thread.

    ``jobs`` such groups at a time; a line for each that ends.
    """
    groups: dict[str, list[Wanted]] = {}
    for one in sorted((w for w in wanted if not w.there), key=lambda w: w.config.seed):
        groups.setdefault(repr(alike(one.config)), []).append(one)
    chunks = [g[k : k + TOGETHER] for g in groups.values() for k in range(0, len(g), TOGETHER)]
    if jobs == 1:
        yield from map(_train, chunks)
        return
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        for done in as_completed([pool.submit(_train, chunk) for chunk in chunks]):
            yield done.result()


def _train(chunk: Sequence[Wanted]) -> str:
    torch.set_num_threads(1)
    begun, worked = time.monotonic(), time.process_time()
    models, data = train_together([one.config for one in chunk])
    shown = unseen(alike(chunk[0].config))
    seconds = (time.monotonic() - begun) / len(chunk)
    for one, model in zip(chunk, models, strict=True):
        x, name = data.wavenumber, one.folder.name
        facts = describe(model, one.config, x, name, seconds, shown)
        checkpoint.save(one.folder, model, one.config, x, facts)
    took = f"{time.monotonic() - begun:.0f} s, {time.process_time() - worked:.0f} s of work"
    return f"{time.strftime('%H:%M:%S')} {', '.join(w.folder.name for w in chunk)}: {took}"


def measure(wanted: Sequence[Wanted], pictures: bool) -> list[Trial]:
    """A trial for each model of one β, with their agreement; ``pictures``: and their curves."""
    models = [load(one.folder) for one in wanted]
    trials, means, informative = [], [], []
    data = evaluation_set(models[0]) if models else None
    for vs in models:
        assert data is not None  # the same for all: they differ in their seeds
        mean = vs.encode(data.dirty).mean
        trial = _trial(vs, mean, data)
        trials.append(_with_pictures(vs, trial, mean) if pictures else trial)
        means.append(mean)
        informative.append([n.active for n in vs.neurons])
    if len(models) < 2:
        return trials
    agreed = {kind: udr(means, informative, kind).scores for kind in KINDS}
    return [
        replace(t, udr={kind: float(scores[k]) for kind, scores in agreed.items()})
        for k, t in enumerate(trials)
    ]


def _trial(vs: VirtualSpectrometer, mean: np.ndarray, data: Dataset) -> Trial:
    """``mean`` (n, latents): codes of the evaluation set ``data``."""
    neurons, config = moving(vs), vs.config
    truth = np.column_stack([data.factors[n] for n in shaping(vs.mineral, config.varying)])
    ranks = [[float(spearmanr(mean[:, j], v).statistic) for v in truth.T] for j in neurons]
    return Trial(
        beta=config.beta if config.variational else None,
        seed=config.seed,
        varies=shaping(vs.mineral, config.varying),
        kl=tuple(float(n.kl or 0.0) for n in vs.neurons) if config.variational else None,
        active=tuple(n.index for n in vs.neurons if n.active),
        neurons=neurons,
        ranks=tuple(tuple(row) for row in ranks),
        scores=_scores(mean[:, [n.index for n in vs.neurons if not n.silent]], truth),
        rmse=float(np.sqrt(np.mean((vs.decode(mean) - data.clean) ** 2))),
        found=reenact(vs).to_dict(),
    )


def _scores(codes: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """MIG, DCI and MCC of the neurons that aren't silent, as a model's report has them."""
    if not codes.shape[1]:
        return dict.fromkeys(("mig", "disentanglement", "completeness", "mcc"), 0.0)
    forest = dci(codes, truth)
    return {
        "mig": mig(codes, truth).score,
        "disentanglement": forest.disentanglement,
        "completeness": forest.completeness,
        "mcc": mcc(codes, truth),
    }


def _with_pictures(vs: VirtualSpectrometer, trial: Trial, mean: np.ndarray) -> Trial:
    """The same with codes, and where the curves move anything, those."""
    some = list(trial.neurons)
    ends = [vs.scan(j, [vs.neurons[j].low, vs.neurons[j].high]) for j in some]
    points = (len(some), 2, len(vs.wavenumber))
    return replace(
        trial,
        codes=mean[:KEPT, some],
        sensitivity=vs.sensitivity()[some, ::THIN],
        ends=np.reshape(ends, points)[..., ::THIN] if trial.beta is not None else None,
    )


def ship(one: Wanted, name: str) -> None:
    """Make a model of the sweep the shipped one of that name, evaluated as any run is."""
    folder = shipped() / name
    folder.mkdir(parents=True, exist_ok=True)
    header = read_header(one.folder)
    shutil.copy(one.folder / WEIGHTS, folder / WEIGHTS)
    header["card"] = {**header["card"], "name": name}
    write_json(folder / HEADER, header)
    metrics = json.loads(json.dumps(evaluate(load(folder))))
    write_json(folder / "metrics.json", metrics)
    write_json(folder / HEADER, {**header, "metrics": metrics})
