"""Training an encoder for a mineral that has none, and calibrating its intervals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...minerals import mineral
from ...storage.runs import new_id
from ...text.message import Message
from ..record import Job
from ..task import Progress, Task, Tell, named


def encoding(name: str) -> Job:
    """The job that trains the encoder of a mineral's name, for its table as it stands.

    Raises
    ------
    MineralError
        There is none.
    """
    return check(Job(new_id(name), name, TASK.kind, {"mineral": name}))


def train(job: Job, tell: Tell) -> dict[str, Any]:
    """Train and keep it. Returns ``{"mineral": name}``."""
    from ...runs.encoder import train_encoder

    name = job.arguments["mineral"]
    train_encoder(mineral(name), lambda share: tell({"percent": round(100 * share)}))
    return {"mineral": name}


def check(job: Job) -> Job:
    """A mineral that there is."""
    name = mineral(job.arguments.get("mineral", "")).name
    return named(replace(job, arguments={"mineral": name}))


def how_far(progress: Progress) -> Message:
    return Message("job.percent", {"percent": progress["percent"]})


TASK = Task("encoder", train, check=check, how_far=how_far)
