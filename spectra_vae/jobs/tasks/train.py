"""Training a model into a run folder."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...storage.runs import note, own_name, read_run, run_folder, title_model
from ...text.message import Message
from ..record import Job
from ..speed import learn
from ..task import Progress, Task, Tell

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
    from ...runs import train as runs
    from ...vae.config import TrainConfig

    def on_step(step: Step) -> None:
        tell({"step": step.number, "steps": step.steps})

    config = TrainConfig.from_dict(job.arguments["config"])
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
    return replace(job, name=own_name(job.name), arguments={"config": config.to_dict()})


def how_far(progress: Progress) -> Message:
    return Message("job.step", {"step": progress["step"], "steps": progress["steps"]})


TASK = Task("train", train, check=check, how_far=how_far, pausable=True, folder=run_folder)
