"""Training a model into a run folder."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ...storage.runs import note, own_name, read_run, run_folder, title_model
from ...text.message import Message, SpectraVaeError
from ..record import Job
from ..speed import learn
from ..task import Progress, Task, Tell

POINTS = 1_500  # of a spectrum, about: what the first and the last layer see
WEIGHTS_LIMIT = 40_000_000  # 160 MB, and three times as much while it trains
SPECTRA_LIMIT = 400_000
BATCH_LIMIT = 8_192

if TYPE_CHECKING:
    from ...vae.config import TrainConfig
    from ...vae.train import Step


def training(run: str, name: str, config: TrainConfig) -> Job:
    """The job that trains a configuration into the run of an id."""
    return Job(run, name, TASK.kind, {"config": config.to_dict()})


def train(job: Job, tell: Tell) -> dict[str, Any]:
    """Train ``job.arguments["config"]``; go on where an earlier attempt stopped.

    Returns ``{"run": id, "step_seconds": seconds that a step took}``.
    """
    from ...vae.config import TrainConfig

    def on_step(step: Step) -> None:
        tell({"step": step.number, "steps": step.steps})

    config = TrainConfig.from_dict(job.arguments["config"])
    from ...runs import train as runs  # torch takes seconds: only for what can be trained

    folder = run_folder(job.id)
    if job.owner:
        note(folder, owner=job.owner)
    runs.train(config, on_step, name=job.name, folder=folder, resume=True)
    title_model(folder)  # it may have been renamed meanwhile
    step_seconds = read_run(folder)["seconds"] / config.steps
    learn(config.to_dict(), step_seconds)
    return {"run": folder.name, "step_seconds": step_seconds}


def check(job: Job) -> Job:
    """A configuration that can be read, under a name that no shipped model has."""
    from ...vae.config import TrainConfig

    config = TrainConfig.from_dict(job.arguments.get("config", {}))
    check_size(config)
    return replace(job, name=own_name(job.name), arguments={"config": config.to_dict()})


def check_size(config: TrainConfig) -> None:
    """Refuse what would take a machine's memory: others wait for it too."""
    weights = sum(
        a * b
        for widths in (config.encoder, config.decoder)
        for a, b in pairwise((POINTS, *widths, POINTS))
    )
    if weights > WEIGHTS_LIMIT:
        millions = {"count": round(weights / 1e6), "limit": round(WEIGHTS_LIMIT / 1e6)}
        raise SpectraVaeError("error.network_large", **millions)
    for name, most in (("spectra", SPECTRA_LIMIT), ("batch", BATCH_LIMIT)):
        given = getattr(config, name)
        if given > most:
            raise SpectraVaeError("error.limits", name=name, value=given, low=1, high=most)


def how_far(progress: Progress) -> Message:
    return Message("job.step", {"step": progress["step"], "steps": progress["steps"]})


TASK = Task("train", train, check=check, how_far=how_far, pausable=True, folder=run_folder)
